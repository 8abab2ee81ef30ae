import { type ServiceSeen, serviceOf } from '../check/kinds/k8s-service.ts'
import { fitsLabels, isDeleting, type KubeObject, type Pod } from '../lab/cluster.ts'
import type { ContainerView } from '../lab/machine.ts'
import type { Situation } from './cause.ts'
import { field, looked, seenAs } from './look.ts'
import { requestOf } from './requests.ts'

/** The Service that a failure goes through. */
export interface Behind {
  readonly service: KubeObject
  /** Those that its selector fits; none are being deleted. */
  readonly pods: readonly Pod[]
  /** The port of the Service that was asked; absent: all. */
  readonly port?: number
  /** Somebody asked for an answer and did not get one. */
  readonly asked: boolean
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly nodePort?: number
}

export function serviceBehind(situation: Situation): Behind | null {
  const { cluster } = situation.facts
  if (!cluster) return null
  const check = looked(situation, 'k8s.service', 'k8s.http')
  if (check?.kind === 'k8s.service') {
    const seen = seenAs<ServiceSeen>(check)
    const service = serviceOf(check.fields, seen)
    return service && !isDeleting(service) ? { service, pods: selected(service, seen.pods), asked: false } : null
  }
  if (check) {
    const service = cluster.services?.find(each => each.metadata.name === field(check, 'service'))
    const port = Number(field(check, 'port') || 80)
    if (!service || !reachesNobody(seenAs<{ status: number; text: string }>(check))) return null
    return { service, pods: selected(service, cluster.pods), port, asked: true }
  }
  const request = unanswered(situation)
  const inside = request && nodePortFor(situation.facts.containers ?? [], request.port)
  const service = inside && cluster.services?.find(each => portsOf(each).some(port => port.nodePort === inside))
  if (!service) return null
  const port = portsOf(service).find(each => each.nodePort === inside)?.port
  return { service, pods: selected(service, cluster.pods), asked: true, ...(port === undefined ? {} : { port }) }
}

/** The API server says so itself; an application may answer with the same status. Of a Service without any endpoints it says "not found". */
function reachesNobody({ status, text }: { status: number; text: string }): boolean {
  if (status === 404) return /"message":"services [^}]* not found"/.test(text)
  return status === 503 && /no endpoints available|error trying to reach service|no service port/.test(text)
}

export function portsOf({ spec }: KubeObject): readonly ServicePort[] {
  return (spec?.['ports'] ?? []) as unknown as readonly ServicePort[]
}

function selected({ spec }: KubeObject, pods: readonly Pod[] | undefined): readonly Pod[] {
  const selector = (spec?.['selector'] ?? {}) as Record<string, string>
  return (pods ?? []).filter(pod => !isDeleting(pod) && fitsLabels(pod.metadata.labels, selector))
}

/** A request to a port of this machine that nobody answered. */
function unanswered(situation: Situation): { port: number } | null {
  const request = requestOf(situation)
  return request?.failure && request.local ? { port: request.port } : null
}

/** The port of the node that a kind cluster publishes as this port of the machine. */
function nodePortFor(containers: readonly ContainerView[], port: number): number | undefined {
  for (const { labels, ports } of containers) {
    if (!('io.x-k8s.kind.cluster' in labels)) continue
    const inside = Object.keys(ports).find(key => ports[key] === port)
    // 6443 is the API server's own.
    if (inside && !inside.startsWith('6443/')) return Number.parseInt(inside, 10)
  }
  return undefined
}

/** A request that was meant for a NodePort and cannot get to one: the cluster maps no such port, or no Service has it. */
export function strayRequest(
  situation: Situation,
): { port: number; service?: string; why: 'unmapped' | 'unused' } | null {
  const { cluster, containers = [] } = situation.facts
  const request = unanswered(situation)
  if (!request || !cluster?.services) return null
  const inside = nodePortFor(containers, request.port)
  const holder = (port: number) => cluster.services?.find(each => portsOf(each).some(own => own.nodePort === port))
  if (inside !== undefined) return holder(inside) ? null : { port: inside, why: 'unused' }
  const service = holder(request.port)?.metadata.name
  return service === undefined ? null : { port: request.port, service, why: 'unmapped' }
}

/** Whether what a request ran into is told by the cluster's causes. */
export function goesToCluster(situation: Situation): boolean {
  return (unanswered(situation) !== null && serviceBehind(situation) !== null) || strayRequest(situation) !== null
}
