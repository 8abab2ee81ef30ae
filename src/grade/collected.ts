import type { Text } from '../lab/lab.ts'
import type { Evidence } from './evidence.ts'
import type { EvidenceLevel, Flag, Result } from './result.ts'

/** What was brought home from one student: evidence of each attempt, or why there is none. */
export interface Collected {
  readonly schema: 'lab/collected/v1'
  readonly student: string
  /** ms since the epoch. */
  readonly at: number
  readonly target: Result['target']
  readonly level: EvidenceLevel
  readonly attempts: readonly Attempt[]
  /** Where there is no attempt. */
  readonly nothing?: { readonly state: 'unreachable' | 'absent' | 'held'; readonly reason: Text }
  /** Of what was handed in and could not be taken. */
  readonly flags: readonly Flag[]
}

export interface Attempt {
  /** ms since the epoch: handed in, or looked at. */
  readonly submittedAt: number
  readonly evidence: Evidence
}

export interface RunInfo {
  readonly id: string
  readonly assignment: string
  readonly course: string
  readonly lab: {
    readonly id: string
    /** Of everything that is graded by. */
    readonly digest: string
    /** Of what students have: the same but for hidden checks. */
    readonly shipped?: string
  }
  readonly tool: { readonly name: string; readonly version: string }
  /** ISO 8601. */
  readonly startedAt: string
}
