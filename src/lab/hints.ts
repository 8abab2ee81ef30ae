import type { Check, Hint, Step, Text } from './lab.ts'

export interface HintQuestion {
  /** Cause codes that were found, the most telling first. */
  readonly codes: readonly string[]
  /** Failed tries of the step. */
  readonly tries: number
  /** The learner asks: hints that wait for more tries count as well. */
  readonly asked?: boolean
}

/** Hints that fit, best first: those bound to a cause that was found, then the general ones in the order of the lab. */
export function fittingHints(hints: readonly Hint[], { codes, tries, asked }: HintQuestion): Text[] {
  const due = hints.filter(hint => asked || hint.after <= tries)
  const bound = codes.flatMap(code => due.filter(hint => hint.on.includes(code)))
  const general = due
    .filter(hint => hint.on.length === 0 || hint.on.includes('*'))
    .toSorted((a, b) => a.after - b.after)
  return [...new Set([...bound, ...general])].map(hint => hint.text)
}

/** A check's own hints come before those of its step. */
export function hintsOf(step: Step, check?: Check): Hint[] {
  return [...(check?.hints ?? []), ...step.hints]
}
