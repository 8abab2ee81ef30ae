import type { Lab } from '../lab/lab.ts'
import { isDone, type LabProgress, labProgress, type Progress, type StepProgress } from '../lab/progress.ts'
import { chainOf, onlyThose } from '../run/chain.ts'
import { type Evidence, isPlace, isTooDeep } from './evidence.ts'
import type { CheckGrade, Flag } from './result.ts'

/** What a student's own record says, as far as it can be read, and whether it agrees with itself and with what was seen. */

/** `null`: no record, or nothing that could be read as one. */
export function progressIn(record: Evidence['record']): Progress | null {
  try {
    const text = record['progress.json'] ?? 'null'
    if (isTooDeep(text)) return null
    const value: unknown = JSON.parse(text)
    return isSound(value) ? value : null
  } catch {
    return null
  }
}

/** What a record says of one lab, without what the student typed: nobody has to know that to grade it. */
export function ownRecord(record: Evidence['record'], lab: string): Evidence['record'] {
  const progress = progressIn(record)
  const events = record['events.ndjson']
  const own = progress && {
    ...progress,
    labs: Object.fromEntries(Object.entries(progress.labs).filter(([id]) => id === lab)),
  }
  return {
    ...record,
    ...(own ? { 'progress.json': JSON.stringify(own) } : {}),
    ...(events === undefined
      ? {}
      : { 'events.ndjson': onlyThose(events, each => each.lab === lab && each.event !== 'typed') }),
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isValue = (value: unknown) => typeof value === 'string' && value.length <= longestValue
const longestValue = 4096
const statuses = ['todo', 'active', 'passed', 'solved', 'skipped']

function isSound(value: unknown): value is Progress {
  if (!isMap(value) || value['version'] !== 1 || !isMap(value['labs'])) return false
  const { workspace, context } = value as Partial<Progress>
  if (workspace !== undefined && (typeof workspace !== 'string' || !isPlace(workspace))) return false
  if (context !== undefined && !(isMap(context) && Object.values(context).every(each => typeof each === 'string')))
    return false
  return Object.values(value['labs']).every(lab => {
    const { startedAt, vars, steps, sightings } = (lab ?? {}) as Partial<LabProgress>
    if (!isTime(startedAt) || !isMap(vars) || !isMap(steps) || !isMap(sightings)) return false
    return Object.values(vars).every(isValue) && Object.values(steps).every(isStep)
  })
}

function isStep(value: unknown): boolean {
  const { status, at, tries, hints = 0, captures, startedAt = 0 } = (value ?? {}) as Partial<StepProgress>
  return statuses.includes(status ?? '') && [at, tries, hints, startedAt].every(isTime) && isMap(captures)
}

/**
 * Values of the lab's variables that the student set. Another port is fine; what is empty, or no number where the lab has
 * one, may turn a check into one that asks for nothing.
 */
export function variableFlags({ id, vars }: Pick<Lab, 'id' | 'vars'>, progress: Progress | null): Flag[] {
  const own = progress ? labProgress(progress, id).vars : {}
  const isNumber = (value: string) => /^\d+$/.test(value)
  return Object.entries(vars).flatMap(([name, value]): Flag[] => {
    const set = Object.hasOwn(own, name) ? own[name]! : value
    if (set === value) return []
    const odd = set.trim() === '' || (isNumber(value) && !isNumber(set))
    return [{ code: 'other-values', severity: odd ? 'hold' : 'warn', detail: `${name}=${set.slice(0, 100)}` }]
  })
}

/** What does not fit together; `progress` as `progressIn` found it in the record. Flags change no points. */
export function recordFlags(
  { record, collectedAt }: Evidence,
  progress: Progress | null,
  lab: string,
  checks: readonly CheckGrade[],
): Flag[] {
  const unreadable = record['progress.json'] !== undefined && !progress
  if (unreadable) return [{ code: 'record-edited', severity: 'hold', detail: 'progress.json' }]
  if (!progress) return []
  const { steps } = labProgress(progress, lab)
  const flags: Flag[] = []
  const { events, brokenAt } = chainOf(record['events.ndjson'] ?? '', record.cut)
  if (brokenAt !== undefined)
    flags.push({
      code: brokenAt === 1 ? 'record-truncated' : 'record-edited',
      severity: 'hold',
      detail: `events.ndjson:${brokenAt}`,
    })
  const finished = new Set(
    events.filter(each => each.lab === lab && each.event === 'step.finished').flatMap(each => each.step ?? []),
  )
  const done = Object.entries(steps).filter(([, step]) => isDone(step.status))
  const unknown = done.filter(([id]) => !finished.has(id)).map(([id]) => id)
  if (unknown.length > 0 && brokenAt === undefined && !record.cut)
    flags.push({ code: 'record-truncated', severity: 'hold', detail: unknown.join(', ') })
  const early = done.filter(([, step]) => step.startedAt !== undefined && step.at < step.startedAt).map(([id]) => id)
  const late = done.filter(([, step]) => step.at > collectedAt + clockSlack).map(([id]) => id)
  if (early.length + late.length > 0)
    flags.push({ code: 'clock', severity: 'warn', detail: [...early, ...late].join(', ') })
  const wrong = new Set(
    checks.filter(each => each.status === 'failed' || each.status === 'partial').map(each => each.step),
  )
  const mismatch = done.filter(([id, step]) => step.status !== 'skipped' && wrong.has(id)).map(([id]) => id)
  if (mismatch.length > 0) flags.push({ code: 'record-mismatch', severity: 'warn', detail: mismatch.join(', ') })
  return flags
}

/** Clocks of two machines differ, ms. */
const clockSlack = 5 * 60_000
