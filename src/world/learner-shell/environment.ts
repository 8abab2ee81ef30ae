import { readFileSync, rmSync } from 'node:fs'
import type { ShellState } from '../../run/world.ts'
import { environmentFor, stateAfter } from '../shell-script.ts'

/** In the environment of a shell that we have opened: by which process. */
export const nestingVariable = 'HANDRAIL_SHELL'

/** Belongs to the shell in its terminal and not to what the learner has done. */
const ofTheShell =
  /^(PS\d|PROMPT.*|RPROMPT|HIST(CONTROL|IGNORE|FILE|SIZE)|ZDOTDIR|HANDRAIL_SHELL|TERM|COLUMNS|LINES|STARSHIP_.*|_.*)$/

export function plain(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** For the shell's start: without the size of a terminal, which changes. */
export function environmentOf(base: Readonly<Record<string, string>>, state: ShellState): Record<string, string> {
  const { COLUMNS: _columns, LINES: _lines, ...env } = environmentFor(base, state)
  return env
}

/** What the shell left in a file, which is removed; `null`: nothing. */
export function takeDump(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  } finally {
    rmSync(path, { force: true })
  }
}

/** What has to hold after the learner's start files too; but these may add to PATH. */
export function reapplied({ env }: ShellState): ShellState['env'] {
  const { PATH: _path, ...rest } = env
  return rest
}

/**
 * The state after the shell: what was there before, with what has changed between its first prompt and its end, so that
 * what start files set is not taken for the learner's. `base` is the runner's environment. Without an end (the shell was
 * killed) only the folder is known.
 */
export function carriedOver(
  before: ShellState,
  base: Readonly<Record<string, string>>,
  { first, last, cwd }: { readonly first: string | null; readonly last: string | null; readonly cwd: string },
): ShellState {
  const started = stateAfter(first ?? '', {})?.env as Record<string, string> | undefined
  const ended = started && stateAfter(last ?? '', started)
  if (!ended) return { ...before, cwd }
  const env: Record<string, string | null> = { ...before.env }
  for (const [name, value] of Object.entries(ended.env)) {
    if (ofTheShell.test(name)) continue
    if (value === (base[name] ?? null)) delete env[name]
    else env[name] = value
  }
  return { cwd: ended.cwd, env }
}
