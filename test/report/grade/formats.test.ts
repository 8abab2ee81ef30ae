import { describe, expect, test } from 'vitest'
import type { Grade } from '../../../src/grade/gradebook.ts'
import { gradeAnnotations, gradeMarkdown } from '../../../src/report/grade/github.ts'
import { gradescope } from '../../../src/report/grade/gradescope.ts'
import { canvasCsv, moodleCsv } from '../../../src/report/grade/lms.ts'
import { studentPage } from '../../../src/report/grade/student-page.ts'
import { check, result, same, student } from '../../helpers/grades.ts'
import { paper } from '../screen.ts'
import { reportsOf } from './all.ts'
import { about, grades, roster } from './class.ts'
import { rawCsv, readCanvas, readCtrf, readGradescope, readHtml, readJunit, readMoodle } from './rules.ts'

const files = { ko: reportsOf('ko', about, grades), en: reportsOf('en', about, grades) }
const of = (id: string) => grades.find(grade => grade.student.id === id)!

/** A grade without a story. */
function plain(id: string, change: Partial<Grade> = {}): Grade {
  const raw = { earned: 1, possible: 1, ungraded: 0, bonus: 0 }
  const none = { result: null, checks: [], awards: new Map(), deductions: [], daysLate: 0, override: null }
  return { student: student(id), state: 'graded', raw, final: 1, ...none, ...change }
}

const bilingual = ['junit.xml', 'moodle.csv', 'summary.md', 'annotations.txt', 'class.html', 'student-s02.html']
  .concat(['student-s03.html', 'student-s04.html', 'student-s06.html', 'student-s08.html'])
  .concat(['ctrf-s02.json', 'ctrf-s05.json', 'gradescope-s02.json', 'gradescope-s04.json'])
const once = ['canvas.csv', 'gradebook.csv', 'gradebook-wide.csv']

/** The style is one's own matter; as text, so that nobody formats it. */
const golden = (text: string) => text.replace(/<style>[^<]*/, '<style>').replace(/sha256-[\w+/=]+/, 'sha256-')

test.each(bilingual.flatMap(name => [['ko', name] as const, ['en', name] as const]))(
  'golden, %s: %s',
  (language, name) =>
    expect(golden(files[language].get(name)!)).toMatchFileSnapshot(`__golden__/${language}-${name}.txt`),
)
test.each(once)('golden: %s', async name => {
  expect(files.ko.get(name)).toBe(files.en.get(name))
  await expect(files.en.get(name)).toMatchFileSnapshot(`__golden__/${name}.txt`)
})

test('nothing that students or machines see has a name or an address of theirs', () => {
  const named = ['canvas.csv', 'canvas-column.csv', 'moodle.csv', 'class.html']
  for (const [name, text] of [...files.ko, ...files.en].filter(([name]) => !named.includes(name)))
    for (const each of roster) for (const secret of [each.name, each.email]) expect(text, name).not.toContain(secret)
})

test('whoever handed in what could not be read is asked for another file', () => {
  const flags = [{ code: 'bundle-refused', severity: 'hold', detail: 's09.labz: not-packed' }] as const
  const refused = result([], { state: 'held', attempt: 0, flags })
  const grade = plain('s09', { state: 'held', final: null, result: refused })
  expect(studentPage(paper('en'), about, grade)).toContain('could not be read. Please hand it in again.')
  const page = reportsOf('en', about, [grade]).get('class.html')!
  expect(page).toContain('Ask for the file again, then look again with <code>run … --ungraded</code>.')
})

