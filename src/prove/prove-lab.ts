import type { Lab, Step } from '../lab/lab.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import { beginLab } from '../run/open.ts'
import { proveClean } from './clean.ts'
import { type Ground, goOn, prepare } from './ground.ts'
import { playMistake } from './mistakes.ts'
import { aboutStep, begin, doesIt, failsAfterReset, failsBefore, interrupted, keepsEarlier } from './play.ts'
import { playNearMisses } from './play-near-misses.ts'
import type { Finding, Part, Trial } from './proof.ts'
import { createLog, type Log, openScene, type Scene, skipped, trial } from './scene.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import type { Bench } from './stand.ts'
import { texts } from './texts.ts'

export interface Proved {
  readonly trials: readonly Trial[]
  /** What the lab stood on, for the next of its chain; absent: everything is as it was before. */
  readonly ground?: Ground
}

/**
 * Proves one lab, on this ground or on one of its own, and leaves the machine as it was, however it ends. `stays`: another
 * lab is going to be proven on the same ground.
 */
export async function proveLab(bench: Bench, lab: Lab, given: Ground | undefined, stays: boolean): Promise<Proved> {
  const log = await createLog(bench, lab)
  const stand = given?.stand ?? (await bench.stand(lab.id))
  let kept = false
  try {
    const start = given ? await goOn(log, given) : await prepare(log, stand)
    if (!start) return { trials: log.trials }
    try {
      if (start.snapshot) await proveSteps(log, start.ground)
    } catch (error) {
      // Whatever went wrong, what the lab has made goes.
      await proveClean(log, start, false).catch(() => {})
      throw error
    }
    kept = await proveClean(log, start, stays && !bench.signal.aborted)
    return kept ? { trials: log.trials, ground: start.ground } : { trials: log.trials }
  } finally {
    if (!kept) await stand.remove()
  }
}

/** Step after step, as far as it goes. */
async function proveSteps(log: Log, { stand, needed }: Ground): Promise<void> {
  const { lab } = log
  const scene = await openScene(log, stand)
  await beginLab(scene.session)
  let goesOn = true
  for (const step of lab.steps) {
    if (goesOn) goesOn = !scene.session.signal.aborted && (await proveStep(scene, step))
    else skipped(log, 'solution', step)
    const snapshot = await mayLook(() => takeSnapshot(stand, [...needed, lab]))
    if (snapshot) log.after.push({ step, snapshot })
  }
}

async function mayLook(look: () => Promise<Snapshot>): Promise<Snapshot | null> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof CouldNotLook) return null
    throw error
  }
}

/** False: nothing that comes after it can be proven. */
async function proveStep(scene: Scene, step: Step): Promise<boolean> {
  const { wanted } = scene.bench
  const whole = wanted.step === undefined || wanted.step === step.id
  const wants = (part: Part) => whole && wanted.parts.has(part)
  await begin(scene, step)
  if (wants('before')) await trial(scene, { part: 'before', step }, () => failsBefore(scene, step))
  const ways = step.edits.length + step.commands.length + step.solve.length
  if (ways === 0 && step.manual) {
    const warning = { ...aboutStep(scene, step, 'manual', texts.manual(step.manual)), severity: 'warning' as const }
    await trial(scene, { part: 'solution', step }, async () => [warning])
    return false
  }
  if (wants('mistakes'))
    for (const mistake of step.mistakes)
      if (!scene.session.signal.aborted)
        await trial(scene, { part: 'mistakes', step, name: mistake.id }, () => playMistake(scene, step, mistake))
  const spoilt = wants('mistakes') && step.mistakes.length > 0 ? [texts['after-mistakes']()] : []
  const solved = await trial(scene, { part: 'solution', step }, async () =>
    (await solves(scene, step)).map(each => ({ ...each, details: [...each.details, ...spoilt] })),
  )
  if (solved.verdict !== 'passed') return false
  if (!wants('reset') && !wants('near-misses')) return true
  const back = await trial(scene, { part: 'reset', step }, () => failsAfterReset(scene, step))
  await begin(scene, step)
  // From a step that cannot be taken back, the state before it is not to be had.
  if (wants('near-misses') && back.verdict === 'passed') await nearMisses(scene, step, solved.tookMs + back.tookMs)
  const again = await trial(scene, { part: 'again', step }, () => solves(scene, step))
  return again.verdict === 'passed'
}

async function nearMisses(scene: Scene, step: Step, tookMs: number): Promise<void> {
  let tried = 0
  const play = async () => {
    const played = await playNearMisses(scene, step, tookMs)
    tried = played.tried
    return played.findings
  }
  await trial(scene, { part: 'near-misses', step }, play, () => ({ tried }))
}

async function solves(scene: Scene, step: Step): Promise<Finding[]> {
  if (scene.session.signal.aborted) return [interrupted(scene, step)]
  const found = await doesIt(scene, step)
  return found.length > 0 ? found : keepsEarlier(scene, step)
}
