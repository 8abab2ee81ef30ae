/** When a condition that is looked at again and again has passed or failed. Pure: samples in, decision out. Times in ms. */

export interface Timing {
  readonly within: number
  readonly for: number
}

export interface Clocked {
  readonly startedAt: number
  /** Since when the condition has held without a break; absent: it does not hold. */
  readonly since?: number
}

/** `true`: holds, `false`: does not, `null`: could not look. */
export interface Sample {
  readonly at: number
  readonly holds: boolean | null
  /** The object itself says since when it has been so. */
  readonly heldSince?: number
}

export type Decision =
  | { readonly verdict: 'passed' | 'failed' | 'error' }
  | { readonly state: Clocked /** Decide again by then, whatever happens. */; readonly wakeAt: number }

/** `within: T, for: D`: true without a break for D, beginning at the latest at T. */
export function decide(timing: Timing, state: Clocked, sample: Sample): Decision {
  const deadline = state.startedAt + timing.within
  if (sample.holds === true) {
    const since = state.since ?? Math.min(sample.at, sample.heldSince ?? sample.at)
    if (sample.at - since >= timing.for) return { verdict: 'passed' }
    return { state: { ...state, since }, wakeAt: since + timing.for }
  }
  if (sample.at >= deadline) return { verdict: sample.holds === null ? 'error' : 'failed' }
  return { state: { startedAt: state.startedAt }, wakeAt: deadline }
}
