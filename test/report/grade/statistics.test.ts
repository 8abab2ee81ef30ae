import { describe, expect, test } from 'vitest'
import type { Grade } from '../../../src/grade/gradebook.ts'
import type { CheckGrade } from '../../../src/grade/result.ts'
import { distribution, hardestChecks } from '../../../src/report/grade/statistics.ts'
import { check, same } from '../../helpers/grades.ts'

const of = (final: number | null, checks: readonly CheckGrade[] = [], state: Grade['state'] = 'graded') =>
  ({ final, checks, state }) as Grade

describe('distribution', () => {
  test.each<[number[], number, string]>([
    [[0, 0.99, 1, 9.99, 10, 12], 10, '0–9 % 2, 10–19 % 1, 90–99 % 1, 100 % 2'],
    [[2.9, 3], 10, '20–29 % 1, 30–39 % 1'],
    // In floating point, 0.3 / 1 is less than three tenths.
    [[0.3, 0.6, 0.7], 1, '30–39 % 1, 60–69 % 1, 70–79 % 1'],
  ])('%j of %d', (finals, possible, bins) => {
    const { bins: all } = distribution(
      finals.map(final => of(final)),
      possible,
    )!
    const filled = all.filter(({ count }) => count > 0).map(({ label, count }) => `${label} ${count}`)
    expect(filled.join(', ')).toBe(bins)
  })

  test.each([
    [[1, 2, 9], 4, 2],
    [[1, 2, 4, 9], 4, 3],
    [[7], 7, 7],
  ])('%j: mean %d, median %d', (finals, mean, median) => {
    const grades = [...finals.map(final => of(final)), of(null, [], 'held'), of(null, [], 'absent')]
    expect(distribution(grades, 10)).toMatchObject({ count: finals.length, mean, median })
  })

  test('of nobody, or of nothing', () => {
    expect(distribution([of(null)], 10)).toBeUndefined()
    expect(distribution([of(0)], 0)).toBeUndefined()
  })
})

describe('the hardest checks', () => {
  const cause = (code: string) => ({ code, message: same(code), advice: same('') })
  const wrong = (name: string, code: string) => check(name, { status: 'failed', cause: cause(code) })
  const told = (grades: readonly Grade[]) =>
    hardestChecks(grades).map(({ check: { id }, passed, judged, open, cause: most }) => {
      return `${id} ${passed}/${judged} ${open} ${most?.en ?? ''}`.trim()
    })

  test('the smallest share first, with what was wrong most often', () => {
    const grades = [
      of(1, [check('a/x'), wrong('a/y', 'port'), check('a/z')]),
      of(1, [wrong('a/x', 'one'), wrong('a/y', 'image'), check('a/z')]),
      of(1, [check('a/x'), wrong('a/y', 'image'), check('a/z')]),
    ]
    expect(told(grades)).toEqual(['y 0/3 0 image', 'x 2/3 0 one'])
  })

  test('what waited or was not looked at was not tried; who is held does not count', () => {
    const grades = [
      of(1, [check('a/x', { status: 'blocked' }), check('a/y', { status: 'error' })]),
      of(1, [check('a/x'), check('a/y')]),
      of(null, [wrong('a/x', 'held')], 'held'),
    ]
    expect(told(grades)).toEqual(['y 1/1 1'])
  })
})
