import type { Text } from './lab.ts'

/** Something that is wrong in a course's own files, with its place. */
export interface Problem {
  /** Relative to the folder that holds the course (`labs/todo-app/lab.yaml`), with forward slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  readonly severity: 'error' | 'warning'
  /** Stable: `unknown-field`, `capture-too-early`, … */
  readonly code: string
  /** One sentence. It already names the `fix`. */
  readonly message: Text
  /** What should stand there instead. */
  readonly fix?: string
}

/** By file, line and column; the same problem at the same place only once. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems
    .filter(({ file, line, column, code, message }) => {
      const key = [file, line, column, code, message.en].join('\n')
      return !seen.has(key) && seen.add(key)
    })
    .sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(each => each.severity === 'error')
}
