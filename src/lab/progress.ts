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
}

/** What is kept of a learner's way through a course. Names, never indexes. */
export interface Progress {
  readonly version: 1
  readonly course: string
  readonly workspace?: string
  readonly language?: 'ko' | 'en'
  /** The lab that was last open. */
  readonly open?: string
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

export function withStep(progress: Progress, lab: string, step: string, change: Partial<StepProgress>): Progress {
  const before = labProgress(progress, lab)
  return withLab(progress, lab, {
    steps: { ...before.steps, [step]: { ...stepProgress(progress, lab, step), ...change } },
  })
}

/** The step to do next: the first that is not done. `null` when all are. */
export function nextStep(progress: Progress, lab: { id: string; steps: readonly { id: string }[] }): string | null {
  return lab.steps.find(step => !isDone(stepProgress(progress, lab.id, step.id).status))?.id ?? null
}
