import { writeCsv } from '../../grade/csv.ts'
import type { Deduction, Grade } from '../../grade/gradebook.ts'
import { short } from './about.ts'

/** Our own: a row for each student, graded or not. Columns are only ever added. */
const columns = [
  ...[
    'id',
    'state',
    'earned',
    'possible',
    'ungraded',
    'hint_penalty',
    'late_days',
    'late_penalty',
    'override',
    'final',
  ],
  ...['evidence', 'flags', 'submitted_at', 'graded_at', 'run_id'],
  ...['evidence_penalty', 'solved_penalty', 'skipped_penalty', 'attempts_penalty', 'attempt'],
] as const

/** `wide`: and a column for each check, empty where there are no points yet. */
export function gradebookCsv(grades: readonly Grade[], { wide = false }: { readonly wide?: boolean } = {}): string {
  const checks = wide ? checkNames(grades) : []
  const rows = grades.map(grade => {
    const own = new Map(grade.checks.map(check => [`${check.step}/${check.id}`, check.earned ?? '']))
    return [...plainCells(grade), ...checks.map(name => own.get(name) ?? '')]
  })
  return writeCsv([[...columns, ...checks], ...rows])
}

/** In the order of the lab, also where no student has all of them. */
export function checkNames(grades: readonly Grade[]): string[] {
  return [...new Set(grades.flatMap(({ checks }) => checks.map(check => `${check.step}/${check.id}`)))]
}

function plainCells(grade: Grade): (string | number)[] {
  const { student, state, raw, result, override, final, daysLate } = grade
  const lost = (...kinds: Deduction['kind'][]) =>
    grade.deductions.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { points }) => sum + points, 0)
  const levels = new Set(grade.checks.map(check => check.evidence))
  return [
    ...[student.id, state, ...(grade.checks.length > 0 ? [raw.earned, raw.possible, raw.ungraded] : ['', '', ''])],
    ...[lost('hints'), daysLate, lost('late', 'cutoff'), override?.value ?? '', final ?? ''],
    [...levels].sort().join('+'),
    short((result?.flags ?? []).map(({ code }) => code).join(' ')),
    ...[result?.times.submittedAt ?? '', result?.times.gradedAt ?? '', result?.runId ?? ''].map(text =>
      short(text, 100),
    ),
    ...[lost('evidence'), lost('solved'), lost('skipped'), lost('attempts'), result?.attempt ?? ''],
  ]
}
