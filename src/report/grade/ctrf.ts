import type { Grade } from '../../grade/gradebook.ts'
import { uuidOf } from '../../lab/uuid.ts'
import { type CtrfTest, ctrf } from '../ctrf.ts'
import type { Teller } from '../teller.ts'
import { type GradeAbout, short } from './about.ts'
import { casesOf, type GradeCase } from './cases.ts'

/** One document for one student. */
export function gradeCtrf(teller: Teller, about: GradeAbout, grade: Grade): string {
  const { lab, course, assignment, runId, tool } = about
  const { student, state, raw, final, result, daysLate } = grade
  const cases = casesOf(teller, grade)
  const start = result ? Date.parse(result.evidence.collectedAt) : about.at
  const took = cases.reduce((sum, { check }) => sum + (check?.tookMs ?? 0), 0)
  const tests = cases.map((each): CtrfTest => {
    const { id, title, outcome, status, step, check, text } = each
    return {
      id: uuidOf(lab.id, step?.id ?? '', id),
      name: title === '' ? id : title,
      ...{ status: outcome === 'error' ? 'other' : outcome, rawStatus: status, start, duration: check?.tookMs ?? 0 },
      suite: [lab.id, ...(step ? [step.id] : [])],
      ...(outcome === 'passed' ? {} : { message: text.split('\n')[0]!, trace: text }),
      ...(lab.file ? { filePath: short(lab.file, 500) } : {}),
      extra: { 'lab.grade': factsOf(each) },
    }
  })
  const money = {
    ...{ state, score: final, earned: raw.earned, possible: raw.possible, ungraded: raw.ungraded, bonus: raw.bonus },
    deductions: grade.deductions.map(({ kind, points, count }) => ({ kind, points, count })),
    ...{ daysLate, overridden: grade.override !== null },
  }
  return ctrf({
    reportId: uuidOf(runId, assignment.id, student.id),
    ...{ tool, start, stop: start + took, tests },
    environment: {
      reportName: short(`${course}/${assignment.id}/${student.id}`, 300),
      ...{ appName: lab.id, appVersion: short(lab.digest, 200) },
      healthy: cases.every(each => each.outcome !== 'error'),
      extra: {
        'lab.grade': { studentId: student.id, runId: short(runId, 100), resultId: short(result?.resultId ?? '', 100) },
      },
    },
    extra: { 'lab.grade': state === 'held' ? { state } : money },
  })
}

function factsOf({ id, check }: GradeCase) {
  if (!check) return { checkId: id }
  const { points, earned, bonus, required, kind, evidence, error, blockedBy, cause } = check
  return {
    ...{ checkId: id, kind: short(kind, 100), points, earned, bonus, required, evidence },
    ...(error ? { error: error.class } : {}),
    ...(blockedBy ? { blockedBy } : {}),
    ...(cause ? { cause: cause.code } : {}),
  }
}
