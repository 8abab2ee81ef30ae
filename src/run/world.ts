import type { Probe, Reader } from '../check/reader.ts'

/** Everything that touches the machine. `cli` builds it; tests give a fake of it. */
export interface World {
  readonly reader: Reader
  readonly probe: Probe
  readonly shell: Shell
  readonly files: Files
  readonly docker: DockerHands
  /** ms since the epoch. */
  now(): number
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Ends connections that are kept open. */
  close(): void
}

/** What one command leaves for the next: where it ended and which variables it exported. */
export interface ShellState {
  readonly cwd: string
  /** Variables that differ from the environment of the runner; `null`: unset. */
  readonly env: Readonly<Record<string, string | null>>
}

export interface ShellResult {
  readonly exit: number
  /** Without escapes, at most 1 MiB each, the end kept. */
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  readonly interrupted: boolean
  /** Unchanged when the shell was killed. */
  readonly state: ShellState
  /** Process group of what a background command left running. */
  readonly group?: number
  readonly tookMs: number
}

export interface ShellOptions {
  readonly state: ShellState
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Each piece of output as it comes, escapes included. */
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void
  /** Called with the process group as soon as it exists, before the command does anything. */
  readonly onStart?: (group: number) => void | Promise<void>
  /** Keep what it leaves running; its output goes to this file. */
  readonly background?: { readonly log: string }
}

export interface Shell {
  /** Runs one line in a process group of its own; the whole group is ended on timeout or abort. */
  run(line: string, options: ShellOptions): Promise<ShellResult>
  /** Runs a line in the terminal itself, for programs that ask (sudo's password); gives the exit code. */
  attended(line: string): Promise<number>
  /** Ends a process group: TERM, then KILL. `startedAt` (of `processStart`) guards against a reused id. */
  endGroup(group: number, startedAt?: string): Promise<boolean>
  /** The living processes of a group, with what `processStart` says of each: an id may be used again, a start is not. */
  members(group: number): Promise<readonly { readonly pid: number; readonly start: string }[]>
  /** Something that stays the same for the life of a process and differs for the next of that id; `null`: no such process. */
  processStart(pid: number): Promise<string | null>
}

export interface Files {
  read(path: string): Promise<string | null>
  /** Whole or not at all: temp file, fsync, rename. */
  write(path: string, content: string, mode?: number): Promise<void>
  append(path: string, content: string): Promise<void>
  makeFolder(path: string): Promise<void>
  copy(from: string, to: string): Promise<void>
  /** Files and folders; a path that is not there is no error. */
  remove(path: string): Promise<void>
  /** Only when empty. */
  removeFolder(path: string): Promise<boolean>
  rename(from: string, to: string): Promise<void>
  /** Creates a file only if it does not exist; false when it does. */
  create(path: string, content: string): Promise<boolean>
}

/** The engine's objects that a ledger knows by id. False: it was gone already. */
export interface DockerHands {
  snapshot(): Promise<DockerSnapshot>
  removeContainer(id: string): Promise<boolean>
  /** By tag where the object has one, else by id. */
  removeImage(ref: string): Promise<boolean>
  removeVolume(name: string): Promise<boolean>
  removeNetwork(id: string): Promise<boolean>
}

/** What the engine has, with the time each came to be (ms). */
export interface DockerSnapshot {
  readonly containers: Readonly<
    Record<
      string,
      { readonly name: string; readonly createdAt: number /** Of kind, whose node it is. */; readonly cluster?: string }
    >
  >
  /** By tag; untagged images by id. */
  readonly images: Readonly<Record<string, { readonly id: string }>>
  readonly volumes: Readonly<Record<string, { readonly createdAt: number }>>
  readonly networks: Readonly<Record<string, { readonly name: string; readonly createdAt: number }>>
}
