import { dockerCalls, simpleCommands } from '../causes/line.ts'
import type { Step } from '../lab/lab.ts'
import type { TypedCommand } from './learner-shell.ts'

/** What a learner's line has to do with the commands of a step. */

/** Lines that only look or move: doing them is no try at anything. */
const looking = new Set(
  (
    'cd export unset echo ls cat grep pwd curl·get docker·ps docker·images docker·ls docker·logs docker·inspect ' +
    'kubectl·get kubectl·describe kubectl·logs kubectl·explain kubectl·version kubectl·cluster-info kubectl·config'
  ).split(' '),
)

/** The programs that a line calls, with the command of docker and kubectl: `docker·build`. */
function programs(line: string): string[] {
  const docker = dockerCalls(line).map(call => `docker·${call.verb}`)
  const others = simpleCommands(line).flatMap(words => (words[0] === 'docker' ? [] : programOf(words)))
  return [...docker, ...others]
}

function programOf([program, ...words]: readonly string[]): string[] {
  // It only looks, unless it sends something.
  if (program === 'curl' && !words.some(word => /^(-[dFXT]|--(data|form|json|request))/.test(word))) return ['curl·get']
  if (program !== 'kubectl') return program === undefined ? [] : [program]
  const options = /^(-n|--namespace|--context|--kubeconfig)$/
  const verb = words.find((word, index) => !word.startsWith('-') && !options.test(words[index - 1] ?? ''))
  return [`kubectl·${verb ?? ''}`]
}

/** `echo` and `cat` look, unless their output goes to a file. */
function changingPrograms(line: string): string[] {
  const writes = /(?<![\d&])>{1,2}\s*[^\s&>]/.test(line)
  return programs(line).filter(program => writes || !looking.has(program))
}

function resembles(typed: string, line: string): boolean {
  const called = programs(typed)
  return programs(line).some(program => called.includes(program))
}

/** Whether a command failed as the lab wants it to. */
export function isWanted(step: Step, { line, exit, output }: Pick<TypedCommand, 'line' | 'exit' | 'output'>): boolean {
  return step.commands.some(
    ({ run, expect }) =>
      exit !== 0 &&
      expect.exit === exit &&
      (expect.stderr === undefined || output.includes(expect.stderr)) &&
      resembles(line, run),
  )
}

/** Whether a line is a try at what completes the step: the last of its commands that changes anything. */
export function completes(step: Step, typed: string): boolean {
  const called = changingPrograms(typed)
  const changing = step.commands.map(({ run }) => changingPrograms(run))
  return changing.findLast(each => each.length > 0)?.some(program => called.includes(program)) ?? false
}

/**
 * Whether a command that leaves the step undone was a try at it: one that completes it (`ok`: it ended as it should), one
 * of its programs that failed, or an edit that changed what the checks say.
 */
export function isTry(step: Step, { line, exit }: Pick<TypedCommand, 'line' | 'exit'>, ok: boolean, changed: boolean) {
  // Ctrl-C is none.
  if (exit === 130) return false
  if (ok) return completes(step, line) || (changed && step.edits.length > 0)
  const trying = step.commands.flatMap(({ run }) => changingPrograms(run))
  return changingPrograms(line).some(program => trying.some(each => base(each) === base(program)))
}

/** `docker` of `docker·biuld`. */
function base(program: string): string {
  return program.split('·')[0]!
}

/** `check` of `lab check`; `null`: another program. */
export function labCommand(line: string): string | null {
  const [words = []] = simpleCommands(line)
  const [program, word] = words[0] === 'npx' ? words.slice(1) : words
  return program === 'lab' ? (word ?? '') : null
}
