import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SshTarget } from '../../src/world/ssh/index.ts'
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

export async function startSshd(port: number, ...more: readonly string[]): Promise<Sshd> {
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
