import type { Kind } from '../check/kind.ts'
import { nodesOfKind } from '../check/kinds/kind-cluster.ts'
import type { Probe, Reader } from '../check/reader.ts'
import type { Check, Course, Lab, Step } from '../lab/lab.ts'
import { labProgress, noProgress, type Progress, stepProgress, withStep } from '../lab/progress.ts'
import type { CheckResult } from '../lab/verdict.ts'
import { observe } from '../run/observe.ts'
import type { Session } from '../run/session.ts'
import type { World } from '../run/world.ts'
import { totalsOf } from './gradebook.ts'
import { problemClass } from './problem-class.ts'
import type { CheckGrade, EvidenceLevel, Result, StepGrade } from './result.ts'

/** A lab with what is needed to look at its checks. */
export interface Exam {
  readonly course: Course
  readonly lab: Lab
  readonly kinds: Readonly<Record<string, Kind>>
  /** Ids of the lab's steps that only the instructor has. */
  readonly hidden?: ReadonlySet<string>
}

/** What is looked at: a machine, or what was kept of one. */
export interface Scene {
  readonly reader: Reader
  readonly probe: Probe
  readonly workspace: string
  /** `null`: the student has none. */
  readonly progress: Progress | null
  readonly level: EvidenceLevel
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export type Evaluation = Pick<Result, 'checks' | 'steps' | 'totals'>

/**
 * Judges every check of a lab, each step by one look. Changes nothing; throws nothing but for our own bugs outside of checks:
 * one within a check is `check-bug` there.
 */
export async function evaluate(exam: Exam, scene: Scene, signal: AbortSignal): Promise<Evaluation> {
  const { lab } = exam
  const session = sessionOf(exam, scene, signal)
  const graded = new Map<string, CheckGrade[]>()
  const capturing = new Set(
    lab.steps.flatMap(({ id: step, checks }) =>
      checks.filter(each => Object.keys(each.capture).length > 0).map(({ id }) => placeOf({ step, id })),
    ),
  )
  const visibilityOf = (step: Step) => (exam.hidden?.has(step.id) ? 'hidden' : 'visible')
  for (const step of lab.steps) {
    const { results, bug } = await resultsOf(session, step)
    for (const { captures } of results)
      session.progress = withStep(session.progress, lab.id, step.id, {
        captures: { ...stepProgress(session.progress, lab.id, step.id).captures, ...captures },
      })
    const own: CheckGrade[] = []
    for (const check of step.checks) {
      const result = results.find(each => each.id === check.id)
      own.push(await gradeOf(session, scene, step, check, visibilityOf(step), result, bug))
    }
    graded.set(step.id, afterBlocks(step, own, graded, capturing))
  }
  for (const step of lab.steps.toReversed()) graded.set(step.id, fromRecord(session, scene, step, graded))
  const steps = lab.steps.map(step => stepGrade(scene, lab.id, step))
  const checks = lab.steps.flatMap(step => [...graded.get(step.id)!, ...manual(step, visibilityOf(step))])
  return { checks, steps, totals: totalsOf(steps, checks) }
}

function sessionOf({ course, lab, kinds }: Exam, scene: Scene, signal: AbortSignal): Session {
  const untouched = () => Promise.reject(new Error('grading changes nothing'))
  const world = {
    ...{ reader: scene.reader, probe: scene.probe, now: scene.now, sleep: scene.sleep, close: () => {} },
    ...{ shell: { run: untouched }, files: {}, docker: { snapshot: untouched } },
  } as unknown as World
  return {
    ...{ course, lab, kinds, world, signal },
    store: { record: untouched } as unknown as Session['store'],
    workspace: scene.workspace,
    browserUrl: port => `http://127.0.0.1:${port}/`,
    listen: () => {},
    readOnly: true,
    active: { at: scene.now(), ms: 0 },
    progress: scene.progress ?? noProgress(course.id),
    ledger: { entries: [] },
    shells: {},
  }
}

async function resultsOf(session: Session, step: Step) {
  try {
    const { signal } = session
    return { results: (await observe(session, step, { once: true, quiet: 'but find causes', signal })).results }
  } catch (error) {
    if (session.signal.aborted) return { results: [] }
    // A stack that ended: what was seen nests deeper than anything that a lab asks for.
    const name = error instanceof RangeError ? ('limit' as const) : ('check-bug' as const)
    return { results: [], bug: { name, message: String((error as Error).message ?? error) } }
  }
}

async function gradeOf(
  session: Session,
  scene: Scene,
  step: Step,
  check: Check,
  visibility: CheckGrade['visibility'],
  result: CheckResult | undefined,
  bug: { readonly name: 'limit' | 'check-bug'; readonly message: string } | undefined,
): Promise<CheckGrade> {
  const { points = 1, bonus = false, required = false } = check
  const common = {
    ...{ id: check.id, step: step.id, kind: check.check, visibility, points, bonus, required },
    title: result?.title ?? check.title,
    evidence: scene.level,
    tookMs: Math.round(result?.tookMs ?? 0),
    subject: result?.subject ?? '',
    differences: result?.differences ?? [],
    cause: result?.cause ? pick(result.cause) : null,
  } as const
  const error = (name: NonNullable<CheckGrade['error']>['class'], retryable: boolean, detail: string): CheckGrade => ({
    ...common,
    status: 'error',
    earned: null,
    error: { class: name, retryable, detail },
  })
  if (bug !== undefined) return error(bug.name, false, bug.message)
  if (!result) return error('cancelled', true, '')
  switch (result.verdict) {
    case 'passed':
      return { ...common, status: 'passed', earned: points }
    case 'skipped':
      return { ...common, status: 'skipped', earned: 0 }
    case 'blocked':
      return { ...common, status: 'blocked', earned: 0 }
    case 'error': {
      if (await isSeenMissing(session, result)) return { ...common, status: 'failed', earned: 0 }
      const code = result.problem?.code ?? result.cause?.code ?? ''
      const detail = [code, ...Object.values(result.problem?.evidence ?? {})].join(' ').slice(0, 500)
      const { name, retryable } = problemClass(code)
      return error(name, retryable, detail)
    }
    case 'failed': {
      const unseen = result.differences.some(({ rule }) => rule === 'never-existed')
      if (unseen && !scene.progress) return error('no-record', false, '')
      const share = result.share ?? 0
      const earned = Math.round(points * share * 1000) / 1000
      return { ...common, status: earned > 0 ? 'partial' : 'failed', earned }
    }
  }
}

function pick({ code, message, advice }: NonNullable<CheckResult['cause']>) {
  return { code, message, advice }
}

/** What it would be looked at within is not there, and that was seen: the folder, or the cluster itself. */
async function isSeenMissing({ lab, world }: Session, { problem }: CheckResult): Promise<boolean> {
  if (problem?.code === 'k8s.cluster-missing' || problem?.code === 'folder.missing') return true
  if (problem?.code !== 'k8s.no-context' || lab.cluster === undefined) return false
  const containers = await world.reader.docker.containers().catch(() => null)
  return containers !== null && nodesOfKind(containers, lab.cluster).length === 0
}

/** What could not be looked at because of what else could not be looked at is no zero. */
function afterBlocks(
  step: Step,
  own: readonly CheckGrade[],
  before: ReadonlyMap<string, readonly CheckGrade[]>,
  capturing: ReadonlySet<string>,
): CheckGrade[] {
  const known = new Map<string, CheckGrade>()
  // A check may stand before the one that it needs.
  const settled = (grade: CheckGrade): CheckGrade => {
    const found = known.get(grade.id)
    if (found || grade.status !== 'blocked') return found ?? grade
    known.set(grade.id, grade)
    const { needs } = step.checks.find(check => check.id === grade.id)!
    const here = own.filter(each => needs.includes(each.id)).map(settled)
    const after = afterBlocker(grade, blockerOf(here) ?? blockerOf([...before.values()].flat(), capturing), step.id)
    known.set(grade.id, after)
    return after
  }
  return own.map(settled)
}

/** One that could not be looked at before one that is wrong; of what was before, those that captured nothing. */
function blockerOf(grades: readonly CheckGrade[], capturing?: ReadonlySet<string>): CheckGrade | undefined {
  const open = grades.filter(each => each.status !== 'passed')
  const likely = capturing ? open.filter(each => capturing.has(placeOf(each))) : open
  return likely.find(each => each.status === 'error') ?? likely.at(-1) ?? open.at(-1)
}

function afterBlocker(grade: CheckGrade, blocker: CheckGrade | undefined, step: string): CheckGrade {
  const blockedBy = blocker ? placeOf(blocker) : step
  if (blocker?.status !== 'error' || !blocker.error) return { ...grade, blockedBy }
  return { ...grade, status: 'error', earned: null, error: { ...blocker.error, detail: blockedBy } }
}

function placeOf({ step, id }: Pick<CheckGrade, 'step' | 'id'>): string {
  return `${step}/${id}`
}

/** What a step made, and a later one has ended on purpose, is only in the record. */
function fromRecord(
  { lab }: Session,
  { progress }: Scene,
  step: Step,
  graded: ReadonlyMap<string, readonly CheckGrade[]>,
): CheckGrade[] {
  const own = [...graded.get(step.id)!]
  const { until } = step
  if (until === undefined || own.every(each => each.status === 'passed')) return own
  const isThrough = (id: string) =>
    ['passed', 'solved'].includes(stepProgress(progress ?? noProgress(''), lab.id, id).status)
  const end = graded.get(until)!
  const ended = isThrough(until) || (end.length > 0 && end.every(each => each.status === 'passed'))
  if (!ended) return own
  return own.map((grade): CheckGrade => {
    if (grade.status === 'passed') return grade
    const { error: _, blockedBy: __, ...rest } = grade
    const plain = { ...rest, evidence: 'recorded' as const, cause: null, differences: [] }
    if (!progress) {
      const error = { class: 'no-record', retryable: false, detail: until } as const
      return { ...plain, status: 'error', earned: null, error }
    }
    return isThrough(step.id)
      ? { ...plain, status: 'passed', earned: grade.points }
      : { ...plain, status: 'failed', earned: 0 }
  })
}

function stepGrade({ progress }: Scene, lab: string, { id, title, score }: Step): StepGrade {
  const { status, hints = 0, tries } = stepProgress(progress ?? noProgress(''), lab, id)
  return { id, title, score, status, hints, tries }
}

function manual(step: Step, visibility: CheckGrade['visibility']): CheckGrade[] {
  return step.rubric.map(({ id, points, text }) => ({
    ...{ id, step: step.id, kind: 'manual', visibility, title: text, points, bonus: false, required: false },
    ...{ status: 'error', earned: null, evidence: 'recorded', tookMs: 0, subject: '', differences: [], cause: null },
    error: { class: 'manual', retryable: false, detail: '' },
  }))
}

/** When the lab was begun, by the record. */
export function begunAt(progress: Progress | null, lab: string): number | null {
  return (progress && labProgress(progress, lab).startedAt) || null
}
