import type { Text } from '../lab/lab.ts'
import type { StepStatus } from '../lab/progress.ts'
import type { CheckResult, Difference, FoundCause } from '../lab/verdict.ts'

/** What a run tells, as it happens. Reporters make text of it; `events.ndjson` keeps it. */
export type Happening =
  | { readonly event: 'lab.opened'; readonly workspace: string; readonly resumed: boolean }
  /** What had been passed and does not hold any more. */
  | {
      readonly event: 'lab.gone'
      readonly steps: readonly { readonly id: string; readonly at: number }[]
      /** Where the learner stood: `goto` brings everything before it back. `null`: at the end. */
      readonly stood: string | null
    }
  /** The same for a lab whose end state this one starts from. */
  | {
      readonly event: 'needed.gone'
      readonly needed: string
      /** `null`: this lab has not begun. */
      readonly stood: string | null
      readonly title: Text
      readonly steps: readonly { readonly id: string; readonly title: Text; readonly at: number }[]
    }
  | {
      readonly event: 'lab.finished'
      /** Time that somebody was at it, without breaks. */
      readonly tookMs: number
      readonly again: boolean
      /** Steps that the tool did. */
      readonly solved: readonly string[]
      readonly skipped: readonly string[]
    }
  | { readonly event: 'step.started'; readonly number: number; readonly of: number }
  | { readonly event: 'step.reset' }
  | { readonly event: 'step.finished'; readonly status: StepStatus; readonly already: boolean }
  | { readonly event: 'step.stuck'; readonly tries: number }
  /** A file or folder of the learner, before it is taken back. `name` is relative to the workspace. */
  | { readonly event: 'copy.kept'; readonly name: string; readonly copy: string }
  | { readonly event: 'edit.written'; readonly file: string; readonly copy: string | null }
  | { readonly event: 'command.started'; readonly command: string; readonly line: string }
  | {
      readonly event: 'command.output'
      readonly command: string
      readonly stream: 'stdout' | 'stderr'
      readonly text: string
    }
  | {
      readonly event: 'command.finished'
      readonly command: string
      readonly line: string
      readonly exit: number
      /** As the lab expects it, which may be a failure. */
      readonly ok: boolean
      readonly expected: number
      readonly cause: FoundCause | null
      readonly tookMs: number
    }
  /** By the learner, in their own shell. */
  | {
      readonly event: 'typed'
      readonly line: string
      readonly exit: number
      readonly cause: FoundCause | null
      readonly tookMs: number
    }
  | { readonly event: 'command.fallback'; readonly command: string; readonly text: Text }
  | {
      readonly event: 'checks.started'
      /** Beside a learner who works in another terminal, for as long as it takes. */
      readonly watching: boolean
      readonly checks: readonly { readonly id: string; readonly kind: string; readonly title: Text }[]
    }
  | {
      readonly event: 'check.waiting'
      readonly check: string
      readonly cause: FoundCause | null
      readonly differences: readonly Difference[]
    }
  | { readonly event: 'check.finished'; readonly result: CheckResult }
  | { readonly event: 'hint.shown'; readonly text: Text }
  /** Asked for one more than there are. */
  | { readonly event: 'hint.none' }
  /** A command of a run that was killed had gone on by itself. */
  | { readonly event: 'leftover.ended'; readonly line: string }
  | { readonly event: 'removed'; readonly kind: string; readonly name: string }
  | { readonly event: 'not.removed'; readonly kind: string; readonly name: string; readonly why: string }
  | { readonly event: 'warning'; readonly code: string; readonly text: Text }

export type RunEvent = { readonly at: number; readonly lab: string; readonly step?: string } & Happening

export type Listen = (event: RunEvent) => void
