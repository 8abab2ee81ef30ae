import type { Deduction, Grade } from '../../grade/gradebook.ts'
import type { Policy } from '../../grade/policy.ts'
import type { Teller } from '../teller.ts'
import { type GradeAbout, pointsText, short } from './about.ts'

export interface Line {
  readonly text: string
  /** Signed; `null`: it changes nothing by itself. */
  readonly points: number | null
}

/** How a grade came to be, in the order in which it was made; without the last line, the grade itself. */
export function explained(
  { say }: Teller,
  { assignment: { policy } }: Pick<GradeAbout, 'assignment'>,
  grade: Grade,
): Line[] {
  const { gradeReport: words } = say
  const { raw, deductions, override, final, daysLate, result } = grade
  const lines: Line[] = []
  if (result && grade.checks.length > 0) {
    const bonus = raw.bonus > 0 ? ` (${words.bonusWithin(pointsText(raw.bonus))})` : ''
    lines.push({ text: words.fromChecks + bonus, points: raw.earned })
    if (raw.ungraded > 0) lines.push({ text: words.ungradedStill(pointsText(raw.ungraded)), points: null })
    for (const each of deductions) lines.push({ text: deductionText(words, policy, each), points: -each.points })
    const unpriced = daysLate > 0 && !deductions.some(({ kind }) => kind === 'late' || kind === 'cutoff')
    if (unpriced) lines.push({ text: words.lateFree(daysLate), points: null })
    if (!override && final !== null) lines.push(...lastLines(words, raisedFrom(grade), policy.floor, final))
  }
  if (override) {
    const { value, by, reason } = override
    lines.push({ text: words.set(pointsText(value), short(by, 100), short(reason, 500)), points: null })
  }
  return lines
}

function deductionText(words: Teller['say']['gradeReport'], policy: Policy, { kind, count }: Deduction): string {
  const because = becauseOf(words, policy, kind)
  return because === '' ? words.deductions[kind](count) : `${words.deductions[kind](count)} (${because})`
}

function becauseOf({ because }: Teller['say']['gradeReport'], policy: Policy, kind: Deduction['kind']): string {
  const { late, hints, attempts, evidence } = policy
  const percent = (share: number) => pointsText(share * 100)
  if (kind === 'evidence') return because.evidence(percent(evidence.recordedCap))
  if (kind === 'solved' || kind === 'skipped') return because[kind](percent(policy[kind]))
  if (kind === 'hints') return hints ? because.hints(hints.free, pointsText(hints.cost)) : ''
  if (kind === 'attempts') return because.attempts(attempts.free, pointsText(attempts.penalty))
  return kind === 'late' && late ? because.late(percent(late.perDay), percent(late.max)) : ''
}

/** What is left of the points after all that was taken. */
export function raisedFrom({ raw, deductions }: Grade): number {
  return deductions.reduce((sum, { points }) => sum - Math.round(points * 1000), Math.round(raw.earned * 1000)) / 1000
}

function lastLines(words: Teller['say']['gradeReport'], left: number, floor: number, final: number): Line[] {
  if (left < floor) return [{ text: words.lowest, points: floor - left }]
  return pointsText(left) === pointsText(final) ? [] : [{ text: words.rounded, points: final - left }]
}
