import type { Lab, Text } from '../../lab/lab.ts'
import { showSize } from '../../lab/units.ts'
import type { Evidence } from '../../lab/verdict.ts'
import { type Fit, fitOf } from '../../lab/version.ts'
import { needsEngine, type Room, type Seen, toolsOf } from './look.ts'
import { type Repair, repairFor } from './repairs.ts'
import type { System } from './system.ts'
import { findingText } from './texts.ts'

/** One thing that labs need, and whether this machine has it. */
export interface Finding {
  /** `tool.missing`, `engine.down`, `port.taken-by-container`, `disk.low`, …; `*.unknown`: could not look. */
  readonly code: string
  readonly ok: boolean
  /** `docker`, `docker engine`, `port 3000`, `disk`, `images`. */
  readonly subject: string
  /** Ids of the labs that need it; of a finding that is not ok, those that cannot go on with things as they are. */
  readonly labs: readonly string[]
  readonly message: Text
  readonly have?: string
  readonly want?: string
  readonly repair?: Repair
}

/** Tools in the order of the labs, then the engine, ports, disk, images. */
export function judge(labs: readonly Lab[], seen: Seen, system: System): Finding[] {
  const tell = teller(system)
  return [
    ...tools(labs, seen, tell),
    ...engine(labs, seen, tell),
    ...ports(labs, seen, tell),
    ...disk(labs, seen, tell),
    ...images(labs, seen, tell),
  ]
}

type Tell = (code: string, subject: string, labs: readonly Lab[], evidence?: Evidence) => Finding

const good = ['ready', 'version-unknown', 'free', 'enough', 'here', 'to-pull']

function teller(system: System): Tell {
  return (code, subject, labs, evidence = {}) => {
    const ok = good.includes(code.split('.')[1]!)
    const repair = ok ? undefined : repairFor(code, subject, system, evidence)
    const { have, want } = evidence
    return {
      code,
      ok,
      subject,
      labs: labs.map(lab => lab.id),
      message: findingText(code, evidence),
      ...(have === undefined || have === '' ? {} : { have: String(have) }),
      ...(want === undefined || want === '' ? {} : { want: String(want) }),
      ...(repair ? { repair } : {}),
    }
  }
}

function tools(labs: readonly Lab[], seen: Seen, tell: Tell): Finding[] {
  return Object.entries(seen.tools).map(([tool, looked]) => {
    const users = labs.filter(lab => Object.hasOwn(toolsOf(lab), tool))
    const want = ranges(users, tool)
    if ('problem' in looked) return tell('tool.unknown', tool, users, { tool, problem: looked.problem.code })
    if (looked.value === null) return tell('tool.missing', tool, users, wanted({ tool }, want))
    const have = looked.value.version
    const { code, unfit } = fitness(users, tool, have)
    if (code) return tell(`tool.${code}`, tool, unfit, { tool, have, want: ranges(unfit, tool) })
    const readable = want === '' || fitOf(have, '>=0') === 'fits'
    return tell(readable ? 'tool.ready' : 'tool.version-unknown', tool, users, wanted({ tool, have }, want))
  })
}

/** The labs that a version does not suit, and why. */
function fitness(labs: readonly Lab[], tool: string, version: string): { code?: Exclude<Fit, 'fits'>; unfit: Lab[] } {
  const judged = labs.map(lab => ({ lab, fit: fitOf(version, toolsOf(lab)[tool] ?? '*') }))
  for (const code of ['too-old', 'too-new'] as const) {
    const unfit = judged.filter(each => each.fit === code).map(each => each.lab)
    if (unfit.length > 0) return { code, unfit }
  }
  return { unfit: [] }
}

/** What the labs ask for, without `*`: `>=18, ~20.1`. */
function ranges(labs: readonly Lab[], tool: string): string {
  const all = labs.map(lab => toolsOf(lab)[tool]?.trim() ?? '*').filter(range => range !== '*')
  return [...new Set(all)].join(', ')
}

