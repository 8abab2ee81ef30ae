import { fitsLabels, isDeleting, isReady, type KubeObject, type Pod } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import { type Fields, type Kind, text } from '../kind.ts'
import {
  bornAt,
  identityOf,
  lookAtObjects,
  namespaceField,
  namespaceOf,
  nothingOf,
  objectOf,
  select,
} from './k8s-objects.ts'
import { podOf } from './k8s-pods.ts'

export interface ServiceSeen {
  readonly objects: readonly KubeObject[] | null
  readonly slices: readonly KubeObject[]
  readonly pods: readonly Pod[]
}

export const k8sService: Kind = {
  name: 'k8s.service',
  about:
    'A Service as the API sends it, with `endpoints: { ready, total, ports }` of its EndpointSlices and `selects`, the number of pods that its selector fits.',
  fields: { name: { type: 'text', required: true, about: 'Name of the Service.' }, ...namespaceField },
  within: 60_000,
  wake: 'cluster',
  cluster: true,
  async look(fields, place) {
    const of = async (kind: string) => (await lookAtObjects(fields, place, kind)).objects
    const [objects, slices, pods] = await Promise.all([of('Service'), of('EndpointSlice'), of('Pod')])
    return { objects, slices: slices ?? [], pods: pods ?? [] } as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ServiceSeen
    const service = select(fields, view.objects ?? [])[0]
    if (!service) return nothingOf(fields, 'Service', view)
    return { found: [{ ...(service as unknown as Record<string, Json>), ...joined(service, view) }] }
  },
  expects: { endpoints: { ready: { $gte: 1 }, ports: { $notEmpty: true } } },
  bornAt,
  identity: fields => identityOf(fields, 'Service'),
  example: {
    check: { name: 'web', expect: { endpoints: { ready: 1 } } },
    passes: seenWith([{ conditions: { ready: true } }]),
    fails: seenWith([]),
  },
}

function joined(service: KubeObject, { slices, pods }: ServiceSeen): Record<string, Json> {
  const selector = (service.spec?.['selector'] ?? {}) as Record<string, string>
  const own = slices.filter(
    slice => !isDeleting(slice) && slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
  ) as unknown as {
    endpoints?: readonly { conditions?: { ready?: boolean } }[]
    ports?: readonly { port?: number }[]
  }[]
  const endpoints = own.flatMap(slice => slice.endpoints ?? [])
  const ready = endpoints.filter(each => each.conditions?.ready !== false)
  const ports = [...new Set(own.flatMap(slice => (slice.ports ?? []).flatMap(each => each.port ?? [])))]
  const selected = pods.filter(pod => !isDeleting(pod) && fitsLabels(pod.metadata.labels, selector))
  return {
    endpoints: { ready: ready.length, total: endpoints.length, ports },
    selects: selected.length,
    selectsReady: selected.filter(isReady).length,
  }
}

function seenWith(endpoints: Json[]): Json {
  const service = objectOf('Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
  const slice = objectOf('EndpointSlice', 'web-1', {
    labels: { 'kubernetes.io/service-name': 'web' },
    endpoints,
    ports: [{ port: 80 }],
  })
  return { objects: [service], slices: [slice], pods: [podOf('web-1', true)] }
}

/** Which Service a check is about, for the causes. */
export function serviceOf(fields: Fields, { objects }: ServiceSeen): KubeObject | undefined {
  return objects?.find(
    each =>
      each.metadata.name === text(fields, 'name') && (each.metadata.namespace ?? 'default') === namespaceOf(fields),
  )
}
