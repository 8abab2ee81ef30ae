/** What an assignment makes of points, applied when a grade is shown and never stored: a change of mind costs nothing. */
export interface Policy {
  readonly late?: LatePolicy
  readonly hints?: HintPolicy
  readonly attempts: AttemptPolicy
  readonly evidence: EvidencePolicy
  /** Share (0 to 1) that the points of a step keep which the tool did for the student. */
  readonly solved: number
  /** The same of a step that the student left out, and whose checks hold all the same. */
  readonly skipped: number
  /** What a look that took too long on a machine that answers otherwise is worth: nothing, or a new look. */
  readonly onTimeout: 'failed' | 'error'
  /** Digits after the point. */
  readonly round: number
  /** No grade of work that was looked at is lower. */
  readonly floor: number
}

export interface LatePolicy {
  /** After the due time, ms, without consequence. */
  readonly grace: number
  /** Share (0 to 1) of the grade lost for each day that was begun. */
  readonly perDay: number
  /** The most that is lost, as a share. */
  readonly max: number
  /** After the due time, ms: nothing counts any more. */
  readonly cutoff?: number
}

export interface HintPolicy {
  /** Points for each hint beyond the free ones. */
  readonly cost: number
  readonly free: number
  /** The most points that hints cost. */
  readonly max?: number
}

export interface AttemptPolicy {
  readonly count: 'best' | 'last' | 'first'
  readonly free: number
  /** Points for each attempt beyond the free ones. */
  readonly penalty: number
}

export interface EvidencePolicy {
  /** `live`: what rests on records only is worth less. */
  readonly min: 'live' | 'recorded'
  /** Share (0 to 1) of the points that a check earns on less than `min`. */
  readonly recordedCap: number
}

export const plainPolicy: Policy = {
  attempts: { count: 'last', free: Number.POSITIVE_INFINITY, penalty: 0 },
  evidence: { min: 'recorded', recordedCap: 1 },
  solved: 1,
  skipped: 1,
  onTimeout: 'failed',
  round: 2,
  floor: 0,
}
