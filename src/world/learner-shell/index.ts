import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LearnerShell, LearnerShellOptions, Obstacle } from '../../run/learner-shell.ts'
import { nearestFolder } from '../folders.ts'
import { findProgram } from '../programs.ts'
import { bashStartFile } from './bash.ts'
import { carriedOver, environmentOf, nestingVariable, plain, reapplied, takeDump } from './environment.ts'
import { startGuardian } from './guardian.ts'
import { createModes } from './modes.ts'
import { takeTerminal } from './outer.ts'
import { type OwnShell, ownShell } from './own-shell.ts'
import { loadPty, type Pty, startInPty } from './pty.ts'
import type { Start } from './quote.ts'
import { createTalk } from './talk.ts'
import { zshStartFiles } from './zsh.ts'

/** From asking the shell to end, ms. */
const patience = { again: 300, hangUp: 1000, kill: 2000 }

/** `env` is the runner's environment; input and output of the process are the terminal. */
export function createLearnerShell(env: NodeJS.ProcessEnv): LearnerShell {
  return {
    obstacle: () => obstacleIn(env),
    async open(options) {
      const obstacle = obstacleIn(env)
      if (obstacle) throw new Error(`no shell can be opened here: ${obstacle}`)
      const folder = await mkdtemp(join(tmpdir(), `handrail-${process.pid}-`))
      const removeFolder = () => rmSync(folder, { recursive: true, force: true })
      process.once('exit', removeFolder)
      try {
        return await run(env, options, folder)
      } finally {
        process.off('exit', removeFolder)
        removeFolder()
      }
    },
  }
}

function obstacleIn(env: NodeJS.ProcessEnv): Obstacle | null {
  if (env[nestingVariable]) return 'nested'
  if (!process.stdin.isTTY || !process.stdout.isTTY) return 'no-terminal'
  if ((env['TERM'] ?? 'dumb') === 'dumb') return 'dumb'
  if (!['', '0', 'false'].includes((env['ACCESSIBLE'] ?? '').toLowerCase())) return 'accessible'
  if (ownShell(env) === null) return 'other-shell'
  return loadPty() === null ? 'no-pty' : null
}

async function run(
  outside: NodeJS.ProcessEnv,
  { state, greeting, signal, onReady, onStart, onCommand }: LearnerShellOptions,
  folder: string,
): Promise<{ exit: number; state: LearnerShellOptions['state'] }> {
  const shell = ownShell(outside)!
  const base = plain(outside)
  const inside = { ...environmentOf(base, state), [nestingVariable]: String(process.pid) }
  const cwd = await nearestFolder(state.cwd)
  const envProgram = (await findProgram('env', outside)) ?? '/usr/bin/env'
  const nonce = randomBytes(8).toString('hex')
  const modes = createModes(undo => guardian.undo(undo))
  const startFolder = join(folder, 'start')
  let first: string | null = null
  let pty: Pty | undefined
  const timers: NodeJS.Timeout[] = []
  const hangUp = (): void => {
    pty?.kill('SIGHUP')
    timers.push(setTimeout(() => pty?.kill('SIGKILL'), patience.kill - patience.hangUp))
  }
  let ending = false
  const end = (): void => {
    // Each further prompt on the way would ask again, and interrupt what it asks for.
    if (ending) return
    ending = true
    // A signal alone does not get it out of a line; the next prompt then ends it.
    const ask = (): void => {
      pty?.kill('SIGUSR1')
      pty?.write(Buffer.from('\x03'))
    }
    ask()
    timers.push(setTimeout(ask, patience.again), setTimeout(hangUp, patience.hangUp))
  }
  const talk = createTalk({
    ...{ nonce, cwd, greeting, modes, onStart, onCommand, end },
    show: bytes => {
      if (!outer.write(bytes)) pty?.pause()
    },
    onFirstPrompt: () => {
      first = takeDump(join(folder, 'first'))
      rmSync(startFolder, { recursive: true, force: true })
    },
  })
  const outer = takeTerminal(process.stdin, process.stdout, {
    onKeys: keys => {
      talk.typed()
      pty?.write(keys)
    },
    onResize: () => pty?.resize(outer.size()),
    onDrain: () => pty?.resume(),
    onGone: hangUp,
    undo: modes.undo,
  })
  const guardian = startGuardian(outer.settings)
  process.once('exit', guardian.dismiss)
  try {
    const start = { nonce, cwd, env: reapplied(state), settings: outer.settings, envProgram, folder }
    const { args, env } = await prepare(shell, start, inside, startFolder)
    onReady?.(talk)
    const exit = await new Promise<number>(onExit => {
      pty = startInPty(shell.path, args, {
        cwd,
        env,
        size: outer.size(),
        onOutput: talk.output,
        onExit,
      })
      signal.addEventListener('abort', hangUp, { once: true })
      if (signal.aborted) hangUp()
    })
    talk.finish()
    const failure = talk.failure()
    if (failure) throw failure.error
    return { exit, state: carriedOver(state, base, { first, last: takeDump(join(folder, 'last')), cwd: talk.cwd() }) }
  } finally {
    signal.removeEventListener('abort', hangUp)
    for (const timer of timers) clearTimeout(timer)
    // Of a shell that is still there after a bug of ours.
    pty?.kill('SIGKILL')
    outer.release()
    process.off('exit', guardian.dismiss)
    guardian.dismiss()
    await guardian.gone
  }
}

/** Writes the start files, for our eyes only, and tells how the shell comes to read them. */
async function prepare(shell: OwnShell, start: Start, env: Record<string, string>, folder: string) {
  await mkdir(folder, { mode: 0o700 })
  // There already, so that the shell's umask does not decide who may read them.
  for (const name of ['first', 'last']) await writeFile(join(start.folder, name), '', { mode: 0o600 })
  const zsh = shell.kind === 'zsh'
  const files = zsh ? zshStartFiles(start, env['ZDOTDIR'] ?? null) : { bashrc: bashStartFile(start) }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 })
  return zsh
    ? { args: ['-i'], env: { ...env, ZDOTDIR: folder } }
    : { args: ['--rcfile', join(folder, 'bashrc'), '-i'], env }
}
