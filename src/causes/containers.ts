import type { ContainerView } from '../lab/machine.ts'
import { looksLikeList } from './build-file.ts'
import { badFormat } from './build-run.ts'
import { type FailedCheck, output, type Situation } from './cause.ts'
import { sameImage } from './images.ts'
import { values } from './line.ts'
import { differsAt, dockerCall, failing, field, looked, seenAs, tellingLine } from './look.ts'
import { requestOf } from './requests.ts'

/** Which container a situation is about, and what became of it. */

/** Each container has exactly one fate: causes that go by it exclude each other. */
export type Fate =
  | 'up'
  | 'port-refused'
  | 'command-refused'
  | 'not-started'
  | 'list-not-json'
  | 'bad-format'
  | 'module-missing'
  | 'killed'
  | 'restarting'
  | 'exited'

const portRefused = /port is already allocated|address already in use/
const commandRefused =
  /exec: "?[^"]*"?:? .*(executable file not found|no such file or directory|permission denied|is a directory)/

export function fateOf(container: ContainerView, lines: readonly string[]): Fate {
  const { state, error, exitCode, oomKilled } = container
  if (state === 'running' || state === 'paused' || state === 'removing') return 'up'
  if (state === 'created') {
    if (portRefused.test(error)) return 'port-refused'
    return commandRefused.test(error) ? 'command-refused' : 'not-started'
  }
  if (brokenList(container)) return 'list-not-json'
  if (lines.some(line => badFormat.test(line))) return 'bad-format'
  if (missingModule(lines)) return 'module-missing'
  if (state === 'restarting') return 'restarting'
  return oomKilled || exitCode === 137 || exitCode === 143 ? 'killed' : 'exited'
}

/** The engine's words on a port or a command that it could not give. */
export function refusal(text: string): 'port' | 'command' | null {
  if (portRefused.test(text)) return 'port'
  return commandRefused.test(text) ? 'command' : null
}

/** A shell runs what was meant as a list: the brackets of CMD held no JSON. */
export function brokenList({ command, exitCode }: ContainerView): string | undefined {
  const list = command[command.indexOf('-c') + 1] ?? ''
  return [2, 127].includes(exitCode) && looksLikeList(list) ? list : undefined
}

export function missingModule(lines: readonly string[]): string | undefined {
  return lines.map(line => /Cannot find (?:module|package) '([^']+)'/.exec(line)?.[1]).find(Boolean)
}

export interface Concerned {
  readonly container: ContainerView
  readonly lines: readonly string[]
  readonly fate: Fate
}

/** The container whose state explains the situation. `null`: none is known, or its state is not what is wrong. */
export function concerned(situation: Situation): Concerned | null {
  const container = byCheck(situation) ?? byCommand(situation) ?? byRequest(situation)
  if (!container) return null
  const seen = looked(situation, 'docker.container.logs')
  const lines = (seen ? seenAs<LogsSeen>(seen).lines : undefined) ?? situation.facts.logs?.[container.id] ?? []
  return { container, lines, fate: fateOf(container, lines) }
}

/** That container, where this is what became of it. */
export function withFate(situation: Situation, fate: Fate): Concerned | null {
  const found = concerned(situation)
  return found?.fate === fate ? found : null
}

interface LogsSeen {
  readonly lines?: readonly string[]
}

interface ContainersSeen {
  readonly containers?: readonly ContainerView[]
  readonly imageId?: string | null
}

/** The containers that a `docker.container` or logs check means, newest first. */
export function selected(check: FailedCheck): ContainerView[] {
  const { containers = [], imageId } = seenAs<ContainersSeen>(check)
  const [name, image, id] = [field(check, 'name'), field(check, 'image'), field(check, 'id')]
  return containers
    .filter(each => each.state !== 'removing' && each.createdAt >= (check.since ?? 0))
    .filter(each => name === '' || each.name === name || (name.length >= 12 && each.id.startsWith(name)))
    .filter(each => id === '' || each.id.startsWith(id))
    .filter(each => image === '' || sameImage(each.image, image) || each.imageId === imageId)
    .toSorted((a, b) => b.createdAt - a.createdAt)
}

/** A running one says more than those that ended; of those the newest. */
function byCheck(situation: Situation): ContainerView | null {
  const check = looked(situation, 'docker.container', 'docker.container.logs')
  if (!check) return null
  const all = selected(check)
  const container = all.find(each => each.state === 'running') ?? all[0]
  return container && stateIsWrong(check, container) ? container : null
}

/** A container that should have ended, and has, is all right unless its exit code is not. */
function stateIsWrong(check: FailedCheck, container: ContainerView): boolean {
  if (container.state === 'running' || container.state === 'created') return true
  if (check.kind === 'docker.container.logs') return container.exitCode !== 0
  return differsAt(check, /^(state|exitCode)$/) || !/"(exited|dead|paused)"/.test(JSON.stringify(check.expect ?? null))
}

/** What `docker start`, `exec` or `logs` names; what `docker run` left behind. */
function byCommand(situation: Situation): ContainerView | null {
  const command = failing(situation)
  const all = situation.facts.containers?.toSorted((a, b) => b.createdAt - a.createdAt) ?? []
  const named = dockerCall(situation, 'exec')
  if (command && named && /is not running|is restarting/.test(output(command)))
    return all.find(each => each.name === named.args[0] || each.id.startsWith(named.args[0] ?? '?')) ?? null
  const run = dockerCall(situation, 'run')
  if (!command || !run || command.exit === 125 || refusal(output(command))) return null
  const name = values(run, 'name')[0]
  const left = all.find(each => (name ? each.name === name : sameImage(each.image, run.args[0] ?? '')))
  return left && left.state === 'exited' && left.exitCode === command.exit ? left : null
}

/** Nobody answers on a port: the newest container that asked for it and does not run. */
function byRequest(situation: Situation): ContainerView | null {
  const request = requestOf(situation)
  if (!request?.local || request.failure !== 'refused') return null
  const all = situation.facts.containers ?? []
  if (all.some(each => publishes(each, request.port))) return null
  return (
    all
      .filter(each => each.state !== 'running' && asksFor(each, request.port))
      .toSorted((a, b) => b.createdAt - a.createdAt)[0] ?? null
  )
}

export function publishes(container: ContainerView, port: number): boolean {
  return container.state === 'running' && Object.values(container.ports).includes(port)
}

export function asksFor(container: ContainerView, port: number): boolean {
  return Object.values(container.asked).some(list => list.some(each => each.port === port))
}

export interface Mapping {
  readonly host: number
  /** Port in the container. */
  readonly inside: number
}

export function mappings(container: ContainerView): Mapping[] {
  return Object.entries(container.asked).flatMap(([inside, list]) =>
    list.map(each => ({ host: each.port, inside: Number.parseInt(inside, 10) })),
  )
}

/** The port an app says that it listens on. */
export function listensOn(lines: readonly string[]): number | undefined {
  for (const line of lines.toReversed()) {
    const match = /\b(?:listen(?:ing|s)?|running|started|ready)\b.*?(?:port\s*:?\s*|:)(\d{2,5})\b/i.exec(line)
    if (match) return Number(match[1])
  }
  return undefined
}

/** The app says it listens on the loopback address only, which nobody reaches from outside the container. */
export function listensOnLoopback(lines: readonly string[]): boolean {
  return lines.some(line => /\blisten.*(127\.0\.0\.1|localhost|\[::1\])/i.test(line))
}

export function lastWords({ lines }: Concerned): string | undefined {
  return tellingLine(lines) || undefined
}
