import type { Assignment, Grade } from '../../grade/gradebook.ts'
import type { CheckGrade, StepGrade, StudentState } from '../../grade/result.ts'
import type { Text } from '../../lab/lab.ts'
import { withoutEscapes } from '../plain-text.ts'

/** What all reports of one assignment have in common. */
export interface GradeAbout {
  readonly course: string
  readonly tool: { readonly name: string; readonly version: string }
  readonly runId: string
  readonly assignment: Assignment
  readonly lab: {
    readonly id: string
    readonly digest: string
    /** Its lab.yaml, from the root of the repository. */
    readonly file?: string
  }
  /** Points of the lab without bonus. */
  readonly possible: number
  /** When the reports are made, ms since the epoch. */
  readonly at: number
  /** IANA name; times for people are given in it. */
  readonly timezone: string
  /** To whom, how and until when one objects; shown beside what is said anyway. */
  readonly appeal?: Text
}

/** In this order a person wants to see them. */
export const stateOrder: readonly StudentState[] = [
  'held',
  'incomplete',
  'unreachable',
  'waiting',
  'absent',
  'graded',
  'excused',
]

export function byState(grades: readonly Grade[]): Grade[] {
  return grades.toSorted((a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state))
}

/** What has to be seen by a person first is not shown to the student, nor is it counted. */
export function shownChecks({ state, checks }: Grade): readonly CheckGrade[] {
  return state === 'held' || state === 'excused' ? [] : checks
}

export function shownSteps(grade: Grade): { readonly step: StepGrade; readonly checks: readonly CheckGrade[] }[] {
  const checks = shownChecks(grade)
  return (grade.result?.steps ?? [])
    .map(step => ({ step, checks: checks.filter(check => check.step === step.id) }))
    .filter(each => each.checks.length > 0)
}

/** The first of a student's checks that did not pass, in the order of the lab. */
export function firstWrong(grade: Grade): CheckGrade | undefined {
  return shownSteps(grade)
    .flatMap(({ checks }) => checks)
    .find(({ status }) => status !== 'passed' && status !== 'skipped')
}

/** To the thousandth, in which sums are made: what is shown adds up. */
export function pointsText(points: number): string {
  return String(Math.round(points * 1000) / 1000)
}

/** `2026-03-01 21:00 (Asia/Seoul)`: the same in every language and with every version of Node. */
export function whenText({ timezone }: GradeAbout, at: number | string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: timezone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  })
  const parts = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return `${parts['year']}-${parts['month']}-${parts['day']} ${parts['hour']}:${parts['minute']} (${timezone})`
}

/** Text from a machine, a student or a roster: harmless, and never so long that it hides the rest. */
export function short(text: string, most = 2000): string {
  // What is stripped may be longer than what is kept.
  const clean = withoutEscapes(text.slice(0, most * 4))
  const cut = clean.length > most || text.length > most * 4
  return cut ? `${withoutEscapes(clean.slice(0, most - 1))}…` : clean
}
