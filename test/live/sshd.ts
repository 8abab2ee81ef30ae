import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import type { Problem } from '../../src/lab/verdict.ts'
import { connectSsh, type SshMachine, type SshTarget } from '../../src/world/ssh/index.ts'
import { until } from '../helpers/until.ts'

/** A server of our own on loopback, for the user who runs the tests: nothing of the machine's is touched. */
export interface Sshd {
  readonly folder: string
  readonly target: SshTarget
  /** What it said. */
  log(): string
  /** The processes of its connections. */
  sessions(): readonly number[]
  stop(): Promise<void>
}

/** `more`: lines of its configuration. */
export async function startSshd(...more: readonly string[]): Promise<Sshd> {
  const port = await closedPort()
  const folder = mkdtempSync(join(tmpdir(), 'handrail-sshd-'))
  const at = (name: string) => join(folder, name)
  for (const name of ['host', 'key', 'other']) makeKey(at(name))
  writeFileSync(at('authorized'), readFileSync(at('key.pub')), { mode: 0o600 })
  const [kind, key] = readFileSync(at('host.pub'), 'utf8').split(' ')
  writeFileSync(at('known hosts'), `[127.0.0.1]:${port} ${kind} ${key}\n`)
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('authorized')}`,
    `PidFile ${at('pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    ...more,
  ]
  writeFileSync(at('config'), `${config.join('\n')}\n`)
  // It will not start as root without it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', at('config'), '-E', at('log')], { stdio: 'ignore' })
  const log = () => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8') : '')
  await until(() => log().includes('Server listening'))
  return {
    folder,
    target: {
      host: '127.0.0.1',
      port,
      identityFile: at('key'),
      knownHosts: at('known hosts'),
      connectTimeoutMs: 5000,
      limitBytes: 1024 * 1024,
    },
    log,
    sessions: () => childrenOf(child.pid!),
    async stop() {
      const left = childrenOf(child.pid!)
      child.kill()
      for (const pid of left) process.kill(pid, 'SIGKILL')
      await until(() => child.exitCode !== null || child.signalCode !== null)
      rmSync(folder, { recursive: true })
    },
  }
}

export function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
}

/** With a variable that no process there may see. */
export const env = { ...process.env, HANDRAIL_SECRET: 'hidden' }

export interface Scene {
  readonly sshd: Sshd
  readonly machine: SshMachine
  /** Another connection, for one test. */
  connected(change?: Partial<SshTarget>): Promise<SshMachine>
}

/** A server and a connection for all tests of a `describe`, which must leave no process and no folder behind. */
export function sshScene(): Scene {
  let sshd: Sshd
  let machine: SshMachine
  let ours: string
  const { TMPDIR } = process.env
  const connect = (change: Partial<SshTarget> = {}) =>
    connectSsh({ ...sshd.target, ...change }, { signal: new AbortController().signal, env })
  beforeAll(async () => {
    sshd = await startSshd()
    ours = mkdtempSync(join(tmpdir(), 'handrail-ssh-test-'))
    process.env['TMPDIR'] = ours
    machine = await connect()
  })
  afterAll(async () => {
    await machine?.close()
    await sshd?.stop()
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
    const left = readdirSync(ours)
    rmSync(ours, { recursive: true })
    expect(left).toEqual([])
    expect(await running(sshd.folder)).toEqual([])
  })
  return {
    get sshd() {
      return sshd
    },
    get machine() {
      return machine
    },
    async connected(change) {
      const made = await connect(change)
      onTestFinished(() => made.close())
      return made
    },
  }
}

/** Why a look could not be made; `null`: it could. */
export async function problemOf(look: Promise<unknown>): Promise<Problem | null> {
  return await look.then(
    () => null,
    error => {
      if (error.problem === undefined) throw error
      return error.problem as Problem
    },
  )
}

export async function codeOf(look: Promise<unknown>): Promise<string> {
  return (await problemOf(look))?.code ?? 'no problem'
}

/** Command lines of living processes that contain a text. */
export async function running(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'args='])
  return stdout.split('\n').filter(line => line.includes(text) && !line.startsWith('ps '))
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
