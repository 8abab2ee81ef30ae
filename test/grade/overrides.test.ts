import { describe, expect, test } from 'vitest'
import { flawOf, type Override, overridesOf } from '../../src/grade/overrides.ts'

const row = (field: string, value: string, change: Partial<Override> = {}): Override => ({
  ...{ id: 's1', assignment: 'lab03', field, value, reason: `${field} ${value}`, by: 'kim' },
  ...{ at: '2026-03-05T00:00:00Z', ...change },
})
const of = (...rows: Override[]) => overridesOf(rows, 'lab03').of('s1')

describe('what a row may say', () => {
  test.each([
    ['score', '7.5', null],
    ['score', '0', null],
    ['score', '', 'value'],
    ['score', '-1', 'value'],
    ['score', 'A+', 'value'],
    ['score', 'Infinity', 'value'],
    ['state', 'released', null],
    ['state', 'graded', 'value'],
    ['due', '2026-03-01T23:00:00+09:00', null],
    ['due', '2026-03-01T23:00Z', null],
    // Another time on another machine.
    ['due', '2026-03-01T23:00:00', 'value'],
    ['due', '7', 'value'],
    ['due', 'tomorrow', 'value'],
    ['submitted_at', '2026-02-30T99:00:00Z', 'value'],
    ['run/web', '2', null],
    ['run/web', 'two', 'value'],
    ['run/web/x', '2', 'field'],
    ['name', 'Kim', 'field'],
    ['', '1', 'field'],
  ])('%s = %j: %s', (field, value, flaw) => {
    expect(flawOf({ field, value })).toBe(flaw)
    if (flaw) expect(of(row(field, value))).toEqual({ points: new Map() })
  })
})

test('the last row of a field counts', () => {
  const rows = [row('score', '3'), row('run/web', '1'), row('score', '4', { by: 'lee' }), row('run/web', '2')]
  expect(of(...rows)).toEqual({
    score: { value: 4, reason: 'score 4', by: 'lee' },
    points: new Map([['run/web', { value: 2, reason: 'run/web 2', by: 'kim' }]]),
  })
})

test('times are instants', () => {
  const own = of(row('due', '2026-03-01T23:00:00+09:00'), row('submitted_at', '2026-03-01T14:00:00Z'))
  expect(own.due).toBe(own.submittedAt)
})

test.each([
  [['excused'], { excused: true }],
  [['held'], { held: true }],
  [['held', 'released'], { released: true }],
  [['released', 'held'], { held: true }],
  [['excused', 'clear'], { excused: false }],
])('states %j', (states, own) => {
  expect(of(...states.map(state => row('state', state)))).toEqual({ ...own, points: new Map() })
})

test('of another student or assignment', () => {
  expect(of(row('score', '1', { id: 's2' }), row('score', '2', { assignment: 'lab04' }))).toEqual({ points: new Map() })
})
