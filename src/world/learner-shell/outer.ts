import { execFileSync } from 'node:child_process'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Size } from './pty.ts'

/** The terminal that we run in, while a shell within has it. */
export interface Outer {
  /** How it was set, as `stty` takes it. */
  readonly settings: string
  size(): Size
  /** False: it cannot take more until `onDrain`. */
  write(bytes: Buffer | string): boolean
  /** As it was before; `undo` is written first. Does nothing a second time. */
  release(): void
}

export interface OuterOptions {
  readonly onKeys: (keys: Buffer) => void
  readonly onResize: () => void
  readonly onDrain: () => void
  /** The terminal is gone. */
  readonly onGone: () => void
  /** What brings back the modes that programs have changed. */
  readonly undo: () => string
}

/** A terminal that draws takes its input in bursts: this much, bytes, waits for it, or it would wait for us. */
const ahead = 256 * 1024

/** Takes the terminal: keys go to `onKeys`, unchanged. It is given back at the latest when the process ends. */
export function takeTerminal(input: ReadStream, output: WriteStream, options: OuterOptions): Outer {
  const { onKeys, onResize, onDrain, onGone, undo } = options
  const settings = stty(input, '-g') ?? 'iutf8'
  const keys = (chunk: Buffer | string): void => onKeys(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  // Who stopped us and let us go on may have changed it.
  const again = (): void => {
    input.setRawMode(false)
    raw()
  }
  function raw(): void {
    input.setRawMode(true)
    // Node leaves newlines to the terminal; the inner one has made them already, and full-screen programs mean them bare.
    stty(input, '-opost')
  }
  let released = false
  const release = (): void => {
    if (released) return
    released = true
    process.off('exit', release)
    process.off('SIGCONT', again)
    input.off('data', keys)
    output.off('resize', onResize).off('drain', onDrain)
    for (const end of ['end', 'close', 'error']) input.off(end, onGone)
    input.pause()
    output.write(undo())
    input.setRawMode(false)
  }
  process.once('exit', release)
  process.on('SIGCONT', again)
  raw()
  for (const end of ['end', 'close', 'error']) input.once(end, onGone)
  output.on('resize', onResize).on('drain', onDrain)
  input.on('data', keys).resume()
  return {
    settings,
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    write: bytes => output.write(bytes) || output.writableLength < ahead,
    release,
  }
}

function stty(input: ReadStream, argument: string): string | null {
  try {
    const stdio = [input, 'pipe', 'ignore'] as const
    return execFileSync('stty', [argument], { stdio: [...stdio], encoding: 'utf8', timeout: 2000 }).trim()
  } catch {
    return null
  }
}