describe('JUnit', () => {
  const cases = readJunit(files.en.get('junit.xml')!)
  const shown = (id: string) =>
    cases
      .filter(({ attributes }) => attributes['classname']!.startsWith(`${id}.`))
      .map(({ attributes: { classname, name }, children: [child] }) => {
        return `${classname} ${name!.split(':')[0]} ${child!.name} ${child!.attributes['type'] ?? ''}`.trim()
      })

  test('what could not be looked at is an error, what waits is skipped', () => {
    expect(shown('s03')).toEqual([
      's03.shop.build image system-out',
      's03.shop.build small system-out',
      's03.shop.run up failure port.wrong-way-round',
      's03.shop.run web skipped',
      's03.shop.talk why failure difference',
    ])
    expect(shown('s04').slice(2)).toEqual([
      's04.shop.run up error timeout',
      's04.shop.run web error check-bug',
      's04.shop.talk why error manual',
    ])
    expect(shown('s02')[1]).toBe('s02.shop.build small failure Partial')
  })

  test('who has no checks to show has one case', () => {
    expect(['s05', 's06', 's07', 's08'].map(shown)).toEqual([
      ['s05.shop grade error target-unreachable'],
      ['s06.shop grade skipped'],
      ['s07.shop grade skipped'],
      ['s08.shop grade skipped'],
    ])
  })
})

describe('CTRF', () => {
  const read = (id: string) => readCtrf(files.en.get(`ctrf-${id}.json`)!)

  test.each(grades.map(grade => grade.student.id))('%s keeps to the schema', id => {
    expect(read(id).results.environment.extra).toMatchObject({ 'lab.grade': { studentId: id } })
  })

  test('what could not be looked at is neither right nor wrong', () => {
    const { tests, environment } = read('s04').results
    expect(tests.map(({ status, rawStatus }) => `${status} ${rawStatus}`)).toEqual([
      ...['passed passed', 'passed passed', 'other error', 'other error', 'other error'],
    ])
    expect([environment.healthy, read('s03').results.environment.healthy]).toEqual([false, true])
  })

  test('ids are the same in every run, and of everybody', () => {
    const ids = (id: string) => read(id).results.tests.map(test => test.id)
    expect(ids('s01')).toEqual(ids('s03'))
    expect(read('s01').reportId).not.toBe(read('s03').reportId)
    expect(readCtrf(files.ko.get('ctrf-s01.json')!).reportId).toBe(read('s01').reportId)
  })

  test('of who is held, no points', () => {
    const { summary, tests } = read('s08').results
    expect(summary).toMatchObject({ pending: 1, tests: 1 })
    expect([summary.extra, ...tests.map(each => each.extra)]).toEqual([
      { 'lab.grade': { state: 'held' } },
      { 'lab.grade': { checkId: 'grade' } },
    ])
  })
})

describe('Gradescope', () => {
  const write = (id: string, how: 'fail' | 'partial') => gradescope(paper('en'), about, of(id), how)

  test.each([
    ['s01', 12, 12],
    ['s02', 5.3, 5.3],
    ['s03', 3, 3],
    ['s04', null, 3],
    ['s05', null, null],
    ['s06', null, null],
    ['s07', null, null],
    ['s08', null, null],
  ])('%s: %s when it has to be complete, %s when a part will do', (id, complete, partly) => {
    const score = (text: string | null) => (text === null ? null : readGradescope(text).score)
    expect([score(write(id, 'fail')), score(write(id, 'partial'))]).toEqual([complete, partly])
  })

  test('a part is not shown before it is published, and says what it is', () => {
    const { visibility, output, tests } = readGradescope(write('s04', 'partial')!)
    expect([visibility, output.split('\n')[0]]).toEqual([
      'after_published',
      '**Not everything could be looked at: this is not the final grade. It is not shown until it is published.**',
    ])
    expect(tests.filter(each => 'score' in each)).toHaveLength(2)
    expect(tests.map(each => each['number'])).toEqual(['1.1', '1.2', '2.1', '2.2', '3.1'])
  })

  test('a blocked check is a zero that says why; a skipped one is not there', () => {
    const checks = [check('a/x', { status: 'skipped' }), check('a/y', { status: 'blocked', blockedBy: 'a/z' })]
    const grade = plain('s1', { result: result(checks), checks, final: 0 })
    const { tests } = readGradescope(gradescope(paper('en'), about, grade, 'fail')!)
    expect(tests).toMatchObject([{ number: '1.1', status: 'failed', score: 0, output: expect.stringContaining('a/z') }])
  })

  test('a student is not told how the grader reaches machines', () => {
    expect(write('s04', 'partial')).not.toContain('vm-23')
    expect(files.en.get('student-s04.html')).not.toContain('vm-23')
    expect(files.en.get('class.html')).toContain('vm-23')
  })
})

