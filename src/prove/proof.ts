import type { FilePlace } from '../format/places.ts'
import type { Text } from '../lab/lab.ts'
import type { RunEvent } from '../run/events.ts'

/** What a proof of labs consists of, as reports and tests see it. */

/** What is tried of a lab, in this order; those of a step for each step. */
export const parts = [
  'files',
  'ready',
  'needs',
  'before',
  'mistakes',
  'solution',
  'reset',
  'near-misses',
  'again',
  'clean',
] as const
export type Part = (typeof parts)[number]

/** Parts that may be left out. */
export const choosable = ['before', 'mistakes', 'near-misses', 'reset'] as const

/**
 * `failed`: the lab is wrong. `error`: it could not be tried, so nothing is known. `skipped`: not reached, because of one
 * before it.
 */
export type TrialVerdict = 'passed' | 'failed' | 'error' | 'skipped'

/** One thing that was tried. */
export interface Trial {
  readonly lab: string
  /** Absent: of the whole lab. */
  readonly step?: string
  readonly part: Part
  /** The mistake that was made. */
  readonly name?: string
  /** Of near misses: how many were played. */
  readonly tried?: number
  readonly verdict: TrialVerdict
  readonly findings: readonly Finding[]
  /** ms since the epoch. */
  readonly at: number
  readonly tookMs: number
}

/** Something an author should look at, with its place in the lab's files. */
export interface Finding extends FilePlace {
  /** Stable: `passes-before`, `left-behind`, … */
  readonly code: string
  /** Only an error makes the proof fail. */
  readonly severity: 'error' | 'warning'
  /** Nothing is wrong with the lab as far as is known: it could not be looked at, or this machine lacks something. */
  readonly blind?: true
  readonly lab: string
  readonly step?: string
  /** The check, command or mistake. */
  readonly about?: string
  readonly message: Text
  /** What was seen, a line each. */
  readonly details: readonly Text[]
}

export interface LabProof {
  readonly lab: string
  /** Its lab.yaml, from the folder that holds the course. */
  readonly file: string
  readonly title: Text
  readonly trials: readonly Trial[]
  readonly at: number
  readonly tookMs: number
}

export type ProofEvent = { readonly at: number; readonly lab: string; readonly step?: string } & (
  | { readonly event: 'proof.lab-started'; readonly title: Text; readonly number: number; readonly of: number }
  | { readonly event: 'proof.trial-started'; readonly part: Part; readonly name?: string }
  | { readonly event: 'proof.trial-finished'; readonly trial: Trial }
  | { readonly event: 'proof.lab-finished'; readonly verdict: TrialVerdict; readonly tookMs: number }
)

/** What the lab itself tells meanwhile comes between. */
export type ProofListen = (event: ProofEvent | RunEvent) => void

export function findingsOf(proofs: readonly LabProof[]): Finding[] {
  return proofs.flatMap(proof => proof.trials.flatMap(trial => trial.findings))
}

/** Wrong, if anything is; else unknown, if anything is. */
export function verdictOf(trials: readonly Pick<Trial, 'verdict'>[]): TrialVerdict {
  const has = (verdict: TrialVerdict) => trials.some(trial => trial.verdict === verdict)
  if (has('failed')) return 'failed'
  if (has('error')) return 'error'
  return has('skipped') || trials.length === 0 ? 'skipped' : 'passed'
}

export function verdictFrom(findings: readonly Finding[]): TrialVerdict {
  const errors = findings.filter(finding => finding.severity === 'error')
  if (errors.some(finding => !finding.blind)) return 'failed'
  return errors.length > 0 ? 'error' : 'passed'
}
