import type { Lab } from '../lab/lab.ts'
import { needsEngine } from '../run/doctor/look.ts'
import { beginLab } from '../run/open.ts'
import { walk } from '../run/walk.ts'
import { neededBy } from './chains.ts'
import { alreadyThere } from './fresh.ts'
import { interrupted } from './play.ts'
import type { Finding } from './proof.ts'
import { finding, type Log, openScene, trial } from './scene.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import type { Stand } from './stand.ts'
import { texts } from './texts.ts'

/** A machine on which the labs that others start from are at their ends. Labs of a chain are proven on it in turn. */
export interface Ground {
  readonly stand: Stand
  readonly needed: readonly Lab[]
  /** Before all of them. */
  readonly before: Snapshot
}

/** Where a lab is going to be proven. */
export interface Start {
  readonly ground: Ground
  /** Right before the lab; absent: that is not reached, and there is only cleaning up to do. */
  readonly snapshot?: Snapshot
}

/** Plays what the lab starts from. `null`: this machine is not ready for it, and nothing was done. */
export async function prepare(log: Log, stand: Stand): Promise<Start | null> {
  const { lab, bench } = log
  const needed = neededBy(bench.labs, lab)
  const labs = [...needed, lab]
  const before = await whenReady(log, stand, labs, labs)
  if (!before) return null
  const ground = { stand, needed, before }
  if (needed.length === 0) return { ground, snapshot: before }
  let snapshot: Snapshot | undefined
  await trial(log, { part: 'needs' }, async () => {
    const found = await reachEnds(log, stand, needed)
    if (found.length === 0) snapshot = await takeSnapshot(stand, labs)
    return found
  })
  return snapshot ? { ground, snapshot } : { ground }
}

/** Goes on where the lab before was cleaned. */
export async function goOn(log: Log, ground: Ground): Promise<Start> {
  const { stand, needed } = ground
  const snapshot = await whenReady(log, stand, [log.lab], [...needed, log.lab])
  return snapshot ? { ground, snapshot } : { ground }
}

/** Looks whether the machine has what these labs need, and nothing yet of what they make. */
async function whenReady(
  log: Log,
  stand: Stand,
  labs: readonly Lab[],
  around: readonly Lab[],
): Promise<Snapshot | undefined> {
  let snapshot: Snapshot | undefined
  // Looked at within the trial: what cannot be looked at is a finding.
  await trial(log, { part: 'ready' }, async () => {
    const lacking = await isReady(log, stand, labs)
    if (lacking.length === 0) snapshot = await takeSnapshot(stand, around)
    return lacking
  })
  return snapshot
}

async function isReady(log: Log, stand: Stand, labs: readonly Lab[]): Promise<Finding[]> {
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
  const there = labs.some(needsEngine) ? alreadyThere(labs, await stand.world.docker.snapshot()) : []
  return there.length > 0 ? [blind([], 'not-fresh', texts['not-fresh'](there.join(', ')))] : []
}

async function reachEnds(log: Log, stand: Stand, needed: readonly Lab[]): Promise<Finding[]> {
  for (const lab of needed) {
    const { session } = await openScene(log, stand, { lab })
    await beginLab(session)
    if (session.signal.aborted) return [interrupted(log)]
    const ending = await walk(session, null)
    if (ending.end === 'interrupted') return [interrupted(log)]
    if (ending.end === 'finished') continue
    const where = ending.end === 'stuck' ? `${lab.id}/${ending.step.id}` : lab.id
    const more = { blind: true as const, details: [{ ko: where, en: where }] }
    const message = texts['needs-failed'](lab.id)
    return [finding({ lab: log.lab.id }, log.locate(['needs']), 'needs-failed', message, more)]
  }
  return []
}
