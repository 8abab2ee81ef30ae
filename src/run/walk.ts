import { fittingHints, hintsOf } from '../lab/hints.ts'
import { type Check, isGroup, type Step, type Text } from '../lab/lab.ts'
import { labProgress, nextStep, type StepStatus, stepProgress, withLab, withStep } from '../lab/progress.ts'
import type { CheckResult } from '../lab/verdict.ts'
import { type AskFallback, doStep } from './act.ts'
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
}

export type Ending =
  | { readonly end: 'finished' }
  | { readonly end: 'quit' }
  | { readonly end: 'interrupted' }
  | { readonly end: 'stuck'; readonly step: Step; readonly verdict: 'failed' | 'error' }

/** Goes through the lab from the first step that is not done. Without a person it stops at the first that does not pass. */
export async function walk(session: Session, person: Person | null): Promise<Ending> {
  const { lab } = session
  const again = nextStep(session.progress, lab) === null
  for (;;) {
    const id = nextStep(session.progress, lab)
    if (id === null) break
    const step = lab.steps.find(each => each.id === id)!
    const ending = person ? await guideStep(session, step, person) : await playStep(session, step)
    if (session.signal.aborted) return { end: 'interrupted' }
    if (ending) return ending
  }
  await finishLab(session, again)
  return { end: 'finished' }
}

export async function finishLab(session: Session, again: boolean): Promise<void> {
  const tookMs = session.world.now() - labProgress(session.progress, session.lab.id).startedAt
  await emit(session, { event: 'lab.finished', tookMs, again })
}

/** The step done by the tool: `null` when it passed. */
export async function playStep(session: Session, step: Step): Promise<Ending | null> {
  return (await beginStep(session, step)) ? null : solveStep(session, step)
}

/** The same for a step that has begun. */
export async function solveStep(session: Session, step: Step): Promise<Ending | null> {
  const results = await tryStep(session, step, async () => true)
  if (session.signal.aborted) return { end: 'interrupted' }
  return (await settle(session, step, results, 'solved')) ? null : stuckAt(step, results)
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
    if (action === 'type') {
      await person.type()
      return null
    }
    const results = await act(session, step, action, person)
    if (session.signal.aborted) return { end: 'interrupted' }
    codes = results.flatMap(result => result.cause?.code ?? [])
    if (await settle(session, step, results, action === 'run' && step.edits.length > 0 ? 'solved' : 'passed'))
      return null
  }
}

function act(session: Session, step: Step, action: 'run' | 'watch' | 'check', person: Person) {
  const { signal } = session
  if (action === 'run') return tryStep(session, step, person.fallback)
  return lookAt(session, step, action === 'watch' ? { patient: true, signal } : { once: true, signal })
}

/** Marks the step as begun. True when it turns out to be done already. */
export async function beginStep(session: Session, step: Step): Promise<boolean> {
  const { lab, world } = session
  const before = stepProgress(session.progress, lab.id, step.id)
  const startedAt = before.startedAt ?? world.now()
  await saveProgress(
    session,
    withStep(session.progress, lab.id, step.id, { status: 'active', startedAt, at: world.now() }),
  )
  await emit(session, { event: 'step.started', number: lab.steps.indexOf(step) + 1, of: lab.steps.length }, step)
  const observed = await observe(session, step, { once: true, quiet: true, signal: session.signal })
  if (step.checks.length === 0 || observed.results.length === 0) return false
  if (!observed.results.every(result => result.verdict === 'passed')) return false
  await remember(session, step, observed)
  await endStep(session, step, 'passed', true)
  return true
}

/** Does the step and looks. What an earlier try left behind is taken back first. */
async function tryStep(session: Session, step: Step, askFallback: AskFallback): Promise<readonly CheckResult[]> {
  const mine = session.ledger.entries.some(entry => entry.lab === session.lab.id && entry.step === step.id)
  const { tries } = stepProgress(session.progress, session.lab.id, step.id)
  if (mine) {
    await resetStep(session, step)
    // It is still the same step: hints that wait for more tries must come.
    await saveProgress(session, withStep(session.progress, session.lab.id, step.id, { status: 'active', tries }))
  }
  const ran = await doStep(session, step, askFallback)
  if (ran.interrupted) return []
  return lookAt(session, step, { ...(ran.ok ? {} : { once: true }), signal: session.signal })
}

/** Looks at the checks of a step, tells about it, and remembers what was seen. */
export async function lookAt(session: Session, step: Step, options: ObserveOptions): Promise<readonly CheckResult[]> {
  const checks = step.checks.map(({ id, check, title }) => ({ id, kind: check, title: filled(session, title) }))
  await emit(session, { event: 'checks.started', checks }, step)
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
): Promise<boolean> {
  if (results.length === step.checks.length && results.every(result => result.verdict === 'passed')) {
    await endStep(session, step, status)
    return true
  }
  if (results.length === 0) return false
  const tries = stepProgress(session.progress, session.lab.id, step.id).tries + 1
  await saveProgress(session, withStep(session.progress, session.lab.id, step.id, { tries }))
  await emit(session, { event: 'step.stuck', tries }, step)
  const hint = hintFor(step, results, tries)
  if (hint) await emit(session, { event: 'hint.shown', text: filled(session, hint) }, step)
  return false
}

/** The hint that fits what failed, where one is due without being asked for. */
export function hintFor(step: Step, results: readonly CheckResult[], tries: number): Text | null {
  for (const result of results) {
    if (result.verdict === 'passed' || result.verdict === 'blocked') continue
    const check = checksOf(step).find(each => each.id === result.id)
    const codes = result.cause ? [result.cause.code] : []
    const [hint] = fittingHints(hintsOf(step, check), { codes, tries })
    if (hint) return hint
  }
  return null
}

function nextHint(session: Session, step: Step, codes: readonly string[]): Text | null {
  const { tries, hints = 0 } = stepProgress(session.progress, session.lab.id, step.id)
  return fittingHints(hintsOf(step), { codes, tries, asked: true })[hints] ?? null
}

/** The next hint that fits, recorded as given; `null` when there is none left. */
export async function giveHint(session: Session, step: Step, codes: readonly string[]): Promise<Text | null> {
  const text = nextHint(session, step, codes)
  if (!text) return null
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
  // The next step begins here, whoever looks at it first.
  const next = session.lab.steps[session.lab.steps.indexOf(step) + 1]
  if (next && stepProgress(progress, session.lab.id, next.id).startedAt === undefined)
    progress = withStep(progress, session.lab.id, next.id, { startedAt: change.at })
  await saveProgress(session, progress)
  await emit(session, { event: 'step.finished', status, already }, step)
}

function stuckAt(step: Step, results: readonly CheckResult[]): Ending {
  const verdict = results.some(result => result.verdict === 'error') ? 'error' : 'failed'
  return { end: 'stuck', step, verdict }
}
