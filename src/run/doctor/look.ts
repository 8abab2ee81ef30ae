import type { Reader } from '../../check/reader.ts'
import type { Lab } from '../../lab/lab.ts'
import type { EngineView, ToolView } from '../../lab/machine.ts'
import { attempt, type Looked, perhaps } from './attempt.ts'
import { holders, type PortSeen } from './port-holders.ts'
import type { System } from './system.ts'

/** Everything that the findings are judged by. */
export interface Seen {
  readonly tools: Readonly<Record<string, Looked<ToolView | null>>>
  /** Absent: no lab needs an engine. */
  readonly engine?: Looked<EngineView>
  /** The account is in the group docker, whatever this session may do. */
  readonly inGroup: boolean
  readonly ports: Readonly<Record<number, PortSeen>>
  /** Bytes at the workspace, and where the engine keeps its images. Absent: not known. */
  readonly free: { readonly workspace?: Room; readonly engine?: Room }
  /** Whether an image is here. Absent: could not look. */
  readonly images: Readonly<Record<string, boolean>>
}

export interface Room {
  readonly path: string
  readonly bytes: number
}

export interface About {
  readonly reader: Reader
  readonly system: System
  /** Absolute; need not exist. */
  readonly workspace: string
  /** For a lab that is under way: its own containers hold its ports. */
  readonly skipPorts?: boolean
}

export async function look(labs: readonly Lab[], about: About): Promise<Seen> {
  const { reader, system, workspace, skipPorts } = about
  const engineLabs = labs.filter(needsEngine)
  const tools = [...new Set(labs.flatMap(lab => Object.keys(toolsOf(lab))))]
  const ports = skipPorts ? [] : [...new Set(labs.flatMap(lab => lab.requires.ports))]
  const images = [...new Set(engineLabs.flatMap(lab => lab.images))]
  const wantsRoom = labs.some(lab => lab.requires.disk !== undefined)
  const engine = engineLabs.length > 0 ? await attempt(() => reader.docker.engine()) : undefined
  const forbidden = engine && 'problem' in engine && engine.problem.code === 'engine.permission'
  const [seenTools, seenPorts, workspaceRoom, engineRoom, seenImages, inGroup] = await Promise.all([
    Promise.all(tools.map(async tool => [tool, await attempt(() => reader.tool(tool))] as const)),
    holders(
      ports,
      reader,
      labs.flatMap(lab => lab.cluster ?? []),
    ),
    wantsRoom ? room(reader, workspace) : undefined,
    wantsRoom && engineLabs.length > 0 && system.platform === 'linux' ? engineDisk(reader) : undefined,
    engine && 'value' in engine ? here(images, reader) : {},
    forbidden ? isInGroup(reader, system.user) : false,
  ])
  return {
    tools: Object.fromEntries(seenTools),
    ...(engine ? { engine } : {}),
    inGroup,
    ports: seenPorts,
    free: { ...(workspaceRoom ? { workspace: workspaceRoom } : {}), ...(engineRoom ? { engine: engineRoom } : {}) },
    images: seenImages,
  }
}

/** kind makes its nodes out of containers. */
export function needsEngine(lab: Lab): boolean {
  return Object.hasOwn(lab.requires.tools, 'docker') || Object.hasOwn(lab.requires.tools, 'kind')
}

/** Tool -> version range. The engine is looked after with docker's own tool. */
export function toolsOf(lab: Lab): Readonly<Record<string, string>> {
  const { tools } = lab.requires
  return needsEngine(lab) && !Object.hasOwn(tools, 'docker') ? { ...tools, docker: '*' } : tools
}

async function room(reader: Reader, path: string): Promise<Room | undefined> {
  const bytes = await perhaps(() => reader.free(path))
  return bytes === null ? undefined : { path, bytes }
}

/** Where Docker keeps images unless told otherwise; elsewhere when it is not there, and then not known. */
async function engineDisk(reader: Reader): Promise<Room | undefined> {
  const path = '/var/lib/docker'
  return (await perhaps(() => reader.file(path))) === null ? undefined : room(reader, path)
}

async function here(images: readonly string[], reader: Reader): Promise<Record<string, boolean>> {
  const looked = await Promise.all(
    images.map(async image => [image, await attempt(() => reader.docker.image(image))] as const),
  )
  return Object.fromEntries(
    looked.flatMap(([image, seen]) => ('value' in seen ? [[image, seen.value !== null] as const] : [])),
  )
}

async function isInGroup(reader: Reader, user: string): Promise<boolean> {
  const groups = (await perhaps(() => reader.file('/etc/group')))?.text ?? ''
  const members = /^docker:[^:\n]*:\d*:(.*)$/m.exec(groups)?.[1]?.split(',') ?? []
  return members.some(member => member.trim() === user)
}
