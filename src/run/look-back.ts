import type { Lab, Step } from '../lab/lab.ts'
import { isDone, labProgress, stepProgress, withStep } from '../lab/progress.ts'
import type { CheckResult } from '../lab/verdict.ts'
import { observe } from './observe.ts'
import { emit, type Session, saveProgress } from './session.ts'

/** What was passed once, looked at again. */

export interface LookedBack {
  readonly held: readonly Step[]
  /** Passed once, not true any more. */
  readonly gone: readonly Step[]
  /** The first check that could not be looked at. Nothing is known then of the steps after it. */
  readonly blind?: CheckResult
}

/** A passed step whose checks should still hold: no later step has ended on purpose what it made. */
export function shouldHold({ progress, lab }: Pick<Session, 'progress' | 'lab'>, step: Step): boolean {
  const status = (id: string) => stepProgress(progress, lab.id, id).status
  if (!['passed', 'solved'].includes(status(step.id))) return false
  return step.until === undefined || !isDone(status(step.until))
}

/** Looks at the steps that should still hold; changes nothing, tells nothing. */
export async function lookBack(session: Session): Promise<LookedBack> {
  const [held, gone]: [Step[], Step[]] = [[], []]
  for (const step of session.lab.steps) {
    if (!shouldHold(session, step)) continue
    const { results } = await observe(session, step, { once: true, quiet: true, signal: session.signal })
    if (session.signal.aborted) break
    const blind = results.find(result => result.verdict === 'error')
    if (blind) return { held, gone, blind }
    const side = results.every(result => result.verdict === 'passed') ? held : gone
    side.push(step)
  }
  return { held, gone }
}

/**
 * Looks back, and says what is gone: it is to be done again, from the first such step on. `told`: those that matter to
 * where the learner goes.
 */
export async function verifyPassed(session: Session, told: readonly Step[] = session.lab.steps): Promise<LookedBack> {
  const found = await lookBack(session)
  const { gone, blind } = found
  if (blind) return { ...found, gone: [] }
  if (gone.length > 0) {
    const steps = gone.filter(step => told.includes(step)).map(step => timed(session, step))
    if (steps.length > 0) await emit(session, { event: 'lab.gone', steps, stood: stood(session) })
    await doAgain(session, gone)
  }
  return found
}

/** These steps are to be done again. */
export async function doAgain(session: Session, steps: readonly Step[]): Promise<void> {
  for (const { id } of steps)
    await saveProgress(session, withStep(session.progress, session.lab.id, id, { status: 'todo' }))
}

/** The step after the last that is done; `null` at the end. */
export function stood({ progress, lab }: Pick<Session, 'progress' | 'lab'>): string | null {
  const last = lab.steps.findLastIndex(step => isDone(stepProgress(progress, lab.id, step.id).status))
  return lab.steps[last + 1]?.id ?? null
}

function timed({ progress, lab }: Pick<Session, 'progress' | 'lab'>, { id }: Step): { id: string; at: number } {
  return { id, at: stepProgress(progress, lab.id, id).at }
}

/** A step of a lab that this one starts from. */
export interface Needed {
  readonly lab: Lab
  readonly step: Step
}

/** What this lab stands on now: until it has begun, all that the labs it needs have left. */
export function neededSteps(session: Session): Needed[] {
  const { progress, lab, needed = [] } = session
  const { startedAt, restsOn } = labProgress(progress, lab.id)
  return needed.flatMap(other =>
    other.steps
      .filter(step => shouldHold({ progress, lab: other }, step))
      .filter(step => startedAt === 0 || restsOn?.includes(nameOf({ lab: other, step })))
      .map(step => ({ lab: other, step })),
  )
}

function nameOf({ lab, step }: Needed): string {
  return `${lab.id}/${step.id}`
}

/**
 * Those that hold, by name. Where a step of this lab has just ended what another lab made, that is on purpose and no loss
 * later. Checks that must create something to look are left out: this is done after every step.
 */
export async function standing(session: Session, steps: readonly Needed[]): Promise<string[]> {
  const names: string[] = []
  for (const each of steps) {
    const checks = each.step.checks.filter(check => !session.kinds[check.check]?.probe)
    if ((await holds(session, { ...each, step: { ...each.step, checks } })) !== false) names.push(nameOf(each))
  }
  return names
}

/** Steps that this lab stands on and that do not hold any more. */
export async function neededGone(session: Session): Promise<readonly Needed[]> {
  const gone: Needed[] = []
  for (const each of neededSteps(session)) if ((await holds(session, each)) === false) gone.push(each)
  return gone
}

/** Says of each lab what is gone of it. */
export async function tellNeededGone(session: Session, gone: readonly Needed[]): Promise<void> {
  for (const lab of new Set(gone.map(each => each.lab))) {
    const mine = gone.filter(each => each.lab === lab)
    const steps = mine.map(({ step }) => ({ ...timed({ progress: session.progress, lab }, step), title: step.title }))
    const begun = labProgress(session.progress, session.lab.id).startedAt > 0
    const where = {
      needed: lab.id,
      title: lab.title,
      stood: begun ? (stood(session) ?? session.lab.steps.at(-1)!.id) : null,
    }
    await emit(session, { event: 'needed.gone', ...where, steps })
  }
}

/** `null`: it could not be looked at. */
async function holds(session: Session, { lab, step }: Needed): Promise<boolean | null> {
  const other: Session = { ...session, lab }
  const { results } = await observe(other, step, { once: true, quiet: true, signal: session.signal })
  if (results.some(result => result.verdict === 'error') || results.length < step.checks.length) return null
  return results.every(result => result.verdict === 'passed')
}
