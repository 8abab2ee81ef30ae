import type { PlannedAssignment } from '../../grade/class.ts'
import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade } from '../../grade/result.ts'
import { nearest } from '../../lab/near.ts'
import { checkLines } from '../../report/checks.ts'
import { pointsText } from '../../report/grade/about.ts'
import { explained as deductionLines } from '../../report/grade/explain.ts'
import type { Teller } from '../../report/teller.ts'
import { harmless } from '../../terminal/safe.ts'
import { columns, pad, wrap } from '../../terminal/width.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import { findAssignment, findRun, findStudent, type GradeOptions, gradesOf, inClassroom } from '../grade/classroom.ts'

/** One line for each student. */
export function gradeStatus(id: string, options: GradeOptions): Promise<Exit> {
  return inClassroom(options, async room => {
    const { out } = room.context
    const assignment = findAssignment(room, id)
    const grades = await gradesOf(room, assignment, await findRun(room, assignment, options.run))
    if (options.json) out.print(JSON.stringify({ assignment: id, students: grades.map(plain) }))
    else out.print(table(out, grades.map(row(out)), headings(out)))
    return grades.every(each => each.final !== null || ['excused', 'absent'].includes(each.state))
      ? exits.done
      : exits.environment
  })
}

function plain({ student, state, raw, final, result }: Grade) {
  return { id: student.id, state, ...raw, final, flags: result?.flags ?? [], reason: result?.reason ?? null }
}

const longestNote = 600

function headings({ say }: Teller): string[] {
  const { student, state, points, final } = say.grading.columns
  return [student, state, points, final, '']
}

const row =
  ({ say, of }: Teller) =>
  ({ student, state, raw, final, result }: Grade): string[] => {
    const flags = result?.flags.map(({ code, detail }) => `${code}: ${say.gradeReport.flags[code]} (${detail})`) ?? []
    const why = [...(result?.reason ? [of(result.reason)] : []), ...flags]
    return [
      student.id,
      say.gradeReport.states[state],
      raw.possible > 0 ? `${raw.earned}/${raw.possible}` : '',
      final === null ? '-' : String(final),
      harmless(why.join('\n').slice(0, longestNote)),
    ]
  }

/** The last column is text: where it does not fit beside the others, it goes below them. */
function table({ paint, look }: Teller, rows: readonly (readonly string[])[], heads: readonly string[]): string {
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map(each => columns(each[column]!))))
  const line = (cells: readonly string[]) => {
    const text = cells.at(-1)!
    const before = cells.slice(0, -1).map((cell, column) => pad(cell, widths[column]!))
    const whole = [...before, text].join('  ').trimEnd()
    if (columns(whole) <= look.columns) return whole
    return `${before.join('  ').trimEnd()}\n${wrap(text, look.columns, { indent: '    ' })}`
  }
  return [paint.faint(line(heads)), ...rows.map(line)].join('\n')
}

/** Who changes from one run to the next, and by how much. */
export function gradeDiff(id: string, before: string, after: string, options: GradeOptions): Promise<Exit> {
  return inClassroom(options, async room => {
    const { out } = room.context
    const { say } = out
    const assignment = findAssignment(room, id)
    const [old, now] = await Promise.all(
      [before, after].map(async run => gradesOf(room, assignment, await findRun(room, assignment, run))),
    )
    const changed = now!.flatMap(grade => {
      const was = old!.find(each => each.student.id === grade.student.id)
      if (was && was.final === grade.final && was.state === grade.state) return []
      const checks = grade.checks.flatMap(check => {
        const same = was?.checks.find(each => each.step === check.step && each.id === check.id)
        return same?.status === check.status
          ? []
          : [{ check: `${check.step}/${check.id}`, before: same?.status ?? null, after: check.status }]
      })
      return [{ id: grade.student.id, before: sideOf(was), after: sideOf(grade), checks }]
    })
    if (options.json) out.print(JSON.stringify({ assignment: id, changed }))
    else if (changed.length === 0) out.print(say.grading.noChange)
    else {
      const { student, before: was, after: is } = say.grading.columns
      const side = ({ state, final }: ReturnType<typeof sideOf>) =>
        final === null ? (state === null ? '-' : say.gradeReport.states[state]) : String(final)
      const word = (status: CheckGrade['status'] | null) => (status === null ? '-' : say.gradeReport.statuses[status])
      const rows = changed.map(each => [
        ...[each.id, side(each.before), side(each.after)],
        each.checks.map(({ check, before, after }) => `${check}: ${word(before)} -> ${word(after)}`).join(', '),
      ])
      out.print(table(out, rows, [student, was, is, '']))
    }
    return exits.done
  })
}

