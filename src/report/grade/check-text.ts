import type { Grade } from '../../grade/gradebook.ts'
import type { Decision } from '../../grade/overrides.ts'
import type { CheckGrade } from '../../grade/result.ts'
import { differenceParts } from '../checks.ts'
import type { Teller } from '../teller.ts'
import { pointsText, short } from './about.ts'

export interface Row {
  readonly label: string
  readonly text: string
}

/** Who reads it: only an instructor gets to know how the grader reaches a machine. */
export type Audience = 'student' | 'instructor'

/** What stands under a check: what was looked at, the difference, the cause, what to try; and what a person said of it. */
export function checkRows(teller: Teller, grade: Grade, check: CheckGrade, audience: Audience): Row[] {
  const { say } = teller
  const award = grade.awards.get(`${check.step}/${check.id}`)
  const told = award ? [{ label: say.gradeReport.byPerson, text: short(said(award)) }] : []
  if (check.status === 'passed' || check.status === 'skipped') return told
  if (check.status === 'blocked')
    return [{ label: say.gradeReport.blockedWhy, text: waitsFor(teller, grade, check) }, ...told]
  return [...seenRows(teller, check, audience), ...told]
}

function said({ by, reason }: Decision): string {
  return reason === '' ? by : `${by}: ${reason}`
}

function waitsFor({ say, of }: Teller, { checks }: Grade, { blockedBy }: CheckGrade): string {
  const first = checks.find(check => `${check.step}/${check.id}` === blockedBy)
  const name = first ? of(first.title) : (blockedBy ?? '')
  return short(name === '' ? say.blocked : say.gradeReport.waitsFor(name))
}

function seenRows(
  teller: Teller,
  { status, subject, differences, cause, error }: CheckGrade,
  audience: Audience,
): Row[] {
  const { say, of } = teller
  const row = (label: string, text: string): Row => ({ label, text: short(text) })
  const seen = differences.slice(0, 3).flatMap(difference =>
    differenceParts(say, difference).map(({ label, at = '', text, near }) => {
      const words = `${short(at, 200)}${short(text, 1500)}`
      return row(label, near === undefined ? words : `${words} (${short(near, 200)})`)
    }),
  )
  return [
    ...(error && error.class !== 'manual' ? [row(say.gradeReport.errorWhy, errorText(teller, error, audience))] : []),
    ...(subject === '' ? [] : [row(say.lookedAt, subject)]),
    ...(status === 'error' ? [] : seen),
    ...(cause ? [row(say.whatHappened, of(cause.message)), row(say.tryNext, of(cause.advice))] : []),
  ]
}

function errorText({ say }: Teller, error: NonNullable<CheckGrade['error']>, audience: Audience): string {
  const meant = say.gradeReport.errors[error.class]
  return audience === 'student' || error.detail === '' ? meant : `${meant}: ${error.detail}`
}

/** The same as lines: the most telling one first, then the points. */
export function checkText(teller: Teller, grade: Grade, check: CheckGrade, audience: Audience): string {
  const { say } = teller
  const rows = checkRows(teller, grade, check, audience)
  const cause = check.cause ? short(teller.of(check.cause.message), 300) : undefined
  const seen = rows.find(({ label }) => label === say.seen)?.text
  const first =
    (check.error && check.error.class !== 'manual') || check.status === 'blocked' ? rows[0]?.text : (cause ?? seen)
  const told = first ?? statusText(teller, check)
  return [
    short(told.split('\n')[0]!, 300),
    pointsLine(teller, check),
    ...rows.map(each => `${each.label}: ${each.text}`),
  ].join('\n')
}

/** In a word or two. */
export function statusText({ say }: Teller, { status, error }: CheckGrade): string {
  return error?.class === 'manual' ? say.gradeReport.open : say.gradeReport.statuses[status]
}

export function pointsLine({ say }: Teller, { earned, points }: CheckGrade): string {
  const possible = pointsText(points)
  return earned === null ? say.gradeReport.pointsOpen(possible) : say.gradeReport.points(pointsText(earned), possible)
}
