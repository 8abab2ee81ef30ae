import { select } from '../check/kinds/k8s-objects.ts'
import {
  type ContainerStatus,
  controllerOf,
  isDeleting,
  isReady,
  type KubeEvent,
  type KubeObject,
  newestReplicaSet,
  type Pod,
} from '../lab/cluster.ts'
import type { Evidence } from '../lab/verdict.ts'
import type { Cause, ClusterFacts, Facts, FailedCheck, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { targetsIn } from './kubectl-targets.ts'
import { failing, field, looked, seenAs } from './look.ts'
import { serviceBehind } from './services.ts'

/** Which pods a failure is about, and what is known of them. */

const known = new WeakMap<Situation, readonly Pod[]>()

/**
 * Pods of the object that the check or the kubectl line is about, the least ready first: of a Deployment only those of its
 * newest ReplicaSet; never any that is being deleted.
 */
export function podsOf(situation: Situation): readonly Pod[] {
  const before = known.get(situation)
  if (before) return before
  const found = withoutLeftovers(find(situation).filter(pod => !isDeleting(pod)))
  const rank = (pod: Pod) => (isReady(pod) ? 1 : 0)
  const ordered = found.toSorted((a, b) => rank(a) - rank(b) || age(b).localeCompare(age(a)))
  known.set(situation, ordered)
  return ordered
}

function find(situation: Situation): readonly Pod[] {
  const { cluster } = situation.facts
  if (!cluster) return []
  const service = serviceBehind(situation)
  if (service) return service.pods
  const check = looked(situation, 'k8s.rollout', 'k8s.object', 'k8s.pods', 'k8s.logs', 'k8s.http')
  return check ? ofCheck(check, cluster) : ofLine(situation, cluster)
}

function ofCheck(check: FailedCheck, cluster: ClusterFacts): readonly Pod[] {
  if (check.kind === 'k8s.http') return (cluster.pods ?? []).filter(pod => pod.metadata.name === field(check, 'pod'))
  const objects = select(check.fields, seenAs<{ objects: readonly KubeObject[] | null }>(check).objects ?? [])
  if (check.kind === 'k8s.pods' || check.kind === 'k8s.logs') {
    const aboutState = check.kind === 'k8s.logs' || differs(check, /^(|ready|total|phases|restarts)$/)
    return aboutState ? newestOnly(objects as unknown as Pod[], cluster) : []
  }
  // What is wrong in a spec no pod explains.
  if (!differs(check, /^($|status\b)/)) return []
  return objects.flatMap(each => (each.kind === 'Pod' ? [each as unknown as Pod] : podsOfWorkload(each, cluster)))
}

function differs({ differences }: FailedCheck, path: RegExp): boolean {
  return differences.some(each => path.test(each.path))
}

/** Lines that wait for pods or go into one; what a line changes is another matter. */
const reading = new Set(['rollout status', 'wait', 'logs', 'exec', 'attach', 'port-forward', 'cp'])

function ofLine(situation: Situation, cluster: ClusterFacts): readonly Pod[] {
  const command = failing(situation)
  const call = command && targetsIn(command.line)
  if (!call || !reading.has(call.verb)) return []
  const named = call.objects.flatMap(({ kind, name }) =>
    kind === 'Pod' ? (cluster.pods ?? []).filter(pod => pod.metadata.name === name) : podsOfNamed(kind, name, cluster),
  )
  if (call.selector?.kind !== 'Pod') return named
  const fields = { selector: call.selector.labels }
  const selected = select(fields, (cluster.pods ?? []) as unknown as KubeObject[]) as unknown as Pod[]
  return newestOnly([...named, ...selected], cluster)
}

/** The pods that a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job has made. */
export function podsOfWorkload(object: KubeObject, cluster: ClusterFacts): readonly Pod[] {
  const { pods = [], replicaSets } = cluster
  const { uid, name } = object.metadata
  if (object.kind !== 'Deployment') return pods.filter(pod => controllerOf(pod)?.uid === uid)
  const set = replicaSets && newestReplicaSet(uid, replicaSets)
  return set
    ? pods.filter(pod => controllerOf(pod)?.uid === set.metadata.uid)
    : podsOfNamed('Deployment', name, cluster)
}

function podsOfNamed(kind: string, name: string, cluster: ClusterFacts): readonly Pod[] {
  const owned = (cluster.pods ?? []).filter(pod => {
    const owner = controllerOf(pod)
    if (kind !== 'Deployment') return owner?.kind === kind && owner.name === name
    return owner?.kind === 'ReplicaSet' && deploymentName(pod) === name
  })
  return newestOnly(owned, cluster)
}

/** A ReplicaSet is called after its Deployment and the hash that its pods are labelled with. */
function deploymentName(pod: Pod): string | undefined {
  const hash = pod.metadata.labels?.['pod-template-hash']
  const set = controllerOf(pod)?.name
  return hash !== undefined && set?.endsWith(`-${hash}`) ? set.slice(0, -hash.length - 1) : undefined
}

/** Of each Deployment among the owners only the pods of its newest ReplicaSet. */
function newestOnly(pods: readonly Pod[], { replicaSets = [] }: ClusterFacts): readonly Pod[] {
  const newest = new Map<string, string>()
  for (const pod of pods.filter(each => !isDeleting(each)).toSorted((a, b) => age(a).localeCompare(age(b)))) {
    const name = deploymentName(pod)
    const owner = controllerOf(pod)
    if (name === undefined || !owner) continue
    const deployment = replicaSets.find(set => set.metadata.uid === owner.uid)
    const uid = deployment && controllerOf(deployment)?.uid
    newest.set(name, (uid && newestReplicaSet(uid, replicaSets)?.metadata.uid) || owner.uid)
  }
  return pods.filter(pod => {
    const name = deploymentName(pod)
    return name === undefined || newest.get(name) === controllerOf(pod)?.uid
  })
}

/** A pod that ended and was replaced by its ReplicaSet tells of the past. */
function withoutLeftovers(pods: readonly Pod[]): readonly Pod[] {
  const ended = (pod: Pod) => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded'
  const replaced = (pod: Pod) =>
    controllerOf(pod)?.kind === 'ReplicaSet' &&
    pods.some(other => !ended(other) && controllerOf(other)?.uid === controllerOf(pod)?.uid)
  return pods.filter(pod => !ended(pod) || !replaced(pod))
}

function age({ metadata }: Pod): string {
  return metadata.creationTimestamp
}

/** Events of an object, oldest first. */
export function eventsOf(
  facts: Facts,
  { metadata }: Pick<KubeObject, 'metadata'>,
  reason?: RegExp,
): readonly KubeEvent[] {
  return (facts.cluster?.events ?? []).filter(
    event => event.involvedObject?.uid === metadata.uid && (!reason || reason.test(event.reason ?? '')),
  )
}

export interface Container extends ContainerStatus {
  readonly init: boolean
}

/** Of init containers and then the others. */
export function containersOf({ status }: Pod): readonly Container[] {
  return [
    ...(status?.initContainerStatuses ?? []).map(each => ({ ...each, init: true })),
    ...(status?.containerStatuses ?? []).map(each => ({ ...each, init: false })),
  ]
}

/** The last lines of a container, of the run that ended where there was one. */
export function logOf(facts: Facts, pod: Pod, { name }: ContainerStatus): readonly string[] {
  const log = facts.cluster?.podLogs?.[`${pod.metadata.name}/${name}`]
  return log?.previous ?? log?.now ?? []
}

/** As it is written in the spec: the status names what the node made of it. */
export function imageOf(pod: Pod, { name }: ContainerStatus): string {
  const specs = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  return specs.find(each => each.name === name)?.image ?? ''
}

/** A cause that lies in one pod; the first of the pods that are meant and have it is named. */
export function podCause<E extends Evidence>(
  definition: Omit<Cause<E>, 'find'> & { find(pod: Pod, facts: Facts, situation: Situation): E | null },
): Cause {
  return cause<E>({
    ...definition,
    find(situation) {
      for (const pod of podsOf(situation)) {
        const evidence = definition.find(pod, situation.facts, situation)
        if (evidence) return evidence
      }
      return null
    },
  })
}

/** A cause that lies in one container of a pod. */
export function containerCause<E extends Evidence>(
  definition: Omit<Cause<E>, 'find'> & {
    find(container: Container, pod: Pod, facts: Facts, situation: Situation): E | null
  },
): Cause {
  return podCause<E>({
    ...definition,
    find(pod, facts, situation) {
      for (const container of containersOf(pod)) {
        const evidence = definition.find(container, pod, facts, situation)
        if (evidence) return evidence
      }
      return null
    },
  })
}
