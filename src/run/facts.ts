import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import type { Facts } from '../causes/cause.ts'
import type { Reader } from '../check/reader.ts'
import type { ContainerView, FileView } from '../lab/machine.ts'
import { type AboutCluster, gatherClusterFacts } from './cluster-facts.ts'

/** Where something went wrong. `paths` are the files (relative ones start at the workspace) and `ports` the host ports that it is about. */
export interface About {
  readonly workspace: string
  readonly cwd?: string
  readonly paths?: readonly string[]
  /** Paths as a line names them, which may be those of another folder. */
  readonly sought?: readonly string[]
  readonly ports?: readonly number[]
  /** Containers that are older (ms since the epoch) explain nothing, unless they ask for one of the ports or are a cluster's node. Default: all may. */
  readonly since?: number
  /** Files elsewhere that are older (ms since the epoch) explain nothing: they are of an earlier lab. Default: all may. */
  readonly filesSince?: number
  readonly cluster?: AboutCluster
}

const limitMs = 2000
/** Folders looked into for a Dockerfile or a lost file, of those beside each other. */
const folderLimit = 40
const logLines = 30

/**
 * What else is true on the machine, for the causes to judge by. Everything at once and at most 2 s in all; what could not
 * be looked at by then is absent. Never throws.
 */
export async function gatherFacts(reader: Reader, about: About): Promise<Facts> {
  const deadline = startDeadline(limitMs)
  const look = <T>(promise: Promise<T>): Promise<T | undefined> =>
    Promise.race([promise.catch(() => undefined), deadline.passed])
  try {
    const containers = look(reader.docker.containers()).then(all => all?.filter(each => concerns(each, about)))
    const [seen, images, listeners, names, files, details, cluster] = await Promise.all([
      containers,
      look(reader.docker.images()),
      look(reader.listeners()),
      look(reader.list(about.cwd ?? about.workspace)),
      gatherFiles(reader, about, look),
      containers.then(all => gatherContainers(reader, ofInterest(all ?? [], about.ports ?? []), look)),
      about.cluster ? gatherClusterFacts(reader, about.cluster, deadline.passed).catch(() => undefined) : undefined,
    ])
    return {
      workspace: about.workspace,
      files,
      ...details,
      ...(seen ? { containers: seen } : {}),
      ...(images ? { images } : {}),
      ...(listeners ? { listeners } : {}),
      ...(names ? { names } : {}),
      ...(cluster ? { cluster } : {}),
    }
  } finally {
    deadline.clear()
  }
}

type Look = <T>(promise: Promise<T>) => Promise<T | undefined>

function startDeadline(ms: number): { readonly passed: Promise<undefined>; clear(): void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<undefined>(done => {
    timer = setTimeout(done, ms, undefined)
  })
  return { passed, clear: () => clearTimeout(timer) }
}

function concerns(container: ContainerView, { ports = [], since = 0 }: About): boolean {
  const node = 'io.x-k8s.kind.cluster' in container.labels
  return container.createdAt >= since || node || asksFor(container, ports)
}

function asksFor({ asked }: ContainerView, ports: readonly number[]): boolean {
  return Object.values(asked).some(list => list.some(({ port }) => ports.includes(port)))
}

/** At most two: those of the ports first (running ones before others), then the newest that ended, then the newest. */
export function ofInterest(containers: readonly ContainerView[], ports: readonly number[]): ContainerView[] {
  const rank = (each: ContainerView) => {
    if (asksFor(each, ports)) return each.state === 'running' ? 0 : 1
    return each.state === 'exited' || each.state === 'restarting' ? 2 : 3
  }
  const newest = containers.toSorted((a, b) => b.createdAt - a.createdAt)
  const first = newest.toSorted((a, b) => rank(a) - rank(b))[0]
  // The container that was made last is the learner's latest try, whatever its state.
  const second = newest.find(each => each !== first)
  return [first, second].filter(each => each !== undefined)
}

async function gatherContainers(
  reader: Reader,
  containers: readonly ContainerView[],
  look: Look,
): Promise<Pick<Facts, 'logs' | 'exposed'>> {
  const found = await Promise.all(
    containers.map(async ({ id, imageId }) => {
      const [lines, image] = await Promise.all([
        look(reader.docker.logs(id, { tail: logLines })),
        look(reader.docker.image(imageId)),
      ])
      return { id, lines: lines?.map(line => line.text), ports: image?.config.ExposedPorts }
    }),
  )
  return {
    logs: Object.fromEntries(found.filter(each => each.lines).map(each => [each.id, each.lines!])),
    exposed: Object.fromEntries(found.filter(each => each.ports).map(each => [each.id, each.ports!])),
  }
}

/** The paths asked for; Dockerfiles and lost files of the folders around them and around where the command ran. */
async function gatherFiles(reader: Reader, about: About, look: Look): Promise<NonNullable<Facts['files']>> {
  const { workspace, cwd = workspace } = about
  const paths = (about.paths ?? []).map(path => resolve(workspace, path))
  const relative = [...(about.paths ?? []), ...(about.sought ?? [])].filter(path => !isAbsolute(path))
  const names = [...paths, ...(about.sought ?? [])].map(path => basename(path))
  const wanted = [...new Set(['Dockerfile', ...names, ...relative])]
  const folders = new Set([cwd, dirname(cwd), workspace, ...paths.map(path => dirname(path))])
  const children = await Promise.all(
    [...new Set([cwd, workspace, dirname(cwd)])]
      .filter(folder => isWithin(folder, workspace))
      .map(async folder => ((await look(reader.list(folder))) ?? []).map(name => join(folder, name))),
  )
  const nested = children
    .flat()
    .filter(path => path.endsWith('/') && !/^\.|^node_modules$/.test(basename(path)))
    .slice(0, folderLimit)
  for (const folder of nested) folders.add(resolve(folder))
  const candidates = new Set([...paths, ...[...folders].flatMap(folder => wanted.map(name => join(folder, name)))])
  const found = await Promise.all([...candidates].map(async path => [path, await look(reader.file(path))] as const))
  const asked = new Set(paths)
  return Object.fromEntries(
    found
      .filter(([path, view]) => {
        if (asked.has(path)) return view !== undefined
        if (view) return view.modifiedAt >= (about.filesSince ?? 0)
        return view === null && path === join(cwd, 'Dockerfile')
      })
      .map(([path, view]) => [path, withoutText(view ?? null)]),
  )
}

function isWithin(folder: string, workspace: string): boolean {
  return folder === workspace || folder.startsWith(`${workspace}/`)
}

function withoutText(view: FileView | null): Omit<FileView, 'text'> | null {
  if (!view) return null
  const { text: _, ...rest } = view
  return rest
}
