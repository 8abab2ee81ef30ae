import type { ClusterReader, LiveCluster } from '../../check/reader.ts'

export interface Kubernetes {
  readonly reader: ClusterReader
  /** Ends every connection and watch. */
  close(): void
}

/**
 * The clusters of kubectl's configuration in this environment. Nothing is read, connected or even loaded before the first
 * call: labs without a cluster pay nothing. `limitBytes`: of one answer; without it, any.
 */
export function createKubernetes(
  env: NodeJS.ProcessEnv,
  home: string,
  { limitBytes }: { limitBytes?: number } = {},
): Kubernetes {
  const closing = new AbortController()
  let loading: Promise<ClusterReader> | undefined
  const load = () => {
    loading ??= import('./reader.ts').then(({ createReader }) => createReader(env, home, closing.signal, limitBytes))
    return loading
  }
  const reader: ClusterReader = {
    config: async () => (await load()).config(),
    list: async query => (await load()).list(query),
    get: async (context, path, options) => (await load()).get(context, path, options),
    live(): LiveCluster {
      let made: Promise<LiveCluster> | undefined
      const live = () => (made ??= load().then(loaded => loaded.live()))
      return {
        ...reader,
        list: async query => (await live()).list(query),
        watch: (changed, signal) => void live().then(loaded => loaded.watch(changed, signal)),
      }
    },
  }
  return { reader, close: () => closing.abort() }
}