function sideOf(grade: Grade | undefined) {
  return { state: grade?.state ?? null, final: grade?.final ?? null }
}

/** Why a student has what points, or of one check: what was looked at, expected and seen. */
export function gradeExplain(
  id: string,
  student: string,
  check: string | undefined,
  options: GradeOptions,
): Promise<Exit> {
  return inClassroom(options, async room => {
    const { out } = room.context
    const { say } = out
    const assignment = findAssignment(room, id)
    const folder = await findRun(room, assignment, options.run)
    const { id: who } = findStudent(room, student)
    const grade = (await gradesOf(room, assignment, folder)).find(each => each.student.id === who)
    if (!grade?.result) throw new Stop(exits.usage, say.grading.noResult(student))
    const checks = check === undefined ? grade.checks : [findCheck(out, grade.checks, check)]
    const collected = await folder.collected(who)
    const evidence = collected?.attempts.at((grade.result.attempt || 1) - 1)?.evidence
    if (options.json) out.print(JSON.stringify({ ...plain(grade), checks, looks: evidence?.looks ?? {} }))
    else {
      out.print(table(out, [row(out)(grade)], headings(out)))
      for (const each of checks) out.print(explained(out, grade, each).join('\n'))
      if (check === undefined) out.print(howItCame(out, assignment, grade).join('\n'))
      if (check !== undefined && evidence) out.print(looksOf(out, evidence.looks, checks[0]!))
    }
    return exits.done
  })
}

/** From the points of the checks to the grade, line by line. */
function howItCame(out: Teller, assignment: PlannedAssignment, grade: Grade): string[] {
  const lines = deductionLines(out, { assignment }, grade)
  if (lines.length === 0 || (lines.length === 1 && grade.final === grade.raw.earned)) return []
  const told = lines.map(({ text, points }) => `  ${points === null ? '' : `${pointsText(points)}  `}${harmless(text)}`)
  return [`${out.say.gradeReport.howItCame}:`, ...told]
}

/** A check as the learner sees it, with its points and what they rest on. */
function explained(out: Teller, { awards }: Grade, check: CheckGrade): string[] {
  const { say, paint } = out
  const verdict = check.status === 'partial' ? 'failed' : check.status
  const cause = check.cause && { ...check.cause, evidence: {}, final: true }
  const [first = '', ...rest] = checkLines(out, { ...check, verdict, cause, captures: {} })
  const points = `${check.earned ?? '?'}/${check.points}`
  const hidden = check.visibility === 'hidden' ? say.gradeReport.hidden : ''
  const name = `${check.step}/${check.id}`
  const restsOn = awards.has(name) ? say.gradeReport.byPerson : say.grading.levels[check.evidence]
  const { error } = check
  const why = error ? [say.gradeReport.errors[error.class], error.detail] : [check.blockedBy]
  const about = [name, points, error?.class === 'manual' ? '' : restsOn, hidden, ...why]
  return [
    `${first} ${paint.faint(
      `(${about
        .filter(Boolean)
        .map(each => harmless(each!))
        .join(', ')})`,
    )}`,
    ...rest,
  ]
}

function findCheck({ say }: Teller, checks: readonly CheckGrade[], name: string): CheckGrade {
  const found = checks.find(each => `${each.step}/${each.id}` === name || each.id === name)
  if (found) return found
  const names = checks.map(each => `${each.step}/${each.id}`)
  const near = nearest(name, names)
  const rest = near ? say.didYouMean(near) : say.grading.theChecksAre(names.join(', '))
  throw new Stop(exits.usage, `${say.grading.noCheck(name)} ${rest}`)
}

const longestLook = 2000

/** What was seen of what the check names. */
function looksOf({ say, paint }: Teller, looks: Readonly<Record<string, unknown>>, { subject }: CheckGrade): string {
  // The first word is the kind of thing: every look at a file has it.
  const words = subject.split(/\s+/).slice(1)
  const about = Object.entries(looks).filter(([key]) => words.some(word => key.includes(word)))
  const all = about.length > 0 ? about : Object.entries(looks).filter(([key]) => /^(containers|images)$/.test(key))
  const told = all.map(
    ([key, value]) =>
      `${paint.faint(harmless(key.slice(0, 200)))}\n${harmless(JSON.stringify(value, null, 1).slice(0, longestLook))}`,
  )
  return [`\n${say.grading.looks}`, ...told].join('\n')
}
