import type { CheckResult, Difference, FoundCause, Verdict } from '../lab/verdict.ts'
import { harmless } from '../terminal/safe.ts'
import { columns } from '../terminal/width.ts'
import type { Messages } from '../text/index.ts'
import type { News } from './news.ts'
import { inline, labelled, labelledValue, marked, type Teller } from './teller.ts'

/** One check as people read it: the mark and title, and where it did not pass what was looked at, the difference, the cause, what to try. */
export function checkLines(teller: Teller, result: CheckResult): string[] {
  const { say, of } = teller
  const lines = [marked(teller, result.verdict, titleOf(teller, result.verdict, of(result.title)))]
  if (result.verdict === 'passed' || result.verdict === 'skipped' || result.verdict === 'blocked') return lines
  const width = widest(teller)
  lines.push(labelledValue(teller, say.lookedAt, harmless(result.subject), 4, width))
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
    labelledValue(teller, say.whatHappened, paint.strong(inline(teller, of(cause.message))), indent, width),
    labelled(teller, say.tryNext, of(cause.advice), indent, width),
  ]
}

function differenceLines(teller: Teller, difference: Difference, width: number): string[] {
  const { paint, say } = teller
  return differenceParts(say, difference).map(({ label, at, text, near }) => {
    const suffix = near === undefined ? '' : ` ${paint.warn(`(${near})`)}`
    return labelledValue(teller, label, `${at === undefined ? '' : paint.code(at)}${text}${suffix}`, 4, width)
  })
}

export interface DifferencePart {
  readonly label: string
  /** The place, with a space after it. */
  readonly at?: string
  readonly text: string
  readonly near?: string
}

/** What people read of a difference: what was expected, and what was seen; without anything that steers a terminal. */
export function differenceParts(say: Messages, { path, expected, seen, near, rule }: Difference): DifferencePart[] {
  if (rule === 'never-existed') return [{ label: say.seen, text: say.neverExisted }]
  if (rule === 'too-old')
    return [{ label: say.seen, text: say.tooOld(localTime(expected ?? ''), localTime(seen ?? '', expected ?? '')) }]
  const at = path === '' ? '' : `${harmless(path)} `
  const wanted = rule === 'must-exist' ? say.anyValue : harmless(expected ?? say.unwanted)
  const meant = near ? { near: say.near(harmless(near)) } : {}
  return [
    { label: say.expected, at, text: wanted },
    { label: say.seen, text: harmless(seen ?? say.missing), ...meant },
  ]
}

/** By the clock on the wall; with its date where that is another day than `besides`. */
export function localTime(time: string, besides = time): string {
  const [at, other] = [new Date(time), new Date(besides)]
  if (Number.isNaN(at.getTime())) return harmless(time)
  const two = (number: number) => String(number).padStart(2, '0')
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  if (at.toDateString() === other.toDateString()) return clock
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`
}

function widest({ say }: Teller): number {
  return Math.max(...[say.lookedAt, say.expected, say.seen, say.whatHappened, say.tryNext].map(columns))
}
