import type { Json } from './lab.ts'

export type StepStatus = 'todo' | 'active' | 'passed' | 'solved' | 'skipped'

export interface StepProgress {
  readonly status: StepStatus
  /** When the status was reached, ms since the epoch. */
  readonly at: number
  /** When the step was first begun. */
  readonly startedAt?: number
  /** Failed tries since it was begun. */
  readonly tries: number
  /** Hints that were asked for. */
  readonly hints?: number
  readonly captures: Readonly<Record<string, Json>>
}

export interface LabProgress {
  readonly startedAt: number
  /** Values given with `--set`. */
  readonly vars: Readonly<Record<string, string>>
  /** By step id. A step that is not here is `todo`. */
  readonly steps: Readonly<Record<string, StepProgress>>
  /** Identities of objects that a check saw, with the time: what `gone` needs. */
  readonly sightings: Readonly<Record<string, number>>
  /** How long somebody was at it with a runner, ms: breaks and nights left out. */
  readonly activeMs?: number
  /** When its end was first told. */
  readonly finishedAt?: number
  /** What it stands on: steps of the labs that it needs (`lab/step`) that held when a step of this one last ended. */
  readonly restsOn?: readonly string[]
}

/** What is kept of a learner's way through a course. Names, never indexes. */
export interface Progress {
  readonly version: 1
  readonly course: string
  readonly workspace?: string
  readonly language?: 'ko' | 'en'
  /** The lab that was last open. */
  readonly open?: string
  /** The cluster that the learner named with `--context`, as it was then: another of that name is not touched. */
  readonly context?: { readonly name: string; readonly server: string; readonly authority: string }
  readonly labs: Readonly<Record<string, LabProgress>>
}

export function noProgress(course: string): Progress {
  return { version: 1, course, labs: {} }
}

export function labProgress(progress: Progress, lab: string): LabProgress {
  return progress.labs[lab] ?? { startedAt: 0, vars: {}, steps: {}, sightings: {} }
}

export function stepProgress(progress: Progress, lab: string, step: string): StepProgress {
  return labProgress(progress, lab).steps[step] ?? { status: 'todo', at: 0, tries: 0, captures: {} }
}

export function isDone(status: StepStatus): boolean {
  return status === 'passed' || status === 'solved' || status === 'skipped'
}

export function withLab(progress: Progress, lab: string, change: Partial<LabProgress>): Progress {
  return { ...progress, labs: { ...progress.labs, [lab]: { ...labProgress(progress, lab), ...change } } }
}

/** Forgets all of a lab but its variables. */
export function withNothingDone(progress: Progress, lab: string): Progress {
  const { vars } = labProgress(progress, lab)
  return { ...progress, labs: { ...progress.labs, [lab]: { startedAt: 0, vars, steps: {}, sightings: {} } } }
}

export function withStep(progress: Progress, lab: string, step: string, change: Partial<StepProgress>): Progress {
  const before = labProgress(progress, lab)
  return withLab(progress, lab, {
    steps: { ...before.steps, [step]: { ...stepProgress(progress, lab, step), ...change } },
  })
}

/**
 * What was kept while the clock was ahead, for a clock that was set back to `now`: nothing has happened in the future. What
 * had to be newer than such a start must be newer than now, instead of never being new enough.
 */
export function notInFuture(progress: Progress, now: number): Progress {
  const past = (time: number) => Math.min(time, now)
  const step = (each: StepProgress): StepProgress => ({
    ...each,
    at: past(each.at),
    ...(each.startedAt === undefined ? {} : { startedAt: past(each.startedAt) }),
  })
  const lab = (each: LabProgress): LabProgress => ({
    ...each,
    startedAt: past(each.startedAt),
    steps: Object.fromEntries(Object.entries(each.steps).map(([id, kept]) => [id, step(kept)])),
  })
  return { ...progress, labs: Object.fromEntries(Object.entries(progress.labs).map(([id, kept]) => [id, lab(kept)])) }
}

/** The step to do next: the first that is not done. `null` when all are. */
export function nextStep(progress: Progress, lab: { id: string; steps: readonly { id: string }[] }): string | null {
  return lab.steps.find(step => !isDone(stepProgress(progress, lab.id, step.id).status))?.id ?? null
}
