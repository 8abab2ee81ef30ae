import { describe, expect, test } from 'vitest'
import { type Assignment, type Grade, gradebook } from '../../src/grade/gradebook.ts'
import { type Override, overridesOf } from '../../src/grade/overrides.ts'
import type { Policy } from '../../src/grade/policy.ts'
import type { Result } from '../../src/grade/result.ts'
import type { Student } from '../../src/grade/roster.ts'
import { check, day, due, policy, result, same, step, student, submitted } from '../helpers/grades.ts'

interface Case {
  readonly policy?: Partial<Policy>
  readonly student?: Partial<Student>
  readonly overrides?: Readonly<Record<string, string>>
  readonly assignment?: Partial<Assignment>
}

function graded(results: readonly Result[], { policy: own, student: who, overrides, assignment }: Case = {}): Grade {
  const rows = Object.entries(overrides ?? {}).map(
    ([field, value]): Override => ({
      ...{ id: 's1', assignment: 'lab03', field, value, reason: 'seen in person' },
      ...{ by: 'kim', at: '2026-03-05T00:00:00Z' },
    }),
  )
  const about = { id: 'lab03', title: 'Lab 3', due, policy: policy(own), ...assignment }
  const [grade] = gradebook(about, [student('s1', who)], new Map([['s1', results]]), overridesOf(rows, 'lab03'))
  return grade!
}

/** `hints 2 (3)`: so much was lost to so many. */
const lost = ({ deductions }: Grade) => deductions.map(({ kind, points, count }) => `${kind} ${points} (${count})`)

const ten = () => Array.from({ length: 10 }, (_, index) => check(`run/c${index}`))
const right = (change: Partial<Result> = {}) => result(ten(), change)
const tenOf = (change: Parameters<typeof step>[1]) => right({ steps: [step('run', change)] })

describe('each policy alone', () => {
  test.each<[string, Result, Case, number, string[]]>([
    ['nothing is lost', right(), {}, 10, []],
    ['hints', tenOf({ hints: 3 }), { policy: { hints: { cost: 0.5, free: 1 } } }, 9, ['hints 1 (3)']],
    ['free hints', tenOf({ hints: 2 }), { policy: { hints: { cost: 0.5, free: 2 } } }, 10, []],
    ['hints, at most', tenOf({ hints: 9 }), { policy: { hints: { cost: 1, free: 0, max: 2 } } }, 8, ['hints 2 (9)']],
    [
      'hints, never below zero',
      tenOf({ hints: 99 }),
      { policy: { hints: { cost: 1, free: 0 } } },
      0,
      ['hints 10 (99)'],
    ],
    ['solved', tenOf({ status: 'solved' }), { policy: { solved: 0.5 } }, 5, ['solved 5 (1)']],
    ['solved for nothing', tenOf({ status: 'solved' }), {}, 10, []],
    ['skipped', tenOf({ status: 'skipped' }), { policy: { skipped: 0 } }, 0, ['skipped 10 (1)']],
    ['not solved, not skipped', tenOf({ status: 'todo' }), { policy: { solved: 0, skipped: 0 } }, 10, []],
    [
      'attempts',
      right({ attempt: 4 }),
      { policy: { attempts: { count: 'last', free: 2, penalty: 1.5 } } },
      7,
      ['attempts 3 (4)'],
    ],
    ['free attempts', right({ attempt: 2 }), { policy: { attempts: { count: 'last', free: 2, penalty: 1 } } }, 10, []],
    ['the floor', tenOf({ hints: 9 }), { policy: { hints: { cost: 1, free: 0 }, floor: 3 } }, 3, ['hints 9 (9)']],
    ['rounding up', result([check('a/b', { points: 8.345 })]), {}, 8.35, []],
    ['rounding down', result([check('a/b', { points: 8.344 })]), {}, 8.34, []],
    ['whole points', result([check('a/b', { points: 7.5 })]), { policy: { round: 0 } }, 8, []],
  ])('%s', (_, made, about, final, deductions) => {
    const grade = graded([made], about)
    expect([grade.final, lost(grade)]).toEqual([final, deductions])
  })
})

