import type { Grade } from '../../../src/grade/gradebook.ts'
import type { Language } from '../../../src/lab/lab.ts'
import type { GradeAbout } from '../../../src/report/grade/about.ts'
import { classPage } from '../../../src/report/grade/class-page.ts'
import { gradeCtrf } from '../../../src/report/grade/ctrf.ts'
import { gradeAnnotations, gradeMarkdown } from '../../../src/report/grade/github.ts'
import { gradebookCsv } from '../../../src/report/grade/gradebook-csv.ts'
import { gradescope } from '../../../src/report/grade/gradescope.ts'
import { gradeJunit } from '../../../src/report/grade/junit.ts'
import { canvasCsv, moodleCsv } from '../../../src/report/grade/lms.ts'
import { studentPage } from '../../../src/report/grade/student-page.ts'
import { paper } from '../screen.ts'

/** Every report of a class, by the name of its file. */
export function reportsOf(language: Language, about: GradeAbout, grades: readonly Grade[]): Map<string, string> {
  const teller = paper(language)
  const files = new Map([
    ['junit.xml', gradeJunit(teller, about, grades)],
    ['canvas.csv', canvasCsv(about, grades).text],
    ['canvas-column.csv', canvasCsv(about, grades, '4711').text],
    ['moodle.csv', moodleCsv(teller, about, grades).text],
    ['gradebook.csv', gradebookCsv(grades)],
    ['gradebook-wide.csv', gradebookCsv(grades, { wide: true })],
    ['summary.md', gradeMarkdown(teller, about, grades)],
    ['annotations.txt', `${gradeAnnotations(teller, about, grades).join('\n')}\n`],
    ['class.html', classPage(teller, about, grades)],
  ])
  for (const grade of grades) {
    const { id } = grade.student
    files.set(`student-${id}.html`, studentPage(teller, about, grade))
    files.set(`ctrf-${id}.json`, gradeCtrf(teller, about, grade))
    const scope = gradescope(teller, about, grade, 'partial')
    if (scope !== null) files.set(`gradescope-${id}.json`, scope)
  }
  return files
}
