import { addUp, fromThousandths, type Sum, sumOf, toThousandths } from '../lab/points.ts'
import { isDone } from '../lab/progress.ts'
import type { AssignmentOverrides, Decision } from './overrides.ts'
import type { Policy } from './policy.ts'
import type { CheckGrade, Result, StepGrade, StudentState } from './result.ts'
import type { Student } from './roster.ts'

/** What one student gets, and how it came to be. Made anew each time from results, policy and overrides. */
export interface Grade {
  readonly student: Student
  /** The attempt that counts; `null`: there is none yet. */
  readonly result: Result | null
  readonly state: StudentState
  /** With the points that a person gave. */
  readonly checks: readonly CheckGrade[]
  /** The points that a person gave, by `step/check`. */
  readonly awards: ReadonlyMap<string, Decision>
  readonly raw: Sum
  /** In the order in which they were made. */
  readonly deductions: readonly Deduction[]
  /** Days that were begun after the due time; 0: in time. */
  readonly daysLate: number
  /** Set by a person. */
  readonly override: Decision | null
  /** `null`: there is no grade, which is not zero. */
  readonly final: number | null
}

export interface Deduction {
  readonly kind: 'evidence' | 'solved' | 'skipped' | 'hints' | 'attempts' | 'late' | 'cutoff'
  readonly points: number
  /** How many: hints, attempts, days, checks, steps. */
  readonly count: number
}

export interface Assignment {
  readonly id: string
  readonly title: string
  /** ms since the epoch. */
  readonly due?: number
  readonly policy: Policy
}

/** One row for each student of the roster who has not left, in its order. */
export function gradebook(
  assignment: Assignment,
  roster: readonly Student[],
  results: ReadonlyMap<string, readonly Result[]>,
  overrides: AssignmentOverrides,
): Grade[] {
  return roster
    .filter(student => student.status !== 'dropped')
    .map(student => gradeOf(assignment, student, results.get(student.id) ?? [], overrides))
}

function gradeOf(
  assignment: Assignment,
  student: Student,
  results: readonly Result[],
  overrides: AssignmentOverrides,
): Grade {
  const own = overrides.of(student.id)
  const attempts = results.map(result => attempt(assignment, student, result, own))
  const best = chosen(attempts, assignment.policy.attempts.count)
  const excused = own.excused ?? student.status === 'excused'
  const override = own.score ?? null
  const seen = best?.state ?? 'waiting'
  const state = excused ? 'excused' : own.held ? 'held' : override ? 'graded' : seen
  const final = state === 'graded' ? rounded(override?.value ?? best!.score, assignment.policy) : null
  const { score: _, ...attempted } = best ?? { ...nothing, score: 0 }
  return { ...attempted, student, state, awards: own.points, override, final }
}

const nothing = { result: null, checks: [], raw: addUp([]), deductions: [], daysLate: 0 }

interface Attempt extends Omit<Grade, 'student' | 'awards' | 'override' | 'final'> {
  readonly result: Result
  readonly score: number
}

type Own = ReturnType<AssignmentOverrides['of']>

/** raw -> evidence, solved, skipped -> hints -> attempts -> late. */
function attempt({ due, policy }: Assignment, student: Student, result: Result, own: Own): Attempt {
  const checks = result.checks.map(check => awarded(tooSlow(check, result, policy), own))
  const raw = totalsOf(result.steps, checks)
  const deductions: Deduction[] = []
  let score = toThousandths(raw.earned)
  const deduct = (kind: Deduction['kind'], thousandths: number, count: number) => {
    const taken = Math.max(0, Math.min(Math.round(thousandths), score))
    if (taken === 0) return
    score -= taken
    deductions.push({ kind, points: fromThousandths(taken), count })
  }
  for (const priced of pricedSteps(policy, result.steps, checks)) deduct(priced.kind, priced.thousandths, priced.count)

  const hints = result.steps.reduce((sum, step) => sum + step.hints, 0)
  if (policy.hints) {
    const cost = toThousandths(policy.hints.cost) * Math.max(0, hints - policy.hints.free)
    deduct('hints', Math.min(cost, toThousandths(policy.hints.max ?? Number.POSITIVE_INFINITY)), hints)
  }
  const beyond = Math.max(0, result.attempt - policy.attempts.free)
  deduct('attempts', toThousandths(policy.attempts.penalty) * beyond, result.attempt)

  const dueAt = (own.due ?? due ?? Number.POSITIVE_INFINITY) + student.extraTime
  const submitted =
    own.submittedAt ?? (result.times.submittedAt === null ? dueAt : Date.parse(result.times.submittedAt))
  const daysLate = daysAfter(submitted, dueAt + (policy.late?.grace ?? 0), dueAt)
  if (policy.late && daysLate > 0) {
    const over = policy.late.cutoff !== undefined && submitted > dueAt + policy.late.cutoff
    if (over) deduct('cutoff', score, daysLate)
    else deduct('late', score * Math.min(policy.late.max, policy.late.perDay * daysLate), daysLate)
  }
  return {
    result,
    state: stateOf(result, checks, own),
    checks,
    raw,
    deductions,
    daysLate,
    score: Math.max(fromThousandths(score), policy.floor),
  }
}

