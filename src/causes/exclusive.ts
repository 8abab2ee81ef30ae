import type { Evidence } from '../lab/verdict.ts'
import type { Cause, Situation } from './cause.ts'

/**
 * Causes of which one situation may fit several, given in order of how much they explain: a pod whose image is missing is
 * also one that is not ready. Only the first that fits claims the situation.
 */
export function exclusive(causes: readonly Cause[]): readonly Cause[] {
  const known = new WeakMap<Situation, { readonly cause: Cause; readonly evidence: Evidence } | null>()
  const first = (situation: Situation) => {
    const before = known.get(situation)
    if (before !== undefined) return before
    for (const cause of causes) {
      const evidence = cause.find(situation)
      if (!evidence) continue
      const found = { cause, evidence }
      known.set(situation, found)
      return found
    }
    known.set(situation, null)
    return null
  }
  return causes.map(cause => ({
    ...cause,
    find(situation) {
      const found = first(situation)
      return found?.cause === cause ? found.evidence : null
    },
  }))
}
