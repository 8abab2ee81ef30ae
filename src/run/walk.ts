import { fittingHints, hintsOf } from '../lab/hints.ts'
import { type Check, isGroup, type Step, type Text } from '../lab/lab.ts'
import { labProgress, nextStep, type StepStatus, stepProgress, withLab, withStep } from '../lab/progress.ts'
import type { CheckResult, FoundCause } from '../lab/verdict.ts'
import { type AskFallback, doStep } from './act.ts'
import { neededSteps, standing } from './look-back.ts'
import { type ObserveOptions, observe } from './observe.ts'
import { emit, filled, type Session, saveProgress } from './session.ts'
import { resetStep } from './undo.ts'

export type Action = 'run' | 'type' | 'watch' | 'check' | 'hint' | 'skip' | 'quit'

/** The person at the terminal; nobody, with `--yes`. */
export interface Person {
  /** What to do now; `null`: the terminal is closed or Ctrl-C. */
  action(step: Step, situation: { readonly tries: number; readonly hasHint: boolean }): Promise<Action | null>
  fallback: AskFallback
  /** Their own shell, until it ends: the learner may be steps further then. */
  type(): Promise<void>
  /** They work in another terminal, until the step is done. */
  watch(step: Step): Promise<void>
}

export type Ending =
  | { readonly end: 'finished' }
  | { readonly end: 'quit' }
  | { readonly end: 'interrupted' }
  | { readonly end: 'stuck'; readonly step: Step; readonly verdict: 'failed' | 'error' }

/** Goes through the lab from the first step that is not done. Without a person it stops at the first that does not pass. */
export async function walk(session: Session, person: Person | null): Promise<Ending> {
  const { lab } = session
  const again = nextStep(session.progress, lab) === null && Boolean(labProgress(session.progress, lab.id).finishedAt)
  for (;;) {
    const id = nextStep(session.progress, lab)
    if (id === null) break
    const step = lab.steps.find(each => each.id === id)!
    const ending = person ? await guideStep(session, step, person) : await playStep(session, step)
    const end = session.signal.aborted ? ({ end: 'interrupted' } as const) : ending
    if (!end) continue
    // The time until here counts.
    await saveProgress(session, session.progress)
    return end
  }
  await finishLab(session, again)
  return { end: 'finished' }
}

async function finishLab(session: Session, again: boolean): Promise<void> {
  const { lab, world } = session
  await saveProgress(session, withLab(session.progress, lab.id, { finishedAt: world.now() }))
  const { activeMs = 0 } = labProgress(session.progress, lab.id)
  const those = (status: StepStatus) =>
    lab.steps.map(({ id }) => id).filter(id => stepProgress(session.progress, lab.id, id).status === status)
  const [solved, skipped] = [those('solved'), those('skipped')]
  await emit(session, { event: 'lab.finished', tookMs: activeMs, again, solved, skipped })
}

/** The step done by the tool: `null` when it passed. */
export async function playStep(session: Session, step: Step): Promise<Ending | null> {
  return (await beginStep(session, step)) ? null : solveStep(session, step)
}

/** The same for a step that has begun. */
export async function solveStep(session: Session, step: Step): Promise<Ending | null> {
  const { results, cause } = await tryStep(session, step, async () => true)
  if (session.signal.aborted) return { end: 'interrupted' }
  return (await settle(session, step, results, 'solved', cause)) ? null : stuckAt(step, results)
}

async function guideStep(session: Session, step: Step, person: Person): Promise<Ending | null> {
  if (await beginStep(session, step)) return null
  let codes: string[] = []
  for (;;) {
    const { tries } = stepProgress(session.progress, session.lab.id, step.id)
    const action = await person.action(step, { tries, hasHint: nextHint(session, step, codes) !== null })
    if (action === null || session.signal.aborted) return { end: 'interrupted' }
    if (action === 'quit') return { end: 'quit' }
    if (action === 'skip') {
      await skipStep(session, step)
      return null
    }
    if (action === 'hint') {
      await giveHint(session, step, codes)
      continue
    }
    if (action === 'type' || action === 'watch') {
      await (action === 'type' ? person.type() : person.watch(step))
      return null
    }
    const { results, cause } = await act(session, step, action, person)
    if (session.signal.aborted) return { end: 'interrupted' }
    codes = codesOf(results, cause)
    const status = action === 'run' && step.edits.length > 0 ? 'solved' : 'passed'
    if (await settle(session, step, results, status, cause)) return null
  }
}