describe('Canvas', () => {
  test('takes it, and changes nothing of who has no grade', () => {
    const { id, points, students } = readCanvas(files.en.get('canvas.csv')!)
    expect([id, points]).toEqual([undefined, 12])
    expect([...students]).toEqual([
      ['90210', '12'],
      ['90211', '5.3'],
      ['90212', '3'],
      ['90216', 'EX'],
    ])
    expect(readCanvas(files.en.get('canvas-column.csv')!).id).toBe('4711')
  })

  test('says whom it left out, and why', () => {
    const unknown = plain('s9')
    expect(canvasCsv(about, [...grades, unknown]).leftOut).toEqual([
      ...['s04', 's05', 's06', 's08'].map(id => ({ id, why: 'no-grade' })),
      { id: 's9', why: 'no-identifier' },
    ])
  })

  test('a student called Points Possible changes no points, a title with semicolons no separator', () => {
    const columns = { canvas_id: '7' }
    const named = plain('s9', { student: student('s9', { name: 'Points Possible', section: ';;;;;;', columns }) })
    const titled = { ...about, assignment: { ...about.assignment, title: 'a;b;c;d;e;f;g;h;i;j' } }
    expect(readCanvas(canvasCsv(titled, [named]).text)).toMatchObject({ points: 12, students: new Map([['7', '1']]) })
  })

  test('zero is a grade', () => {
    const zero = plain('s9', { final: 0, student: student('s9', { columns: { sis_user_id: 'U9' } }) })
    expect([...readCanvas(canvasCsv(about, [zero]).text).students]).toEqual([['U9', '0']])
  })
})

describe('Moodle', () => {
  test('every row has somebody and a number', () => {
    expect([...readMoodle(files.ko.get('moodle.csv')!)]).toEqual([
      ['M0', 12],
      ['M1', 5.3],
      ['M2', 3],
    ])
  })

  test.each([
    ['ID number', { moodle_idnumber: 'M9' }, 'M9'],
    ['Username', { username: 'kim' }, 'kim'],
    ['Email address', {}, 's9@uni.example'],
  ])('by %s', (header, columns, id) => {
    const { text, leftOut } = moodleCsv(paper('en'), about, [plain('s9', { student: student('s9', { columns }) })])
    expect([rawCsv(text)[0]![0], [...readMoodle(text).keys()], leftOut]).toEqual([header, [id], []])
  })

  test('who has no such identifier is left out and named', () => {
    const with9 = plain('s9', { student: student('s9', { columns: { moodle_idnumber: 'M9' }, email: '' }) })
    const without = plain('s8', { student: student('s8', { email: '' }) })
    expect(moodleCsv(paper('en'), about, [with9, without]).leftOut).toEqual([{ id: 's8', why: 'no-identifier' }])
  })
})

describe('our own CSV', () => {
  test('a row for everybody; nothing is zero that is not known', () => {
    const [header, ...rows] = rawCsv(files.en.get('gradebook-wide.csv')!)
    const column = (name: string) => rows.map(row => row[header!.indexOf(name)])
    expect(column('id')).toEqual(roster.map(each => each.id))
    expect(column('final')).toEqual(['12', '5.3', '3', '', '', '', '', ''])
    expect(column('run/web')).toEqual(['4', '4', '0', '', '', '', '', '4'])
    expect(column('flags').at(-1)).toBe('same-machine')
  })
})

