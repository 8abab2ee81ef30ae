/** What a person decided, beside what was seen. Rows are only ever added; of one field the last one counts. */
export interface Override {
  readonly id: string
  readonly assignment: string
  /** `score`, `state`, `due`, `submitted_at`, or `step/check` for the points of one check or exam item. */
  readonly field: string
  readonly value: string
  readonly reason: string
  readonly by: string
  /** ISO 8601. */
  readonly at: string
}

/** Of one student in one assignment. */
export interface OwnOverrides {
  readonly score?: Decision
  readonly excused?: boolean
  readonly held?: boolean
  readonly released?: boolean
  /** ms since the epoch. */
  readonly due?: number
  /** ms since the epoch. */
  readonly submittedAt?: number
  /** By `step/check`. */
  readonly points: ReadonlyMap<string, Decision>
}

/** What a person said a score or the points of a check are. */
export interface Decision {
  readonly value: number
  readonly reason: string
  readonly by: string
}

export interface AssignmentOverrides {
  of(student: string): OwnOverrides
}

export const overrideStates = ['excused', 'held', 'released', 'clear'] as const

/** Why a row says nothing that could be done; `null`: it does. */
export function flawOf({ field, value }: Pick<Override, 'field' | 'value'>): 'field' | 'value' | null {
  if (field === 'state') return (overrideStates as readonly string[]).includes(value) ? null : 'value'
  if (field === 'due' || field === 'submitted_at') return isInstant(value) ? null : 'value'
  if (field !== 'score' && !/^[a-z0-9-]+\/[a-z0-9-]+$/.test(field)) return 'field'
  return value.trim() !== '' && Number.isFinite(Number(value)) && Number(value) >= 0 ? null : 'value'
}

/** ISO 8601 with its zone: without one it would be another time on another machine. */
function isInstant(value: string): boolean {
  const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
  return written.test(value) && !Number.isNaN(Date.parse(value))
}

export function overridesOf(rows: readonly Override[], assignment: string): AssignmentOverrides {
  const own = new Map<string, Override[]>()
  for (const row of rows)
    if (row.assignment === assignment && flawOf(row) === null) own.set(row.id, [...(own.get(row.id) ?? []), row])
  return { of: student => read(own.get(student) ?? []) }
}

function read(rows: readonly Override[]): OwnOverrides {
  const last = (field: string) => rows.findLast(row => row.field === field)
  const score = last('score')
  const state = last('state')?.value
  const due = last('due')
  const submitted = last('submitted_at')
  return {
    ...(score ? { score: decision(score) } : {}),
    ...(state === 'excused' ? { excused: true } : state === 'clear' ? { excused: false } : {}),
    ...(state === 'held' ? { held: true } : {}),
    ...(state === 'released' ? { released: true } : {}),
    ...(due ? { due: Date.parse(due.value) } : {}),
    ...(submitted ? { submittedAt: Date.parse(submitted.value) } : {}),
    points: new Map(rows.filter(row => row.field.includes('/')).map(row => [row.field, decision(row)])),
  }
}

function decision({ value, reason, by }: Override): Decision {
  return { value: Number(value), reason, by }
}
