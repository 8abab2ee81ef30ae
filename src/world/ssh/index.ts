import type { Probe, Reader } from '../../check/reader.ts'
import type { HttpView, ToolView } from '../../lab/machine.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { connect, type TryOne } from '../connect.ts'
import { httpView } from '../http.ts'
import { listening } from '../listeners.ts'
import { lookAtTool } from '../tools.ts'
import { createRemoteCluster } from './cluster.ts'
import { createRemoteDocker } from './docker.ts'
import { createFiles } from './files.ts'
import { forwardingRefused, type Master, openMaster } from './master.ts'
import { lost } from './problem.ts'
import { createKubectl, createRun, findThere, programFolders } from './programs.ts'
import { createRemote, type Remote } from './remote.ts'
import { hostAndPort, type SshTarget } from './target.ts'

export type { SshTarget } from './target.ts'

/** A student's machine, over one connection of the OpenSSH client. Only looks go over it: what they mean is judged here. */
export interface SshMachine {
  /** Throws `ssh.lost` when the connection is gone, `ssh.limit`, `ssh.timeout`, `ssh.forwarding` besides what readers throw. */
  readonly reader: Reader
  readonly probe: Probe
  /** Home folder there. */
  readonly home: string
  /** Fingerprint of its host key: `SHA256:…`. */
  readonly hostKey: string
  /** Whether it still answers. */
  alive(): Promise<boolean>
  /** Ends everything, here and there, and takes the private folder away. */
  close(): Promise<void>
}

/**
 * Throws `CouldNotLook`: `ssh.bad-target` (the roster names no host), `ssh.missing` (no OpenSSH client here),
 * `ssh.unreachable`, `ssh.host-key`, `ssh.auth`, `ssh.no-answer` (no POSIX system there), `look.interrupted`.
 */
export async function connectSsh(
  target: SshTarget,
  { signal, env }: { readonly signal: AbortSignal; readonly env: NodeJS.ProcessEnv },
): Promise<SshMachine> {
  const master = await openMaster(target, env, signal)
  const remote = createRemote(master, target.limitBytes)
  let close = async () => {
    await remote.close()
    await master.close()
  }
  const abort = () => void close().catch(() => {})
  signal.addEventListener('abort', abort, { once: true })
  try {
    const { home, user } = await lookAtHome(master, remote)
    const { limitBytes } = target
    const docker = createRemoteDocker(master, remote, { home, user, limitBytes })
    const files = createFiles(remote)
    const path = target.kubeconfig ?? `${home}/.kube/config`
    const cluster = createRemoteCluster(master, remote, files.file, { path, limitBytes })
    const disconnect = close
    let closed: Promise<void> | undefined
    close = () => {
      signal.removeEventListener('abort', abort)
      docker.close()
      cluster.close()
      return (closed ??= disconnect())
    }
    const folders = programFolders(home)
    const runThere = createRun(remote, folders)
    const runKubectl = createKubectl(master, cluster, files.file, env)
    const reader: Reader = {
      ...files,
      run: (argv, options) => (argv[0] === 'kubectl' ? runKubectl : runThere)(argv, options),
      ...createNetwork(master, remote),
      tool: once(name => lookAtTool(name, program => findThere(remote, folders, program), runThere)),
      async listeners() {
        const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(files.file))
        if (tables.every(table => table?.text === undefined)) return null
        return tables.flatMap(table => listening(table?.text ?? '')).map(({ address, port }) => ({ address, port }))
      },
      docker: docker.reader,
      cluster: cluster.reader,
    }
    return { reader, probe: docker.probe, home, hostKey: master.hostKey, alive: remote.alive, close: () => close() }
  } catch (error) {
    await close()
    throw error
  }
}

async function lookAtHome(master: Master, remote: Remote): Promise<{ home: string; user: string }> {
  const { stdout } = await remote.look('printf \'%s\\n\' "$HOME"; id -u')
  const [home = '', user = ''] = stdout.toString().split('\n')
  if (!home.startsWith('/') || !/^\d+$/.test(user))
    throw new CouldNotLook('ssh.no-answer', { host: master.host, reason: `HOME=${home.slice(0, 100)}` })
  return { home, user }
}

/** Connections as from there. That none came to be says something of the machine only while the way there is open. */
function createNetwork(master: Master, remote: Remote): Pick<Reader, 'http' | 'connect'> {
  async function believed<T>(to: string, error: string | undefined, view: T): Promise<T> {
    if (error === undefined) return view
    if (!(await remote.alive())) throw lost(master.host, master.said())
    if (error === forwardingRefused) throw new CouldNotLook('ssh.forwarding', { host: master.host, to })
    return view
  }
  const tryOne: TryOne = (host, port, timeoutMs) =>
    new Promise(resolve => {
      const finish = (result: { address: string } | { error: string }) => {
        clearTimeout(timer)
        resolve(result)
        stream.destroy()
      }
      const stream = master.dial(host, port, () => finish({ address: host }))
      const timer = setTimeout(() => finish({ error: 'ETIMEDOUT' }), timeoutMs)
      stream.on('error', (error: NodeJS.ErrnoException) => finish({ error: error.code ?? error.message }))
      stream.once('data', () => finish({ address: host }))
    })
  return {
    async http(request) {
      const view: HttpView = await httpView(request, (host, port) => master.dial(host, port))
      return await believed(new URL(request.url).host, view.error, view)
    },
    async connect(host, port, timeoutMs) {
      const view = await connect(host, port, timeoutMs, tryOne)
      return await believed(hostAndPort(host, port), view.error, view)
    },
  }
}

/** Asked once for each name; what could not be found out is asked again. */
function once(look: (name: string) => Promise<ToolView | null>): Reader['tool'] {
  const known = new Map<string, Promise<ToolView | null>>()
  return name => {
    const asked = known.get(name) ?? look(name)
    known.set(name, asked)
    asked.catch(() => known.delete(name))
    return asked
  }
}