describe('GitHub', () => {
  const many = (count: number, change: Partial<Grade>) =>
    Array.from({ length: count }, (_, index) => plain(`s${index}`, change))
  const severities = (all: readonly Grade[]) =>
    gradeAnnotations(paper('en'), about, all).map(line => /^::(\w+)/.exec(line)![1])

  test('a wrong answer is no annotation', () => {
    const checks = [check('a/x', { status: 'failed' })]
    expect(severities(many(5, { checks, result: result(checks), final: 0 }))).toEqual([])
  })

  test('at most ten of each kind, and the last says how many more', () => {
    const all = [...many(30, { state: 'unreachable', final: null }), ...many(11, { state: 'held', final: null })]
    const lines = gradeAnnotations(paper('en'), about, all)
    expect(severities(all)).toEqual([...Array(10).fill('error'), ...Array(10).fill('warning')])
    expect([lines[9], lines[19]]).toEqual([
      '::error title=lab03::21 more like this',
      '::warning title=lab03::2 more like this',
    ])
  })

  test('a check that is wrong is named once', () => {
    const bug = check('a/x', { status: 'error', error: { class: 'check-bug', retryable: false, detail: 'oh' } })
    const lines = gradeAnnotations(paper('en'), about, many(3, { checks: [bug], state: 'graded' }))
    expect(lines).toEqual([
      '::error file=labs/shop/lab.yaml,line=1,title=lab03::a/x: the check is wrong: it could not judge 3 students: oh',
    ])
  })

  test('the summary has 200 rows, who has no grade first, and never too much', () => {
    const all = [...many(500, {}), plain('last', { state: 'held', final: null })]
    const rows = gradeMarkdown(paper('en'), about, all)
      .split('\n')
      .filter(line => /^\| \w+\d? \| [✅✋]/u.test(line))
    expect([rows.length, rows[0]]).toEqual([200, '| last | ✋ held |  |  |'])
    expect(gradeMarkdown(paper('en'), about, all)).toContain('\n301 more rows are not shown\n')
    const long = [check('a/x', { status: 'failed', title: same('|'.repeat(100_000)) })]
    const text = gradeMarkdown(paper('en'), about, many(500, { checks: long, result: result(long) }))
    expect(Buffer.byteLength(text)).toBeLessThan(900 * 1024)
  })
})

describe('pages', () => {
  test.each([...files.ko, ...files.en].filter(([name]) => name.endsWith('.html')))(
    '%s is whole and closed',
    (_, text) => {
      readHtml(text)
    },
  )

  test('the class page begins with who needs somebody', () => {
    const text = readHtml(files.en.get('class.html')!)
    const order = ['Doe, Jo', '이서준', 'Müller, Jörg', 'Lee, Ann', 'Ivanova, Mira'].map(name => text.indexOf(name))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('what is held is not shown to the student, nor why', () => {
    const text = readHtml(files.en.get('student-s08.html')!)
    expect(text).not.toMatch(/There is an image|very same|s01|12 \/|of \d/)
    expect(text).toContain('a person has a look first')
  })

  test('a class without grades, and one of which everything is right', () => {
    const right = plain('s1', { checks: [check('a/x')], result: result([check('a/x')]) })
    for (const all of [[], [right]]) {
      const text = readHtml(reportsOf('en', about, all).get('class.html')!)
      expect(text).toContain('Everyone has a grade or is excused.')
      expect(text).toContain('Every check was passed by everyone.')
    }
  })

  test('a decision of a person is shown with its reason', () => {
    const decided = plain('s1', { override: { value: 7, by: 'Kim', reason: 'seen in person' }, final: 7 })
    expect(readHtml(studentPage(paper('en'), about, decided))).toContain('Set to 7 by Kim: seen in person')
    expect(readHtml(studentPage(paper('ko'), about, decided))).toContain('Kim이 7점으로 정했어요: seen in person')
  })
})
