import { describe, expect, test } from 'vitest'
import { addUp, type Scored, sumOf } from '../../src/lab/points.ts'

const item = (points: number, earned: number | null, more: Partial<Scored> = {}): Scored => ({
  points,
  earned,
  ...more,
})

describe('sumOf', () => {
  test.each([
    ['sum', [item(2, 2), item(3, 1)], { earned: 3, possible: 5, ungraded: 0, bonus: 0 }],
    ['sum', [item(2, 2), item(3, null)], { earned: 2, possible: 5, ungraded: 3, bonus: 0 }],
    ['sum', [item(0.1, 0.1), item(0.2, 0.2)], { earned: 0.3, possible: 0.3, ungraded: 0, bonus: 0 }],
    ['all', [item(2, 2), item(3, 2.9)], { earned: 0, possible: 5, ungraded: 0, bonus: 0 }],
    ['all', [item(2, 2), item(3, 3)], { earned: 5, possible: 5, ungraded: 0, bonus: 0 }],
    ['all', [item(2, 2), item(3, null)], { earned: 0, possible: 5, ungraded: 5, bonus: 0 }],
    // It is lost already, whatever is still to be seen.
    ['all', [item(2, 0), item(3, null)], { earned: 0, possible: 5, ungraded: 0, bonus: 0 }],
    ['max', [item(2, 2), item(3, 0)], { earned: 2, possible: 3, ungraded: 0, bonus: 0 }],
    ['max', [item(2, 2), item(3, null)], { earned: 2, possible: 3, ungraded: 1, bonus: 0 }],
    ['best:2', [item(1, 1), item(2, 0), item(3, 3)], { earned: 4, possible: 5, ungraded: 0, bonus: 0 }],
    ['best:9', [item(1, 1)], { earned: 1, possible: 1, ungraded: 0, bonus: 0 }],
    // A bonus comes on top, and shrinks nothing.
    ['sum', [item(2, 2), item(1, 1, { bonus: true })], { earned: 3, possible: 2, ungraded: 0, bonus: 1 }],
    ['sum', [item(2, 2), item(1, 0, { bonus: true })], { earned: 2, possible: 2, ungraded: 0, bonus: 0 }],
    // What is required and missing takes all of the step.
    ['sum', [item(2, 2), item(1, 0, { required: true })], { earned: 0, possible: 3, ungraded: 0, bonus: 0 }],
    ['sum', [item(2, 2), item(1, 0.5, { required: true })], { earned: 0, possible: 3, ungraded: 0, bonus: 0 }],
    ['sum', [item(2, 2), item(1, null, { required: true })], { earned: 0, possible: 3, ungraded: 3, bonus: 0 }],
    ['sum', [], { earned: 0, possible: 0, ungraded: 0, bonus: 0 }],
  ] as const)('%s of %j', (rule, items, sum) => {
    expect(sumOf(items, rule)).toEqual(sum)
  })
})

test('a thousand tenths are a hundred', () => {
  const tenth = sumOf([item(0.1, 0.1)], 'sum')
  expect(addUp(Array.from({ length: 1000 }, () => tenth))).toEqual({
    earned: 100,
    possible: 100,
    ungraded: 0,
    bonus: 0,
  })
})
