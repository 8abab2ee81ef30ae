import { type ContextView, conditionOf, type KubeConfigView } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import type { ContainerView } from '../../lab/machine.ts'
import { nearest } from '../../lab/near.ts'
import { CouldNotLook, type Problem } from '../../lab/verdict.ts'
import { type Kind, type Place, text } from '../kind.ts'
import { containerOf } from './docker-container.ts'

export interface ClusterSeen {
  /** The containers of every kind cluster. */
  readonly containers: readonly ContainerView[]
  readonly config: KubeConfigView | null
  readonly api: ApiSeen | null
}

interface ApiSeen {
  readonly ready: boolean
  readonly nodes: readonly { readonly name: string; readonly ready: boolean; readonly version: string }[]
  /** New pods need it: it comes some seconds after the API server. */
  readonly serviceAccount: boolean
  readonly problem?: Problem
}

const label = { cluster: 'io.x-k8s.kind.cluster', role: 'io.x-k8s.kind.role' }

export function contextOfKind(cluster: string): string {
  return `kind-${cluster}`
}

export function nodesOfKind(containers: readonly ContainerView[], cluster: string): ContainerView[] {
  return containers.filter(each => each.labels[label.cluster] === cluster)
}

/** Whether a context leads to this kind cluster: to the port that one of its containers publishes for the API server. */
export function leadsTo({ server }: ContextView, nodes: readonly ContainerView[]): boolean {
  const port = URL.canParse(server) ? Number(new URL(server).port) : 0
  return nodes.some(
    each => (each.asked['6443/tcp'] ?? []).some(asked => asked.port === port) || each.ports['6443/tcp'] === port,
  )
}

export const kindCluster: Kind = {
  name: 'kind.cluster',
  about:
    'A kind cluster that is ready: its nodes run and are Ready, its API server answers, kubectl has its context, pods can be made. `expect` is about `nodes: { controlPlane, workers }`, `ports` (`30080/tcp: 30080`), `version` and `context`.',
  fields: { name: { type: 'text', required: true, about: 'Name of the cluster.' } },
  within: 180_000,
  wake: 'poll',
  async look(fields, place) {
    const name = text(fields, 'name')
    const containers = (await place.reader.docker.containers()).filter(each => label.cluster in each.labels)
    const nodes = nodesOfKind(containers, name)
    const config = await place.reader.cluster.config()
    const context = config.contexts.find(each => each.name === contextOfKind(name))
    const reachable = context && nodes.some(each => each.state === 'running') && leadsTo(context, nodes)
    const api = reachable ? await lookAtApi(contextOfKind(name), place) : null
    return { containers, config, api } as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ClusterSeen
    const name = text(fields, 'name')
    const nodes = nodesOfKind(view.containers, name)
    const what = `kind cluster ${name}`
    if (nodes.length === 0) {
      const near = nearest(
        name,
        view.containers.map(each => each.labels[label.cluster] ?? ''),
      )
      return { found: [], missing: { what, ...(near ? { near } : {}) } }
    }
    const wrong = notReady(name, nodes, view)
    if (wrong !== null) return { found: [], missing: { what: `${what}: ready`, seen: wrong, there: true } }
    return { found: [subjectOf(name, nodes, view)] }
  },
  identity: fields => `kind cluster ${text(fields, 'name')}`,
  example: {
    check: { name: 'kind', expect: { ports: { '30080/tcp': 30080 } } },
    passes: seenWith(true),
    fails: seenWith(false),
  },
}

async function lookAtApi(context: string, { reader }: Place): Promise<ApiSeen> {
  try {
    // While it starts the API server may refuse even its admin: it does not know the roles yet.
    const { status } = await reader.cluster.get(context, '/readyz')
    if (status !== 200) return { ready: false, nodes: [], serviceAccount: false }
    const [nodes, accounts] = await Promise.all([
      reader.cluster.list({ context, kind: 'Node' }),
      reader.cluster.list({ context, kind: 'ServiceAccount', namespace: 'default' }),
    ])
    return {
      ready: true,
      nodes: (nodes ?? []).map(node => ({
        name: node.metadata.name,
        ready: conditionOf(node, 'Ready')?.status === 'True',
        version: (node.status?.['nodeInfo'] as { kubeletVersion?: string } | undefined)?.kubeletVersion ?? '',
      })),
      serviceAccount: (accounts ?? []).some(each => each.metadata.name === 'default'),
    }
  } catch (error) {
    // A cluster that does not answer yet is not ready. That the way there is cut, or nobody has looked, says nothing of it.
    if (error instanceof CouldNotLook && error.problem.code.startsWith('k8s.'))
      return { ready: false, nodes: [], serviceAccount: false, problem: error.problem }
    throw error
  }
}

function notReady(name: string, nodes: readonly ContainerView[], { config, api }: ClusterSeen): string | null {
  const ended = nodes.find(each => each.state !== 'running')
  if (ended) return `${ended.name} ${ended.state}`
  const context = config?.contexts.find(each => each.name === contextOfKind(name))
  if (!context) return `no context ${contextOfKind(name)}`
  if (!leadsTo(context, nodes)) return `context ${context.name} leads to ${context.server}`
  if (!api || api.problem) return `API server: ${api?.problem?.code ?? 'not asked'}`
  if (!api.ready) return 'API server not ready'
  const late = api.nodes.find(each => !each.ready)
  if (late || api.nodes.length < nodes.filter(isNode).length) return `node ${late?.name ?? 'missing'} not Ready`
  return api.serviceAccount ? null : 'no ServiceAccount default yet'
}

function isNode({ labels }: ContainerView): boolean {
  return labels[label.role] !== 'external-load-balancer'
}

function subjectOf(name: string, nodes: readonly ContainerView[], { config, api }: ClusterSeen): Json {
  const role = (wanted: string) => nodes.filter(each => each.labels[label.role] === wanted).length
  return {
    name,
    context: contextOfKind(name),
    current: config?.current ?? null,
    nodes: { controlPlane: role('control-plane'), workers: role('worker') },
    ports: Object.assign({}, ...nodes.map(each => each.ports)) as Record<string, number>,
    version: api?.nodes[0]?.version ?? '',
    createdAt: Math.min(...nodes.map(each => each.createdAt)),
  }
}

function seenWith(ready: boolean): Json {
  const container = containerOf('running', { '30080/tcp': 30080, '6443/tcp': 34567 }) as Record<string, Json>
  const node = {
    ...container,
    name: 'kind-control-plane',
    labels: { [label.cluster]: 'kind', [label.role]: 'control-plane' },
  }
  const context = { name: 'kind-kind', cluster: 'kind-kind', user: 'kind-kind', namespace: 'default', authority: '' }
  const server = 'https://127.0.0.1:34567'
  return {
    containers: [node],
    config: { current: 'kind-kind', contexts: [{ ...context, server }], files: [] },
    api: { ready, nodes: [{ name: 'kind-control-plane', ready: true, version: 'v1.32.2' }], serviceAccount: true },
  }
}
