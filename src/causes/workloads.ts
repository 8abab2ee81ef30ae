import { select } from '../check/kinds/k8s-objects.ts'
import { controllerOf, isDeleting, type KubeObject, newestReplicaSet } from '../lab/cluster.ts'
import type { Situation } from './cause.ts'
import { targetsIn } from './kubectl-targets.ts'
import { differsAt, failing, looked, seenAs } from './look.ts'

/** Which Deployments, Jobs and the like a failure is about. */

/** Those that a check selects, where what it misses is their state. */
export function workloadsOf(situation: Situation, ...kinds: readonly string[]): readonly KubeObject[] {
  const check = looked(situation, 'k8s.rollout', 'k8s.object')
  if (!check || !differsAt(check, /^($|status\b|spec\.replicas$)/)) return []
  const { objects } = seenAs<{ objects: readonly KubeObject[] | null }>(check)
  return select(check.fields, objects ?? []).filter(each => kinds.includes(each.kind))
}

/** The same, by name, of a line such as `kubectl rollout status deployment/web`. */
export function targetsOf(situation: Situation, kind: string): readonly string[] {
  const command = failing(situation)
  const call = command && targetsIn(command.line)
  if (!call || !['rollout status', 'wait'].includes(call.verb)) return []
  return call.objects.filter(each => each.kind === kind).map(each => each.name)
}

/** The ReplicaSet, newest of its Deployment, that should have made the pods that are meant. */
export function setsOf(situation: Situation): readonly KubeObject[] {
  const sets = (situation.facts.cluster?.replicaSets ?? []).filter(each => !isDeleting(each))
  const owners = ownersOf(situation, sets)
  return [...new Set(owners)].flatMap(uid => newestReplicaSet(uid, sets) ?? [])
}

function ownersOf(situation: Situation, sets: readonly KubeObject[]): string[] {
  const deployments = workloadsOf(situation, 'Deployment').map(each => each.metadata.uid)
  const names = targetsOf(situation, 'Deployment')
  const named = sets.filter(each => names.includes(controllerOf(each)?.name ?? ''))
  const check = looked(situation, 'k8s.pods')
  // The labels of a ReplicaSet are those of its pods.
  const selected = check?.fields['selector'] ? select({ selector: check.fields['selector'] }, sets) : []
  return [...deployments, ...[...named, ...selected].flatMap(each => controllerOf(each)?.uid ?? [])]
}
