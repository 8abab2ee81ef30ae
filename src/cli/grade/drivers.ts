import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { filledFrom, type PlannedAssignment } from '../../grade/class.ts'
import type { RunInfo } from '../../grade/collected.ts'
import type { Exam } from '../../grade/evaluate.ts'
import { evidenceLimits } from '../../grade/evidence.ts'
import type { Driver } from '../../grade/grade-run.ts'
import { liveDriver, type Visit } from '../../grade/live-driver.ts'
import { type NotTaken, recordDriver } from '../../grade/record-driver.ts'
import type { Student } from '../../grade/roster.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { openSubmissions } from '../../world/submissions.ts'
import { exits, Stop } from '../exit.ts'
import { type Classroom, shown, tool } from './classroom.ts'

/**
 * How the students of an assignment are reached; `refused` is what was handed in and nobody gets, `none` where it is so for all.
 */
export async function createDriver(
  { context, book }: Classroom,
  { target }: PlannedAssignment,
  exam: Exam,
  run: RunInfo,
): Promise<{ readonly driver: Driver; readonly refused: readonly NotTaken[]; readonly none?: string }> {
  const { world } = context
  const { now, sleep } = world
  const common = {
    ...{ exam, tool, digest: run.lab.digest, now, sleep, settleMs: book.limits.settle },
    startedAt: Date.parse(run.startedAt),
    limits: { ...evidenceLimits, look: book.limits.look },
  }
  switch (target.kind) {
    case 'record': {
      const path = isAbsolute(target.path) ? target.path : join(book.dir, target.path)
      const submissions = await openSubmissions(path, book.students).catch(error => {
        if (!(error instanceof CouldNotLook)) throw error
        const { path: where, reason } = error.problem.evidence
        const { noSubmissions, noFile } = context.teller.say.grading
        throw new Stop(exits.usage, noSubmissions(shown(String(where)), noFile(String(reason))))
      })
      const none = submissions.count === 0 ? { none: target.path } : {}
      return { driver: recordDriver(submissions, now), refused: submissions.refused, ...none }
    }
    case 'local': {
      const visit = async (student: Student): Promise<Visit> => ({
        ...{ reader: world.reader, probe: world.probe, recordDir: join(dirname(context.store.dir), exam.course.id) },
        workspace: target.workspace === undefined ? context.workspace : filledFrom(student, target.workspace),
        target: { kind: 'local', label: 'local' },
        alive: async () => true,
        close: async () => {},
      })
      return { driver: liveDriver({ ...common, kind: 'local', hostOf: () => 'local', visit }), refused: [] }
    }
    case 'ssh': {
      const { fromHome, visitBySsh } = await import('./ssh-visit.ts')
      for (const field of ['knownHosts', 'identityFile'] as const) {
        const written = target[field]
        const file =
          written === undefined || written.includes('{') ? null : resolve(book.dir, fromHome(written, homedir()))
        if (file !== null && !existsSync(file))
          throw new Stop(exits.usage, context.teller.say.grading.noLocalFile(field, shown(file)))
      }
      const hostOf = (student: Parameters<Driver['hostOf']>[0]) => filledFrom(student, target.host)
      const visit: Parameters<typeof liveDriver>[0]['visit'] = (student, signal) =>
        visitBySsh({
          target,
          student,
          course: exam.course.id,
          dir: book.dir,
          home: homedir(),
          limits: book.limits,
          signal,
        })
      return { driver: liveDriver({ ...common, kind: 'ssh', hostOf, visit }), refused: [] }
    }
  }
}
