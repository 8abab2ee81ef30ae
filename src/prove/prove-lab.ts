import type { Lab, Step } from '../lab/lab.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import { needsEngine } from '../run/doctor/look.ts'
import { beginLab } from '../run/open.ts'
import { walk } from '../run/walk.ts'
import { proveClean } from './clean.ts'
import { alreadyThere } from './fresh.ts'
import { playMistake } from './mistakes.ts'
import { aboutStep, begin, doesIt, failsAfterReset, failsBefore, interrupted, keepsEarlier } from './play.ts'
import { playNearMisses } from './play-near-misses.ts'
import type { Finding, Part, Trial } from './proof.ts'
import { createLog, finding, type Log, openScene, type Scene, skipped, trial } from './scene.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import type { Bench, Stand } from './stand.ts'
import { texts } from './texts.ts'

/** Proves one lab on a machine of its own, and leaves that machine as it was, however it ends. */
export async function proveLab(bench: Bench, lab: Lab): Promise<readonly Trial[]> {
  const log = await createLog(bench, lab)
  const stand = await bench.stand(lab.id)
  const needed = neededBy(bench, lab)
  const engine = [...needed, lab].some(needsEngine)
  // Looked at within trials: what cannot be looked at is a finding.
  let before: Snapshot | undefined
  let start: Snapshot | undefined
  try {
    await trial(log, { part: 'ready' }, async () => {
      const lacking = await isReady(log, stand, needed, engine)
      if (lacking.length === 0) before = start = await takeSnapshot(stand, engine)
      return lacking
    })
    if (!before || !start) return log.trials
    try {
      const there = await reachEnds(log, stand, needed, async () => {
        start = await takeSnapshot(stand, engine)
      })
      if (there) await proveSteps(log, stand, engine)
    } catch (error) {
      // Whatever went wrong, what the lab has made goes.
      await proveClean(log, stand, { engine, needed, before, start }).catch(() => {})
      throw error
    }
    return await proveClean(log, stand, { engine, needed, before, start })
  } finally {
    await stand.remove()
  }
}

/** The labs that this one starts from, those that they start from first. */
function neededBy({ labs }: Bench, lab: Lab): Lab[] {
  const found = new Set<Lab>()
  const add = (each: Lab) => {
    for (const id of each.needs) {
      const other = labs.get(id)
      if (!other || found.has(other)) continue
      add(other)
      found.add(other)
    }
  }
  add(lab)
  return [...found]
}

/** This machine has what the lab needs, and nothing yet of what it makes. */
async function isReady(log: Log, stand: Stand, needed: readonly Lab[], engine: boolean): Promise<Finding[]> {
  const { lab, bench, locate } = log
  const missing = lab.needs.find(id => !bench.labs.has(id))
  const place = (path: readonly string[]) => locate(path, { part: 'key' })
  const blind = (
    path: readonly string[],
    code: string,
    message: Finding['message'],
    details: Finding['details'] = [],
  ) => finding({ lab: lab.id }, place(path), code, message, { blind: true, details })
  if (missing) return [blind(['needs'], 'needs-failed', texts['needs-failed'](missing))]
  const labs = [...needed, lab]
  const lacking = (await stand.examine(labs)).filter(each => !each.ok)
  if (lacking.length > 0)
    return lacking.map(({ message, repair }) =>
      blind(
        ['requires'],
        'not-ready',
        texts['not-ready'](message),
        (repair?.commands ?? []).map(line => ({ ko: `$ ${line}`, en: `$ ${line}` })),
      ),
    )
  const there = engine ? alreadyThere(labs, await stand.world.docker.snapshot()) : []
  return there.length > 0 ? [blind([], 'not-fresh', texts['not-fresh'](there.join(', ')))] : []
}

/** Plays the labs that this one starts from to their ends. */
async function reachEnds(
  log: Log,
  stand: Stand,
  needed: readonly Lab[],
  reached: () => Promise<void>,
): Promise<boolean> {
  if (needed.length === 0) return true
  const { verdict } = await trial(log, { part: 'needs' }, async () => {
    for (const lab of needed) {
      const { session } = await openScene(log, stand, { lab })
      await beginLab(session)
      if (session.signal.aborted) return [interrupted(log)]
      const ending = await walk(session, null)
      if (ending.end === 'interrupted') return [interrupted(log)]
      if (ending.end !== 'finished')
        return [
          finding({ lab: log.lab.id }, log.locate(['needs']), 'needs-failed', texts['needs-failed'](lab.id), {
            blind: true,
            details:
              ending.end === 'stuck' ? [{ ko: `${lab.id}/${ending.step.id}`, en: `${lab.id}/${ending.step.id}` }] : [],
          }),
        ]
    }
    await reached()
    return []
  })
  return verdict === 'passed'
}

/** Step after step, as far as it goes. */
async function proveSteps(log: Log, stand: Stand, engine: boolean): Promise<void> {
  const { lab } = log
  const scene = await openScene(log, stand)
  await beginLab(scene.session)
  let goesOn = true
  for (const step of lab.steps) {
    if (goesOn) goesOn = !scene.session.signal.aborted && (await proveStep(scene, step))
    else skipped(log, 'solution', step)
    const snapshot = await mayLook(() => takeSnapshot(stand, engine))
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
