import { evidenceDigest } from './bundle.ts'
import type { Collected, RunInfo } from './collected.ts'
import { inCrowd, networkIsDown } from './crowd.ts'
import type { Exam } from './evaluate.ts'
import { judgeStudent } from './judging.ts'
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
  /** Students (ids) who are looked at again, whatever is kept of them. */
  readonly again: ReadonlySet<string>
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

/** Another try may show what was not seen; the other states stay until somebody asks for it. */
export function isFinal(state: Result['state']): boolean {
  return state !== 'unreachable' && state !== 'incomplete'
}

/** Collects and judges, student by student. Whoever has a result that is final is left as it is. */
export async function gradeRun(students: readonly Student[], options: GradeOptions): Promise<Graded> {
  const { driver, jobs, perHost, signal, again } = options
  const todo: Student[] = []
  for (const student of students) if (again.has(student.id) || (await isOpen(student, options))) todo.push(student)
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
  const kept = await folder.collected(student.id)
  if (collectOnly) return !kept || kept.nothing?.state === 'unreachable'
  const results = await folder.results(student.id)
  const settled = results?.every(each => isFinal(each.state)) ?? false
  return !settled || (kept !== null && isOfOther(results!, kept))
}

/** The run was ended between the two, while the student was looked at again: the grade is of what was seen before. */
function isOfOther(results: readonly Result[], { attempts }: Collected): boolean {
  const digest = attempts.length > 0 ? evidenceDigest(attempts.at(-1)!.evidence) : null
  return results.at(-1)?.evidence.digest !== digest
}

/** `null`: interrupted, nothing is kept. Only a disk that does not take what is written ends the others. */
async function gradeOne(student: Student, options: GradeOptions): Promise<Result['state'] | 'collected' | null> {
  const { collectOnly, signal, listen } = options
  listen({ event: 'student.started', student: student.id })
  try {
    const collected = await evidenceOf(student, options)
    if (collected === null || signal.aborted) return null
    if (!collectOnly) return await judgeAndKeep(student, collected, options)
    const state = collected.nothing?.state === 'unreachable' ? 'unreachable' : 'collected'
    listen({ event: 'student.finished', student: student.id, state })
    return state
  } catch (error) {
    if (isOfDisk(error)) throw error
    return await judgeAndKeep(student, brokenBy(error as Error, student, options), options)
  }
}

/** What is kept of the student, where that is of use, else what is there now. */
async function evidenceOf(student: Student, options: GradeOptions): Promise<Collected | null> {
  const { folder, again } = options
  const kept = again.has(student.id) ? null : await folder.collected(student.id)
  const judged = await folder.results(student.id)
  if (kept && kept.nothing?.state !== 'unreachable' && (!judged || isOfOther(judged, kept))) return kept
  const collected = await bounded(student, options)
  if (collected !== null && !options.signal.aborted) await folder.keepCollected(collected)
  return collected
}

async function judgeAndKeep(student: Student, collected: Collected, options: GradeOptions) {
  const { run, exam, folder, signal, listen } = options
  const results = await judgeStudent(run, exam, student, collected)
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

/** Its number is one of the system's; in JavaScript's own errors there is none. */
function isOfDisk(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).errno === 'number'
}

/** What we could not cope with is held, for a person to look at. */
function brokenBy({ message }: Error, student: Student, { driver, now }: GradeOptions): Collected {
  return {
    ...{ schema: 'lab/collected/v1', student: student.id, at: now(), level: 'live', attempts: [] },
    target: { kind: driver.kind, label: driver.hostOf(student) },
    nothing: {
      state: 'held',
      reason: {
        ko: `채점 프로그램이 이 학생의 것을 다루지 못했어요: ${message}`,
        en: `The grading program could not cope with what is of this student: ${message}`,
      },
    },
    flags: [{ code: 'check-bug', severity: 'hold', detail: message.slice(0, 300) }],
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
    await into.keepResults(student.id, await judgeStudent(run, exam, student, collected))
  }
}
