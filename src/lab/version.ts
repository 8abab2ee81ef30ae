/** Versions of tools, and the ranges of `requires.tools`: `>=20.10`, `~1.33`, `^1.2`, `20`, `>=18 <25`, `*`. */

type Parts = readonly number[]

/** How a version stands to a range. */
export type Fit = 'fits' | 'too-old' | 'too-new'

/**
 * Every part of the range must hold. A range with fewer numbers speaks of all that begin so: `20` is any 20.x, `>1.2` is
 * 1.3 and up, as npm has it. What follows the numbers (`-rc.1`, `+dfsg1`) does not count. `null`: not a version, or not a range.
 */
export function fitOf(version: string, range: string): Fit | null {
  const have = numbers(version)
  if (!isVersionRange(range)) return null
  if (range.trim() === '*') return 'fits'
  if (have === null) return null
  for (const part of range.trim().split(/\s+/)) {
    const [, operator = '=', text = ''] = comparison.exec(part)!
    const want = numbers(text)!
    if (!holds(have, operator, want)) return compare(have, want) < 0 || operator === '>' ? 'too-old' : 'too-new'
  }
  return 'fits'
}

export function isVersionRange(range: string): boolean {
  const text = range.trim()
  return text === '*' || text.split(/\s+/).every(part => comparison.test(part))
}

const comparison = /^(>=|<=|>|<|=|~|\^)?v?(\d+(?:\.\d+){0,2})$/

function holds(have: Parts, operator: string, want: Parts): boolean {
  const beginning = compare(have.slice(0, want.length), want)
  switch (operator) {
    case '>=':
      return beginning >= 0
    case '>':
      return beginning > 0
    case '<=':
      return beginning <= 0
    case '<':
      return beginning < 0
    case '~':
      return beginning >= 0 && sameUntil(have, want, Math.min(want.length, 2))
    case '^':
      return beginning >= 0 && sameUntil(have, want, leading(want))
    default:
      return beginning === 0
  }
}

/** `^` lets everything change after the first number that is not zero. */
function leading(want: Parts): number {
  const index = want.findIndex(number => number > 0)
  return index < 0 ? want.length : index + 1
}

function sameUntil(have: Parts, want: Parts, length: number): boolean {
  return compare(have.slice(0, length), want.slice(0, length)) === 0
}

/** Missing numbers count as 0. */
function compare(a: Parts, b: Parts): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const apart = (a[i] ?? 0) - (b[i] ?? 0)
    if (apart !== 0) return apart
  }
  return 0
}

function numbers(version: string): Parts | null {
  const match = /\d+(\.\d+)*/.exec(version)
  return match ? match[0].split('.').map(Number) : null
}
