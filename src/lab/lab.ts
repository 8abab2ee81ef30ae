/** The nouns of a course, as the rest of the program uses them: complete, with every default filled in. */

export const languages = ['ko', 'en'] as const
export type Language = (typeof languages)[number]

/** A text for people, in every language. A course in one language has the same string in both. */
export type Text = Readonly<Record<Language, string>>

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface Course {
  readonly id: string
  readonly title: Text
  /** Absolute path of the folder with `course.yaml`. */
  readonly dir: string
  /** Language where the environment names none. */
  readonly language: Language
  /** Lab ids in the order of the course. */
  readonly labs: readonly string[]
}

export interface Lab {
  readonly id: string
  readonly title: Text
  /** Absolute path of the lab's folder. */
  readonly dir: string
  readonly level: 'beginner' | 'intermediate' | 'advanced'
  readonly minutes: number
  /** Labs whose end state this one starts from. */
  readonly needs: readonly string[]
  readonly requires: Requirements
  /** Everything the lab pulls, pinned. */
  readonly images: readonly string[]
  readonly vars: Readonly<Record<string, string>>
  /** Points of all checks and rubric items that are no bonus, as the author adds them up: `lab lint` does so too. */
  readonly possible?: number
  /** Name of the kind cluster that the lab works with, and touches no other. */
  readonly cluster?: string
  readonly intro: Text
  readonly debrief: Text
  readonly steps: readonly Step[]
  readonly cleanup: readonly Command[]
}

export interface Requirements {
  /** Tool name -> version range such as `>=20.10`, or `*`. */
  readonly tools: Readonly<Record<string, string>>
  /** Free disk space, bytes. */
  readonly disk?: number
  /** Ports of the loopback address that must be free when the lab starts. */
  readonly ports: readonly number[]
}

/** What is done before the next check mark. */
export interface Step {
  readonly id: string
  readonly title: Text
  /** Markdown, without the heading. */
  readonly text: Text
  /** Done before the commands. */
  readonly edits: readonly Edit[]
  readonly commands: readonly Command[]
  readonly checks: readonly Check[]
  readonly hints: readonly Hint[]
  /** Commands that do the step where `edits` and `commands` cannot. */
  readonly solve: readonly Command[]
  /** Why no machine can do this step. */
  readonly manual?: Text
  readonly reset: readonly Command[]
  /** Wrong ways to do it, with the cause that must be named: `lab test` plays them. */
  readonly mistakes: readonly Mistake[]
  /** The later step that ends on purpose what this one made: its checks need not hold any more once that one is done. */
  readonly until?: string
  /** How a grade is made of the points of its checks. */
  readonly score: StepScore
  /** What a person judges: it stays ungraded until somebody did. */
  readonly rubric: readonly RubricItem[]
}

/** `sum`; `all`: everything or nothing; `max`: the best one; `best:2`: the best two. */
export type StepScore = 'sum' | 'all' | 'max' | `best:${number}`

export interface RubricItem {
  readonly id: string
  readonly points: number
  readonly text: Text
}

/** A shell line, run by the runner or typed by the learner. */
export interface Command {
  readonly id: string
  readonly run: string
  /** Milliseconds. */
  readonly timeout: number
  /** How it ends when all is well. `stdout` and `stderr` are text that must appear. */
  readonly expect: { readonly exit: number; readonly stdout?: string; readonly stderr?: string }
  /** What it leaves running stays, and belongs to the ledger. */
  readonly background: boolean
  /** Another way, offered when the command failed for one of these causes. */
  readonly fallback?: { readonly on: readonly string[]; readonly run: string; readonly text: Text }
}

/** A file that the learner changes by hand. */
export interface Edit {
  /** Relative to the workspace. */
  readonly file: string
  /** Relative to the lab's folder. */
  readonly solution: string
}

/** A wrong way to do a step: edits, then lines. */
export interface Mistake {
  readonly id: string
  readonly edits: readonly Edit[]
  /** A shell line, or several. */
  readonly run?: string
  /** Milliseconds. */
  readonly timeout?: number
  /** The code that must be named. */
  readonly cause: string
}

export interface Hint {
  /** Cause codes it fits; empty: any. */
  readonly on: readonly string[]
  /** Failed tries before it is shown. */
  readonly after: number
  readonly text: Text
}

export const groupKinds = ['all', 'any', 'none', 'count'] as const
export type GroupKind = (typeof groupKinds)[number]

/** A condition on real state. */
export interface Check {
  readonly id: string
  /** A kind of the registry, or a group form. */
  readonly check: string
  readonly title: Text
  /** The fields of the kind, as written. */
  readonly fields: Readonly<Record<string, Json>>
  readonly expect?: Json
  /** CEL, and-ed with `expect`. */
  readonly expr?: string
  /** Eventually: the deadline, ms. 0 is one look. */
  readonly within: number
  /** Then without a break, ms. */
  readonly for: number
  /** Poll interval, ms, of kinds that cannot be watched. */
  readonly every?: number
  readonly not: boolean
  /** It was there, and is not any more. */
  readonly gone: boolean
  /** Only what came to be after the start of the step or lab counts. */
  readonly since?: 'step' | 'lab'
  /** Ids of checks of the same step that must have passed. */
  readonly needs: readonly string[]
  /** Name -> CEL over `self`, for later steps. */
  readonly capture: Readonly<Record<string, string>>
  readonly hints: readonly Hint[]
  /** Of a grade; absent: 1. */
  readonly points?: number
  /** Where it has not passed, its step earns nothing. */
  readonly required?: true
  /** Its points come on top of what is possible. */
  readonly bonus?: true
  /** Some of the points where it has not passed. */
  readonly partial?: PartialPoints
  /** Members of a group, else empty. */
  readonly of: readonly Check[]
  readonly min?: number
  readonly max?: number
}

/** CEL over `self`: so much of so much, or the share (0 to 1) of the highest number that was reached. */
export type PartialPoints = { readonly from: string } & (
  | { readonly of: string }
  | { readonly table: Readonly<Record<string, number>> }
)

export function isGroup(check: Check): boolean {
  return (groupKinds as readonly string[]).includes(check.check)
}
