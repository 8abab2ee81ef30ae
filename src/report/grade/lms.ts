import { writeCsv } from '../../grade/csv.ts'
import type { Grade } from '../../grade/gradebook.ts'
import type { Student } from '../../grade/roster.ts'
import type { Teller } from '../teller.ts'
import { type GradeAbout, pointsText, short } from './about.ts'
import { explained } from './explain.ts'

/** Gradebooks as learning platforms import them. A blank or a zero would change a grade there: who has none has no row. */
export interface LmsFile {
  readonly text: string
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  readonly id: string
  readonly why: 'no-grade' | 'no-identifier'
}

/** `column`: the id of the assignment in Canvas, without which it is found by its title. */
export function canvasCsv({ assignment, possible }: GradeAbout, grades: readonly Grade[], column?: string): LmsFile {
  const title = oneLine(assignment.title)
  const header = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', column ? `${title} (${column})` : title]
  const { rows, leftOut } = split(grades, grade => {
    const { student, state, final } = grade
    const of = (name: string) => oneLine(student.columns[name] ?? '')
    const ids = [of('canvas_id'), of('sis_user_id'), of('sis_login_id')]
    const value = state === 'excused' ? 'EX' : final
    if (value === null) return 'no-grade'
    // By the name alone a grade may end up with somebody else.
    if (ids.every(id => id === '')) return 'no-identifier'
    return [canvasName(student), ...ids, oneLine(student.section), value]
  })
  return { text: writeCsv([header, ['    Points Possible', '', '', '', '', possible], ...rows]), leftOut }
}

/** The importer takes any row with these words for that of the points. */
function canvasName({ id, name }: Student): string {
  const plain = oneLine(name)
  return plain === '' || plain.includes('Points Possible') ? id : plain
}

const moodleColumns = { moodle_idnumber: 'ID number', username: 'Username', email: 'Email address' } as const

/** One column identifies everybody: the one that most of the class has. */
export function moodleCsv(teller: Teller, about: GradeAbout, grades: readonly Grade[]): LmsFile {
  const of = ({ columns, email }: Student, key: keyof typeof moodleColumns) =>
    oneLine(key === 'email' ? email : (columns[key] ?? ''))
  const keys = Object.keys(moodleColumns) as (keyof typeof moodleColumns)[]
  const having = (key: keyof typeof moodleColumns) => grades.filter(({ student }) => of(student, key) !== '').length
  const key = keys.reduce((best, each) => (having(each) > having(best) ? each : best))
  const { rows, leftOut } = split(grades, grade => {
    if (grade.final === null) return 'no-grade'
    const id = of(grade.student, key)
    return id === '' ? 'no-identifier' : [id, grade.final, feedback(teller, about, grade)]
  })
  const header = [moodleColumns[key], oneLine(about.assignment.title), 'Feedback']
  return { text: writeCsv([header, ...rows]), leftOut }
}

function feedback(teller: Teller, about: GradeAbout, grade: Grade): string {
  const lines = explained(teller, about, grade).map(({ text, points }) => {
    return points === null ? text : `${text}: ${pointsText(points)}`
  })
  // The platform shows it as markup.
  return oneLine(lines.join('; ').replace(/[<>&]/g, ' '), 1000)
}

type Cells = readonly (string | number)[]

function split(grades: readonly Grade[], row: (grade: Grade) => Cells | LeftOut['why']) {
  const rows: Cells[] = []
  const leftOut: LeftOut[] = []
  for (const grade of grades) {
    const made = row(grade)
    if (typeof made === 'string') leftOut.push({ id: grade.student.id, why: made })
    else rows.push(made)
  }
  return { rows, leftOut }
}

/** The importers guess the separator from whole lines. */
function oneLine(text: string, most = 255): string {
  return short(text.replaceAll(';', ','), most).replace(/\s+/g, ' ').trim()
}
