import type { Json } from '../lab/lab.ts'
import type { RunView } from '../lab/machine.ts'
import { type CommandOutcome, type FailedCheck, output, type Situation } from './cause.ts'
import { type DockerCall, dockerCalls, oddity } from './line.ts'

/** What causes ask of a situation, in one place. */

/**
 * The command that failed by itself, or what an `exec` check ran; one that was cut off says nothing about why, and of one
 * that the shell read in another way than it was meant, that is the reason.
 */
export function failing(situation: Situation): CommandOutcome | null {
  const command = failed(situation)
  return command && oddity(command.line) === null ? command : null
}

/** The same, however it was typed. */
export function failed(situation: Situation): CommandOutcome | null {
  const command = situation.command ?? ranByCheck(situation.check, situation.facts.workspace)
  return command && command.exit !== 0 && !command.timedOut ? command : null
}

function ranByCheck(check: FailedCheck | undefined, workspace: string): CommandOutcome | null {
  if (check?.kind !== 'exec' || wantsItAway(check) || !check.seen) return null
  const run = check.seen as unknown as RunView
  const line = check.fields['run'] ?? check.fields['command'] ?? check.fields['argv'] ?? ''
  const exit = run.exitCode
  return { ...run, exit, line: Array.isArray(line) ? line.join(' ') : String(line), cwd: workspace }
}

/** What both streams of the failed command say; empty where no command failed. */
export function said(situation: Situation): string {
  const command = failing(situation)
  return command ? output(command) : ''
}

/** The failed check, where it is of one of these kinds, could look, and wanted the thing to be there. */
export function looked(situation: Situation, ...kinds: readonly string[]): FailedCheck | null {
  const check = situation.check
  if (!check || wantsItAway(check) || check.problem || check.seen === undefined) return null
  return kinds.includes(check.kind) ? check : null
}

/** A check with `not` or `gone`, or that expects nothing: that something is missing explains nothing then. */
export function wantsItAway(check: FailedCheck): boolean {
  return check.differences.some(
    each =>
      each.rule === 'never-existed' || (each.path === '' && each.expected === undefined && each.seen !== undefined),
  )
}

export function field(check: FailedCheck, name: string): string {
  const value = check.fields[name]
  return value === undefined || value === null ? '' : String(value)
}

/** What was seen, in the shape that the kind promises. */
export function seenAs<T>(check: FailedCheck): T {
  return check.seen as unknown as T
}

/** The docker call that failed: of several in a line the last, which gives the exit code. */
export function dockerCall(situation: Situation, ...verbs: readonly string[]): DockerCall | null {
  const command = failing(situation)
  if (!command) return null
  const found = dockerCalls(command.line).filter(call => verbs.length === 0 || verbs.includes(call.verb))
  return found.at(-1) ?? null
}

/** The line that tells most: the last that speaks of an error, else the last at all; shortened. */
export function tellingLine(lines: readonly string[]): string {
  const real = lines.map(line => line.trim()).filter(line => line !== '' && !noise.test(line))
  const line = real.findLast(each => /error|fatal|cannot|not found|denied|failed/i.test(each)) ?? real.at(-1) ?? ''
  return line.length > 160 ? `${line.slice(0, 157)}…` : line
}

const noise =
  /^(at |Node\.js v|[}\])>]|npm (notice|error A complete log)|Run 'docker|See 'docker|Usage:|For more help|View build details)/

/** Without the keys that have no value. */
export function known<T extends Record<string, string | number | undefined>>(
  evidence: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(evidence).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}

/** Everything that was expected, as text: what the check is about. */
export function expectations(check: FailedCheck): string {
  return JSON.stringify([check.expect ?? null, check.differences.map(each => each.expected ?? null)] as Json)
}

export function differsAt(check: FailedCheck, path: RegExp): boolean {
  return check.differences.some(each => path.test(each.path))
}
