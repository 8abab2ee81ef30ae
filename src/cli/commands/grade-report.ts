import { join, relative, resolve } from 'node:path'
import type { Grade } from '../../grade/gradebook.ts'
import { possibleOf } from '../../lab/points.ts'
import type { GradeAbout } from '../../report/grade/about.ts'
import { classPage } from '../../report/grade/class-page.ts'
import { gradeCtrf } from '../../report/grade/ctrf.ts'
import { gradeAnnotations, gradeMarkdown } from '../../report/grade/github.ts'
import { gradebookCsv } from '../../report/grade/gradebook-csv.ts'
import { gradescope } from '../../report/grade/gradescope.ts'
import { gradeJunit } from '../../report/grade/junit.ts'
import { canvasCsv, type LmsFile, moodleCsv } from '../../report/grade/lms.ts'
import { studentPage } from '../../report/grade/student-page.ts'
import type { Teller } from '../../report/teller.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import {
  findAssignment,
  findRun,
  type GradeOptions,
  gradesOf,
  inClassroom,
  openExam,
  tool,
} from '../grade/classroom.ts'

export interface ReportOptions extends GradeOptions {
  readonly format?: string
  readonly out?: string
  readonly wide?: boolean
  readonly onIncomplete?: 'fail' | 'partial'
  readonly canvasColumn?: string
}

const formats = ['csv', 'csv:canvas', 'csv:moodle', 'junit', 'ctrf', 'gradescope', 'md', 'html'] as const
type Format = (typeof formats)[number]

/** Students that a format has no row for: they have no grade, or nothing by which the platform knows them. */
interface LeftOut {
  readonly ungraded: Set<string>
  readonly unknown: Set<string>
}

/** Writes grades, as the policy and the overrides are now, in the formats of others. */
export function gradeReport(id: string, options: ReportOptions): Promise<Exit> {
  return inClassroom(options, async room => {
    const { context, book } = room
    const { out, teller, world } = context
    const { say } = out
    const assignment = findAssignment(room, id)
    const wanted = formatsOf(out, options.format)
    const folder = await findRun(room, assignment, options.run)
    const info = (await folder.info())!
    const { digest: _, ...unpinned } = assignment
    const { exam } = await openExam(room, unpinned)
    const grades = await gradesOf(room, assignment, folder)
    const about: GradeAbout = {
      ...{ course: book.course, tool, runId: info.id, assignment },
      lab: {
        id: info.lab.id,
        digest: info.lab.digest,
        file: relative(process.cwd(), join(exam.lab.dir, 'lab.yaml')),
      },
      ...{ possible: possibleOf(exam.lab).possible, at: world.now(), timezone: book.timezone },
    }
    const files = new Map<string, string>()
    const leftOut: LeftOut = { ungraded: new Set(), unknown: new Set() }
    for (const format of wanted)
      for (const [name, text] of Object.entries(written(format, out, about, grades, options, leftOut)))
        files.set(name, text)
    const dir = resolve(options.out ?? join(folder.dir, 'reports'))
    for (const [name, text] of files) await world.files.write(join(dir, name), text)
    if (process.env['GITHUB_ACTIONS'] === 'true') {
      for (const line of gradeAnnotations(out, about, grades)) out.print(line)
      const summary = process.env['GITHUB_STEP_SUMMARY']
      if (summary) await world.files.append(summary, gradeMarkdown(out, about, grades))
    }
    const [ungraded, unknown] = [[...leftOut.ungraded], [...leftOut.unknown]]
    if (options.json) out.print(JSON.stringify({ dir, files: [...files.keys()], ungraded, unknown }))
    else out.print(say.grading.wrote(files.size, dir))
    if (ungraded.length > 0) teller.print(say.grading.ungradedLeftOut(ungraded.join(', ')))
    if (unknown.length > 0) teller.print(say.grading.unknownLeftOut(unknown.join(', ')))
    return unknown.length > 0 ? exits.usage : ungraded.length > 0 ? exits.environment : exits.done
  })
}

function formatsOf({ say }: Teller, given = 'html,csv'): Format[] {
  return given.split(',').map(name => {
    const found = formats.find(each => each === name.trim())
    if (!found) throw new Stop(exits.usage, say.grading.badFormat(name.trim(), formats.join(', ')))
    return found
  })
}

/** File name -> content. */
function written(
  format: Format,
  teller: Teller,
  about: GradeAbout,
  grades: readonly Grade[],
  { wide, onIncomplete = 'fail', canvasColumn }: ReportOptions,
  leftOut: LeftOut,
): Record<string, string> {
  const each = (name: (id: string) => string, make: (grade: Grade) => string | null) =>
    Object.fromEntries(
      grades.flatMap(grade => {
        const text = make(grade)
        if (text === null && grade.state !== 'excused' && grade.state !== 'absent')
          leftOut.ungraded.add(grade.student.id)
        return text === null ? [] : [[name(grade.student.id), text]]
      }),
    )
  const forLms = (name: string, { text, leftOut: missing }: LmsFile) => {
    for (const { id, why } of missing) {
      const state = grades.find(grade => grade.student.id === id)?.state
      if (why === 'no-identifier') leftOut.unknown.add(id)
      else if (state !== 'excused' && state !== 'absent') leftOut.ungraded.add(id)
    }
    return { [name]: text }
  }
  switch (format) {
    case 'csv':
      return { 'grades.csv': gradebookCsv(grades, { wide: wide === true }) }
    case 'csv:canvas':
      return forLms('canvas.csv', canvasCsv(about, grades, canvasColumn))
    case 'csv:moodle':
      return forLms('moodle.csv', moodleCsv(teller, about, grades))
    case 'junit':
      return { 'junit.xml': gradeJunit(teller, about, grades) }
    case 'ctrf':
      return each(
        student => `ctrf/${student}.json`,
        grade => gradeCtrf(teller, about, grade),
      )
    case 'gradescope':
      return each(
        student => `gradescope/${student}/results.json`,
        grade => gradescope(teller, about, grade, onIncomplete),
      )
    case 'md':
      return { 'summary.md': gradeMarkdown(teller, about, grades) }
    case 'html':
      return {
        'class.html': classPage(teller, about, grades),
        ...each(
          student => `students/${student}.html`,
          grade => studentPage(teller, about, grade),
        ),
      }
  }
}
