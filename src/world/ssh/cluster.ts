import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterReader, LiveCluster, Reader } from '../../check/reader.ts'
import type { KubeConfigView } from '../../lab/cluster.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { type Raw, string } from '../docker/raw.ts'
import { badConfig, type Config, mergeConfigs, viewOf } from '../kubernetes/config.ts'
import { createKubernetes, type Kubernetes } from '../kubernetes/index.ts'
import { wayTo } from './kubeconfig.ts'
import type { Master } from './master.ts'
import type { Remote } from './remote.ts'

/** A context, as we reach it. */
export interface Reached {
  readonly kubernetes: Kubernetes
  /** Of the rewritten kubeconfig, which only leads to this context. */
  readonly file: string
  /** As the student's kubeconfig has it. */
  readonly server: string
}

export interface RemoteCluster {
  readonly reader: ClusterReader
  reach(context: string): Promise<Reached>
  close(): void
}

/**
 * The clusters of a student's kubeconfig, asked by us through the connection. What it says (`config`) is as it is written
 * there; what is asked goes to a port of this machine that leads to the same server.
 */
export function createRemoteCluster(
  master: Master,
  remote: Remote,
  file: Reader['file'],
  { path, limitBytes }: { readonly path: string; readonly limitBytes: number },
): RemoteCluster {
  let read: { readonly text: string | undefined; readonly config: Config } | undefined
  const reached = new Map<string, Promise<Reached>>()
  let serial = 0

  async function readConfig(): Promise<Config> {
    const found = await file(path)
    if (found && found.text === undefined) throw badConfig(path, found.type === 'file' ? 'not a text' : found.type)
    if (!read || read.text !== found?.text) {
      const config = mergeConfigs(found ? [{ file: path, document: await parsed(path, found.text ?? '') }] : [])
      close()
      read = { text: found?.text, config }
    }
    return read.config
  }

  async function reachAnew(context: string): Promise<Reached> {
    const way = wayTo(read?.config ?? (await readConfig()), context)
    const port = await master.forwardPort(way.host, way.port)
    const folder = join(master.folder, `context-${serial++}`)
    await mkdir(folder, { mode: 0o700 })
    const kubeconfig = join(folder, 'config')
    await writeFile(kubeconfig, way.rewritten(port), { mode: 0o600 })
    const kubernetes = createKubernetes({ KUBECONFIG: kubeconfig }, folder, { limitBytes })
    return { kubernetes, file: kubeconfig, server: way.server }
  }

  function reach(context: string): Promise<Reached> {
    const known = reached.get(context)
    if (known) return known
    const asked = reachAnew(context)
    reached.set(context, asked)
    asked.catch(() => reached.delete(context))
    return asked
  }

  async function ask<T>(context: string, question: (reached: Reached) => Promise<T>): Promise<T> {
    const there = await reach(context)
    try {
      return await question(there)
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error
      const { code, evidence } = error.problem
      if (code === 'k8s.unreachable' && !(await remote.alive())) throw remote.gone()
      const server = 'server' in evidence ? { server: there.server } : {}
      const named = 'file' in evidence ? { file: path } : {}
      throw new CouldNotLook(code, { ...evidence, ...server, ...named }, { cause: error })
    }
  }

  function close(): void {
    for (const each of reached.values())
      each.then(
        ({ kubernetes }) => kubernetes.close(),
        () => {},
      )
    reached.clear()
  }

  const reader: ClusterReader = {
    config: async () => view(await readConfig()),
    list: query => ask(query.context, ({ kubernetes }) => kubernetes.reader.list(query)),
    get: (context, path, options) => ask(context, ({ kubernetes }) => kubernetes.reader.get(context, path, options)),
    live: () => live(reader, ask),
  }
  return { reader, reach, close }
}

type Ask = <T>(context: string, question: (reached: Reached) => Promise<T>) => Promise<T>

/** One live look for each context, as it is asked for. */
function live(reader: ClusterReader, ask: Ask): LiveCluster {
  const looks = new WeakMap<Kubernetes, LiveCluster>()
  let watching: { readonly changed: () => void; readonly signal: AbortSignal } | undefined
  const made: LiveCluster[] = []
  function lookOf(kubernetes: Kubernetes): LiveCluster {
    const known = looks.get(kubernetes)
    if (known) return known
    const look = kubernetes.reader.live()
    looks.set(kubernetes, look)
    made.push(look)
    if (watching) look.watch(watching.changed, watching.signal)
    return look
  }
  return {
    ...reader,
    list: query => ask(query.context, ({ kubernetes }) => lookOf(kubernetes).list(query)),
    watch(changed, signal) {
      watching = { changed, signal }
      for (const look of made) look.watch(changed, signal)
    },
  }
}

async function parsed(path: string, text: string): Promise<unknown> {
  const { parseConfig } = await import('../kubernetes/kubeconfig.ts')
  try {
    return parseConfig(text)
  } catch (error) {
    throw badConfig(path, (error as Error).message.split('\n')[0]!, error)
  }
}

/** A file that it names for the authority is one there, so it is not opened here. */
function view(config: Config): KubeConfigView {
  return viewOf(config, (cluster: Raw) => {
    const data = string(cluster['certificate-authority-data'])
    return data ? Buffer.from(data, 'base64') : null
  })
}