/** Begun days after the due time; 0 until the grace is over. */
function daysAfter(submitted: number, forgiven: number, due: number): number {
  return submitted <= forgiven ? 0 : Math.ceil((submitted - due) / 86_400_000)
}

/** A person has released what was held, and given what only a person can give. */
function stateOf(result: Result, checks: readonly CheckGrade[], own: Own): StudentState {
  const { state } = result
  if (state === 'held' && !own.released) return 'held'
  if (state === 'graded' || state === 'incomplete' || state === 'held')
    return checks.length === 0 ? 'unreachable' : checks.some(each => each.status === 'error') ? 'incomplete' : 'graded'
  return state
}

/** What took too long on a machine that answers otherwise is the student's own, unless the policy says otherwise. */
function tooSlow(check: CheckGrade, { target }: Result, { onTimeout }: Policy): CheckGrade {
  if (check.error?.class !== 'timeout' || target.answers !== true || onTimeout === 'error') return check
  const { error: _, ...rest } = check
  return { ...rest, status: 'failed', earned: 0 }
}

function awarded(check: CheckGrade, own: Own): CheckGrade {
  const award = own.points.get(`${check.step}/${check.id}`)
  if (!award) return check
  const earned = Math.min(award.value, check.points)
  const status = earned >= check.points ? 'passed' : earned > 0 ? 'partial' : 'failed'
  const { error: _, ...rest } = check
  return { ...rest, status, earned }
}

export function totalsOf(steps: readonly StepGrade[], checks: readonly CheckGrade[]): Sum {
  return addUp(
    steps.map(step => {
      const own = checks.filter(check => check.step === step.id && check.status !== 'skipped')
      return sumOf(own, step.score)
    }),
  )
}

/** What steps lose because of how they were done, and checks because of what they rest on. */
function pricedSteps(policy: Policy, steps: readonly StepGrade[], checks: readonly CheckGrade[]) {
  const earned = (some: readonly CheckGrade[], step: StepGrade) => toThousandths(sumOf(some, step.score).earned)
  const lost = { evidence: 0, solved: 0, skipped: 0 }
  const count = { evidence: 0, solved: 0, skipped: 0 }
  for (const step of steps) {
    const own = checks.filter(check => check.step === step.id && check.status !== 'skipped')
    const full = earned(own, step)
    const less = own.map(check => withCap(check, policy))
    const kept = Math.min(full, earned(counted(own, step, less), worth(step)))
    if (kept < full) {
      lost.evidence += full - kept
      count.evidence += less.filter((check, index) => check !== own[index]).length
    }
    if (!isDone(step.status) || step.status === 'passed') continue
    const how = step.status === 'solved' ? 'solved' : 'skipped'
    lost[how] += kept * (1 - policy[how])
    count[how]++
  }
  return (['evidence', 'solved', 'skipped'] as const).map(kind => ({
    kind,
    thousandths: lost[kind],
    count: count[kind],
  }))
}

/** What was reached stays reached on lesser evidence: the cap takes points, and fails no requirement. */
function counted(own: readonly CheckGrade[], step: StepGrade, less: readonly CheckGrade[]): CheckGrade[] {
  const { earned, bonus } = sumOf(own, step.score)
  return less.filter(check => check.bonus || earned > bonus).map(check => ({ ...check, required: false }))
}

function worth(step: StepGrade): StepGrade {
  return step.score === 'all' ? { ...step, score: 'sum' } : step
}

function withCap(check: CheckGrade, { evidence }: Policy): CheckGrade {
  if (evidence.min === 'recorded' || check.evidence === 'live' || !check.earned) return check
  return { ...check, earned: check.earned * evidence.recordedCap }
}

/** The one that counts. Where nothing was seen, nothing was tried: that counts only where there is nothing else. */
function chosen(all: readonly Attempt[], rule: Policy['attempts']['count']): Attempt | undefined {
  const seen = all.filter(({ state }) => state !== 'unreachable' && state !== 'absent')
  const attempts = seen.length > 0 ? seen : all
  if (rule === 'first') return attempts.find(each => each.result.attempt > 0) ?? attempts[0]
  if (rule === 'last') return attempts.at(-1)
  const rank = (each: Attempt) => (each.state === 'graded' ? each.score : Number.NEGATIVE_INFINITY)
  return attempts.toSorted((a, b) => rank(b) - rank(a))[0]
}

function rounded(score: number, { round }: Policy): number {
  const unit = 10 ** round
  // As decimals have it: 8.345 * 100 is 834.4999999999999.
  return Math.round(Number((score * unit).toPrecision(12))) / unit
}
