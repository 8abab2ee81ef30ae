import type { Collected, RunInfo } from './collected.ts'
import { judge } from './collected.ts'
import { inCrowd, networkIsDown } from './crowd.ts'
import type { Exam } from './evaluate.ts'
import type { Result } from './result.ts'
import type { Student } from './roster.ts'
import type { RunFolder } from './run-folder.ts'

/** How students' machines, or what they handed in, are reached. */
export interface Driver {
  readonly kind: Result['target']['kind']
  /** Students on the same one are not all looked at at once. */
  hostOf(student: Student): string
  /** Never throws: whatever goes wrong is a reason why there is nothing. */
  collect(student: Student, signal: AbortSignal): Promise<Collected>
}

export interface GradeOptions {
  readonly run: RunInfo
  readonly exam: Exam
  readonly folder: RunFolder
  readonly driver: Driver
  readonly jobs: number
  readonly perHost: number
  /** ms for one student. */
  readonly limit: number
  /** Only bring evidence home. */
  readonly collectOnly: boolean
  /** Students that have been looked at are looked at again. */
  readonly again: boolean
  readonly signal: AbortSignal
  now(): number
  readonly listen: (event: GradeEvent) => void
}

export type GradeEvent =
  | { readonly event: 'student.started'; readonly student: string }
  | { readonly event: 'student.finished'; readonly student: string; readonly state: Result['state'] | 'collected' }

export interface Graded {
  /** Too many could not be reached: it is the network here, and the rest was not tried. */
  readonly stopped: boolean
}

/** What is worth another try: all that was not seen. */
const unfinished = new Set<Result['state']>(['unreachable', 'incomplete'])

/** Collects and judges, student by student. Whoever has a result that is final is left as it is. */
export async function gradeRun(students: readonly Student[], options: GradeOptions): Promise<Graded> {
  const { driver, jobs, perHost, signal, again } = options
  const todo: Student[] = []
  for (const student of students) if (again || (await isOpen(student, options))) todo.push(student)
  const reached: boolean[] = []
  const stop = new AbortController()
  const crowd = { jobs, perHost, hostOf: driver.hostOf, signal: AbortSignal.any([signal, stop.signal]) }
  const missed: Student[] = []
  const one = async (student: Student) => {
    const state = await gradeOne(student, options)
    if (state === null) return
    reached.push(state !== 'unreachable')
    if (state === 'unreachable') missed.push(student)
    if (networkIsDown(reached)) stop.abort()
  }
  await inCrowd(todo, crowd, one)
  if (stop.signal.aborted) return { stopped: true }
  // Once more at the end, when whatever it was may be over.
  await inCrowd(missed.splice(0), { ...crowd, signal }, async student => void (await gradeOne(student, options)))
  return { stopped: false }
}

async function isOpen(student: Student, { folder, collectOnly }: GradeOptions): Promise<boolean> {
  if (collectOnly) {
    const kept = await folder.collected(student.id)
    return !kept || kept.nothing?.state === 'unreachable'
  }
  const results = await folder.results(student.id)
  return !results || results.some(each => unfinished.has(each.state))
}

/** `null`: interrupted, nothing is kept. */
async function gradeOne(student: Student, options: GradeOptions): Promise<Result['state'] | 'collected' | null> {
  const { run, exam, folder, collectOnly, signal, listen } = options
  listen({ event: 'student.started', student: student.id })
  const kept = options.again ? null : await folder.collected(student.id)
  const usable = kept && kept.attempts.length > 0 && !(await folder.results(student.id))
  const collected = usable ? kept : await bounded(student, options)
  if (collected === null || signal.aborted) return null
  if (!usable) await folder.keepCollected(collected)
  if (collectOnly) {
    const state = collected.nothing?.state === 'unreachable' ? 'unreachable' : 'collected'
    listen({ event: 'student.finished', student: student.id, state })
    return state
  }
  const results = await judge(run, exam, student, collected)
  if (signal.aborted) return null
  await folder.keepResults(student.id, results)
  const { state } = results.at(-1)!
  listen({ event: 'student.finished', student: student.id, state })
  return state
}

/** Whoever does not come to an end within the limit is unreachable, and is not waited for. */
async function bounded(student: Student, { driver, limit, signal, now }: GradeOptions): Promise<Collected | null> {
  const end = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<null>(resolve => {
    const finish = () => {
      end.abort()
      resolve(null)
    }
    timer = setTimeout(finish, limit)
    signal.addEventListener('abort', finish, { once: true, signal: end.signal })
    if (signal.aborted) finish()
  })
  const found = await Promise.race([driver.collect(student, AbortSignal.any([signal, end.signal])), over])
  clearTimeout(timer)
  end.abort()
  if (found || signal.aborted) return found
  return {
    ...{ schema: 'lab/collected/v1', student: student.id, at: now(), level: 'live', attempts: [], flags: [] },
    target: { kind: driver.kind, label: driver.hostOf(student) },
    nothing: { state: 'unreachable', reason: tooLong(limit) },
  }
}

function tooLong(limit: number) {
  const seconds = Math.round(limit / 1000)
  return {
    ko: `${seconds}초 안에 다 보지 못했어요.`,
    en: `Looking at it took longer than ${seconds} s.`,
  }
}

/** Every student's evidence, judged by the lab as it is now: nobody's machine is needed. */
export async function regrade(
  students: readonly Student[],
  from: RunFolder,
  into: RunFolder,
  run: RunInfo,
  exam: Exam,
  signal: AbortSignal,
): Promise<void> {
  for (const student of students) {
    if (signal.aborted) return
    const collected = await from.collected(student.id)
    if (!collected) continue
    await into.keepCollected(collected)
    await into.keepResults(student.id, await judge(run, exam, student, collected))
  }
}
