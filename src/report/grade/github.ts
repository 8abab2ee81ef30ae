import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade } from '../../grade/result.ts'
import { type Annotation, annotation, plainCell } from '../github.ts'
import type { Teller } from '../teller.ts'
import { byState, firstWrong, type GradeAbout, pointsText, short, stateOrder } from './about.ts'
import { forStudents } from './for-students.ts'
import { reasonsOf } from './reasons.ts'

/** A summary takes 1 MiB, and less is easier to read. */
const mostRows = 200
const mostBytes = 900 * 1024
/** A step shows no more of a kind. */
const mostAnnotations = 10

/** Markdown for the summary of a job: ids, no names; who has no grade comes first. */
export function gradeMarkdown(teller: Teller, { assignment }: GradeAbout, grades: readonly Grade[]): string {
  const { student, state, grade, firstWrong: wrong, leftOutRows } = teller.say.gradeReport
  const head = [
    `### ${plainCell(short(assignment.title, 200))} (${plainCell(assignment.id)})`,
    '',
    countsText(teller, grades),
    '',
    `| ${student} | ${state} | ${grade} | ${wrong} |`,
    '| --- | --- | ---: | --- |',
  ]
  const rows = byState(grades)
    .slice(0, mostRows)
    .map(each => row(teller, each))
  let size = Buffer.byteLength(head.join('\n')) + 200
  const fits = rows.filter(each => (size += Buffer.byteLength(each) + 1) < mostBytes)
  const left = grades.length - fits.length
  return `${[...head, ...fits, ...(left > 0 ? ['', leftOutRows(left)] : [])].join('\n')}\n`
}

/** `183 graded, 4 not complete, 2 held`. */
export function countsText({ say }: Teller, grades: readonly Grade[]): string {
  const count = new Map(stateOrder.map(state => [state, grades.filter(grade => grade.state === state).length]))
  const order = ['graded', ...stateOrder.filter(state => state !== 'graded')] as const
  const counts = order
    .filter(state => count.get(state)! > 0)
    .map(state => `${say.gradeReport.states[state]} ${count.get(state)}`)
  return [say.gradeReport.students(grades.length), ...counts].join(' · ')
}

const marks = {
  graded: '✅',
  incomplete: '❔',
  unreachable: '🔌',
  waiting: '❔',
  absent: '➖',
  excused: '➖',
  held: '✋',
}

function row(teller: Teller, grade: Grade): string {
  const { say, of } = teller
  const { student, state, final, raw } = grade
  const wrong = firstWrong(forStudents(teller, grade))
  const score = final === null ? '' : `${pointsText(final)} / ${pointsText(raw.possible)}`
  const first = wrong ? `${plainCell(short(of(wrong.title), 120))} (${say.gradeReport.statuses[wrong.status]})` : ''
  return `| ${plainCell(short(student.id, 64))} | ${marks[state]} ${say.gradeReport.states[state]} | ${score} | ${first} |`
}

/**
 * Commands for the log of a workflow: an error for who could not be graded and for a check that is wrong, a warning for who
 * is held. A wrong answer is neither.
 */
export function gradeAnnotations(teller: Teller, about: GradeAbout, all: readonly Grade[]): string[] {
  const { say } = teller
  const grades = all.map(grade => forStudents(teller, grade))
  const title = about.assignment.id
  const of = (states: readonly Grade['state'][]) => grades.filter(({ state }) => states.includes(state))
  const told = (grade: Grade) =>
    `${grade.student.id}: ${say.gradeReport.states[grade.state]}: ${reasonsOf(teller, grade).join('; ')}`
  const bugs = checkBugs(grades).map(({ check, count }) => {
    const place = about.lab.file ? { file: about.lab.file, line: 1 } : {}
    const text = `${check.step}/${check.id}: ${say.gradeReport.checkBug(count)}: ${check.error!.detail}`
    return { place, text }
  })
  const ungraded = of(['incomplete', 'unreachable', 'waiting']).map(grade => ({ place: {}, text: told(grade) }))
  const held = of(['held']).map(grade => ({ place: {}, text: told(grade) }))
  const write = (severity: Annotation['severity'], all: readonly { place: object; text: string }[]) => {
    const shown = all.length > mostAnnotations ? all.slice(0, mostAnnotations - 1) : all
    const rest = all.length - shown.length
    const more = rest > 0 ? [{ place: {}, text: say.gradeReport.leftOutNotices(rest) }] : []
    return [...shown, ...more].map(({ place, text }) => annotation({ severity, ...place, title }, short(text, 500)))
  }
  return [...write('error', [...bugs, ...ungraded]), ...write('warning', held)]
}

/** Each check once, however many students it could not judge. */
function checkBugs(grades: readonly Grade[]): { check: CheckGrade; count: number }[] {
  const bugs = new Map<string, { check: CheckGrade; count: number }>()
  for (const check of grades.flatMap(grade => grade.checks)) {
    if (check.error?.class !== 'check-bug') continue
    const name = `${check.step}/${check.id}`
    bugs.set(name, { check: bugs.get(name)?.check ?? check, count: (bugs.get(name)?.count ?? 0) + 1 })
  }
  return [...bugs.values()]
}
