import { createRequire } from 'node:module'
import { constants } from 'node:os'
import type * as NodePty from '@lydell/node-pty'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** A program in a pseudo-terminal of its own. Bytes go in and come out as they are. */
export interface Pty {
  write(bytes: Buffer): void
  resize(size: Size): void
  pause(): void
  resume(): void
  /** Of a program that is gone: nothing. */
  kill(signal: NodeJS.Signals): void
}

export interface PtyOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly size: Size
  readonly onOutput: (chunk: Buffer) => void
  /** After the last output; 128 and the signal's number when one ended it. */
  readonly onExit: (exit: number) => void
}

let found: typeof NodePty | null | undefined

/** Loaded on first use, since few commands need it; `null`: not here, or not for this machine. */
export function loadPty(): typeof NodePty | null {
  if (found !== undefined) return found
  try {
    found = createRequire(import.meta.url)('@lydell/node-pty') as typeof NodePty
  } catch {
    found = null
  }
  return found
}

/** Throws when it cannot be started. */
export function startInPty(file: string, args: readonly string[], options: PtyOptions): Pty {
  const { cwd, env, size, onOutput, onExit } = options
  const child = loadPty()!.spawn(file, [...args], {
    name: env['TERM'] ?? 'xterm-256color',
    cols: size.columns,
    rows: size.rows,
    cwd,
    env: { ...env },
    encoding: null,
  })
  let gone = false
  // Without an encoding it gives and takes buffers; its types know text only.
  child.onData(chunk => onOutput(chunk as unknown as Buffer))
  child.onExit(({ exitCode, signal }) => {
    gone = true
    onExit(signal ? 128 + signal : exitCode)
  })
  return {
    write: bytes => {
      if (!gone) child.write(bytes as unknown as string)
    },
    resize(size) {
      try {
        if (!gone) child.resize(size.columns, size.rows)
      } catch {
        // It has ended just now.
      }
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    kill(signal) {
      if (!gone && signal in constants.signals) child.kill(signal)
    },
  }
}
