import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import type { Shell, ShellOptions, ShellResult } from '../run/world.ts'
import { nearestFolder } from './folders.ts'
import { createCapture, outputCap, shownText } from './output.ts'
import { endGroup, members, processStart } from './processes.ts'
import { findProgram } from './programs.ts'
import { environmentFor, lineVariable, stateAfter, withoutSurprises, wrapper } from './shell-script.ts'
import { firstOf, type Supervised, supervise } from './supervise.ts'

/** How long a background command is given to end by itself, ms. */
const backgroundWait = 400

/**
 * Runs lines in bash (sh where there is none), each in a process group of its own. `env` is the runner's environment.
 * `run` rejects, with the system's `code`, only when no shell could be started, or when `onStart` rejects; whatever the
 * line does is a result.
 */
export function createShell(env: NodeJS.ProcessEnv): Shell {
  const base = withoutSurprises(env)
  let programs: Promise<Programs> | undefined
  let swept = false
  return {
    async run(line, options) {
      const { state, signal, background } = options
      if (signal.aborted) return { ...nothing, state }
      programs ??= findPrograms(env)
      const { shell, envProgram } = await programs
      // Only ours to read: environments hold secrets.
      if (!swept) void sweep()
      swept = true
      if (!swept) void sweep()
      swept = true
      const folder = await mkdtemp(join(tmpdir(), `handrail-${process.pid}-`))
      const removeFolder = () => rmSync(folder, { recursive: true, force: true })
      process.once('exit', removeFolder)
      try {
        const stateFile = join(folder, 'state')
        const cwd = await nearestFolder(state.cwd)
        const variables = { ...environmentFor(base, state), PWD: cwd, [lineVariable]: line }
        const argv = [shell, '-c', wrapper(stateFile, envProgram)] as const
        const launch = (outputs: Outputs) => start(argv, { cwd, env: variables, outputs })
        const done = background
          ? await inBackground(launch, options, background.log)
          : await inForeground(launch, options)
        const { ended, ...result } = done
        const whole = ended && !done.timedOut && !done.interrupted
        return { ...result, state: (whole && (await readState(stateFile, base))) || state }
      } finally {
        process.off('exit', removeFolder)
        removeFolder()
      }
    },
    async attended(line) {
      programs ??= findPrograms(env)
      const { shell } = await programs
      const child = spawn(shell, ['-c', line], { env, stdio: 'inherit' })
      return new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
      })
    },
    endGroup,
    members,
    processStart,
  }
}

/** What a runner that was killed could not remove: its environment is in there. */
async function sweep(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => [])
  for (const name of names) {
    const pid = Number(/^handrail-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && (await processStart(pid)) === null)
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

type Outputs = 'pipe' | number
type Launch = (outputs: Outputs) => Promise<Started>
/** `ended`: the shell itself is gone. */
type Done = Omit<ShellResult, 'state'> & { readonly ended: boolean }

const nothing = { exit: 130, stdout: '', stderr: '', timedOut: false, interrupted: true, tookMs: 0 } as const

interface Started extends Supervised {
  readonly child: ChildProcess
  /** Lets the line begin once `onStart` is through; not at all when it was aborted by then. */
  begin(options: ShellOptions): Promise<void>
}

async function inForeground(launch: Launch, options: ShellOptions): Promise<Done> {
  const { timeoutMs, signal, onOutput } = options
  const started = await launch('pipe')
  const stdout = createCapture(text => onOutput('stdout', text))
  const stderr = createCapture(text => onOutput('stderr', text))
  started.child.stdout!.on('data', stdout.add)
  started.child.stderr!.on('data', stderr.add)
  await started.begin(options)
  const from = performance.now()
  const ending = await started.end({ timeoutMs, signal })
  stdout.end()
  stderr.end()
  const tookMs = Math.round(performance.now() - from)
  return { ...ending, stdout: stdout.text(), stderr: stderr.text(), tookMs, ended: true }
}

/** Both streams go to the log and are told apart no more; what came by the end of the wait is given as stdout. */
async function inBackground(launch: Launch, options: ShellOptions, path: string): Promise<Done> {
  const { signal, onOutput } = options
  await mkdir(dirname(path), { recursive: true })
  const log = await open(path, 'a+', 0o600)
  try {
    const { size } = await log.stat()
    const started = await launch(log.fd)
    started.child.unref()
    await started.begin(options)
    const from = performance.now()
    const first = await firstOf(started.exited, backgroundWait, signal)
    const interrupted = first === 'aborted'
    if (interrupted) await started.stop()
    else started.release()
    const tookMs = Math.round(performance.now() - from)
    const bytes = Buffer.alloc(Math.min(outputCap, (await log.stat()).size - size))
    const { bytesRead } = await log.read(bytes, 0, bytes.length, size)
    const text = bytes.toString('utf8', 0, bytesRead)
    if (text !== '') onOutput('stdout', text)
    const left = (await members(started.group)).length > 0
    return {
      exit: typeof first === 'number' ? first : interrupted ? 130 : 0,
      stdout: shownText(text),
      stderr: '',
      timedOut: false,
      interrupted,
      ...(left ? { group: started.group } : {}),
      tookMs,
      ended: typeof first === 'number',
    }
  } finally {
    await log.close()
  }
}

async function start(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env, outputs }: { cwd: string; env: Record<string, string>; outputs: Outputs },
): Promise<Started> {
  const { execa } = await import('execa')
  // execa passes any descriptor on; its types know only those of our own standard streams.
  const output = outputs as 'pipe'
  const running = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    argv0: file.endsWith('/bash') ? 'bash' : 'sh',
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    stdio: ['ignore', output, output, 'pipe'],
  })
  const child = running as unknown as ChildProcess
  if (child.pid === undefined) {
    const { shortMessage, code } = await running
    throw Object.assign(new Error(shortMessage), { code })
  }
  const supervised = supervise(child)
  const gate = child.stdio[3] as Writable
  // The shell may be gone before it was told to begin.
  gate.on('error', () => {})
  return {
    ...supervised,
    child,
    async begin({ onStart, signal }) {
      try {
        await onStart?.(supervised.group)
      } catch (error) {
        await supervised.stop()
        throw error
      }
      if (signal.aborted) gate.destroy()
      else gate.end('go\n')
    },
  }
}

async function readState(path: string, base: Readonly<Record<string, string>>) {
  try {
    return stateAfter(await readFile(path, 'utf8'), base)
  } catch {
    return null
  }
}

interface Programs {
  readonly shell: string
  readonly envProgram: string
}

async function findPrograms(env: NodeJS.ProcessEnv): Promise<Programs> {
  const shell = (await findProgram('bash', env)) ?? (await findProgram('sh', env)) ?? '/bin/sh'
  return { shell, envProgram: (await findProgram('env', env)) ?? '/usr/bin/env' }
}
