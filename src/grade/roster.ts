import { nearest } from '../lab/near.ts'
import type { Problem } from '../lab/problem.ts'
import { parseDuration } from '../lab/units.ts'
import { type CsvProblem, parseCsv } from './csv.ts'
import { flawOf, type Override } from './overrides.ts'

/** One row of `roster.csv`. Whoever a result is of, is said here and nowhere else. */
export interface Student {
  /** A file name and a key: `^[A-Za-z0-9._-]{1,64}$`. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly section: string
  readonly group: string
  readonly status: 'active' | 'excused' | 'dropped'
  /** Added to the due time, ms. */
  readonly extraTime: number
  /** All columns as they stand, those that we do not know as well. */
  readonly columns: Readonly<Record<string, string>>
}

export interface Roster {
  readonly columns: readonly string[]
  /** Without the rows that have a problem. */
  readonly students: readonly Student[]
  readonly problems: readonly Problem[]
}

const statuses = ['active', 'excused', 'dropped'] as const

/** A dot alone would be a folder. */
export function isStudentId(id: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(id) && !/^\.+$/.test(id)
}

/** `file`: as people are told of it. */
export function readRoster(text: string, file: string): Roster {
  const { header, rows, problems: broken } = parseCsv(text)
  const problems = broken.map(each => problemOf(file, each))
  const report = reporterOf(file, problems)
  // Split wrongly, everything else is wrong as well.
  const separator = problems.filter(each => each.code === 'csv-separator')
  if (separator.length > 0) return { columns: header, students: [], problems: separator }
  if (header.length > 0 && !header.includes('id')) {
    const other = header.find(name => name.toLowerCase() === 'id') ?? nearest('id', header)
    const [ko, en] = other
      ? [` \`${other}\` 열의 이름을 \`id\`로 바꾸세요.`, ` Rename \`${other}\` to \`id\`.`]
      : ['', '']
    report(1, 'no-column', { ko: `\`id\` 열이 없어요.${ko}`, en: `there is no column \`id\`.${en}` })
    return { columns: header, students: [], problems }
  }
  const lines = new Map<string, number>()
  const students: Student[] = []
  for (const { line, cells } of rows) {
    const id = (cells['id'] ?? '').trim()
    const status = (cells['status'] ?? '').trim().toLowerCase() || 'active'
    const extraTime = extra((cells['extra_time'] ?? '').trim())
    const before = lines.get(id)
    if (!isStudentId(id))
      report(line, 'bad-student-id', {
        ko: `학생 id는 영문, 숫자, \`.\`, \`_\`, \`-\`로 64자까지예요: ${short(id)}`,
        en: `a student id has letters, digits, \`.\`, \`_\` and \`-\`, at most 64: ${short(id)}`,
      })
    else if (before !== undefined)
      report(line, 'duplicate-student', {
        ko: `이미 있는 학생이에요 (${before}번째 줄): ${id}`,
        en: `the student ${id} is there already, on line ${before}`,
      })
    else if (!(statuses as readonly string[]).includes(status))
      report(
        line,
        'bad-status',
        {
          ko: `status는 active, excused, dropped 중 하나예요: ${short(status)}`,
          en: `status is active, excused or dropped, not ${short(status)}`,
        },
        nearest(status, statuses),
      )
    else if (extraTime === null)
      report(line, 'bad-duration', {
        ko: 'extra_time은 `30m`, `24h`처럼 써요',
        en: 'extra_time looks like 30m or 24h',
      })
    else {
      const cell = (name: string) => (cells[name] ?? '').trim()
      const known = { name: cell('name'), email: cell('email'), section: cell('section'), group: cell('group') }
      students.push({ id, ...known, status: status as Student['status'], extraTime, columns: cells })
    }
    if (!lines.has(id)) lines.set(id, line)
  }
  return { columns: header, students, problems }
}

/** ms; a number alone is minutes. */
function extra(written: string): number | null {
  if (written === '') return 0
  return /^\d+$/.test(written) ? Number(written) * 60_000 : parseDuration(written)
}

/** Rows of `overrides.csv`; those that say nothing that could be done are problems. */
export function readOverrides(
  text: string,
  file: string,
): { readonly rows: readonly Override[]; readonly problems: readonly Problem[] } {
  const { header, rows, problems: broken } = parseCsv(text)
  const problems = broken.filter(each => each.code !== 'empty').map(each => problemOf(file, each))
  const report = reporterOf(file, problems)
  for (const name of ['id', 'assignment', 'field', 'value'])
    if (header.length > 0 && !header.includes(name))
      report(
        1,
        'no-column',
        { ko: `\`${name}\` 열이 없어요`, en: `there is no column \`${name}\`` },
        nearest(name, header),
      )
  const sound = rows.flatMap(({ line, cells }) => {
    const cell = (name: string) => (cells[name] ?? '').trim()
    const row: Override = {
      ...{ id: cell('id'), assignment: cell('assignment'), field: cell('field'), value: cell('value') },
      ...{ reason: cell('reason'), by: cell('by'), at: cell('at') },
    }
    if (flawOf(row) === null) return [row]
    report(line, 'bad-override', {
      ko: `쓸 수 없는 값이에요: ${short(row.field)} = ${short(row.value)}`,
      en: `this cannot be set: ${short(row.field)} = ${short(row.value)}`,
    })
    return []
  })
  return { rows: sound, problems }
}

function problemOf(file: string, { line, code, message }: CsvProblem): Problem {
  return { file, line, column: 1, severity: 'error', code: `csv-${code}`, message }
}

function reporterOf(file: string, into: Problem[]) {
  return (line: number, code: string, message: Problem['message'], near?: string) => {
    const text = near ? { ko: `${message.ko} (혹시 ${near}?)`, en: `${message.en} (did you mean ${near}?)` } : message
    into.push({ file, line, column: 1, severity: 'error', code, message: text, ...(near ? { fix: near } : {}) })
  }
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
