import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade } from '../../grade/result.ts'
import { plainCell } from '../github.ts'
import type { Teller } from '../teller.ts'
import { type GradeAbout, pointsText, short, shownChecks, shownSteps } from './about.ts'
import { checkText, pointsLine } from './check-text.ts'
import { explained, raisedFrom } from './explain.ts'
import { forStudents } from './for-students.ts'

/**
 * `results.json` of one student, or `null`: nothing may be written, so that the platform says that the grader failed and no
 * attempt is lost. With `partial`, what is incomplete is written with a banner, and not shown until it is published. What
 * nobody could look at has no score there, since a test of it can only be right or wrong.
 */
export function gradescope(
  teller: Teller,
  about: GradeAbout,
  grade: Grade,
  onIncomplete: 'fail' | 'partial',
): string | null {
  const { state, final, result } = grade
  const partial = state === 'incomplete' && onIncomplete === 'partial'
  if (final === null && !partial) return null
  const score = final ?? Math.max(raisedFrom(grade), about.assignment.policy.floor)
  const steps = shownSteps(forStudents(teller, grade))
  const tests = steps.flatMap(({ checks }, stepIndex) =>
    checks
      .filter(({ status }) => status !== 'skipped')
      .flatMap((check, index) => {
        const { id, title, status } = check
        const named = { name: short(teller.of(title), 200) || id, number: `${stepIndex + 1}.${index + 1}` }
        const visibility = 'visible'
        if (check.visibility === 'hidden')
          return [{ ...named, output: pointsLine(teller, check), visibility }, ...hiddenTests(grade, stepIndex)]
        const output = status === 'passed' ? {} : { output: checkText(teller, grade, check, 'student') }
        return [{ ...named, ...pointsOf(check), ...output, visibility, extra_data: factsOf(check) }]
      }),
  )
  const took = (result?.times.collectMs ?? 0) / 1000
  const document = {
    score,
    execution_time: took,
    output: [
      ...(partial ? [`**${teller.say.gradeReport.banner}**`, ''] : []),
      ...table(teller, about, grade, score),
    ].join('\n'),
    ...{ output_format: 'md', test_output_format: 'text', test_name_format: 'text' },
    visibility: partial ? 'after_published' : 'visible',
    tests,
    extra_data: {
      ...{
        runId: short(about.runId, 100),
        labDigest: short(about.lab.digest, 200),
        assignment: about.assignment.id,
        state,
      },
      resultId: short(result?.resultId ?? '', 100),
    },
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

/** For the instructor alone, and still by nothing but their ids: the points, of which students see the sum. */
function hiddenTests(grade: Grade, stepIndex: number) {
  return shownChecks(grade)
    .filter(({ visibility, status }) => visibility === 'hidden' && status !== 'skipped')
    .map((check, index) => ({
      ...{ name: `${check.step}/${check.id}`, number: `${stepIndex + 1}.${index + 2}` },
      ...{ ...pointsOf(check), visibility: 'hidden', extra_data: factsOf(check) },
    }))
}

function pointsOf({ earned, points, status }: CheckGrade) {
  return earned === null ? {} : { score: earned, max_score: points, status: status === 'passed' ? status : 'failed' }
}

function factsOf({ id, step, status, evidence }: CheckGrade) {
  return { checkId: `${step}/${id}`, status, evidence }
}

function table(teller: Teller, about: GradeAbout, grade: Grade, score: number): string[] {
  const { howItCame, grade: total } = teller.say.gradeReport
  const rows = explained(teller, about, grade).map(({ text, points }) => {
    return `| ${plainCell(text)} | ${points === null ? '' : pointsText(points)} |`
  })
  return [`| ${howItCame} | |`, '| --- | ---: |', ...rows, `| ${total} | ${pointsText(score)} |`]
}
