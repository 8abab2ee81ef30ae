import type { Step } from '../lab/lab.ts'
import { isDone, labProgress, nextStep, stepProgress, withLab } from '../lab/progress.ts'
import type { CheckResult } from '../lab/verdict.ts'
import { doAgain, type LookedBack, lookBack, verifyPassed } from './look-back.ts'
import { observe } from './observe.ts'
import { type Session, saveProgress } from './session.ts'
import { resetStep } from './undo.ts'
import { type Ending, playStep } from './walk.ts'

const settleMs = 5000

/**
 * Does everything before a step, what is gone meanwhile included, and proves that it holds. `null`: the learner stands at
 * the step. Steps that were skipped are done as well, because what comes later may rest on them.
 */
export async function goTo(session: Session, step: Step): Promise<Ending | null> {
  const { lab } = session
  const before = lab.steps.slice(0, lab.steps.indexOf(step))
  const { blind } = await verifyPassed(session, before)
  if (blind) return { end: 'stuck', step, verdict: 'error' }
  await doAgain(
    session,
    before.filter(each => stepProgress(session.progress, lab.id, each.id).status === 'skipped'),
  )
  return (await playMissing(session, before)) ?? notProven(await verifyPassed(session, before), before)
}

/**
 * Does these steps again, which are gone, and whatever of the lab is not done, and proves that it holds. Others may have
 * been ended on purpose by another lab, and stay so.
 */
export async function bringBack(session: Session, gone: readonly Step[]): Promise<Ending | null> {
  const { lab } = session
  await doAgain(session, gone)
  const missing = lab.steps.filter(({ id }) => !isDone(stepProgress(session.progress, lab.id, id).status))
  const ending = await playMissing(session, lab.steps)
  return ending ?? notProven(await lookBack(session), missing)
}

async function playMissing(session: Session, steps: readonly Step[]): Promise<Ending | null> {
  for (;;) {
    const next = steps.find(each => each.id === nextStep(session.progress, session.lab))
    if (!next) return null
    const ending = await playStep(session, next)
    if (session.signal.aborted) return { end: 'interrupted' }
    if (ending) return ending
  }
}

function notProven({ gone, blind }: LookedBack, steps: readonly Step[]): Ending | null {
  const first = gone.find(each => steps.includes(each))
  if (first) return { end: 'stuck', step: first, verdict: 'failed' }
  return blind && steps[0] ? { end: 'stuck', step: steps[0], verdict: 'error' } : null
}

/**
 * Brings back the state before a step: takes back the later ones first, then this one, and looks whether its checks fail.
 * Gives those that still pass.
 */
export async function resetTo(session: Session, step: Step): Promise<readonly CheckResult[]> {
  const { lab } = session
  const taken = lab.steps.slice(lab.steps.indexOf(step))
  for (const each of taken.toReversed()) {
    if (session.signal.aborted) return []
    if (stepProgress(session.progress, lab.id, each.id).startedAt === undefined) continue
    await resetStep(session, each)
    if (each !== step) await notBegun(session, each)
  }
  const stale = new Set(taken.slice(1).map(each => `${lab.id}/${each.id}`))
  session.shells = Object.fromEntries(Object.entries(session.shells).filter(([key]) => !stale.has(key)))
  await session.store.saveShells(session.shells)
  return stillPassing(session, step)
}

/** There is nothing to take back of it until the learner comes to it again. */
async function notBegun(session: Session, { id }: Step): Promise<void> {
  const { startedAt: _, ...rest } = stepProgress(session.progress, session.lab.id, id)
  const { steps } = labProgress(session.progress, session.lab.id)
  await saveProgress(session, withLab(session.progress, session.lab.id, { steps: { ...steps, [id]: rest } }))
}

/** What was taken back may need a moment: a server that runs again to open its port. */
async function stillPassing(session: Session, step: Step): Promise<readonly CheckResult[]> {
  const { world, signal } = session
  for (const deadline = world.now() + settleMs; ; ) {
    const { results } = await observe(session, step, { once: true, quiet: true, signal })
    const passing = results.filter(result => result.verdict === 'passed')
    if (passing.length === 0 || signal.aborted || world.now() > deadline) return passing
    await world.sleep(100, signal)
  }
}
