import type { ClusterReader, LiveCluster, ObjectQuery } from '../../src/check/reader.ts'
import type { ApiAnswer, ContextView, KubeConfigView, KubeObject } from '../../src/lab/cluster.ts'
import { CouldNotLook, type Problem } from '../../src/lab/verdict.ts'

/** Objects as tests write them: what the server would add is added. */
export type Written = Pick<KubeObject, 'kind'> & {
  readonly apiVersion?: string
  readonly metadata: Partial<KubeObject['metadata']> & { readonly name: string }
  readonly [field: string]: unknown
}

/** API servers in memory, one a context. Changing them is silent, unless `changed` is called. */
export interface FakeCluster {
  readonly reader: ClusterReader
  /** What kubectl's configuration says; at first one context, `kind-lab`. Only contexts in it can be looked at. */
  config: KubeConfigView
  /** Puts an object in the place of the one of its kind, namespace and name, and gives it. */
  put(object: Written, context?: string): KubeObject
  /** False: there was none. */
  remove(kind: string, name: string, namespace?: string, context?: string): boolean
  objects(context?: string): readonly KubeObject[]
  /** Kinds that the server does not know. */
  readonly unknown: Set<string>
  /** By path; 404 otherwise, and 200 `ok` for `/readyz`, `/livez` and `/healthz`. */
  readonly answers: Map<string, Partial<ApiAnswer>>
  /** Set: why nobody can look. */
  problem: Problem | null
  /** An event, for those who watch. */
  changed(): void
}

export const fakeContext = 'kind-lab'

const versions: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
}

/** Looks are counted as `cluster config`, `cluster get /readyz`, `cluster Pod`, `cluster watch`. */
export function fakeCluster(now: () => number, count: (name: string) => void): FakeCluster {
  const stored = new Map<string, KubeObject[]>()
  const watchers = new Set<() => void>()
  const of = (context: string) => stored.get(context) ?? []
  let serial = 0

  function reach(name: string, context: string): void {
    count(name)
    if (!cluster.config.contexts.some(each => each.name === context))
      throw new CouldNotLook('k8s.no-context', { context })
    if (cluster.problem) throw new CouldNotLook(cluster.problem.code, cluster.problem.evidence)
  }

  function listed({ context, apiVersion, kind, namespace }: ObjectQuery): readonly KubeObject[] | null {
    if (cluster.unknown.has(kind)) return null
    return of(context).filter(
      each =>
        each.kind === kind &&
        (apiVersion === undefined || each.apiVersion === apiVersion) &&
        (namespace === undefined || each.metadata.namespace === namespace),
    )
  }

  const reader: ClusterReader = {
    async config() {
      count('cluster config')
      return cluster.config
    },
    async list(query) {
      reach(`cluster ${query.kind}`, query.context)
      return listed(query)
    },
    async get(context, path) {
      reach(`cluster get ${path}`, context)
      const well = /^\/(readyz|livez|healthz)$/.test(path) ? { status: 200, text: 'ok' } : { status: 404, text: '' }
      return { headers: {}, ...well, ...cluster.answers.get(path) }
    },
    live: () => {
      const known = new Set<string>()
      let watching = false
      const live: LiveCluster = {
        ...reader,
        async list(query) {
          const key = JSON.stringify(query)
          if (!(watching && known.has(key)) || cluster.problem) reach(`cluster ${query.kind}`, query.context)
          known.add(key)
          return listed(query)
        },
        live: () => reader.live(),
        watch(changed, signal) {
          count('cluster watch')
          watching = true
          watchers.add(changed)
          signal.addEventListener('abort', () => watchers.delete(changed))
        },
      }
      return live
    },
  }

  const cluster: FakeCluster = {
    reader,
    config: { current: fakeContext, contexts: [contextView(fakeContext)], files: ['/home/me/.kube/config'] },
    put(written, context = fakeContext) {
      const { kind, metadata, apiVersion = versions[kind] ?? 'v1', ...rest } = written
      const namespace = /^(Node|Namespace|PersistentVolume|StorageClass)$/.test(kind) ? {} : { namespace: 'default' }
      const before = of(context).find(
        each =>
          each.kind === kind &&
          each.metadata.name === metadata.name &&
          each.metadata.namespace === (metadata.namespace ?? namespace.namespace),
      )
      serial++
      const uid = before?.metadata.uid ?? `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`
      const creationTimestamp =
        before?.metadata.creationTimestamp ?? new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z')
      const added = { ...namespace, uid, creationTimestamp, resourceVersion: String(serial) }
      const object = { apiVersion, kind, ...rest, metadata: { ...added, ...metadata } } as KubeObject
      stored.set(
        context,
        before ? of(context).map(each => (each === before ? object : each)) : [...of(context), object],
      )
      return object
    },
    remove(kind, name, namespace, context = fakeContext) {
      const left = of(context).filter(
        each =>
          each.kind !== kind ||
          each.metadata.name !== name ||
          (namespace !== undefined && each.metadata.namespace !== namespace),
      )
      const there = left.length < of(context).length
      stored.set(context, left)
      return there
    },
    objects: (context = fakeContext) => of(context),
    unknown: new Set(),
    answers: new Map(),
    problem: null,
    changed() {
      for (const watcher of watchers) watcher()
    },
  }
  return cluster
}

export function contextView(name: string, change: Partial<ContextView> = {}): ContextView {
  const common = { name, cluster: name, user: name, namespace: 'default', server: 'https://127.0.0.1:6443' }
  return { ...common, authority: '0123456789abcdef', ...change }
}
