import { diagnose } from '../causes/index.ts'
import type { Text } from '../lab/lab.ts'
import { CouldNotLook, type Problem } from '../lab/verdict.ts'
import { type CollectOptions, collect, type Machine } from './collect.ts'
import type { Collected } from './collected.ts'
import type { Exam } from './evaluate.ts'
import type { Driver } from './grade-run.ts'
import type { Result } from './result.ts'
import type { Student } from './roster.ts'

/** A student's machine while we are there. */
export interface Visit extends Machine {
  readonly target: Result['target']
  /** Whether it still answers. */
  alive(): Promise<boolean>
  close(): Promise<void>
}

export interface LiveOptions extends Omit<CollectOptions, 'signal' | 'student'> {
  readonly kind: 'local' | 'ssh'
  readonly exam: Exam
  /** Of the run, ms since the epoch: nobody is later than that because others were looked at first. */
  readonly startedAt: number
  hostOf(student: Student): string
  /** Throws `CouldNotLook` where nobody is to be reached. */
  visit(student: Student, signal: AbortSignal): Promise<Visit>
}

/** Looks at the machines themselves. */
export function liveDriver(options: LiveOptions): Driver {
  const { kind, exam, hostOf, visit, now, startedAt } = options
  const common = (student: Student) =>
    ({ schema: 'lab/collected/v1', student: student.id, at: now(), level: 'live', flags: [] }) as const
  return {
    kind,
    hostOf,
    async collect(student, signal): Promise<Collected> {
      let there: Visit | undefined
      try {
        there = await visit(student, signal)
        const evidence = await collect(exam, there, { ...options, student: student.id, signal })
        const target = { ...there.target, answers: await there.alive() }
        return { ...common(student), target, attempts: [{ submittedAt: startedAt, evidence }] }
      } catch (error) {
        const target = there?.target ?? { kind, label: hostOf(student) }
        return { ...common(student), target, attempts: [], nothing: { state: 'unreachable', reason: reasonOf(error) } }
      } finally {
        // What it may leave behind here is no reason to lose what was seen.
        await there?.close().catch(() => {})
      }
    },
  }
}

/** In a person's words. */
export function reasonOf(error: unknown): Text {
  if (!(error instanceof CouldNotLook)) {
    const { message } = error as Error
    return { ko: `살펴보다가 오류가 났어요: ${message}`, en: `Looking at it failed: ${message}` }
  }
  return reasonFor(error.problem)
}

function reasonFor(problem: Problem): Text {
  const cause = diagnose({ check: { kind: '', fields: {}, differences: [], problem }, facts: { workspace: '/' } })
  if (cause) return { ko: `${cause.message.ko} ${cause.advice.ko}`, en: `${cause.message.en} ${cause.advice.en}` }
  const evidence = Object.values(problem.evidence).join(' ')
  return { ko: `${problem.code} ${evidence}`.trim(), en: `${problem.code} ${evidence}`.trim() }
}
