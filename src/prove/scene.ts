import type { Locate } from '../format/places.ts'
import type { Lab, Step, Text } from '../lab/lab.ts'
import type { FoundCause } from '../lab/verdict.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import type { RunEvent } from '../run/events.ts'
import { openSession } from '../run/open.ts'
import type { Session } from '../run/session.ts'
import { createStore } from '../run/store.ts'
import { type Finding, type Part, type Trial, verdictFrom } from './proof.ts'
import type { Snapshot } from './snapshot.ts'
import type { Bench, Stand } from './stand.ts'
import { texts } from './texts.ts'

/** The proof of one lab, as it grows. */
export interface Log {
  readonly bench: Bench
  readonly lab: Lab
  readonly locate: Locate
  readonly trials: Trial[]
  /** What the lab has told since a trial began. */
  readonly heard: Heard
  /** Names of everything that was ever in the ledger: surely of the lab. */
  readonly made: Set<string>
  /** What was there after which step, to name the step that left something. */
  readonly after: { readonly step: Step; readonly snapshot: Snapshot }[]
}

/** A lab that is open on its stand. */
export interface Scene extends Log {
  readonly stand: Stand
  readonly session: Session
}

export interface Heard {
  readonly commands: HeardCommand[]
  readonly notRemoved: { readonly name: string; readonly why: string }[]
  output: string
}

export interface HeardCommand {
  readonly id: string
  readonly line: string
  readonly exit: number
  readonly expected: number
  readonly ok: boolean
  readonly output: string
  readonly cause: FoundCause | null
}

export async function createLog(bench: Bench, lab: Lab): Promise<Log> {
  const heard: Heard = { commands: [], notRemoved: [], output: '' }
  return { bench, lab, locate: await bench.locate(lab.id), trials: [], heard, made: new Set(), after: [] }
}

/** Opens a lab: the one that is proven or, where that is said, one that it needs. */
export async function openScene(
  log: Log,
  stand: Stand,
  { lab = log.lab, signal = log.bench.signal }: { lab?: Lab; signal?: AbortSignal } = {},
): Promise<Scene> {
  const { bench, heard, made } = log
  const { course, kinds } = bench
  const { world, workspace, state } = stand
  const store = createStore(state, course.id, world)
  const session = await openSession({
    course,
    lab,
    needed: lab.needs.flatMap(id => bench.labs.get(id) ?? []),
    kinds,
    world,
    store: {
      ...store,
      saveLedger(ledger) {
        for (const entry of ledger.entries) if (entry.lab === log.lab.id) made.add(entry.name)
        return store.saveLedger(ledger)
      },
    },
    workspace,
    signal,
    browserUrl: port => `http://localhost:${port}/`,
    readOnly: false,
    vars: {},
    listen(event) {
      hear(heard, event)
      bench.listen(event)
    },
  })
  return { ...log, stand, session }
}

function hear(heard: Heard, event: RunEvent): void {
  if (event.event === 'command.started') heard.output = ''
  if (event.event === 'command.output') heard.output += event.text
  if (event.event === 'command.finished') {
    const { command: id, line, exit, expected, ok, cause } = event
    heard.commands.push({ id, line, exit, expected, ok, cause, output: heard.output })
  }
  if (event.event === 'not.removed') heard.notRemoved.push({ name: event.name, why: event.why })
}

/** Tries one thing and keeps what was found. What cannot be looked at on the way is a finding, too. */
export async function trial(
  log: Log,
  about: { readonly part: Part; readonly step?: Step; readonly name?: string },
  work: () => Promise<readonly Finding[]>,
  more: () => Partial<Trial> = () => ({}),
): Promise<Trial> {
  const { bench, trials, heard, lab, locate } = log
  const { part, step, name } = about
  const where = { lab: lab.id, ...(step ? { step: step.id } : {}) }
  const [at, began] = [Date.now(), performance.now()]
  heard.commands.length = 0
  heard.notRemoved.length = 0
  bench.listen({ at, ...where, event: 'proof.trial-started', part, ...(name ? { name } : {}) })
  const findings = await work().catch((error: unknown) => {
    if (!(error instanceof CouldNotLook)) throw error
    const { code, evidence } = error.problem
    const details = [same(`${code} ${JSON.stringify(evidence)}`)]
    return [finding(where, locate([]), 'could-not-look', texts['could-not-look'](code), { blind: true, details })]
  })
  const verdict = verdictFrom(findings)
  const took = { at, tookMs: Math.round(performance.now() - began) }
  const made: Trial = { ...where, part, ...(name ? { name } : {}), verdict, findings, ...took, ...more() }
  trials.push(made)
  bench.listen({ at: Date.now(), ...where, event: 'proof.trial-finished', trial: made })
  return made
}

/** A trial that was not reached. */
export function skipped({ trials, bench, lab }: Log, part: Part, step?: Step): void {
  const where = { lab: lab.id, ...(step ? { step: step.id } : {}) }
  const made: Trial = { ...where, part, verdict: 'skipped', findings: [], at: Date.now(), tookMs: 0 }
  trials.push(made)
  bench.listen({ at: Date.now(), ...where, event: 'proof.trial-finished', trial: made })
}

export function finding(
  where: { readonly lab: string; readonly step?: string },
  place: Pick<Finding, 'file' | 'line' | 'column'>,
  code: string,
  message: Text,
  more: Partial<Pick<Finding, 'severity' | 'blind' | 'about' | 'details'>> = {},
): Finding {
  return { ...place, code, severity: 'error', ...where, message, details: [], ...more }
}

export function same(line: string): Text {
  return { ko: line, en: line }
}
