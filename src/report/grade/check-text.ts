import type { CheckGrade } from '../../grade/result.ts'
import type { Text } from '../../lab/lab.ts'
import { differenceParts } from '../checks.ts'
import type { Teller } from '../teller.ts'
import { pointsText, short } from './about.ts'

export interface Row {
  readonly label: string
  readonly text: string
}

/** Who reads it: only an instructor gets to know how the grader reaches a machine. */
export type Audience = 'student' | 'instructor'

/** What stands under a check that is not right: what was looked at, the difference, the cause, what to try. */
export function checkRows(
  teller: Teller,
  check: CheckGrade,
  audience: Audience,
  titleOf: (name: string) => Text | undefined,
): Row[] {
  const { say } = teller
  const row = (label: string, text: string): Row => ({ label, text: short(text) })
  const { status, subject, differences, cause } = check
  if (status === 'passed' || status === 'skipped') return []
  if (status === 'blocked') {
    const first = check.blockedBy ? titleOf(check.blockedBy) : undefined
    const name = first ? teller.of(first) : (check.blockedBy ?? '')
    return [row(say.grade.blockedWhy, name ? say.grade.waitsFor(name) : say.blocked)]
  }
  const seen = differences.slice(0, 3).flatMap(difference =>
    differenceParts(say, difference).map(({ label, at = '', text, near }) => {
      const words = `${short(at, 200)}${short(text, 1500)}`
      return row(label, near === undefined ? words : `${words} (${short(near, 200)})`)
    }),
  )
  return [
    ...(check.error && check.error.class !== 'manual'
      ? [row(say.grade.errorWhy, errorText(teller, check.error, audience))]
      : []),
    ...(subject === '' ? [] : [row(say.lookedAt, subject)]),
    ...(status === 'error' ? [] : seen),
    ...(cause ? [row(say.whatHappened, teller.of(cause.message)), row(say.tryNext, teller.of(cause.advice))] : []),
  ]
}

function errorText({ say }: Teller, error: NonNullable<CheckGrade['error']>, audience: Audience): string {
  const meant = say.grade.errors[error.class]
  return audience === 'student' || error.detail === '' ? meant : `${meant}: ${error.detail}`
}

/** The same as lines: the most telling one first, then the points. */
export function checkText(
  teller: Teller,
  check: CheckGrade,
  audience: Audience,
  titleOf: (name: string) => Text | undefined,
): string {
  const { say } = teller
  const rows = checkRows(teller, check, audience, titleOf)
  const cause = check.cause ? short(teller.of(check.cause.message), 300) : undefined
  const seen = rows.find(({ label }) => label === say.seen)?.text
  const first = check.error || check.status === 'blocked' ? rows[0]?.text : (cause ?? seen)
  const told = first ?? statusText(teller, check)
  return [
    short(told.split('\n')[0]!, 300),
    pointsLine(teller, check),
    ...rows.map(each => `${each.label}: ${each.text}`),
  ].join('\n')
}

/** In a word or two. */
export function statusText({ say }: Teller, { status, error }: CheckGrade): string {
  return error?.class === 'manual' ? say.grade.open : say.grade.statuses[status]
}

export function pointsLine({ say }: Teller, { earned, points }: CheckGrade): string {
  const possible = pointsText(points)
  return earned === null ? say.grade.pointsOpen(possible) : say.grade.points(pointsText(earned), possible)
}

export function titlesOf(checks: readonly CheckGrade[]): (name: string) => Text | undefined {
  const titles = new Map(checks.map(check => [`${check.step}/${check.id}`, check.title]))
  return name => titles.get(name)
}
