import { type Context, type Judgement, judge, judgeGroup } from '../check/judge.ts'
import type { Fields, Kind, Place } from '../check/kind.ts'
import type { Reader } from '../check/reader.ts'
import { type Clocked, decide } from '../check/timing.ts'
import { type Check, isGroup, type Json, type Step } from '../lab/lab.ts'
import { labProgress } from '../lab/progress.ts'
import { fillTree } from '../lab/template.ts'
import { type CheckResult, CouldNotLook, type Difference, type FoundCause, type Observation } from '../lab/verdict.ts'
import { contextOf, foreignCluster } from './cluster.ts'
import { causeOfCheck, podStates, sinceOf, usesEngine } from './diagnosis.ts'
import { createWaker, roundReader } from './looking.ts'
import { captures, emit, filled, lookup, type Session, variables } from './session.ts'

export interface ObserveOptions {
  /** One look, whatever `within` says; `for` is still waited for. */
  readonly once?: boolean
  /** Wait on even when only the learner can repair it, and for ever: for a learner who is at work. */
  readonly patient?: boolean
  /** Tell nobody: the result is all that is wanted, with causes only where that is said. */
  readonly quiet?: boolean | 'but find causes'
  readonly signal: AbortSignal
}

export interface Observed {
  readonly results: readonly CheckResult[]
  /** Identities of the objects that were there. */
  readonly sightings: readonly string[]
}

/** A check under way. */
interface Watched {
  readonly check: Check
  clock?: Clocked
  wakeAt: number
  startedAt: number
  judgement?: Judgement
  subject: string
  told?: string
  cause: FoundCause | null
  /** Since when this cause has been the one. */
  causeAt: number
  observation?: Observation
  fields: Fields
  result?: CheckResult
  reported?: true
}

const firstPoll = 50
const slowestPoll = 500
/** A watched state is still looked at now and then: an event stream may have lost something. */
const safetyLook = 2000

/**
 * Looks until every check of the step is decided. One round reads each thing once for all checks; between rounds it sleeps
 * until an event of the engine, the next poll or a deadline. Looking never throws: what could not be looked at is a verdict.
 */
export async function observe(session: Session, step: Step, options: ObserveOptions): Promise<Observed> {
  const { world } = session
  const watched: Watched[] = step.checks.map(check => ({
    check,
    wakeAt: 0,
    startedAt: world.now(),
    subject: check.id,
    cause: null,
    causeAt: 0,
    fields: {},
  }))
  const sightings = new Set<string>()
  const live = session.lab.cluster === undefined || options.once ? undefined : world.reader.cluster.live()
  const waker = createWaker(world, options.signal, { engine: usesEngine(session), cluster: live })
  let poll = firstPoll
  try {
    for (;;) {
      const active = ready(session, step, watched)
      const reader = roundReader(world.reader, live)
      await Promise.all(active.map(each => look(session, step, each, watched, reader, sightings, options)))
      const next = ready(session, step, watched)
      if (!options.quiet) for (const each of watched) await report(session, step, each)
      if (watched.every(each => each.result) || options.signal.aborted) break
      // What waited for a check that has just passed is looked at without a pause.
      if (next.some(each => !each.clock)) continue
      const pending = watched.filter(each => !each.result)
      const polled = pending.some(each => wakeOf(session, each.check) === 'poll')
      const until = Math.min(
        world.now() + (polled ? poll : safetyLook),
        ...pending.map(each => (each.wakeAt > 0 ? each.wakeAt : Number.POSITIVE_INFINITY)),
      )
      const changed = await waker.wait(Math.max(1, until - world.now()))
      poll = changed ? firstPoll : Math.min(slowestPoll, poll * 1.5)
    }
  } finally {
    waker.stop()
  }
  return { results: watched.flatMap(each => each.result ?? []), sightings: [...sightings] }
}

async function report(session: Session, step: Step, each: Watched): Promise<void> {
  if (!each.result || each.reported) return
  each.reported = true
  await emit(session, { event: 'check.finished', result: each.result }, step)
}

/** Checks whose needs have passed; those whose needs cannot pass any more are decided here. */
function ready(session: Session, step: Step, watched: readonly Watched[]): Watched[] {
  for (let changed = true; changed; ) {
    changed = false
    for (const each of watched) {
      if (each.result) continue
      const needs = watched.filter(other => each.check.needs.includes(other.check.id))
      if (needs.some(need => need.result && need.result.verdict !== 'passed')) {
        finish(session, step, each, 'blocked')
        changed = true
      }
    }
  }
  return watched.filter(
    each =>
      !each.result &&
      each.check.needs.every(id => watched.find(other => other.check.id === id)?.result?.verdict === 'passed'),
  )
}

function wakeOf(session: Session, check: Check): Kind['wake'] {
  if (isGroup(check)) return check.of.some(member => wakeOf(session, member) === 'poll') ? 'poll' : 'docker'
  return session.kinds[check.check]?.wake ?? 'poll'
}

