import type { Step } from '../lab/lab.ts'
import { nextStep, stepProgress, withStep } from '../lab/progress.ts'
import type { CheckResult } from '../lab/verdict.ts'
import { observe } from './observe.ts'
import { verifyPassed } from './open.ts'
import { type Session, saveProgress } from './session.ts'
import { resetStep } from './undo.ts'
import { type Ending, playStep } from './walk.ts'

const settleMs = 5000

/**
 * Does everything before a step and proves that it holds. `null`: the learner stands at the step. Steps that were skipped
 * are done as well, because what comes later may rest on them.
 */
export async function goTo(session: Session, step: Step): Promise<Ending | null> {
  const { lab } = session
  const before = lab.steps.slice(0, lab.steps.indexOf(step))
  for (const each of before)
    if (stepProgress(session.progress, lab.id, each.id).status === 'skipped')
      await saveProgress(session, withStep(session.progress, lab.id, each.id, { status: 'todo' }))
  for (;;) {
    const next = before.find(each => each.id === nextStep(session.progress, lab))
    if (!next) break
    const ending = await playStep(session, next)
    if (session.signal.aborted) return { end: 'interrupted' }
    if (ending) return ending
  }
  const { gone, blind } = await verifyPassed(session)
  if (blind) return { end: 'stuck', step, verdict: 'error' }
  const first = gone.find(each => before.includes(each))
  return first ? { end: 'stuck', step: first, verdict: 'failed' } : null
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
  }
  const stale = new Set(taken.slice(1).map(each => `${lab.id}/${each.id}`))
  session.shells = Object.fromEntries(Object.entries(session.shells).filter(([key]) => !stale.has(key)))
  await session.store.saveShells(session.shells)
  return stillPassing(session, step)
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