describe('late', () => {
  const late = { grace: 3_600_000, perDay: 0.1, max: 0.5, cutoff: 7 * day }
  test.each<[string, number, Case, number, string[]]>([
    ['in time', due, {}, 10, []],
    ['within the grace', due + 3_600_000, {}, 10, []],
    ['a moment after the grace: the day that was begun', due + 3_600_001, {}, 9, ['late 1 (1)']],
    ['two days begun', due + 1.5 * day, {}, 8, ['late 2 (2)']],
    ['the most', due + 6.5 * day, {}, 5, ['late 5 (7)']],
    ['the last moment before the cutoff', due + 7 * day, {}, 5, ['late 5 (7)']],
    ['after the cutoff', due + 7 * day + 1, {}, 0, ['cutoff 10 (8)']],
    ['the floor holds after the cutoff', due + 8 * day, { policy: { floor: 2 } }, 2, ['cutoff 10 (8)']],
    ['extra time', due + 1.5 * day, { student: { extraTime: 2 * day } }, 10, []],
    ['extra time, and still late', due + 2.5 * day, { student: { extraTime: 2 * day } }, 9, ['late 1 (1)']],
    ['another due time', due + 1.5 * day, { overrides: { due: '2026-03-04T00:00:00+09:00' } }, 10, []],
    ['handed in otherwise', due + 3 * day, { overrides: { submitted_at: '2026-03-01T11:00:00Z' } }, 10, []],
    ['without a due time', due + 99 * day, { assignment: { due: undefined as never } }, 10, []],
  ])('%s', (_, at, about, final, deductions) => {
    const grade = graded([right({ times: submitted(at) })], { ...about, policy: { late, ...about.policy } })
    expect([grade.final, lost(grade)]).toEqual([final, deductions])
  })

  test('without the policy it is told, and costs nothing', () => {
    expect(graded([right({ times: submitted(due + day + 1) })])).toMatchObject({
      daysLate: 2,
      final: 10,
      deductions: [],
    })
  })

  test('nobody knows when it was handed in: not late', () => {
    const unknown = right({ times: { ...submitted(0), submittedAt: null } })
    expect(graded([unknown], { policy: { late } })).toMatchObject({ daysLate: 0, final: 10 })
  })
})

describe('evidence', () => {
  const recorded = { evidence: 'recorded' } as const
  const cap = (recordedCap: number) => ({ policy: { evidence: { min: 'live' as const, recordedCap } } })
  const of = (score: ReturnType<typeof step>['score'], ...checks: Parameters<typeof result>[0][]) =>
    result(checks.flat(), { steps: [step('a', { score })] })
  const seen = check('a/x', { points: 4 })
  const told = check('a/y', { points: 4, ...recorded })

  test.each<[string, Result, number, number, string[]]>([
    ['a part', of('sum', [seen, told]), 0.5, 6, ['evidence 2 (1)']],
    ['nothing of it', of('sum', [seen, told]), 0, 4, ['evidence 4 (1)']],
    ['all or nothing: what was reached stays reached', of('all', [seen, told]), 0.5, 6, ['evidence 2 (1)']],
    ['all or nothing, and nothing', of('all', [seen, check('a/z', { status: 'failed' }), told]), 0.5, 0, []],
    ['the best one', of('max', [check('a/x', { points: 3 }), told]), 0.5, 3, ['evidence 1 (1)']],
    ['what is required is there', of('sum', [seen, { ...told, required: true }]), 0.5, 6, ['evidence 2 (1)']],
    [
      'what is required is not there',
      of('sum', [told, { ...seen, required: true, earned: 0, status: 'failed' }]),
      0.5,
      0,
      [],
    ],
    ['a bonus', of('all', [check('a/z', { status: 'failed' }), { ...told, bonus: true }]), 0.5, 2, ['evidence 2 (1)']],
    ['what was seen live', of('sum', [seen]), 0, 4, []],
  ])('%s', (_, made, share, final, deductions) => {
    const grade = graded([made], cap(share))
    expect([grade.final, lost(grade)]).toEqual([final, deductions])
  })

  test('records are as good as anything where the policy says so', () => {
    const generous = { policy: { evidence: { min: 'recorded' as const, recordedCap: 0 } } }
    expect(graded([of('sum', [seen, told])], generous).final).toBe(8)
  })
})

