import type { Json } from '../../lab/lab.ts'
import { type Kind, text } from '../kind.ts'
import {
  bornAt,
  identityOf,
  lookAtObjects,
  nothingOf,
  type ObjectsSeen,
  objectOf,
  select,
  selectors,
} from './k8s-objects.ts'

export const k8sObject: Kind = {
  name: 'k8s.object',
  about: 'An object of the Kubernetes API, as the API sends it. One that is being deleted does not count.',
  fields: {
    kind: { type: 'text', required: true, about: 'As in a manifest: `ConfigMap`.' },
    apiVersion: { type: 'text', about: 'Default: the one that the server prefers.' },
    ...selectors,
  },
  oneOfFields: [['name', 'selector']],
  within: 30_000,
  wake: 'cluster',
  cluster: true,
  async look(fields, place) {
    return (await lookAtObjects(fields, place, text(fields, 'kind'))) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ObjectsSeen
    const found = select(fields, view.objects ?? [])
    return found.length > 0 ? { found: found as unknown as Json[] } : nothingOf(fields, text(fields, 'kind'), view)
  },
  bornAt,
  identity: fields => identityOf(fields, text(fields, 'kind')),
  example: {
    check: { kind: 'ConfigMap', name: 'web', expect: { data: { COLOR: 'blue' } } },
    passes: { objects: [objectOf('ConfigMap', 'web', { data: { COLOR: 'blue' } })] },
    fails: { objects: [objectOf('ConfigMap', 'web', { data: { COLOR: 'red' } })] },
  },
}
