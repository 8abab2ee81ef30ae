import type { CheckResult, Difference, FoundCause, Verdict } from '../lab/verdict.ts'
import { harmless } from '../terminal/safe.ts'
import { columns } from '../terminal/width.ts'
import type { News } from './news.ts'
import { inline, labelled, marked, type Teller } from './teller.ts'

/** One check as people read it: the mark and title, and where it did not pass what was looked at, the difference, the cause, what to try. */
export function checkLines(teller: Teller, result: CheckResult): string[] {
  const { say, of } = teller
  const lines = [marked(teller, result.verdict, titleOf(teller, result.verdict, of(result.title)))]
  if (result.verdict === 'passed' || result.verdict === 'skipped' || result.verdict === 'blocked') return lines
  const width = widest(teller)
  lines.push(labelled(teller, say.lookedAt, harmless(result.subject), 4, width))
  if (result.verdict === 'failed')
    for (const difference of result.differences.slice(0, 3)) lines.push(...differenceLines(teller, difference, width))
  if (result.cause) lines.push(...causeLines(teller, result.cause, 4, width))
  return lines
}

/** Why a check does not pass yet. */
export function newsLines(teller: Teller, { title, cause, differences }: News): string[] {
  const width = widest(teller)
  return [
    marked(teller, 'waiting', teller.of(title)),
    ...differences.slice(0, 3).flatMap(difference => differenceLines(teller, difference, width)),
    ...causeLines(teller, cause, 4, width),
  ]
}

function titleOf({ say, paint }: Teller, verdict: Verdict, title: string): string {
  if (verdict === 'blocked') return paint.faint(`${title}: ${say.blocked}`)
  return verdict === 'error' ? `${title}: ${say.couldNotLook}` : title
}

export function causeLines(teller: Teller, cause: FoundCause, indent: number, width = widest(teller)): string[] {
  const { say, of, paint } = teller
  return [
    labelled(teller, say.whatHappened, paint.strong(inline(teller, of(cause.message))), indent, width),
    labelled(teller, say.tryNext, of(cause.advice), indent, width),
  ]
}

function differenceLines(teller: Teller, difference: Difference, width: number): string[] {
  const { say, paint } = teller
  const { path, expected, seen, near, rule } = difference
  if (rule === 'never-existed') return [labelled(teller, say.seen, say.neverExisted, 4, width)]
  if (rule === 'too-old') return [labelled(teller, say.seen, say.tooOld(expected ?? '', seen ?? ''), 4, width)]
  const at = path === '' ? '' : `${path} `
  const suffix = near ? ` ${paint.warn(`(${say.near(harmless(near))})`)}` : ''
  return [
    labelled(
      teller,
      say.expected,
      `${paint.code(at)}${rule === 'must-exist' ? say.anyValue : harmless(expected ?? say.unwanted)}`,
      4,
      width,
    ),
    labelled(teller, say.seen, `${harmless(seen ?? say.missing)}${suffix}`, 4, width),
  ]
}

function widest({ say }: Teller): number {
  return Math.max(...[say.lookedAt, say.expected, say.seen, say.whatHappened, say.tryNext].map(columns))
}