async function look(
  session: Session,
  step: Step,
  each: Watched,
  watched: readonly Watched[],
  reader: Reader,
  sightings: Set<string>,
  options: ObserveOptions,
): Promise<void> {
  const { check } = each
  if (!each.clock) {
    each.startedAt = session.world.now()
    each.clock = { startedAt: each.startedAt }
  }
  const steps = stepCaptures(session, step, watched)
  const judgement = await judgeNow(session, step, check, steps, reader, sightings, each, options.signal)
  if (options.signal.aborted) return
  if (judgement === 'blocked') return finish(session, step, each, 'blocked')
  each.judgement = judgement
  const timing = { within: options.once ? 0 : check.within, for: check.for }
  const decision = decide(timing, each.clock, {
    at: session.world.now(),
    holds: judgement.holds,
    ...(judgement.heldSince === undefined ? {} : { heldSince: judgement.heldSince }),
  })
  if ('verdict' in decision) {
    if (decision.verdict === 'passed') return finish(session, step, each, 'passed')
    if (!options.patient) {
      if (options.quiet !== true || judgement.holds === null)
        each.cause = await causeOfCheck(session, step, each, reader)
      return finish(session, step, each, decision.verdict)
    }
  } else {
    each.clock = decision.state
    each.wakeAt = options.patient ? 0 : decision.wakeAt
  }
  if (judgement.holds !== true && !options.quiet) await tell(session, step, each, reader, options)
}

/** Says why it is not yet so, once for each new reason; ends the wait when waiting is of no use. */
async function tell(
  session: Session,
  step: Step,
  each: Watched,
  reader: Reader,
  options: ObserveOptions,
): Promise<void> {
  const { judgement } = each
  const now = session.world.now()
  const state = JSON.stringify([judgement?.differences, judgement?.problem, await podStates(session, each, reader)])
  const before = each.cause?.code
  // What ends the wait is looked for once more by then: a cause may go where what the check saw stays the same.
  if (each.told !== state || now >= finalAt(each, options)) {
    each.told = state
    each.cause = await causeOfCheck(session, step, each, reader)
    if (each.cause?.code !== before) each.causeAt = now
  }
  if (now >= finalAt(each, options)) return finish(session, step, each, judgement?.holds === null ? 'error' : 'failed')
  each.wakeAt = Math.min(each.wakeAt, finalAt(each, options))
  if (each.cause?.code === before) return
  const differences = judgement?.differences ?? []
  await emit(session, { event: 'check.waiting', check: each.check.id, cause: each.cause, differences }, step)
}

/** When its cause ends the wait, if it lasts until then. */
function finalAt({ cause, causeAt }: Watched, { patient }: ObserveOptions): number {
  return cause?.final && !patient ? causeAt + (cause.grace ?? 0) : Number.POSITIVE_INFINITY
}

async function judgeNow(
  session: Session,
  step: Step,
  check: Check,
  steps: Record<string, Readonly<Record<string, Json>>>,
  reader: Reader,
  sightings: Set<string>,
  each: Watched | null,
  signal: AbortSignal,
): Promise<Judgement | 'blocked'> {
  if (isGroup(check)) {
    const members = await Promise.all(
      check.of.map(member => judgeNow(session, step, member, steps, reader, sightings, null, signal)),
    )
    if (members.includes('blocked')) return 'blocked'
    return judgeGroup(check, members as Judgement[])
  }
  const kind = session.kinds[check.check] as Kind
  let complete = true
  const find = lookup(session, steps)
  const fillIn = (tree: Json) =>
    fillTree(tree, find, () => {
      complete = false
    })
  const fields = fillIn(check.fields) as Fields
  const filled: Check = { ...check, ...(check.expect === undefined ? {} : { expect: fillIn(check.expect) }) }
  if (!complete) return 'blocked'
  const identity = kind.identity(fields)
  const place = {
    reader,
    probe: session.world.probe,
    workspace: session.workspace,
    context: contextOf(session),
    signal,
  }
  const observation = await observationOf(session, kind, fields, place)
  if (each) {
    each.subject = identity
    each.observation = observation
    each.fields = fields
  }
  const judgement = judge(
    kind,
    filled,
    fields,
    observation,
    judgeContext(session, step, check, identity, sightings, steps),
  )
  if (judgement.sighted) sightings.add(identity)
  return judgement
}

async function observationOf(session: Session, kind: Kind, fields: Fields, place: Place): Promise<Observation> {
  const { now } = session.world
  try {
    const problem = kind.cluster ? await foreignCluster(session, place.reader) : null
    if (problem) return { at: now(), problem }
    const seen = await kind.look(fields, place)
    return { at: now(), seen }
  } catch (error) {
    if (error instanceof CouldNotLook) return { at: now(), problem: error.problem }
    throw error
  }
}

function judgeContext(
  session: Session,
  step: Step,
  check: Check,
  identity: string,
  sightings: ReadonlySet<string>,
  steps: Record<string, Readonly<Record<string, Json>>>,
): Context {
  const lab = labProgress(session.progress, session.lab.id)
  const since = sinceOf(session, step, check)
  return {
    now: session.world.now(),
    ...(since === undefined ? {} : { since }),
    seenBefore: identity in lab.sightings || sightings.has(identity),
    vars: variables(session),
    steps,
  }
}

/** Captures of the steps before, and of the checks of this step that have passed. */
function stepCaptures(session: Session, step: Step, watched: readonly Watched[]) {
  const all = captures(session)
  const here = Object.assign({}, ...watched.map(each => each.result?.captures ?? {}))
  return { ...all, [step.id]: { ...all[step.id], ...here } }
}

function finish(session: Session, step: Step, each: Watched, verdict: CheckResult['verdict']): void {
  const { check, judgement } = each
  const passed = verdict === 'passed'
  each.result = {
    id: check.id,
    step: step.id,
    kind: check.check,
    title: filled(session, check.title),
    verdict,
    cause: passed ? null : each.cause,
    ...(verdict === 'error' && judgement?.problem ? { problem: judgement.problem } : {}),
    differences: passed ? [] : ((judgement?.differences ?? []) as readonly Difference[]),
    subject: each.subject,
    tookMs: session.world.now() - each.startedAt,
    ...(passed || judgement?.share === undefined ? {} : { share: judgement.share }),
    captures: judgement?.captures ?? {},
  }
}