test('all together, in their order', () => {
  const steps = [step('a', { hints: 3 }), step('b', { status: 'solved' }), step('c', { status: 'skipped' })]
  const checks = [
    check('a/x', { points: 10 }),
    check('a/y', { points: 10, evidence: 'recorded' }),
    check('b/x', { points: 10 }),
    check('c/x', { points: 10 }),
  ]
  const made = result(checks, { steps, attempt: 3, times: submitted(due + 1.5 * day) })
  const grade = graded([made], {
    policy: {
      evidence: { min: 'live', recordedCap: 0.5 },
      ...{ solved: 0.5, skipped: 0.2, hints: { cost: 1, free: 1 } },
      attempts: { count: 'last', free: 1, penalty: 2 },
      late: { grace: 0, perDay: 0.1, max: 1 },
    },
  })
  // 40 - 5 - 5 - 8 = 22; - 2 hints = 20; - 2 attempts of 2 = 16; - 20 % of that.
  expect(lost(grade)).toEqual([
    'evidence 5 (1)',
    'solved 5 (1)',
    'skipped 8 (1)',
    'hints 2 (3)',
    'attempts 4 (3)',
    'late 3.2 (2)',
  ])
  expect(grade).toMatchObject({ state: 'graded', final: 12.8, raw: { earned: 40, possible: 40 } })
  const decided = graded([made], { overrides: { score: '33.336' } })
  expect(decided).toMatchObject({ final: 33.34, override: { value: 33.336, reason: 'seen in person', by: 'kim' } })
})

describe('states', () => {
  const wrong = (...names: string[]) => names.map(name => check(name, { status: 'failed' }))
  const blind = check('a/blind', { status: 'error' })
  const manual = check('a/talk', {
    ...{ status: 'error', points: 4, kind: 'manual' },
    error: { class: 'manual', retryable: false, detail: '' },
  })
  const unreachable = result([], { state: 'unreachable', reason: same('no answer') })
  const held = right({ state: 'held', flags: [{ code: 'same-machine', severity: 'hold', detail: 's7' }] })

  test.each<[string, Result[], Case, Grade['state'], number | null]>([
    ['right', [right()], {}, 'graded', 10],
    ['wrong is zero', [result(wrong('a/x', 'a/y'))], {}, 'graded', 0],
    ['what could not be looked at is not', [result([check('a/x'), blind])], {}, 'incomplete', null],
    ['all that could not be looked at is not', [result([blind])], {}, 'incomplete', null],
    ['nor is a floor a grade for it', [result([blind])], { policy: { floor: 5 } }, 'incomplete', null],
    ['what waits for a person', [result([check('a/x'), manual])], {}, 'incomplete', null],
    ['a person gave it', [result([check('a/x'), manual])], { overrides: { 'a/talk': '3' } }, 'graded', 4],
    ['a person gave nothing', [result([check('a/x'), manual])], { overrides: { 'a/talk': '0' } }, 'graded', 1],
    ['never more than there is', [result([manual])], { overrides: { 'a/talk': '9' } }, 'graded', 4],
    ['not looked at yet', [], {}, 'waiting', null],
    ['nothing was handed in', [{ ...unreachable, state: 'absent' }], {}, 'absent', null],
    ['and a person gave a grade', [], { overrides: { score: '2.345' } }, 'graded', 2.35],
    ['nothing could be looked at', [unreachable], {}, 'unreachable', null],
    ['and a person gave a grade then', [unreachable], { overrides: { score: '7' } }, 'graded', 7],
    ['excused', [right()], { overrides: { state: 'excused' } }, 'excused', null],
    ['excused in the roster', [], { student: { status: 'excused' } }, 'excused', null],
    ['excused no more', [right()], { student: { status: 'excused' }, overrides: { state: 'clear' } }, 'graded', 10],
    ['excused, whatever the score', [right()], { overrides: { state: 'excused', score: '3' } }, 'excused', null],
    ['held', [held], {}, 'held', null],
    ['held by a person', [right()], { overrides: { state: 'held' } }, 'held', null],
    ['held by a person, whatever the score', [right()], { overrides: { state: 'held', score: '3' } }, 'held', null],
    ['held by a person before anything came', [], { overrides: { state: 'held' } }, 'held', null],
    ['released', [held], { overrides: { state: 'released' } }, 'graded', 10],
    [
      'released, and still not complete',
      [{ ...result([blind]), state: 'held' }],
      { overrides: { state: 'released' } },
      'incomplete',
      null,
    ],
    [
      'released, and there is nothing in it',
      [{ ...unreachable, state: 'held' }],
      { overrides: { state: 'released' } },
      'unreachable',
      null,
    ],
  ])('%s', (_, results, about, state, final) => {
    expect(graded(results, about)).toMatchObject({ state, final })
  })

  test('who left has no row', () => {
    const about = { id: 'lab03', title: '', policy: policy() }
    const roster = [student('s1', { status: 'dropped' }), student('s2')]
    const rows = gradebook(about, roster, new Map(), overridesOf([], 'lab03'))
    expect(rows.map(row => row.student.id)).toEqual(['s2'])
  })

  test('points of a person end the error, and the result stays as it was', () => {
    const grade = graded([result([manual])], { overrides: { 'a/talk': '2' } })
    expect(grade.checks[0]).toMatchObject({ status: 'partial', earned: 2 })
    expect(grade.awards.get('a/talk')).toEqual({ value: 2, reason: 'seen in person', by: 'kim' })
    expect(grade.checks[0]).not.toHaveProperty('error')
    expect(grade.result?.checks[0]).toMatchObject({ status: 'error', earned: null })
  })
})

