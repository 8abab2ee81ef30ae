import type { ShellState } from './world.ts'

/** The learner's own shell in this terminal, with each command known to the runner. */
export interface LearnerShell {
  /**
   * Why it cannot be used here; `null`: it can. `nested`: this already is one; `no-terminal`: input or output is none;
   * `dumb`, `accessible`: the terminal is not to be written to in this way; `other-shell`: neither bash nor zsh; `no-pty`:
   * pseudo-terminals cannot be made.
   */
  obstacle(): Obstacle | null
  /**
   * Runs it until it exits; the terminal is as before on every way out. Rejects when it could not be started, or with what
   * `onCommand` or `onStart` threw.
   */
  open(options: LearnerShellOptions): Promise<{ readonly exit: number; readonly state: ShellState }>
}

export type Obstacle = 'nested' | 'no-terminal' | 'dumb' | 'accessible' | 'other-shell' | 'no-pty'

export interface LearnerShellOptions {
  /** Where it begins, and which variables it has, whatever the learner's start files say. */
  readonly state: ShellState
  /** Said above the first prompt. */
  readonly greeting: string
  /** Ends the shell, whatever runs in it. */
  readonly signal: AbortSignal
  /** Before the first prompt. */
  readonly onReady?: (control: ShellControl) => void
  readonly onStart?: (line: string) => void
  /**
   * Between the end of a command and the next prompt, which waits until this resolves or 150 ms have passed. `say` writes
   * above that prompt, later too as long as nothing is typed on it; else above the next one.
   */
  readonly onCommand: (command: TypedCommand, say: (text: string) => void) => Promise<void>
}

export interface ShellControl {
  /** Ends the shell at its prompt, a half-typed line is lost. False, and nothing happens, while a command is running. */
  close(): boolean
  /** Of the window; while a command is running it waits for its end. */
  title(text: string): void
  /** Lines above the prompt, if nothing is typed on it; else above the next one. */
  say(text: string): void
}

export interface TypedCommand {
  /** As typed, several lines included; empty when the shell did not tell. */
  readonly line: string
  readonly exit: number
  /** What it wrote, both streams: without escapes and full-screen programs, the last 64 KiB. */
  readonly output: string
  /** Where the shell was afterwards. */
  readonly cwd: string
  /** Where it was typed. */
  readonly cwdBefore: string
  /** ms since the epoch. */
  readonly startedAt: number
  readonly tookMs: number
}
