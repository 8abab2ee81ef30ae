import { type ChildProcess, spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { CouldNotLook } from '../../lab/verdict.ts'
import { type ProcessStream, processStream } from '../process-stream.ts'
import { type Supervised, supervise } from '../supervise.ts'
import { connectionProblem, dialError, hostKeyIn, lost, notStarted, openedLine } from './problem.ts'
import { channelArguments, checkTarget, hostAndPort, masterArguments, names, type SshTarget } from './target.ts'

/** Code of the error when the student's machine does not let connections onwards be made. */
export const forwardingRefused = 'SSH_FORWARDING'

/** One connection to a student's machine, which everything else goes through. */
export interface Master {
  readonly host: string
  /** Ours alone, 0700; gone after `close`. */
  readonly folder: string
  readonly hostKey: string
  /** Its process lives. That the other end does, too, only an answer can tell. */
  readonly living: boolean
  /** What its client has said. */
  said(): string
  /** A client that goes through the connection, the leader of a group. */
  channel(what: readonly string[], command?: string): ChildProcess
  /** A connection from there to somewhere else; `opened` is called once the other end is there. */
  dial(host: string, port: number, opened?: () => void): ProcessStream
  /** A socket here, of this name in the folder, that leads to one there. Throws `ssh.lost`, `ssh.forwarding`. */
  forwardSocket(name: string, path: string): Promise<string>
  /** A port of this machine's loopback that leads to an address as seen from there. */
  forwardPort(host: string, port: number): Promise<number>
  close(): Promise<void>
}

const saidCap = 64 * 1024
const forwardLimitMs = 10_000

/** Throws `ssh.bad-target`, `ssh.missing`, `ssh.unreachable`, `ssh.host-key`, `ssh.auth`, `look.interrupted`. */
export async function openMaster(target: SshTarget, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Master> {
  checkTarget(target)
  if (signal.aborted) throw new CouldNotLook('look.interrupted')
  const folder = await mkdtemp(join(tmpdir().length > 60 ? '/tmp' : tmpdir(), 'handrail-ssh-'))
  // Somebody may still be writing there.
  const clear = () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
  try {
    if (target.knownHosts !== undefined) await copyKnownHosts(target.host, target.knownHosts, folder)
    return await open(target, folder, environment(env), signal, clear)
  } catch (error) {
    await clear()
    throw error
  }
}

async function open(
  target: SshTarget,
  folder: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  clear: () => Promise<void>,
): Promise<Master> {
  const { host, connectTimeoutMs } = target
  const start = (args: readonly string[], stdin: 'ignore' | 'pipe') =>
    spawn('ssh', args, { cwd: folder, env, detached: true, stdio: [stdin, 'pipe', 'pipe'] })
  const child = start(masterArguments(target), 'ignore')
  if (child.pid === undefined) throw await notStarted(child, host)
  const supervised = supervise(child)
  let living = true
  let said = ''
  /** Of all that was said, how much. */
  let length = 0
  child.stdout!.resume()
  child.stderr!.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('latin1')}`.slice(-saidCap)
    length += chunk.length
  })
  const since = (before: number) => (length > before ? said.slice(before - length) : '')
  // All of stderr has been read by then.
  const ended = new Promise<void>(resolve => child.once('close', () => resolve(void (living = false))))

  const deadline = performance.now() + connectTimeoutMs
  while (living && !signal.aborted && performance.now() < deadline && !(await there(join(folder, names.control))))
    await Promise.race([ended, sleep(10)])
  const ready = living && (await there(join(folder, names.control)))
  if (signal.aborted || !ready) {
    const late = living
    await supervised.stop()
    await ended
    if (signal.aborted) throw new CouldNotLook('look.interrupted')
    const { port, user } = target
    const { code, evidence } = late
      ? { code: 'ssh.unreachable', evidence: { host, seconds: connectTimeoutMs / 1000 } }
      : connectionProblem(host, said)
    throw new CouldNotLook(code, { ...evidence, ...(port ? { port } : {}), ...(user ? { user } : {}) })
  }
  const hostKey = hostKeyIn(said)
  const channels = new Set<Supervised>()

  function channel(what: readonly string[], command?: string): ChildProcess {
    return start([...channelArguments(target, what), ...(command === undefined ? [] : [command])], 'pipe')
  }

  function dial(to: string, port: number, opened = () => {}): ProcessStream {
    const before = length
    const dialled = channel(['-v', '-W', hostAndPort(to, port)])
    const kept = dialled.pid === undefined ? undefined : supervise(dialled)
    if (kept) channels.add(kept)
    dialled.once('close', () => void (kept && channels.delete(kept)))
    dialled.stderr?.on('data', chunk => {
      if (String(chunk).includes(openedLine)) opened()
    })
    return processStream(dialled, async words => {
      kept?.release()
      if (words.includes(openedLine)) return null
      // Why it is so, the other process says, at the same time.
      await setImmediate()
      await setImmediate()
      const code = dialError(since(before)) ?? forwardingRefused
      return Object.assign(new Error(code), { code })
    })
  }

  async function forward(spec: string): Promise<boolean> {
    const asked = channel(['-O', 'forward', '-L', spec])
    asked.stdin?.end()
    asked.stdout?.resume()
    asked.stderr?.resume()
    if (asked.pid === undefined) return false
    const { exit, interrupted } = await supervise(asked).end({ timeoutMs: forwardLimitMs, signal })
    if (interrupted) throw new CouldNotLook('look.interrupted')
    if (!living) throw lost(host, said)
    return exit === 0
  }

  return {
    host,
    folder,
    hostKey,
    get living() {
      return living
    },
    said: () => said,
    channel,
    dial,
    async forwardSocket(name, path) {
      if (!(await forward(`./${name}:${path}`))) throw new CouldNotLook('ssh.forwarding', { host, to: path })
      return join(folder, name)
    },
    async forwardPort(to, port) {
      for (let tries = 0; tries < 3; tries++) {
        // Somebody may take it before ssh does: then another one.
        const local = await freePort()
        if (await forward(`127.0.0.1:${local}:${hostAndPort(to, port)}`)) return local
      }
      throw new CouldNotLook('ssh.forwarding', { host, to: hostAndPort(to, port) })
    },
    async close() {
      await Promise.all([...channels].map(each => each.stop()))
      await supervised.stop()
      await clear()
    },
  }
}

/** What the client itself needs; nothing of it is sent. */
function environment({ PATH, HOME, SSH_AUTH_SOCK }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted = { PATH, HOME, SSH_AUTH_SOCK, LC_ALL: 'C' }
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}

/** A path in an option of ssh would be read for blanks, quotes and percent signs. */
async function copyKnownHosts(host: string, file: string, folder: string): Promise<void> {
  try {
    await copyFile(file, join(folder, names.knownHosts))
  } catch (cause) {
    const reason = `${file}: ${(cause as NodeJS.ErrnoException).code}`
    throw new CouldNotLook('ssh.host-key', { host, reason }, { cause })
  }
}

async function there(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
