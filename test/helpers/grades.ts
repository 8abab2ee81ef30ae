import { totalsOf } from '../../src/grade/gradebook.ts'
import { type Policy, plainPolicy } from '../../src/grade/policy.ts'
import type { CheckGrade, Result, StepGrade } from '../../src/grade/result.ts'
import type { Student } from '../../src/grade/roster.ts'

/** Results, students and policies for tests: what is not said is plain. */

export const same = (text: string) => ({ ko: text, en: text })

export const day = 86_400_000
export const due = Date.parse('2026-03-01T12:00:00Z')

/** `step/check`. */
export function check(name: string, change: Partial<CheckGrade> = {}): CheckGrade {
  const [step, id] = name.split('/') as [string, string]
  const { status = 'passed', points = 1 } = change
  const earned = status === 'error' ? null : status === 'passed' ? points : 0
  return {
    ...{ id, step, title: same(id), kind: 'http', visibility: 'visible', status, points, earned },
    ...{ bonus: false, required: false },
    ...{ evidence: 'live', tookMs: 10, subject: `http ${id}`, differences: [], cause: null },
    ...(status === 'error' ? { error: { class: 'timeout', retryable: true, detail: 'no answer in 60 s' } } : {}),
    ...change,
  }
}

export function step(id: string, change: Partial<StepGrade> = {}): StepGrade {
  return { id, title: same(id), score: 'sum', status: 'passed', hints: 0, tries: 0, ...change }
}

/** Its steps and state follow from its checks. */
export function result(checks: readonly CheckGrade[], change: Partial<Result> = {}): Result {
  const steps = change.steps ?? [...new Set(checks.map(each => each.step))].map(id => step(id))
  return {
    ...{ schema: 'lab/result/v1', runId: '0b7c3d1e-5b7e-4d0c-9d6a-0c8b8a5a2f10' },
    ...{ resultId: '00371b20-59d6-5d89-bdee-f2c9fced3cbd', tool: { name: 'handrail', version: '1.2.3' } },
    ...{ course: 'devops', assignment: 'lab03', lab: { id: 'shop', digest: `sha256:${'a'.repeat(64)}` } },
    ...{ student: { id: 's1', group: null }, target: { kind: 'ssh', label: 'vm-1.labs.example' } },
    evidence: { level: 'live', collectedAt: '2026-03-01T12:00:10Z', digest: null },
    state: checks.some(each => each.status === 'error') ? 'incomplete' : 'graded',
    attempt: 1,
    times: {
      ...{ startedAt: '2026-03-01T09:00:00Z', submittedAt: '2026-03-01T11:00:00Z' },
      ...{ gradedAt: '2026-03-01T12:00:12Z', collectMs: 2000 },
    },
    ...{ steps, checks, totals: totalsOf(steps, checks), flags: [], reason: null },
    ...change,
  } as Result
}

export function student(id: string, change: Partial<Student> = {}): Student {
  const plain = { name: `Student ${id}`, email: `${id}@uni.example`, section: 'A', group: '', extraTime: 0 }
  return { id, ...plain, status: 'active', columns: { id }, ...change }
}

export function policy(change: Partial<Policy> = {}): Policy {
  return { ...plainPolicy, ...change }
}

export function submitted(at: number): Result['times'] {
  const times = result([]).times
  return { ...times, submittedAt: new Date(at).toISOString() }
}
