import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade, StepGrade } from '../../grade/result.ts'
import type { Teller } from '../teller.ts'
import { pointsText, short, shownSteps } from './about.ts'
import { checkText, pointsLine } from './check-text.ts'
import { forStudents } from './for-students.ts'

/** One line of a test report: a check, or a student of whom there is none to show. */
export interface GradeCase {
  readonly step: StepGrade | null
  readonly check: CheckGrade | null
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'pending' | 'error'
  /** Our own word for it. */
  readonly status: string
  /** The class of an error, or the code of the cause. */
  readonly type: string
  readonly text: string
}

/** Ids only: neither names nor addresses of students. */
export function casesOf(teller: Teller, grade: Grade): GradeCase[] {
  const cases = shownSteps(forStudents(teller, grade)).flatMap(({ step, checks }) =>
    checks.map((check): GradeCase => {
      const { id, title, status } = check
      return {
        ...{ step, check, id, status, title: short(teller.of(title), 200) },
        outcome: outcomes[status],
        type: check.error?.class ?? (status === 'partial' ? 'Partial' : (check.cause?.code ?? 'difference')),
        text:
          status === 'passed' || status === 'skipped'
            ? pointsLine(teller, check)
            : checkText(teller, grade, check, 'instructor'),
      }
    }),
  )
  return cases.length > 0 ? cases : [whole(teller, grade)]
}

const outcomes = {
  passed: 'passed',
  partial: 'failed',
  failed: 'failed',
  blocked: 'skipped',
  skipped: 'skipped',
  error: 'error',
} as const

function whole({ say, of }: Teller, { state, result, final }: Grade): GradeCase {
  const { states, grade } = say.gradeReport
  const reason = state === 'unreachable' && result?.reason ? `: ${of(result.reason)}` : ''
  const score = final === null ? '' : `: ${pointsText(final)}`
  return {
    ...{ step: null, check: null, id: 'grade', title: grade, status: state },
    outcome: wholeOutcomes[state],
    type: state === 'unreachable' ? 'target-unreachable' : state,
    text: short(`${states[state]}${reason}${score}`),
  }
}

const wholeOutcomes = {
  graded: 'passed',
  incomplete: 'error',
  unreachable: 'error',
  waiting: 'error',
  absent: 'pending',
  excused: 'skipped',
  held: 'pending',
} as const
