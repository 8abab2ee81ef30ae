import { neededGone } from '../run/look-back.ts'
import { cleanLab, endLeftover } from '../run/undo.ts'
import { ofCommand } from './details.ts'
import type { Ground, Start } from './ground.ts'
import { leftovers, shown } from './leftovers.ts'
import type { Finding } from './proof.ts'
import { finding, type Log, openScene, type Scene, same, trial } from './scene.ts'
import { changesBetween, type Snapshot, takeSnapshot } from './snapshot.ts'
import { texts } from './texts.ts'

/** What ends may need a moment until it is gone, ms. */
const settleMs = 5000

/**
 * Cleans the lab up and compares; then what it stands on, unless that `stays` for another lab and is as it was. With
 * whatever signal: an interrupted proof leaves nothing, too. Tells whether it stays.
 */
export async function proveClean(log: Log, { ground, snapshot }: Start, stays: boolean): Promise<boolean> {
  const { stand, needed, before } = ground
  const { signal } = new AbortController()
  let kept = false
  await trial(log, { part: 'clean' }, async () => {
    const scene = await openScene(log, stand, { signal })
    const failed = snapshot ? await clean(scene) : []
    const stuck = [...scene.heard.notRemoved]
    let own: readonly Finding[] = []
    try {
      own = snapshot ? await left(scene, ground, snapshot) : []
      const spoilt = own.some(each => each.severity === 'error')
      kept = stays && !spoilt && (await neededGone(scene.session)).length === 0
    } finally {
      if (!kept) for (const lab of needed.toReversed()) await clean(await openScene(log, stand, { lab, signal }))
    }
    const known = new Set(own.map(each => each.message.en))
    const rest = needed.length > 0 && !kept ? await left(scene, ground, before) : []
    const found = [...own, ...rest.filter(each => !known.has(each.message.en))]
    return [...failed, ...withReasons(scene, found, stuck)]
  })
  return kept
}

/** Why something is still there, where the runner was told; what it could not remove and nobody sees is told, too. */
function withReasons(scene: Scene, found: readonly Finding[], stuck: Scene['heard']['notRemoved']): Finding[] {
  const seen = ({ name }: { name: string }, finding: Finding) => finding.about === shown(scene, name)
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

async function left(scene: Scene, { needed, before }: Ground, since: Snapshot): Promise<Finding[]> {
  const { world } = scene.stand
  for (const deadline = world.now() + settleMs; ; ) {
    const changes = changesBetween(since, await takeSnapshot(scene.stand, [...needed, scene.lab]))
    // What stands on other labs may take along what they have made.
    const found = leftovers(scene, since, since === before ? changes : changes.filter(change => !change.gone))
    if (found.every(each => each.severity === 'warning') || world.now() > deadline) return found
    await world.sleep(200)
  }
}
