import { contextOfKind } from '../check/kinds/kind-cluster.ts'
import { type Session, saveProgress } from './session.ts'

/**
 * The learner names the cluster for labs, or goes back to the lab's own by naming that. Remembered as it is now, so that
 * another one of the same name is not taken for it. Gives the names to choose from where there is none of this name.
 */
export async function chooseContext(session: Session, name: string): Promise<readonly string[] | null> {
  const { lab, progress, world } = session
  const { contexts } = await world.reader.cluster.config()
  const chosen = contexts.find(each => each.name === name)
  if (!chosen) return contexts.map(each => each.name)
  const { context: _, ...rest } = progress
  const { server, authority } = chosen
  const own = lab.cluster !== undefined && name === contextOfKind(lab.cluster)
  await saveProgress(session, own ? rest : { ...rest, context: { name, server, authority } })
  return null
}
