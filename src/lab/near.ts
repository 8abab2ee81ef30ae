/** Edit distance with neighbours swapped (optimal string alignment). */
export function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)])
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      rows[i]![j] = best
    }
  return rows[a.length]![b.length]!
}

/** The one of `known` that `word` was probably meant to be: at most two slips, fewer for short words. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 80) return undefined
  const limit = Math.min(2, Math.floor(Math.max(word.length, 2) / 2))
  let best: string | undefined
  let least = limit + 1
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue
    const apart = candidate.toLowerCase() === word.toLowerCase() ? 0 : distance(word, candidate)
    if (apart < least) [best, least] = [candidate, apart]
  }
  return best
}