async function act(session: Session, step: Step, action: 'run' | 'check', person: Person): Promise<Tried> {
  if (action === 'run') return tryStep(session, step, person.fallback)
  return { results: await lookAt(session, step, { once: true, signal: session.signal }), cause: null }
}

/** Marks the step as begun. True when it turns out to be done already, unless that is not to be `looked` at now. */
export async function beginStep(session: Session, step: Step, looked = true): Promise<boolean> {
  const { lab, world } = session
  const before = stepProgress(session.progress, lab.id, step.id)
  const startedAt = before.startedAt ?? world.now()
  await saveProgress(
    session,
    withStep(session.progress, lab.id, step.id, { status: 'active', startedAt, at: world.now() }),
  )
  await emit(session, { event: 'step.started', number: lab.steps.indexOf(step) + 1, of: lab.steps.length }, step)
  if (!looked) return false
  const observed = await observe(session, step, { once: true, quiet: true, signal: session.signal })
  if (step.checks.length === 0 || observed.results.length === 0) return false
  if (!observed.results.every(result => result.verdict === 'passed')) return false
  await remember(session, step, observed)
  await endStep(session, step, 'passed', true)
  return true
}

interface Tried {
  readonly results: readonly CheckResult[]
  /** Why a command of the try failed. */
  readonly cause: FoundCause | null
}

/** Does the step and looks. What an earlier try left behind is taken back first. */
async function tryStep(session: Session, step: Step, askFallback: AskFallback): Promise<Tried> {
  const mine = session.ledger.entries.some(entry => entry.lab === session.lab.id && entry.step === step.id)
  const { tries } = stepProgress(session.progress, session.lab.id, step.id)
  if (mine) {
    await resetStep(session, step)
    // It is still the same step: hints that wait for more tries must come.
    await saveProgress(session, withStep(session.progress, session.lab.id, step.id, { status: 'active', tries }))
  }
  const ran = await doStep(session, step, askFallback)
  if (ran.interrupted) return { results: [], cause: null }
  const once = ran.ok ? {} : { once: true }
  return { results: await lookAt(session, step, { ...once, signal: session.signal }), cause: ran.cause }
}

/** Looks at the checks of a step, tells about it, and remembers what was seen. */
export async function lookAt(session: Session, step: Step, options: ObserveOptions): Promise<readonly CheckResult[]> {
  const checks = step.checks.map(({ id, check, title }) => ({ id, kind: check, title: filled(session, title) }))
  await emit(session, { event: 'checks.started', checks, watching: options.patient === true }, step)
  const observed = await observe(session, step, options)
  await remember(session, step, observed)
  return observed.results
}

export async function remember(
  session: Session,
  step: Step,
  observed: Awaited<ReturnType<typeof observe>>,
): Promise<void> {
  const { lab, world } = session
  const captures = Object.assign({}, ...observed.results.map(result => result.captures))
  const seen = Object.fromEntries(observed.sightings.map(identity => [identity, world.now()]))
  const sightings = { ...labProgress(session.progress, lab.id).sightings, ...seen }
  const before = stepProgress(session.progress, lab.id, step.id).captures
  const progress = withLab(session.progress, lab.id, { sightings })
  await saveProgress(session, withStep(progress, lab.id, step.id, { captures: { ...before, ...captures } }))
}

/** True when every check passed; otherwise one more failed try. */
export async function settle(
  session: Session,
  step: Step,
  results: readonly CheckResult[],
  status: StepStatus,
  cause: FoundCause | null = null,
): Promise<boolean> {
  if (results.length === step.checks.length && results.every(result => result.verdict === 'passed')) {
    await endStep(session, step, status)
    return true
  }
  if (results.length > 0) await countTry(session, step, results, cause)
  return false
}

