import { kinds } from '../../src/check/kinds/index.ts'
import { collect, evaluateEvidence } from '../../src/grade/collect.ts'
import type { Exam } from '../../src/grade/evaluate.ts'
import type { Evidence, EvidenceLimits } from '../../src/grade/evidence.ts'
import type { CheckGrade, EvidenceLevel } from '../../src/grade/result.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { noProgress, type Progress, withLab, withStep } from '../../src/lab/progress.ts'
import { linked } from '../../src/run/chain.ts'
import { labYaml, open, workspace } from '../helpers/session.ts'
import { type FakeWorld, fakeWorld } from '../helpers/world.ts'

/** One student of the lab `web`: a machine, a record, and what is made of them. */

export const tool = { name: 'handrail', version: '0.0.0' }
export const digest = `sha256:${'a'.repeat(64)}`
const recordDir = '/state'

export interface Student {
  readonly world: FakeWorld
  readonly exam: Exam
  /** The record says that these steps are done. */
  record(done: readonly string[], change?: (progress: Progress) => Progress): void
  /** `exam`: another one than the student's own. */
  collect(options?: {
    readonly settleMs?: number
    readonly limits?: EvidenceLimits
    readonly exam?: Exam
  }): Promise<Evidence>
  /** Collected, and judged from what was kept. */
  grade(level?: EvidenceLevel): Promise<Record<string, CheckGrade>>
}

export async function student(steps: string, world: FakeWorld = fakeWorld(), head?: string): Promise<Student> {
  const { lab, session } = await open(labYaml(steps, head), { world })
  const exam: Exam = { course: session.course, lab, kinds }
  const self: Student = {
    world,
    exam,
    record(done, change = progress => progress) {
      world.disk.put(`${recordDir}/progress.json`, JSON.stringify(change(progressOf(lab, done, world.now()))))
      const lines: string[] = []
      for (const step of done)
        lines.push(
          linked(
            { at: world.now(), lab: lab.id, step, event: 'step.finished', status: 'passed', already: false },
            lines.at(-1),
          ),
        )
      world.disk.put(`${recordDir}/events.ndjson`, lines.map(line => `${line}\n`).join(''))
    },
    collect: ({ settleMs = 0, limits, exam: by = exam } = {}) =>
      collect(
        by,
        { reader: world.reader, probe: world.probe, recordDir, workspace },
        {
          ...{ tool, digest, settleMs, now: world.now, sleep: world.sleep },
          ...(limits ? { limits } : {}),
          signal: new AbortController().signal,
        },
      ),
    async grade(level = 'live') {
      const kept = JSON.parse(JSON.stringify(await self.collect())) as Evidence
      const { checks } = await evaluateEvidence(exam, kept, level)
      return Object.fromEntries(checks.map(check => [check.id, check]))
    },
  }
  return self
}

function progressOf(lab: Lab, done: readonly string[], now: number): Progress {
  const start = withLab({ ...noProgress('course'), workspace }, lab.id, { startedAt: now - 60_000 })
  return done.reduce(
    (progress, id) =>
      withStep(progress, lab.id, id, { status: 'passed', at: now - 1000, startedAt: now - 30_000, tries: 0 }),
    start,
  )
}
