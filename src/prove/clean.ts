import type { Lab } from '../lab/lab.ts'
import { cleanLab, endLeftover } from '../run/undo.ts'
import { ofCommand } from './details.ts'
import { leftovers } from './leftovers.ts'
import type { Finding, Trial } from './proof.ts'
import { finding, type Log, openScene, type Scene, same, trial } from './scene.ts'
import { changesBetween, type Snapshot, takeSnapshot } from './snapshot.ts'
import type { Stand } from './stand.ts'
import { texts } from './texts.ts'

/** What ends may need a moment until it is gone, ms. */
const settleMs = 5000

interface Around {
  readonly engine: boolean
  /** Labs that were played before this one. */
  readonly needed: readonly Lab[]
  /** Before everything, and before this lab. */
  readonly before: Snapshot
  readonly start: Snapshot
}

/** Cleans up, with whatever signal: an interrupted proof leaves nothing, too. */
export async function proveClean(log: Log, stand: Stand, around: Around): Promise<readonly Trial[]> {
  const { engine, needed, before, start } = around
  const { signal } = new AbortController()
  await trial(log, { part: 'clean' }, async () => {
    const scene = await openScene(log, stand, { signal })
    const failed = await clean(scene)
    const stuck = [...scene.heard.notRemoved]
    const own = await left(scene, start, engine, needed.length > 0)
    for (const lab of needed.toReversed()) await clean(await openScene(log, stand, { lab, signal }))
    const known = new Set(own.map(each => each.message.en))
    const rest = needed.length > 0 ? await left(scene, before, engine, false) : []
    const found = [...own, ...rest.filter(each => !known.has(each.message.en))]
    return [...failed, ...withReasons(scene, found, stuck)]
  })
  return log.trials
}

/** Why something is still there, where the runner was told; what it could not remove and nobody sees is told, too. */
function withReasons(scene: Scene, found: readonly Finding[], stuck: Scene['heard']['notRemoved']): Finding[] {
  const seen = ({ name }: { name: string }, finding: Finding) => finding.about === name
  const rest = stuck.filter(each => !found.some(finding => seen(each, finding)))
  return [
    ...found.map(each => ({
      ...each,
      details: [...each.details, ...stuck.filter(one => seen(one, each)).map(({ why }) => same(why))],
    })),
    ...rest.map(({ name, why }) =>
      finding({ lab: scene.lab.id }, scene.locate(['cleanup']), 'not-removed', texts['not-removed'](name), {
        details: [same(why)],
      }),
    ),
  ]
}

async function clean(scene: Scene): Promise<Finding[]> {
  const { session, heard, locate } = scene
  const { lab } = session
  await endLeftover(session)
  await cleanLab(session)
  if (lab !== scene.lab) return []
  const own = lab.cleanup.map(command => command.id)
  return heard.commands
    .filter(command => own.includes(command.id) && !command.ok)
    .map(command => {
      const place = locate(['cleanup', own.indexOf(command.id)])
      const more = { details: ofCommand(command), severity: 'warning' as const }
      return finding({ lab: lab.id }, place, 'cleanup-failed', texts['cleanup-failed'](), more)
    })
}

/** `partly`: what stands on other labs may take along what they have made. */
async function left(scene: Scene, before: Snapshot, engine: boolean, partly: boolean): Promise<Finding[]> {
  const { world } = scene.stand
  for (const deadline = world.now() + settleMs; ; ) {
    const changes = changesBetween(before, await takeSnapshot(scene.stand, engine))
    const found = leftovers(scene, before, partly ? changes.filter(change => !change.gone) : changes)
    if (found.every(each => each.severity === 'warning') || world.now() > deadline) return found
    await world.sleep(200)
  }
}
