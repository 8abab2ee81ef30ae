import type { KubeObject } from '../../lab/cluster.ts'
import { list, object, string } from '../docker/raw.ts'
import type { Resource } from './resources.ts'

/** The objects of one list, and the version of the whole from which a watch goes on. */
export interface Picture {
  readonly objects: readonly KubeObject[]
  readonly version: string
}

/** From a list as the API sends it: its items do not say what they are. */
export function pictureOf(answer: unknown, { apiVersion, kind }: Resource): Picture {
  const items = list(object(answer)['items']).map(item => ({ apiVersion, kind, ...object(item) }) as KubeObject)
  return { objects: items, version: string(object(object(answer)['metadata'])['resourceVersion']) }
}

/** The picture after an event of a watch: the same when nothing changed; `null`: it cannot go on, all must be listed anew. */
export function afterEvent(picture: Picture, event: unknown): Picture | null {
  const { type, object: body } = object(event)
  const changed = body as KubeObject | undefined
  const version = string(object(object(changed)['metadata'])['resourceVersion'])
  // Nobody knows what a line that is no event would have said.
  if (!changed || !version || type === 'ERROR') return null
  const { objects } = picture
  if (type === 'BOOKMARK') return { objects, version }
  const at = objects.findIndex(each => isSame(each, changed))
  if (type === 'DELETED') return { objects: at < 0 ? objects : objects.toSpliced(at, 1), version }
  return { objects: at < 0 ? [...objects, changed] : objects.with(at, changed), version }
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace
}
