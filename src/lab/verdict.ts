import type { Json, Text } from './lab.ts'

/**
 * `passed`, `failed` (we saw the state and it is wrong), `error` (we could not look), `blocked` (a check that it needs
 * did not pass), `skipped`. There is no sixth.
 */
export type Verdict = 'passed' | 'failed' | 'error' | 'blocked' | 'skipped'

/** Facts that a cause rests on; shown to people and usable in hints. */
export type Evidence = Readonly<Record<string, string | number>>

/** Why we could not look: a cause code and its evidence. */
export interface Problem {
  readonly code: string
  readonly evidence: Evidence
}

/** Thrown by whatever looks at the machine when it cannot look. Never means that the state is wrong. */
export class CouldNotLook extends Error {
  override readonly name = 'CouldNotLook'
  readonly problem: Problem
  constructor(code: string, evidence: Evidence = {}, options?: ErrorOptions) {
    super(`could not look: ${code}`, options)
    this.problem = { code, evidence }
  }
}

/** What was read, raw, with its time (ms since the epoch). */
export type Observation =
  | { readonly at: number; readonly seen: Json }
  | { readonly at: number; readonly problem: Problem }

/** One place where what was seen differs from what was expected. */
export interface Difference {
  /** `ports.3000/tcp`, `instructions[2].EXPOSE`; empty for the whole object. */
  readonly path: string
  /** Absent: it should not be there. */
  readonly expected?: string
  /** Absent: it is not there. */
  readonly seen?: string
  /** It is as expected, but from before the step or lab began; it never was there, so it cannot be gone; any value will do. */
  readonly rule?: 'too-old' | 'never-existed' | 'must-exist'
  /** What the learner may have meant: a key, name or tag that is nearly the right one. */
  readonly near?: string
}

/** A cause that was found, ready to be shown. */
export interface FoundCause {
  readonly code: string
  readonly evidence: Evidence
  /** What is wrong, in one sentence. */
  readonly message: Text
  /** What to try next. */
  readonly advice: Text
  /** Nobody but the learner can repair it: waiting longer is of no use. */
  readonly final: boolean
  /** Time, ms, that it must have lasted before it is final. */
  readonly grace?: number
}

export interface CheckResult {
  readonly id: string
  readonly step: string
  readonly kind: string
  readonly title: Text
  readonly verdict: Verdict
  readonly cause: FoundCause | null
  /** Of `error`: why we could not look, as whoever looked said it. */
  readonly problem?: Problem
  readonly differences: readonly Difference[]
  /** What was looked at: `container getting-started`, `http://127.0.0.1:3000/`. */
  readonly subject: string
  readonly tookMs: number
  /** Of a check that failed: how much of it holds, from 0 to 1. */
  readonly share?: number
  readonly captures: Readonly<Record<string, Json>>
}