/** A try that failed, with the hint that is due by now, unless it is the one that was `last` shown. Gives the hint. */
export async function countTry(
  session: Session,
  step: Step,
  results: readonly CheckResult[],
  cause: FoundCause | null,
  last: Text | null = null,
): Promise<Text | null> {
  const tries = stepProgress(session.progress, session.lab.id, step.id).tries + 1
  await saveProgress(session, withStep(session.progress, session.lab.id, step.id, { tries }))
  await emit(session, { event: 'step.stuck', tries }, step)
  const hint = hintFor(step, results, tries, cause)
  if (hint && hint !== last) await emit(session, { event: 'hint.shown', text: filled(session, hint) }, step)
  return hint
}

/**
 * The hint that fits what failed, where one is due without being asked for. `cause`: of a command that failed, which has
 * just been explained: what fits any failure does not go with it.
 */
export function hintFor(
  step: Step,
  results: readonly CheckResult[],
  tries: number,
  cause: FoundCause | null = null,
): Text | null {
  const failed = results.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'blocked').map(({ id }) => id)
  if (failed.length === 0) return null
  const own = checksOf(step).filter(check => failed.includes(check.id))
  const all = [...own.flatMap(check => check.hints), ...step.hints]
  const hints = cause ? all.filter(({ on }) => on.includes('*') || on.includes(cause.code)) : all
  return fittingHints(hints, { codes: codesOf(results, cause), tries })[0] ?? null
}

/** Of a command that failed first, then of the checks. */
export function codesOf(results: readonly CheckResult[], cause: FoundCause | null): string[] {
  return [cause, ...results.map(result => result.cause)].flatMap(each => each?.code ?? [])
}

function nextHint(session: Session, step: Step, codes: readonly string[]): Text | null {
  const { tries, hints = 0 } = stepProgress(session.progress, session.lab.id, step.id)
  return fittingHints(hintsOf(step), { codes, tries, asked: true })[hints] ?? null
}

/** The next hint that fits, recorded as given; `null` when there is none left. */
export async function giveHint(session: Session, step: Step, codes: readonly string[]): Promise<Text | null> {
  const text = nextHint(session, step, codes)
  if (!text) {
    await emit(session, { event: 'hint.none' }, step)
    return null
  }
  const { hints = 0 } = stepProgress(session.progress, session.lab.id, step.id)
  await saveProgress(session, withStep(session.progress, session.lab.id, step.id, { hints: hints + 1 }))
  await emit(session, { event: 'hint.shown', text: filled(session, text) }, step)
  return text
}

export function skipStep(session: Session, step: Step): Promise<void> {
  return endStep(session, step, 'skipped')
}

function checksOf(step: Step): Check[] {
  return step.checks.flatMap(check => (isGroup(check) ? [check, ...check.of] : [check]))
}

async function endStep(session: Session, step: Step, status: StepStatus, already = false): Promise<void> {
  const change = { status, at: session.world.now() }
  let progress = withStep(session.progress, session.lab.id, step.id, change)
  // The next step begins here, whoever looks at it first; again, where it was taken back.
  const next = session.lab.steps[session.lab.steps.indexOf(step) + 1]
  if (next && stepProgress(progress, session.lab.id, next.id).status === 'todo')
    progress = withStep(progress, session.lab.id, next.id, { startedAt: change.at })
  if (session.needed?.length) {
    const restsOn = await standing(session, neededSteps(session))
    progress = withLab(progress, session.lab.id, { restsOn })
  }
  await saveProgress(session, progress)
  await emit(session, { event: 'step.finished', status, already }, step)
}

function stuckAt(step: Step, results: readonly CheckResult[]): Ending {
  const verdict = results.some(result => result.verdict === 'error') ? 'error' : 'failed'
  return { end: 'stuck', step, verdict }
}
