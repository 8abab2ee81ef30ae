import type { Probe, Reader } from '../../check/reader.ts'
import type { ToolView } from '../../lab/machine.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { listening } from '../listeners.ts'
import { lookAtTool } from '../tools.ts'
import { createRemoteCluster } from './cluster.ts'
import { createRemoteDocker } from './docker.ts'
import { createFiles } from './files.ts'
import { type Master, openMaster } from './master.ts'
import { createNetwork } from './network.ts'
import { createKubectl, createRun, findThere, programFolders } from './programs.ts'
import { createRemote, type Remote } from './remote.ts'
import type { SshTarget } from './target.ts'

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
  const parts: { close(): void | Promise<void> }[] = [remote, master]
  let closed: Promise<void> | undefined
  const close = () =>
    (closed ??= (async () => {
      signal.removeEventListener('abort', abort)
      for (const part of parts) await part.close()
    })())
  const abort = () => void close().catch(() => {})
  signal.addEventListener('abort', abort, { once: true })
  try {
    const { home, user } = await lookAtHome(master, remote)
    const { limitBytes, kubeconfig = `${home}/.kube/config` } = target
    const files = createFiles(remote)
    const docker = createRemoteDocker(master, remote, { home, user, limitBytes })
    const cluster = createRemoteCluster(master, remote, files.file, { path: kubeconfig, limitBytes })
    parts.unshift(docker, cluster)
    const folders = programFolders(home)
    const runThere = createRun(remote, folders)
    const runKubectl = createKubectl(master, cluster, files.file, env)
    const reader: Reader = {
      ...files,
      ...createNetwork(master, remote),
      run: (argv, options) => (argv[0] === 'kubectl' ? runKubectl : runThere)(argv, options),
      tool: once(name => lookAtTool(name, program => findThere(remote, folders, program), runThere)),
      async listeners() {
        const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(files.file))
        if (tables.every(table => table?.text === undefined)) return null
        return tables.flatMap(table => listening(table?.text ?? '')).map(({ address, port }) => ({ address, port }))
      },
      docker: docker.reader,
      cluster: cluster.reader,
    }
    return { reader, probe: docker.probe, home, hostKey: master.hostKey, alive: remote.alive, close }
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
