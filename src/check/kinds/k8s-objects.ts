import { isDeleting, type KubeObject } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import { nearest } from '../../lab/near.ts'
import { type Field, type Fields, type Place, type Subjects, text } from '../kind.ts'

/** What the Kubernetes kinds have in common: which objects they mean, and how those are looked at. */

export const namespaceField: Readonly<Record<string, Field>> = {
  namespace: { type: 'text', about: 'Default: `default`.' },
}

export const selectors: Readonly<Record<string, Field>> = {
  name: { type: 'text', about: 'Name of the object.' },
  selector: { type: 'text', about: 'Labels that it has: `app=nginx,tier`.' },
  ...namespaceField,
}

/** All of one kind in the namespace; `null`: the server does not know the kind. */
export interface ObjectsSeen {
  readonly objects: readonly KubeObject[] | null
}

export function namespaceOf(fields: Fields): string {
  return text(fields, 'namespace') || 'default'
}

export async function lookAtObjects(fields: Fields, place: Place, kind: string): Promise<ObjectsSeen> {
  const apiVersion = text(fields, 'apiVersion')
  const { context, reader } = place
  const query = { context, kind, namespace: namespaceOf(fields), ...(apiVersion === '' ? {} : { apiVersion }) }
  return { objects: await reader.cluster.list(query) }
}

/** Those that the check means, newest first. One that is being deleted never counts. */
export function select(fields: Fields, objects: readonly KubeObject[]): KubeObject[] {
  const name = text(fields, 'name')
  const wanted = parseSelector(text(fields, 'selector'))
  return objects
    .filter(each => !isDeleting(each))
    .filter(each => name === '' || each.metadata.name === name)
    .filter(({ metadata: { labels = {} } }) =>
      wanted.every(([key, value]) => (value === undefined ? key in labels : labels[key] === value)),
    )
    .toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
}

/** `app=nginx,tier` -> [app, nginx], [tier, undefined]. */
export function parseSelector(selector: string): [string, string | undefined][] {
  const parts = selector.split(',').map(part => part.trim())
  return parts
    .filter(part => part !== '')
    .map(part => {
      const [key = '', value] = part.split(/={1,2}/, 2).map(each => each.trim())
      return [key, value]
    })
}

/** `Deployment nginx`, `Pod app=nginx in namespace shop`. */
export function identityOf(fields: Fields, kind: string): string {
  const namespace = namespaceOf(fields)
  const which = text(fields, 'name') || text(fields, 'selector')
  return `${kind} ${which}${namespace === 'default' ? '' : ` in namespace ${namespace}`}`.replace('  ', ' ')
}

/** Where nothing was selected. */
export function nothingOf(fields: Fields, kind: string, { objects }: ObjectsSeen): Subjects {
  const what = identityOf(fields, kind)
  if (objects === null) return { found: [], missing: { what, seen: `no kind ${kind}` } }
  const near = nearest(
    text(fields, 'name'),
    objects.map(each => each.metadata.name),
  )
  return { found: [], missing: { what, ...(near ? { near } : {}) } }
}

/** The API gives whole seconds: an object may have come to be at the end of its second. */
export function bornAt(subject: Json): number {
  return Date.parse((subject as unknown as KubeObject).metadata.creationTimestamp) + 999
}

/** For examples. */
export function objectOf(kind: string, name: string, rest: Record<string, Json> = {}): Json {
  const metadata = { name, namespace: 'default', uid: name, creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 }
  const { labels, ...more } = rest
  return { apiVersion: 'v1', kind, metadata: { ...metadata, ...(labels ? { labels } : {}) }, ...more }
}
