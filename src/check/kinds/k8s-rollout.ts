import { type KubeObject, rolloutOf } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import { type Fields, type Kind, text } from '../kind.ts'
import {
  bornAt,
  identityOf,
  lookAtObjects,
  namespaceField,
  nothingOf,
  type ObjectsSeen,
  objectOf,
  select,
} from './k8s-objects.ts'

function kindOf(fields: Fields): string {
  return text(fields, 'kind') || 'Deployment'
}

export const k8sRollout: Kind = {
  name: 'k8s.rollout',
  about:
    'A Deployment, StatefulSet or DaemonSet that is rolled out: all of its pods are of the newest template, and available. `expect` is about the object besides.',
  fields: {
    kind: { type: 'text', about: 'Default: Deployment.', oneOf: ['Deployment', 'StatefulSet', 'DaemonSet'] },
    name: { type: 'text', required: true, about: 'Name of the object.' },
    ...namespaceField,
  },
  within: 120_000,
  wake: 'cluster',
  cluster: true,
  async look(fields, place) {
    return (await lookAtObjects(fields, place, kindOf(fields))) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ObjectsSeen
    const object = select(fields, view.objects ?? [])[0]
    if (!object) return nothingOf(fields, kindOf(fields), view)
    const missing = {
      what: `${identityOf(fields, kindOf(fields))}: rolled out`,
      seen: progress(object),
      there: true,
    } as const
    return rolloutOf(object).complete ? { found: [object as unknown as Json] } : { found: [], missing }
  },
  bornAt,
  identity: fields => identityOf(fields, kindOf(fields)),
  example: {
    check: { name: 'web', expect: { spec: { replicas: 2 } } },
    passes: { objects: [deploymentOf(2, 2)] },
    fails: { objects: [deploymentOf(2, 1)] },
  },
}

/** As `kubectl get` counts: `2/3 ready, 3 up-to-date, 2 available`. */
function progress(object: KubeObject): string {
  const { replicas, updated, ready, available, pending } = rolloutOf(object)
  const counts = `${ready}/${replicas} ready, ${updated} up-to-date, ${available} available`
  return pending === null ? counts : `${counts} (${pending})`
}

function deploymentOf(replicas: number, ready: number): Json {
  const status = {
    observedGeneration: 1,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
  }
  return objectOf('Deployment', 'web', { spec: { replicas }, status })
}
