import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import type { Shell, ShellOptions, ShellResult } from '../run/world.ts'
import { createCapture, outputCap, shownText } from './output.ts'
import { endGroup, members, processStart } from './processes.ts'
import { findProgram } from './programs.ts'
import { environmentFor, lineVariable, stateAfter, withoutSurprises, wrapper } from './shell-script.ts'
import { firstOf, type Supervised, supervise } from './supervise.ts'

/** How long a background command is given to end by itself, ms. */
const backgroundWait = 400

/**
 * Runs lines in bash (sh where there is none), each in a process group of its own. `env` is the runner's environment.
 * `run` rejects only when no shell could be started or `onStart` rejects; whatever the line does is a result.
 */
export function createShell(env: NodeJS.ProcessEnv): Shell {
  const base = withoutSurprises(env)
  const place = once(() => placeFor(env))
  let count = 0
  return {
    async run(line, options) {
      const { shell, envProgram, folder } = await place()
      const stateFile = join(folder, String(++count))
      const cwd = await nearestFolder(options.state.cwd)
      const variables = { ...environmentFor(base, options.state), PWD: cwd, [lineVariable]: line }
      const argv = [shell, '-c', wrapper(stateFile, envProgram)] as const
      const launch = (outputs: Outputs) => start(argv, { cwd, env: variables, outputs })
      const done = options.background
        ? await inBackground(launch, options, options.background.log)
        : await inForeground(launch, options)
      const whole = done.ended && !done.timedOut && !done.interrupted
      const state = (whole ? await readState(stateFile, base) : null) ?? options.state
      const { ended: _, ...result } = done
      return { ...result, state }
    },
    endGroup,
    members,
    processStart,
  }
}

type Outputs = 'pipe' | number
type Launch = (outputs: Outputs) => Promise<Started>
/** `ended`: the shell itself is gone. */
type Done = Omit<ShellResult, 'state'> & { readonly ended: boolean }

interface Started extends Supervised {
  readonly child: ChildProcess
  /** Lets the line begin, once `onStart` is through. */
  begin(onStart: ShellOptions['onStart']): Promise<void>
}

async function inForeground(launch: Launch, { timeoutMs, signal, onOutput, onStart }: ShellOptions): Promise<Done> {
  const started = await launch('pipe')
  const stdout = createCapture(text => onOutput('stdout', text))
  const stderr = createCapture(text => onOutput('stderr', text))
  started.child.stdout!.on('data', stdout.add)
  started.child.stderr!.on('data', stderr.add)
  await started.begin(signal.aborted ? undefined : onStart)
  const from = performance.now()
  const ending = await started.end({ timeoutMs, signal })
  stdout.end()
  stderr.end()
  const tookMs = Math.round(performance.now() - from)
  return { ...ending, stdout: stdout.text(), stderr: stderr.text(), tookMs, ended: true }
}

/** Both streams go to the log and are told apart no more; what came by the end of the wait is given as stdout. */
async function inBackground(launch: Launch, options: ShellOptions, path: string): Promise<Done> {
  const { signal, onOutput, onStart } = options
  await mkdir(dirname(path), { recursive: true })
  const log = await open(path, 'a+', 0o600)
  try {
    const { size } = await log.stat()
    const started = await launch(log.fd)
    started.child.unref()
    await started.begin(onStart)
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
  const running = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    argv0: file.endsWith('/bash') ? 'bash' : 'sh',
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    stdio: ['ignore', outputs, outputs, 'pipe'],
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
    async begin(onStart) {
      try {
        await onStart?.(supervised.group)
      } catch (error) {
        await supervised.stop()
        throw error
      }
      gate.end('go\n')
    },
  }
}

async function readState(path: string, base: Readonly<Record<string, string>>) {
  try {
    return stateAfter(await readFile(path, 'utf8'), base)
  } catch {
    return null
  } finally {
    await rm(path, { force: true })
  }
}

/** The folder, or where it has vanished the nearest one above it. */
async function nearestFolder(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => null)
    if (found?.isDirectory() || at === dirname(at)) return at
  }
}

interface Workplace {
  readonly shell: string
  readonly envProgram: string
  /** Only ours to read: environments hold secrets. */
  readonly folder: string
}

async function placeFor(env: NodeJS.ProcessEnv): Promise<Workplace> {
  const shell = (await findProgram('bash', env)) ?? (await findProgram('sh', env)) ?? '/bin/sh'
  const envProgram = (await findProgram('env', env)) ?? '/usr/bin/env'
  const folder = mkdtempSync(join(tmpdir(), 'handrail-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return { shell, envProgram, folder }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    made.catch(() => (made = undefined))
    return made
  }
}