function wanted(evidence: Evidence, want: string): Evidence {
  return want === '' ? evidence : { ...evidence, want }
}

function engine(labs: readonly Lab[], seen: Seen, tell: Tell): Finding[] {
  const looked = seen.engine
  if (!looked) return []
  const users = labs.filter(needsEngine)
  const subject = 'docker engine'
  if ('value' in looked) {
    const have = looked.value.version
    // Podman answers like Docker but counts its versions otherwise.
    const { code, unfit } = looked.value.host.includes('podman') ? { unfit: [] } : fitness(users, 'docker', have)
    if (code) return [tell(`engine.${code}`, subject, unfit, { have, want: ranges(unfit, 'docker') })]
    return [tell('engine.ready', subject, users, { have })]
  }
  const { code, evidence } = looked.problem
  // Nothing can answer where nothing is installed, and installing starts it.
  if (code === 'engine.down' && isMissing(seen, 'docker')) return []
  const known = code === 'engine.permission' && seen.inGroup ? 'engine.new-login' : code
  return [tell(known, subject, users, { ...evidence, problem: code })]
}

function isMissing(seen: Seen, tool: string): boolean {
  const looked = seen.tools[tool]
  return looked !== undefined && 'value' in looked && looked.value === null
}

const portCodes = {
  free: 'port.free',
  taken: 'port.taken',
  unknown: 'port.unknown',
  container: 'port.taken-by-container',
  process: 'port.taken-by-process',
} as const

function ports(labs: readonly Lab[], seen: Seen, tell: Tell): Finding[] {
  return Object.entries(seen.ports).map(([text, { state, ...holder }]) => {
    const port = Number(text)
    const users = labs.filter(lab => lab.requires.ports.includes(port))
    return tell(portCodes[state], `port ${port}`, users, { port, ...holder })
  })
}

function disk(labs: readonly Lab[], seen: Seen, tell: Tell): Finding[] {
  const judged = labs.flatMap(lab => {
    const want = lab.requires.disk
    const least = want === undefined ? undefined : leastRoom(lab, seen)
    return want !== undefined && least ? [{ lab, want, least }] : []
  })
  const short = judged.filter(({ want, least }) => least.bytes < want)
  const said = short.length > 0 ? short : judged
  const most = said.toSorted((a, b) => b.want - a.want)[0]
  if (!most) return []
  const { want, least } = most
  const evidence = {
    have: showSize(least.bytes),
    want: showSize(want),
    path: least.path,
    ...(seen.engine && 'value' in seen.engine ? { engine: 1 } : {}),
  }
  return [
    tell(
      short.length > 0 ? 'disk.low' : 'disk.enough',
      'disk',
      said.map(each => each.lab),
      evidence,
    ),
  ]
}

function leastRoom(lab: Lab, seen: Seen): Room | undefined {
  const { workspace, engine: images } = seen.free
  const rooms = [workspace, needsEngine(lab) ? images : undefined].filter(room => room !== undefined)
  return rooms.toSorted((a, b) => a.bytes - b.bytes)[0]
}

/** Only told: a lab pulls what it needs. */
function images(labs: readonly Lab[], seen: Seen, tell: Tell): Finding[] {
  const known = Object.entries(seen.images)
  if (known.length === 0) return []
  const away = known.filter(([, here]) => !here).map(([image]) => image)
  const users = labs.filter(lab => needsEngine(lab) && lab.images.some(image => Object.hasOwn(seen.images, image)))
  if (away.length === 0) return [tell('images.here', 'images', users, { count: known.length })]
  const shown = away.length > 3 ? [...away.slice(0, 3).map(quoted), '…'] : away.map(quoted)
  const lacking = users.filter(lab => lab.images.some(image => away.includes(image)))
  return [tell('images.to-pull', 'images', lacking, { count: away.length, images: shown.join(', ') })]
}

function quoted(image: string): string {
  return `\`${image}\``
}
