import { join } from 'node:path'
import type { Probe, Reader } from '../check/reader.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import { type Evaluation, type Exam, evaluate } from './evaluate.ts'
import type { Evidence, EvidenceLimits, RecordFile } from './evidence.ts'
import { ownRecord, progressIn } from './record.ts'
import { recorder, replay } from './recorder.ts'
import type { EvidenceLevel } from './result.ts'

/** A student's machine, however it is reached. */
export interface Machine {
  readonly reader: Reader
  readonly probe: Probe
  /** Folder of the learner's record of this course, absolute. */
  readonly recordDir: string
  /** Where the learner's files live, if the record does not say. */
  readonly workspace: string
}

export interface CollectOptions {
  readonly tool: Evidence['tool']
  readonly digest: string
  readonly student?: string
  /** How long, ms, what is not right yet gets to become so. */
  readonly settleMs: number
  readonly limits?: EvidenceLimits
  readonly signal: AbortSignal
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

const pause = 1000
const mostWaits = 1000

/**
 * Looks at everything that the lab's checks are about, and keeps it raw. Judges only to know whether another look is worth
 * it: grades are made from what is kept. Throws `CouldNotLook` when not even the record could be looked for.
 */
export async function collect(exam: Exam, machine: Machine, options: CollectOptions): Promise<Evidence> {
  const { now, sleep, signal } = options
  const begun = now()
  const record = ownRecord(await readRecord(machine), exam.lab.id)
  const progress = progressIn(record)
  const workspace = progress?.workspace ?? machine.workspace
  for (let tries = 1; ; tries++) {
    const kept = recorder(machine, now, options.limits)
    const scene = { ...kept, workspace, progress, level: 'live', now, sleep } as const
    // Where there is neither a record nor this folder, it may be that we look in the wrong place.
    if (!progress) await kept.reader.file(workspace).catch(() => null)
    // What a corrected check may need, even where none of today's does.
    if ('docker' in exam.lab.requires.tools)
      await Promise.all(
        [kept.reader.docker.containers(), kept.reader.docker.images()].map(each => each.catch(() => null)),
      )
    const { totals, checks } = await evaluate(exam, scene, signal)
    signal.throwIfAborted()
    const settled = totals.earned >= totals.possible || checks.every(each => each.status === 'passed')
    if (settled || now() - begun >= options.settleMs)
      return {
        schema: 'lab/evidence/v1',
        tool: options.tool,
        course: exam.course.id,
        lab: { id: exam.lab.id, digest: options.digest },
        ...(options.student === undefined ? {} : { student: options.student }),
        collectedAt: now(),
        tookMs: now() - begun,
        tries,
        workspace,
        record,
        looks: kept.looks(),
      }
    await sleep(pause, signal)
  }
}

async function readRecord({ reader, recordDir }: Machine): Promise<Evidence['record']> {
  const record: Partial<Record<RecordFile, string>> = {}
  for (const name of ['progress.json', 'events.ndjson'] as const) {
    const file = await reader.file(join(recordDir, name))
    if (file?.text !== undefined) record[name] = file.text
    else if (file?.type === 'file') Object.assign(record, await endOf(reader, name, file.path))
  }
  return record
}

/** Of a record that has grown large, what came last; where that could not be had, nobody knows what it says. */
async function endOf(reader: Reader, name: RecordFile, path: string): Promise<Evidence['record']> {
  const options = { cwd: '/', timeoutMs: 30_000 }
  const seen = await reader.run(['tail', '-c', '1000000', path], options).catch(error => {
    if (error instanceof CouldNotLook) return null
    throw error
  })
  const whole = seen !== null && seen.exitCode === 0 && !seen.timedOut
  return whole ? { [name]: seen.stdout.slice(seen.stdout.indexOf('\n') + 1), cut: true } : { cut: true }
}

/** What evidence is worth, by the lab as it is now. Needs no machine, and gives the same for the same. */
export async function evaluateEvidence(exam: Exam, evidence: Evidence, level: EvidenceLevel): Promise<Evaluation> {
  let now = evidence.collectedAt
  let waits = 0
  const scene = {
    ...replay(evidence.looks),
    workspace: evidence.workspace,
    progress: progressIn(evidence.record),
    level,
    now: () => now,
    sleep: async (ms: number) => {
      // Nothing changes any more, so nobody waits long but for times that make no sense.
      if (++waits > mostWaits) throw new Error('the evidence has times that make no sense')
      now += ms
    },
  }
  return evaluate(exam, scene, new AbortController().signal)
}
