import { simpleCommands } from './line.ts'

/** Reading a line that calls kubectl. */

export interface KubectlCall {
  /** Empty where there is none. */
  readonly verb: string
  /** All that follows the program, up to `--`: what is behind that is for a container. */
  readonly words: readonly string[]
}

/** By its own name and by those that learners give it. */
const aliases = ['k', 'kubecolor']

/** Of options that may stand before the verb, those that take a value. */
const valued =
  /^(?:-n|-s|-v|--(?:namespace|context|kube-context|cluster|user|kubeconfig|server|token|as|as-group|request-timeout|v))$/

/** Every call in a line; the last is the one that gives the exit code. */
export function kubectlCalls(line: string): KubectlCall[] {
  return callsOf(line, 'kubectl', ...aliases)
}

/**
 * Calls of a program that is used as kubectl is. Its first name counts anywhere, as in `until kubectl …`, `timeout 5 kubectl …`
 * and `$(kubectl …)`; the others only where a program stands.
 */
export function callsOf(line: string, program: string, ...others: readonly string[]): KubectlCall[] {
  return [...substitutions(line), line].flatMap(simpleCommands).flatMap(words => {
    const at = others.includes(name(words[0]!)) ? 0 : words.findIndex(word => name(word) === program)
    if (at < 0) return []
    const end = words.indexOf('--', at)
    const own = words.slice(at + 1, end < 0 ? undefined : end)
    return [{ verb: own[verbAt(own)] ?? '', words: own }]
  })
}

/** What stands in `$(…)` and backticks. */
function substitutions(line: string): string[] {
  return [...line.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)].map(match => match[1] ?? match[2] ?? '')
}

/** Without its folder, and without the bracket of a subshell. */
function name(word: string): string {
  return word.split('/').at(-1)!.replace(/^\(+/, '')
}

function verbAt(words: readonly string[]): number {
  return words.findIndex((word, i) => !word.startsWith('-') && !valued.test(words[i - 1] ?? ''))
}

/** What follows the verb, as far as it is no option; the value of an option may be among it. */
export function argumentsOf({ words }: KubectlCall): string[] {
  return words.slice(verbAt(words) + 1).filter(word => !word.startsWith('-'))
}

/** Of an option under any of its names: `-n shop`, `-nshop`, `--namespace=shop`. */
export function optionOf({ words }: Pick<KubectlCall, 'words'>, ...names: readonly string[]): string | undefined {
  for (const [i, word] of words.entries())
    for (const name of names) {
      if (word === name) return words[i + 1]
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1)
      if (/^-\w$/.test(name) && word.startsWith(name)) return word.slice(2)
    }
  return undefined
}
