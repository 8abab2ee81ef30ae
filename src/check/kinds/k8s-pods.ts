import { isReady, type Pod } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import type { Kind } from '../kind.ts'
import { identityOf, lookAtObjects, nothingOf, type ObjectsSeen, objectOf, select, selectors } from './k8s-objects.ts'

export const k8sPods: Kind = {
  name: 'k8s.pods',
  about:
    'The pods of a selector together: `total`, `ready`, `restarts`, `phases`, `images`, `names`, `nodes`. Those that are being deleted do not count.',
  fields: selectors,
  oneOfFields: [['name', 'selector']],
  within: 60_000,
  wake: 'cluster',
  cluster: true,
  async look(fields, place) {
    return (await lookAtObjects(fields, place, 'Pod')) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ObjectsSeen
    const pods = select(fields, view.objects ?? []) as unknown as Pod[]
    return pods.length > 0 ? { found: [summary(pods)] } : nothingOf(fields, 'Pod', view)
  },
  expects: { ready: { $gte: 1 } },
  identity: fields => identityOf(fields, 'Pod'),
  example: {
    check: { selector: 'app=web', expect: { ready: 2, total: 2 } },
    passes: { objects: [podOf('web-1', true), podOf('web-2', true)] },
    fails: { objects: [podOf('web-1', true), podOf('web-2', false)] },
  },
}

function summary(pods: readonly Pod[]): Json {
  const statuses = pods.flatMap(pod => pod.status?.containerStatuses ?? [])
  return {
    total: pods.length,
    ready: pods.filter(isReady).length,
    restarts: statuses.reduce((sum, each) => sum + (each.restartCount ?? 0), 0),
    phases: distinct(pods.map(pod => pod.status?.phase ?? 'Pending')),
    images: distinct(pods.flatMap(pod => pod.spec.containers.map(each => each.image ?? ''))),
    names: pods.map(pod => pod.metadata.name),
    nodes: distinct(pods.flatMap(pod => pod.spec.nodeName ?? [])),
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}

export function podOf(name: string, ready: boolean): Json {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }]
  const containers = [{ name: 'web', image: 'nginx:1.28-alpine' }]
  return objectOf('Pod', name, {
    labels: { app: 'web' },
    spec: { containers },
    status: { phase: 'Running', conditions },
  })
}
