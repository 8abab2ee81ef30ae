import { describe, expect, test } from 'vitest'
import { type Grade, gradebook } from '../../../src/grade/gradebook.ts'
import { overridesOf } from '../../../src/grade/overrides.ts'
import type { CheckGrade, Result } from '../../../src/grade/result.ts'
import { check, result, same, step, student } from '../../helpers/grades.ts'
import { reportsOf } from './all.ts'
import { about } from './class.ts'
import { readCtrf, readGradescope, readHtml, readJunit } from './rules.ts'

/** In everything that a hidden check says. */
const secret = 'zebra'

function hidden(name: string, change: Partial<CheckGrade> = {}): CheckGrade {
  return check(name, {
    ...{ title: same(`title ${secret}`), subject: `subject ${secret}`, visibility: 'hidden', points: 2 },
    differences: [{ path: secret, expected: `expected ${secret}`, seen: `seen ${secret}`, near: secret }],
    cause: { code: `cause.${secret}`, message: same(`cause ${secret}`), advice: same(`advice ${secret}`) },
    ...change,
  })
}

const error = { class: 'check-bug', retryable: false, detail: `detail ${secret}` } as const
const visible = check('run/up', { points: 5 })
const some = [
  hidden('more/x'),
  hidden('more/y', { status: 'failed' }),
  hidden('most/z', { status: 'partial', earned: 1 }),
]
const fates: Record<string, readonly CheckGrade[]> = {
  some: [visible, ...some],
  full: [visible, hidden('more/x'), hidden('most/z', { status: 'skipped' })],
  none: [visible, hidden('more/y', { status: 'failed' }), hidden('more/b', { status: 'blocked', blockedBy: 'more/y' })],
  open: [visible, hidden('more/x'), hidden('most/z', { status: 'error', error })],
  judged: [visible, hidden('most/r', { kind: 'manual', status: 'error', error: { ...error, class: 'manual' } })],
  held: [visible, ...some],
}

function resultOf(id: string, checks: readonly CheckGrade[]): Result {
  const ids = [...new Set(checks.map(each => each.step))]
  const steps = ids.map(each => step(each, each === 'run' ? {} : { title: same(`step ${secret}`), status: 'todo' }))
  const flag = { code: 'bundle-refused', severity: 'hold', detail: `most/z: ${secret}` } as const
  return result(checks, {
    ...{ steps, student: { id, group: null } },
    ...(id === 'held' ? { state: 'held', flags: [flag] } : {}),
  })
}

const rows = [
  ['some', 'more/y', '0.5', `award ${secret}`],
  ['judged', 'most/r', '1', `award ${secret}`],
].map(([id, field, value, reason]) => ({
  ...{ id: id!, assignment: 'lab03', field: field!, value: value!, reason: reason!, by: 'Kim' },
  at: '2026-03-02T00:00:00Z',
}))

const grades: readonly Grade[] = gradebook(
  about.assignment,
  Object.keys(fates).map(id => student(id)),
  new Map(Object.entries(fates).map(([id, checks]) => [id, [resultOf(id, checks)]])),
  overridesOf(rows, 'lab03'),
)
const files = { ko: reportsOf('ko', about, grades), en: reportsOf('en', about, grades) }
const forInstructors = ['class.html', 'gradebook-wide.csv', 'gradebook.csv']

describe.each(['ko', 'en'] as const)('%s: a hidden check', language => {
  const all = [...files[language]].filter(([name]) => !forInstructors.includes(name))

  test.each(all)('says nothing in %s', (_, text) => {
    expect(text).not.toContain(secret)
  })

  test('has its id nowhere but where the format itself hides it', () => {
    expect(all.length).toBeGreaterThan(20)
    for (const [name, text] of all.filter(([name]) => !name.startsWith('gradescope')))
      expect(text, name).not.toMatch(/\b(more|most)\/\w|\b(more|most)\b/)
  })

  test('is shown to the instructor', () => {
    expect(files[language].get('class.html')).toContain(`title ${secret}`)
    expect(files[language].get('class.html')).toContain(language === 'ko' ? 'more/y · 숨은 확인' : 'more/y · hidden')
    expect(files[language].get('class.html')).not.toContain('run/up · ')
    expect(files[language].get('gradebook-wide.csv')).toMatch(/run\/up,more\/x,more\/y,most\/z/)
  })
})

describe('all of them are one line, and what is shown adds up', () => {
  test.each([
    ['some', 'Hidden checks, together', '3.5 of 6 points'],
    ['full', 'Hidden checks, together', '2 of 2 points'],
    ['none', 'Hidden checks, together', '0 of 4 points'],
    ['open', 'Hidden checks, together (2 points so far)', '4 points, still open'],
    ['judged', 'Hidden checks, together', '1 of 2 points'],
  ])('%s', (id, title, points) => {
    const page = readHtml(files.en.get(`student-${id}.html`)!)
    expect(page.split(title)).toHaveLength(2)
    expect(page).toContain(points)
    expect(files.en.get('junit.xml')).toContain(`classname="${id}.shop._hidden" name="hidden: ${title}"`)
    const { tests } = readGradescope(files.en.get(`gradescope-${id}.json`)!)
    const shown = tests.filter(({ visibility }) => visibility === 'visible')
    expect(shown).toMatchObject([{ score: 5 }, { name: title, output: points }])
  })

  test('CTRF', () => {
    const { tests } = readCtrf(files.en.get('ctrf-some.json')!).results
    expect(tests).toMatchObject([
      { name: 'up', status: 'passed' },
      {
        ...{ name: 'Hidden checks, together', status: 'failed', rawStatus: 'partial', suite: ['shop', '_hidden'] },
        extra: { 'lab.grade': { checkId: 'hidden', earned: 3.5, points: 6 } },
      },
    ])
    const whole = readCtrf(files.en.get('ctrf-some.json')!).results.summary.extra
    expect(whole).toMatchObject({ 'lab.grade': { earned: 8.5, possible: 11 } })
  })

  test('what could not be looked at is no zero, and who is held sees none of it', () => {
    const { tests } = readCtrf(files.en.get('ctrf-open.json')!).results
    expect(tests[1]).toMatchObject({ status: 'other', extra: { 'lab.grade': { earned: null } } })
    expect(files.en.get('student-held.html')).not.toContain('Hidden')
    expect(readJunit(files.en.get('junit.xml')!)).toHaveLength(11)
  })
})

test('Gradescope hides each, with its points', () => {
  const { tests } = readGradescope(files.en.get('gradescope-some.json')!)
  expect(tests.filter(({ visibility }) => visibility === 'hidden')).toEqual([
    {
      ...{ name: 'more/x', number: '2.2', score: 2, max_score: 2, status: 'passed', visibility: 'hidden' },
      extra_data: { checkId: 'more/x', status: 'passed', evidence: 'live' },
    },
    expect.objectContaining({ name: 'more/y', number: '2.3', score: 0.5, status: 'failed' }),
    expect.objectContaining({ name: 'most/z', number: '2.4', score: 1, status: 'failed' }),
  ])
})
