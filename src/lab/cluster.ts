import type { Json } from './lab.ts'

/**
 * Objects of the Kubernetes API as it sends them: raw JSON, of which only the fields that we read are named here. Any of
 * them may be absent. The rules over them are those of kubectl and kstatus.
 */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
  readonly spec?: { readonly [field: string]: Json }
  readonly status?: { readonly [field: string]: Json }
}

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid: string
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly generation?: number
  readonly resourceVersion?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly {
    readonly kind: string
    readonly name: string
    readonly uid: string
    readonly controller?: boolean
  }[]
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

export interface Pod extends Omit<KubeObject, 'spec' | 'status'> {
  readonly spec: PodSpec
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly Condition[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

export interface PodSpec {
  readonly nodeName?: string
  readonly schedulerName?: string
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly initContainers?: readonly ContainerSpec[]
  readonly containers: readonly ContainerSpec[]
}

export interface ContainerSpec {
  readonly name: string
  readonly image?: string
  readonly imagePullPolicy?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[]
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>
    readonly limits?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

export interface ContainerStatus {
  readonly name: string
  readonly image?: string
  readonly ready?: boolean
  readonly restartCount?: number
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: { readonly startedAt?: string }
  readonly terminated?: {
    readonly exitCode: number
    readonly signal?: number
    readonly reason?: string
    readonly message?: string
    readonly startedAt?: string
    readonly finishedAt?: string
  }
}

/** `core/v1`; the fields of `events.k8s.io` are the same by other names. */
export interface KubeEvent extends KubeObject {
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly count?: number
  readonly lastTimestamp?: string
  readonly eventTime?: string
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string }
}

/** What kubectl's configuration says: every file of `$KUBECONFIG` together, of equal names the first. */
export interface KubeConfigView {
  /** `null`: none is set. It may name a context that is not there. */
  readonly current: string | null
  readonly contexts: readonly ContextView[]
  /** The files it was read from; none: there is no configuration. */
  readonly files: readonly string[]
}

export interface ContextView {
  readonly name: string
  readonly cluster: string
  readonly user: string
  /** Where kubectl goes to when no namespace is given. */
  readonly namespace: string
  /** `https://127.0.0.1:41234`; empty where the context names a cluster that is not there. */
  readonly server: string
  /** Hash of the authority that signs for the server; empty where there is none. */
  readonly authority: string
}

/** An answer of the API server to a GET, whatever its status. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** At most 1 MiB. */
  readonly text: string
}

export function isDeleting({ metadata }: Pick<KubeObject, 'metadata'>): boolean {
  return metadata.deletionTimestamp !== undefined
}

export function conditionOf(object: { readonly status?: unknown }, type: string): Condition | undefined {
  const { conditions = [] } = (object.status ?? {}) as { conditions?: readonly Condition[] }
  return conditions.find(each => each.type === type)
}

export function isReady(pod: Pod): boolean {
  return !isDeleting(pod) && conditionOf(pod, 'Ready')?.status === 'True'
}

/** The object that controls this one. */
export function controllerOf({ metadata }: Pick<KubeObject, 'metadata'>) {
  return metadata.ownerReferences?.find(owner => owner.controller)
}

/** Whether labels fit a `matchLabels` map; one without entries fits nothing here, as for a Service. */
export function fitsLabels(
  labels: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted)
  return entries.length > 0 && entries.every(([key, value]) => labels?.[key] === value)
}

/** Of a Deployment the ReplicaSet that it rolls out now: the one with the highest revision. */
export function newestReplicaSet(uid: string, sets: readonly KubeObject[]): KubeObject | undefined {
  const revision = (set: KubeObject) => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  return sets
    .filter(set => !isDeleting(set) && controllerOf(set)?.uid === uid)
    .toSorted((a, b) => revision(b) - revision(a))[0]
}

/** How far a Deployment, StatefulSet or DaemonSet has come. `complete` by the rules of kstatus. */
export interface Rollout {
  readonly complete: boolean
  /** Asked for. */
  readonly replicas: number
  /** Of those: made from the newest template; of those: Ready; of those: available. */
  readonly updated: number
  readonly ready: number
  readonly available: number
  /** The controller has not seen the last change yet, or still ends what is too much. */
  readonly pending: 'not-observed' | 'old-pods' | null
}

export function rolloutOf(object: KubeObject): Rollout {
  const spec = (object.spec ?? {}) as { replicas?: number }
  const status = (object.status ?? {}) as Record<string, number | undefined>
  const daemons = object.kind === 'DaemonSet'
  const replicas = (daemons ? status['desiredNumberScheduled'] : spec.replicas) ?? (daemons ? 0 : 1)
  const updated = (daemons ? status['updatedNumberScheduled'] : status['updatedReplicas']) ?? 0
  const ready = (daemons ? status['numberReady'] : status['readyReplicas']) ?? 0
  const available =
    (daemons ? status['numberAvailable'] : (status['availableReplicas'] ?? status['readyReplicas'])) ?? 0
  const all = (daemons ? status['currentNumberScheduled'] : status['replicas']) ?? 0
  const observed = (status['observedGeneration'] ?? 0) >= (object.metadata.generation ?? 1)
  const pending = !observed ? 'not-observed' : all > replicas || all > updated ? 'old-pods' : null
  const complete =
    pending === null && !isDeleting(object) && updated >= replicas && ready >= replicas && available >= replicas
  return { complete, replicas, updated, ready, available, pending }
}
