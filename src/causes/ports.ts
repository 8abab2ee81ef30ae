import type { ContainerView } from '../lab/machine.ts'
import { output, type Situation } from './cause.ts'
import {
  concerned,
  listensOn,
  listensOnLoopback,
  type Mapping,
  mappings,
  publishes,
  refusal,
  selected,
} from './containers.ts'
import { isPublished } from './images.ts'
import { dockerCall, failing, known, looked } from './look.ts'
import { type Request, requestOf } from './requests.ts'
import { goesToCluster } from './services.ts'

/** What is wrong between a port of this machine and an app in a container. */
export interface PortTrouble {
  readonly kind: 'not-published' | 'wrong-way-round' | 'other' | 'listens-elsewhere'
  readonly container: ContainerView
  readonly mapping?: Mapping
  /** Port that the app uses in the container, where it says so. */
  readonly listens?: number
  readonly loopback: boolean
}

/** At most one trouble: the situations are divided here, so that the causes of this family exclude each other. */
export function portTrouble(situation: Situation): PortTrouble | null {
  const request = requestOf(situation)
  if (request)
    return request.local && request.failure && !goesToCluster(situation) ? ofRequest(situation, request) : null
  return ofCheck(situation)
}

function ofRequest(situation: Situation, request: Request): PortTrouble | null {
  const running = (situation.facts.containers ?? []).filter(each => each.state === 'running')
  const holder = running.find(each => publishes(each, request.port))
  if (holder) {
    const mapping = mappings(holder).find(each => each.host === request.port)
    return mapping ? describe(situation, holder, mapping, 'listens-elsewhere') : null
  }
  // Another program that accepts connections there is not explained by a container.
  if (request.failure !== 'refused' || concerned(situation)) return null
  const candidates = running.filter(each => !isClusterNode(each)).toSorted((a, b) => b.createdAt - a.createdAt)
  const container = candidates.find(each => isAbout(situation, each, request.port, candidates.length))
  if (!container) return null
  const all = mappings(container)
  if (all.length === 0) return describe(situation, container, undefined, 'not-published')
  return describe(situation, container, all.find(each => each.inside === request.port) ?? all[0], 'other')
}

function ofCheck(situation: Situation): PortTrouble | null {
  const check = looked(situation, 'docker.container')
  const container = check && selected(check).find(each => each.state === 'running')
  const wanted = check?.differences.map(each => /^(?:ports|asked)(?:\.(\d+)\/\w+)?/.exec(each.path)).find(Boolean)
  if (!check || !container || !wanted) return null
  const all = mappings(container)
  if (all.length === 0) return describe(situation, container, undefined, 'not-published')
  const inside = Number(wanted[1])
  if (!inside) return null
  const same = all.find(each => each.inside === inside)
  if (same) return describe(situation, container, same, 'other')
  const swapped = all.find(each => each.host === inside)
  if (swapped) return { kind: 'wrong-way-round', container, mapping: swapped, listens: inside, loopback: false }
  return describe(situation, container, all[0], 'other')
}

/** Names the trouble by what the app says; `otherwise` where it says nothing that decides. */
function describe(
  situation: Situation,
  container: ContainerView,
  mapping: Mapping | undefined,
  otherwise: PortTrouble['kind'],
): PortTrouble {
  const { logs, exposed } = situation.facts
  const lines = logs?.[container.id] ?? []
  const ports = (exposed?.[container.id] ?? []).map(port => Number.parseInt(port, 10))
  const listens = listensOn(lines) ?? (ports.length === 1 ? ports[0] : undefined)
  const trouble = { container, loopback: listensOnLoopback(lines), ...known({ listens }) }
  if (!mapping) return { ...trouble, kind: otherwise }
  if (listens && mapping.inside !== listens)
    return { ...trouble, mapping, kind: mapping.host === listens ? 'wrong-way-round' : 'listens-elsewhere' }
  return { ...trouble, mapping, kind: otherwise }
}

/** Whether a running container is the one that should answer on this port. */
function isAbout(situation: Situation, container: ContainerView, port: number, running: number): boolean {
  const { logs, exposed } = situation.facts
  const own = [
    listensOn(logs?.[container.id] ?? []),
    ...(exposed?.[container.id] ?? []).map(each => Number.parseInt(each, 10)),
    ...mappings(container).map(each => each.inside),
    misplacedPort(container)?.inside,
  ]
  // A learner's only container, made from an image of their own, is meant even where nothing names the port; but not
  // where a cluster is what the lab is about.
  return own.includes(port) || (running === 1 && !isPublished(container.image) && !situation.facts.cluster)
}

/** `docker run IMAGE -p 3000:3000`: the option came after the image and became part of the container's command. */
export function misplacedPort(container: ContainerView): Mapping | undefined {
  const words = container.command.join(' ')
  const match = /(?:^|\s)(?:-p|--publish)[= ]?(?:[\d.]+:)?(\d+):(\d+)/.exec(words)
  return match ? { host: Number(match[1]), inside: Number(match[2]) } : undefined
}

/** From that option on. */
export function misplacedWords(container: ContainerView): string {
  const at = container.command.findIndex(word => /^(-p|--publish)/.test(word))
  return container.command.slice(at).join(' ')
}

function isClusterNode(container: ContainerView): boolean {
  return Object.keys(container.labels).some(label => label.startsWith('io.x-k8s.kind.'))
}

/** A port that somebody else has already. */
export interface TakenPort {
  readonly port: number
  /** The container that has it, or the process; both absent where nobody can tell. */
  readonly container?: string
  readonly process?: string
  readonly pid?: number
  /** What the failed `docker run` left behind. */
  readonly leftover?: string
  readonly byContainer: boolean
}

export function takenPort(situation: Situation): TakenPort | null {
  const text = refusedText(situation)
  const port = text === null ? undefined : portIn(text)
  if (text === null || !port) return null
  const { containers = [], listeners = [] } = situation.facts
  const holder = containers.find(each => publishes(each, port))
  const listener = listeners.find(each => each.port === port)
  const leftover = containers.find(each => each.state === 'created' && refusal(each.error) === 'port')
  const byContainer =
    holder !== undefined || /port is already allocated/.test(text) || listener?.process === 'docker-proxy'
  const process = byContainer ? {} : { process: listener?.process, pid: listener?.pid }
  return { ...known({ port, container: holder?.name, leftover: leftover?.name, ...process }), byContainer }
}

function refusedText(situation: Situation): string | null {
  const command = failing(situation)
  if (command) {
    const text = output(command)
    // A matter of kind's own: the port stands in its configuration, not in a line of docker.
    if (/failed to create cluster/.test(text)) return null
    const isDocker = dockerCall(situation) !== null || /driver failed|userland proxy|container networking/.test(text)
    return isDocker ? (refusal(text) === 'port' && !/EADDRINUSE/.test(text) ? text : null) : eaddrinuse(text)
  }
  const found = concerned(situation)
  return found?.fate === 'port-refused' ? found.container.error : null
}

function eaddrinuse(text: string): string | null {
  return /EADDRINUSE|Address already in use/.test(text) ? text : null
}

function portIn(text: string): number | undefined {
  const match =
    /Bind for \S*:(\d+) failed/.exec(text) ??
    /failed to bind host port (?:for )?\S*?:(\d+)\b/.exec(text) ??
    /listen tcp[46]? \S*:(\d+): bind/.exec(text) ??
    /EADDRINUSE[^\n]*:(\d+)\b/.exec(text) ??
    /address already in use[^\n]*?\b(\d{2,5})\b/i.exec(text)
  return match ? Number(match[1]) : undefined
}
