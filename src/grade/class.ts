import { dirname, isAbsolute, join } from 'node:path'
import type { Reader } from '../check/reader.ts'
import {
  bytes,
  dateIn,
  ms,
  readClass,
  readPolicy,
  type WrittenAssignment,
  type WrittenPolicy,
  type WrittenTarget,
} from '../format/class-file.ts'
import { hasErrors, type Problem } from '../lab/problem.ts'
import { evidenceLimits } from './evidence.ts'
import type { Assignment } from './gradebook.ts'
import type { Override } from './overrides.ts'
import { type Policy, plainPolicy } from './policy.ts'
import { readOverrides, readRoster, type Student } from './roster.ts'

/** Everything that `class.yaml` names, read. */
export interface ClassBook {
  /** Absolute folder of `class.yaml`; relative paths in it start here. */
  readonly dir: string
  readonly course: string
  /** IANA name. */
  readonly timezone: string
  readonly students: readonly Student[]
  readonly assignments: readonly PlannedAssignment[]
  readonly overrides: readonly Override[]
  /** Absolute. */
  readonly overridesFile: string
  readonly limits: Limits
}

export interface PlannedAssignment extends Assignment {
  /** An id of the course, or a folder. */
  readonly lab: string
  /** Folder of a lab whose steps only the instructor has, as written. */
  readonly hidden?: string
  readonly digest?: string
  readonly target: WrittenTarget
}

export interface Limits {
  /** ms for all looks at one student. */
  readonly student: number
  readonly connect: number
  /** ms that what is not right yet gets to become so. */
  readonly settle: number
  /** bytes of one look. */
  readonly look: number
  /** Students at a time on one host. */
  readonly perHost: number
}

/** `book` is there exactly when nothing is wrong. `file` is absolute. */
export async function openClass(
  file: string,
  reader: Pick<Reader, 'file'>,
): Promise<{ readonly book: ClassBook | null; readonly problems: readonly Problem[] }> {
  const dir = dirname(file)
  const at = (path: string) => (isAbsolute(path) ? path : join(dir, path))
  const unreadable: Problem[] = []
  const read = async (path: string) => {
    const found = await reader.file(at(path))
    if (found?.type === 'file' && found.text === undefined) {
      unreadable.push(notText(at(path)))
      return ''
    }
    return found?.text
  }
  const text = await read(file)
  if (unreadable.length > 0) return { book: null, problems: unreadable }
  if (text === undefined) return { book: null, problems: [missing(file)] }
  const first = readClass(text, file)
  if (!first.written) return { book: null, problems: first.problems }
  const rosterText = await read(first.written.roster)
  const roster = rosterText === undefined ? null : readRoster(rosterText, at(first.written.roster))
  // Of a roster without ids nobody knows what its columns are.
  const columns = roster?.columns.includes('id') ? roster.columns : undefined
  const { written, problems: own } = readClass(text, file, columns)
  const overridesFile = at(first.written.overrides ?? 'overrides.csv')
  const overridesText = await read(overridesFile)
  const overrides =
    overridesText === undefined ? { rows: [], problems: [] } : readOverrides(overridesText, overridesFile)
  const policies = await Promise.all(
    first.written.assignments.map(async ({ policy }) => {
      if (typeof policy !== 'string') return { written: policy ?? {}, problems: [] }
      const policyText = await read(policy)
      return policyText === undefined
        ? { written: null, problems: [missing(at(policy))] }
        : readPolicy(policyText, at(policy))
    }),
  )
  if (unreadable.length > 0) return { book: null, problems: unreadable }
  const problems = [
    ...own,
    ...(roster?.problems ?? [missing(at(first.written.roster))]),
    ...overrides.problems,
    ...policies.flatMap(each => each.problems),
  ]
  if (!written || !roster || hasErrors(problems)) return { book: null, problems }
  const { limits = {}, course, targets } = written
  const planned = written.assignments.map((assignment, index) =>
    plan(assignment, targets[assignment.target ?? 'default']!, policies[index]!.written ?? {}, course.timezone),
  )
  const book: ClassBook = {
    ...{ dir, course: course.id, timezone: course.timezone ?? 'UTC', students: roster.students, assignments: planned },
    ...{ overrides: overrides.rows, overridesFile },
    limits: {
      student: ms(limits.student, 120_000),
      connect: ms(limits.connect, 15_000),
      settle: ms(limits.settle, 5000),
      look: bytes(limits.observationBytes, evidenceLimits.look),
      perHost: limits.perHost ?? 4,
    },
  }
  return { book, problems }
}

function plan(
  { id, title, lab, hidden, digest, due }: WrittenAssignment,
  target: WrittenTarget,
  policy: WrittenPolicy,
  timezone: string | undefined,
): PlannedAssignment {
  return {
    ...{ id, title: title ?? id, lab, target, policy: policyOf(policy) },
    ...(hidden === undefined ? {} : { hidden }),
    ...(digest === undefined ? {} : { digest }),
    ...(due === undefined ? {} : { due: dateIn(due, timezone) }),
  }
}

function policyOf({ late, hints, attempts, evidence, ...rest }: WrittenPolicy): Policy {
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return {
    ...plainPolicy,
    ...said,
    ...(late
      ? {
          late: {
            grace: ms(late.grace, 0),
            perDay: late.perDay,
            max: late.max ?? 1,
            ...(late.cutoff === undefined ? {} : { cutoff: ms(late.cutoff, 0) }),
          },
        }
      : {}),
    ...(hints
      ? { hints: { cost: hints.cost, free: hints.free ?? 0, ...(hints.max === undefined ? {} : { max: hints.max }) } }
      : {}),
    attempts: {
      count: attempts?.count ?? plainPolicy.attempts.count,
      // Whoever lets attempts cost something means those after the first.
      free: attempts?.free ?? (attempts?.penalty ? 1 : plainPolicy.attempts.free),
      penalty: attempts?.penalty ?? 0,
    },
    evidence: {
      min: evidence?.min ?? 'recorded',
      recordedCap: evidence?.recordedCap ?? (evidence?.min === 'live' ? 0 : 1),
    },
  }
}

function missing(file: string): Problem {
  return {
    ...{ file, line: 1, column: 1, severity: 'error', code: 'no-file' },
    message: { ko: '파일이 없어요', en: 'there is no such file' },
  }
}

function notText(file: string): Problem {
  return {
    ...{ file, line: 1, column: 1, severity: 'error', code: 'not-utf8' },
    message: {
      ko: 'UTF-8 글이 아니에요. Excel이라면 "CSV UTF-8(쉼표로 분리)"로 저장하세요',
      en: 'it is not text in UTF-8; in Excel, save it as "CSV UTF-8 (comma delimited)"',
    },
  }
}

/** `{column}` filled in from the roster and from nowhere else. */
export function filledFrom(student: Student, written: string): string {
  return written.replace(/\{(\w+)\}/g, (whole, name: string) => student.columns[name]?.trim() ?? whole)
}