describe('attempts', () => {
  const tries = [4, 9, 6].map((earned, index) =>
    result([check('a/x', { points: 10, earned, status: 'partial' })], { attempt: index + 1 }),
  )
  const unreachable = result([], { state: 'unreachable', attempt: 0 })
  const incomplete = result([check('a/x', { status: 'error', points: 10 })], { attempt: 4 })
  const rule = (count: 'best' | 'last' | 'first') => ({ policy: { attempts: { count, free: 9, penalty: 0 } } })

  test.each<[string, 'best' | 'last' | 'first', Result[], number | null]>([
    ['the best', 'best', tries, 9],
    ['the last', 'last', tries, 6],
    ['the first', 'first', tries, 4],
    ['the first that was one', 'first', [unreachable, ...tries], 4],
    ['the last look found nobody: the one before counts', 'last', [...tries, unreachable], 6],
    ['the last is not complete, and may be better than any before', 'last', [...tries, incomplete], null],
    ['the best of those that are complete', 'best', [...tries, incomplete], 9],
    ['no other', 'best', [incomplete], null],
  ])('%s', (_, count, results, final) => {
    expect(graded(results, rule(count)).final).toBe(final)
  })

  test('the best is the best after penalties', () => {
    const about = { policy: { attempts: { count: 'best' as const, free: 1, penalty: 6 } } }
    expect(graded(tries, about)).toMatchObject({ final: 4, result: { attempt: 1 } })
  })
})

describe('a look that took too long', () => {
  const error = { class: 'timeout', retryable: true, detail: 'engine.timeout' } as const
  const slow = (answers: boolean) =>
    result([check('run/a'), check('run/b', { status: 'error', earned: null, error })], {
      ...{ state: 'incomplete', target: { kind: 'ssh', label: 'vm', answers } },
    })
  test.each<[string, Result, Partial<Policy>, string, number | null]>([
    ['is the own fault of a machine that answers', slow(true), {}, 'graded', 1],
    ['is looked at again where the policy says so', slow(true), { onTimeout: 'error' }, 'incomplete', null],
    ['is nobody’s fault where nothing answers any more', slow(false), {}, 'incomplete', null],
  ])('%s', (_, made, own, state, final) => {
    expect(graded([made], { policy: own })).toMatchObject({ state, final })
  })
})
