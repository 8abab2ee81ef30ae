import type { RunOptions } from '../check/reader.ts'
import type { RunView } from '../lab/machine.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import { isFolder } from './folders.ts'
import { createCapture } from './output.ts'
import { withoutSurprises } from './shell-script.ts'
import { supervise } from './supervise.ts'

/**
 * Runs a program that only looks: no shell, no terminal, messages not translated, and nothing of it is left afterwards.
 * Throws `CouldNotLook`: `tool.missing`, `tool.unusable`, `folder.missing`, `look.interrupted`.
 */
export async function runProgram(
  base: NodeJS.ProcessEnv,
  argv: readonly string[],
  { cwd, env = {}, stdin, timeoutMs, signal }: RunOptions,
): Promise<RunView> {
  const [file = '', ...args] = argv
  if (signal?.aborted) throw new CouldNotLook('look.interrupted')
  const { spawn } = await import('node:child_process')
  const child = spawn(file, args, {
    cwd,
    env: { ...withoutSurprises(base), LC_ALL: 'C.UTF-8', LANGUAGE: 'C', ...env },
    detached: true,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  if (child.pid === undefined) throw await notStarted(child, file, cwd)
  const supervised = supervise(child)
  const stdout = createCapture()
  const stderr = createCapture()
  child.stdout!.on('data', stdout.add)
  child.stderr!.on('data', stderr.add)
  // It need not read what it is given.
  child.stdin?.on('error', () => {})
  child.stdin?.end(stdin)
  const { exit, timedOut, interrupted } = await supervised.end({ timeoutMs, signal })
  if (interrupted) throw new CouldNotLook('look.interrupted')
  return { exitCode: exit, stdout: stdout.text(), stderr: stderr.text(), timedOut }
}

async function notStarted(child: NodeJS.EventEmitter, tool: string, cwd: string): Promise<Error> {
  const cause = await new Promise<NodeJS.ErrnoException>(resolve => child.once('error', resolve))
  if (!(await isFolder(cwd))) return new CouldNotLook('folder.missing', { path: cwd }, { cause })
  if (cause.code === 'ENOENT') return new CouldNotLook('tool.missing', { tool }, { cause })
  return new CouldNotLook('tool.unusable', { tool, error: cause.code ?? '' }, { cause })
}
