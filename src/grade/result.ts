import type { StepScore, Text } from '../lab/lab.ts'
import type { Sum } from '../lab/points.ts'
import type { StepStatus } from '../lab/progress.ts'
import type { Difference } from '../lab/verdict.ts'

/** What is known of one student's work after one look at it. Never changed; grades are made from it. */

/** `error`: it could not be looked at, which is never a zero. `partial`: seen, and partly right. */
export type CheckStatus = 'passed' | 'partial' | 'failed' | 'blocked' | 'skipped' | 'error'

/** `manual`: a person decides. `no-record`: it is over, and nobody kept that it was. `not-collected`: the evidence lacks it. */
export type ErrorClass =
  | 'target-unreachable'
  | 'auth'
  | 'timeout'
  | 'tool-missing'
  | 'check-bug'
  | 'limit'
  | 'cancelled'
  | 'manual'
  | 'no-record'
  | 'not-collected'

/**
 * `unreachable`: nothing could be looked at. `absent`: nothing was handed in or begun, which is not a zero either. `held`: a
 * person has to look at it first. Only of grades: `excused`, and `waiting`: the run has not looked yet.
 */
export type StudentState = 'graded' | 'incomplete' | 'unreachable' | 'absent' | 'excused' | 'held' | 'waiting'

/** `live`: the grader looked itself. `recorded`: it rests on what the student's machine says of the past, or handed in. */
export type EvidenceLevel = 'live' | 'recorded'

export interface CheckGrade {
  readonly id: string
  readonly step: string
  readonly title: Text
  readonly kind: string
  /** `hidden`: only the instructor has it; students see what all of these come to, and nothing else. */
  readonly visibility: 'visible' | 'hidden'
  readonly status: CheckStatus
  readonly points: number
  /** Exactly when the status is `error`: `null`. */
  readonly earned: number | null
  readonly bonus: boolean
  readonly required: boolean
  readonly evidence: EvidenceLevel
  readonly tookMs: number
  /** What was looked at, as the check names it. */
  readonly subject: string
  readonly differences: readonly Difference[]
  readonly cause: { readonly code: string; readonly message: Text; readonly advice: Text } | null
  /** Of `blocked`: `step/check` that has to pass first. */
  readonly blockedBy?: string
  /** Of `error`. */
  readonly error?: { readonly class: ErrorClass; readonly retryable: boolean; readonly detail: string }
}

/** How a step's points make up its grade, and what the student's record says of it. */
export interface StepGrade {
  readonly id: string
  readonly title: Text
  readonly score: StepScore
  /** As the record has it; `todo` where there is none. */
  readonly status: StepStatus
  readonly hints: number
  readonly tries: number
}

export interface Flag {
  readonly code: FlagCode
  /** `hold` keeps the student out of exports until a person releases it; none changes points. */
  readonly severity: 'info' | 'warn' | 'hold'
  readonly detail: string
}

export type FlagCode =
  | 'record-mismatch'
  | 'record-edited'
  | 'record-truncated'
  | 'other-student'
  | 'other-lab-version'
  | 'other-values'
  | 'same-machine'
  | 'no-workspace'
  | 'clock'
  | 'check-bug'
  | 'bundle-refused'

export interface Result {
  readonly schema: 'lab/result/v1'
  readonly runId: string
  readonly resultId: string
  readonly tool: { readonly name: string; readonly version: string }
  readonly course: string
  readonly assignment: string
  readonly lab: { readonly id: string; readonly digest: string }
  readonly student: { readonly id: string; readonly group: string | null }
  readonly target: {
    readonly kind: 'record' | 'local' | 'ssh'
    readonly label: string
    /** It still answered after everything was looked at. */
    readonly answers?: boolean
    readonly hostKey?: string
  }
  readonly evidence: { readonly level: EvidenceLevel; readonly collectedAt: string; readonly digest: string | null }
  readonly state: StudentState
  /** Counted from 1; 0 where there was none. */
  readonly attempt: number
  readonly times: {
    readonly startedAt: string | null
    /** When it was handed in, or looked at. The same in every later evaluation. */
    readonly submittedAt: string | null
    readonly gradedAt: string
    readonly collectMs: number
  }
  readonly steps: readonly StepGrade[]
  readonly checks: readonly CheckGrade[]
  readonly totals: Sum
  readonly flags: readonly Flag[]
  /** What tells one machine from another; of two students who have the same, one is not right. */
  readonly machines: readonly string[]
  /** Of `unreachable`, `absent` and a refused bundle: why. */
  readonly reason: Text | null
}
