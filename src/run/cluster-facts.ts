import type { ClusterFacts } from '../causes/cause.ts'
import type { Sought } from '../causes/sought.ts'
import type { Reader } from '../check/reader.ts'
import { controllerOf, isDeleting, isReady, type KubeEvent, type KubeObject, type Pod } from '../lab/cluster.ts'
import { CouldNotLook, type Problem } from '../lab/verdict.ts'

export interface AboutCluster {
  readonly context: string
  /** Default: the one that the context names. */
  readonly namespace?: string | undefined
  /** The context must not be looked at: it is not the lab's cluster. */
  readonly problem?: Problem | null
  /** What was looked for in the namespace and is not there. */
  readonly sought?: Sought | null
  /** A Service is asked for an answer. */
  readonly throughService?: boolean
}

const logLines = 30
/** Of the newest. */
const eventLimit = 200

/**
 * What is true in a namespace, in at most four requests: pods; events; one of where else the object is that was sought,
 * the Services, or the ReplicaSets where they can tell something; the log of the container that is worst off. Of a cluster
 * that has not answered when `passed` resolves, only what kubectl's configuration says. Never throws.
 */
export async function gatherClusterFacts(
  reader: Reader,
  about: AboutCluster,
  passed?: Promise<undefined>,
): Promise<ClusterFacts> {
  const { context, problem } = about
  const config = await reader.cluster.config().catch(() => undefined)
  const namespace = about.namespace ?? config?.contexts.find(each => each.name === context)?.namespace ?? 'default'
  const common = { context, namespace, ...(config ? { config } : {}) }
  if (problem) return { ...common, problem }
  const seen = lookAround(reader, about, namespace)
  return { ...common, ...(await (passed ? Promise.race([seen, passed]) : seen)) }
}

async function lookAround(
  reader: Reader,
  { context, sought, throughService }: AboutCluster,
  namespace: string,
): Promise<Partial<ClusterFacts>> {
  try {
    const list = async (kind: string) => (await reader.cluster.list({ context, namespace, kind })) ?? []
    const [pods, events, elsewhere, services] = (await Promise.all([
      list('Pod'),
      list('Event'),
      sought ? namespacesOf(reader, context, sought) : undefined,
      throughService && !sought ? list('Service') : undefined,
    ])) as unknown as [Pod[], KubeEvent[], string[] | undefined, KubeObject[] | undefined]
    const [replicaSets, podLogs] = await Promise.all([
      !elsewhere && !services && setsTell(pods, events) ? list('ReplicaSet') : undefined,
      logsOf(reader, { context, namespace }, pods),
    ])
    return {
      pods,
      events: inOrder(events).slice(-eventLimit),
      ...(replicaSets ? { replicaSets } : {}),
      ...(podLogs ? { podLogs } : {}),
      ...(services ? { services } : {}),
      ...(elsewhere ? { elsewhere: elsewhere.filter(each => each !== namespace) } : {}),
    }
  } catch (error) {
    if (error instanceof CouldNotLook) return { problem: error.problem }
    throw error
  }
}

/** Which of several is the newest, or why there are no pods. */
function setsTell(pods: readonly Pod[], events: readonly KubeEvent[]): boolean {
  const owners = pods.map(pod => controllerOf(pod)).filter(owner => owner?.kind === 'ReplicaSet')
  const names = new Set(owners.map(owner => owner?.name))
  return names.size !== 1 || events.some(event => event.reason === 'FailedCreate')
}

/** Someone who may not look everywhere is told less, not nothing. */
async function namespacesOf(reader: Reader, context: string, { kind, name }: Sought): Promise<string[] | undefined> {
  const all = await reader.cluster.list({ context, kind }).catch(() => null)
  const found = all?.filter(each => !isDeleting(each) && each.metadata.name === name)
  return found?.flatMap(each => each.metadata.namespace ?? [])
}

function inOrder(events: readonly KubeEvent[]): KubeEvent[] {
  const at = (event: KubeEvent) => event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp
  return events.toSorted((a, b) => at(a).localeCompare(at(b)))
}

/** Of one container: one that restarts or ended, of a pod that is not ready. */
async function logsOf(
  reader: Reader,
  { context, namespace }: { readonly context: string; readonly namespace: string },
  pods: readonly Pod[],
): Promise<ClusterFacts['podLogs']> {
  const candidates = pods
    .filter(pod => !isDeleting(pod as unknown as KubeObject) && !isReady(pod))
    .flatMap(pod =>
      [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map(status => ({
        pod,
        status,
      })),
    )
    .filter(({ status }) => (status.restartCount ?? 0) > 0 || status.state?.terminated || status.state?.running)
    .toSorted((a, b) => (b.status.restartCount ?? 0) - (a.status.restartCount ?? 0))
  const worst = candidates[0]
  if (!worst) return undefined
  const { pod, status } = worst
  const previous = (status.restartCount ?? 0) > 0 && status.state?.terminated === undefined
  const query = `container=${status.name}&tailLines=${logLines}${previous ? '&previous=true' : ''}`
  const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log?${query}`
  const answer = await reader.cluster.get(context, path)
  if (answer.status !== 200) return undefined
  const lines = answer.text.split('\n').filter(line => line !== '')
  return { [`${pod.metadata.name}/${status.name}`]: previous ? { previous: lines } : { now: lines } }
}
