import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { RunEvent } from '../../src/run/events.ts'
import type { Entry } from '../../src/run/ledger.ts'

/** The real program, with a home of its own. */

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
export const program = join(root, 'bin', 'lab.js')

export interface Result {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export interface Home {
  readonly dir: string
  readonly workspace: string
  /** Where the program keeps what it knows. */
  readonly state: string
  /** For temporary files. */
  readonly temp: string
  readonly env: Readonly<Record<string, string>>
  remove(): void
}

/** Builds what is tested. Takes about a second. */
export async function buildProgram(): Promise<void> {
  const { exit, stderr } = await run(process.execPath, [join(root, 'scripts', 'build.mjs')], process.env)
  if (exit !== 0) throw new Error(stderr)
}

/** An empty home, so that nothing of this machine's user is read or written. */
export function newHome(language: 'ko' | 'en' = 'en', extra: Record<string, string> = {}): Home {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'handrail-live-')))
  const [dir, temp] = [join(base, 'home'), join(base, 'temp')]
  for (const each of [dir, temp]) mkdirSync(each)
  const env = {
    PATH: process.env['PATH']!,
    HOME: dir,
    XDG_STATE_HOME: join(dir, '.state'),
    DOCKER_CONFIG: join(base, 'docker'),
    TMPDIR: temp,
    TERM: 'xterm-256color',
    LANG: language === 'ko' ? 'ko_KR.UTF-8' : 'en_US.UTF-8',
    ...(process.env['DOCKER_HOST'] ? { DOCKER_HOST: process.env['DOCKER_HOST'] } : {}),
    ...extra,
  }
  return {
    dir,
    temp,
    workspace: join(dir, 'labs', 'docker-kubernetes'),
    state: join(dir, '.state', 'handrail', 'docker-kubernetes'),
    env,
    remove() {
      for (const pid of processesOf(dir)) end(pid)
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

/** A home that goes with the test, and with it what a test that failed half-way has left. */
export function testHome(language: 'ko' | 'en' = 'en', extra: Record<string, string> = {}): Home {
  const home = newHome(language, extra)
  onTestFinished(async () => {
    if (existsSync(join(home.state, 'ledger.json'))) {
      const { entries } = JSON.parse(readFileSync(join(home.state, 'ledger.json'), 'utf8')) as { entries: Entry[] }
      for (const id of new Set(entries.map(entry => entry.lab).filter(Boolean))) await lab(home, 'clean', id, '--yes')
    }
    home.remove()
  })
  return home
}

/** `lab …` without a terminal. */
export function lab(home: Home, ...args: string[]): Promise<Result> {
  return run(process.execPath, [program, ...args], home.env)
}

/** One document on stdout. */
export async function labJson<T>(home: Home, ...args: string[]): Promise<{ exit: number; document: T }> {
  const { exit, stdout, stderr } = await lab(home, ...args, '--json')
  try {
    return { exit, document: JSON.parse(stdout) as T }
  } catch {
    throw new Error(`lab ${args.join(' ')} ended with ${exit} and no document: ${stdout}${stderr}`)
  }
}

/** A line in bash, as a learner types it. */
export function typed(home: Home, line: string, cwd = home.workspace): Promise<Result> {
  return run('bash', ['-c', line], { ...home.env }, cwd)
}

/** The same, for what has to work. */
export async function done(home: Home, line: string, cwd = home.workspace): Promise<string> {
  const { exit, stdout, stderr } = await typed(home, line, cwd)
  if (exit !== 0) throw new Error(`${line} ended with ${exit}: ${stdout}${stderr}`)
  return stdout.trim()
}

/** What a run has recorded. */
export function recorded(home: Home): RunEvent[] {
  const lines = readFileSync(join(home.state, 'events.ndjson'), 'utf8').trim().split('\n')
  return lines.map(line => JSON.parse(line) as RunEvent)
}

/** Living processes that have this home: in their environment, or as the folder they are in. */
export function processesOf(home: string): number[] {
  const ids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return ids.filter(id => belongs(id, home)).map(Number)
}

function belongs(id: string, home: string): boolean {
  try {
    if (/\) [ZX] /.test(readFileSync(`/proc/${id}/stat`, 'utf8'))) return false
    if (readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(`HOME=${home}`)) return true
    return `${realpathSync(`/proc/${id}/cwd`)}/`.startsWith(`${home}/`)
  } catch {
    return false
  }
}

const limitMs = 240_000

export function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd = root): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ exit: code ?? 128, stdout, stderr: stderr + (signal ?? '') }))
  })
}

/** A server that is not in a container has port 3000 until the test is over. */
export async function takePort(): Promise<void> {
  const server = createServer((_, response) => void response.end('somebody else'))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(3000, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>(closed => void server.close(() => closed()))
  })
}
