import type { Modes } from './modes.ts'

/**
 * What the start files write between the learner's output: `ESC ] 7133 ; NONCE ; KIND … BEL`. Line and environment stand
 * between a mark and the mark `E`, so that they may hold anything. The nonce keeps out what only looks like a mark: recorded
 * terminals, the marks of a shell within this one.
 */
export const markNumber = 7133

export type Piece =
  | { readonly kind: 'text'; readonly bytes: Buffer; readonly alternate: boolean }
  /** The prompt is about to be drawn. */
  | { readonly kind: 'prompt'; readonly cwd: string }
  /** Command number `n` begins. `before`: the exit code so far. `ran`: false for a line that the shell refused. */
  | {
      readonly kind: 'start'
      readonly n: number
      readonly before: number
      /** `null`: the shell keeps no history, so it could not tell. */
      readonly line: string | null
      readonly ran: boolean
    }
  | { readonly kind: 'done'; readonly n: number; readonly exit: number; readonly cwd: string }
  /** Of `env -0`, then the folder. */
  | { readonly kind: 'environment'; readonly dump: string }

export interface Parser {
  push(chunk: Buffer): void
  /** The next piece; `null`: more has to come first. */
  next(): Piece | null
  /** What was held back because it could have become a mark. */
  rest(): Buffer
}

const escapeByte = 0x1b
const none = Buffer.alloc(0)
/** No mark, and no setting of modes, is longer. */
const longestMark = 8192
const longestModes = 64
/** Of a line or an environment. */
const longestPayload = 4 * 1024 * 1024

export function createParser(nonce: string, modes: Modes): Parser {
  const opening = Buffer.from(`\x1b]${markNumber};${nonce};`)
  const end = Buffer.concat([opening, Buffer.from('E\x07')])
  const modeOpening = Buffer.from('\x1b[?')
  let chunks: Buffer[] = []
  let buffer: Buffer = none
  let at = 0
  /** Up to here there is nothing but text. */
  let seen = 0

  function text(to: number, next = to): Piece {
    const piece = { kind: 'text', bytes: buffer.subarray(at, to), alternate: modes.alternate() } as const
    at = next
    seen = next
    return piece
  }

  /** At `from`, an escape: whether it is what `opening` says; `null` when the bytes end before it is decided. */
  function opens(opening: Buffer, from: number): boolean | null {
    const length = Math.min(opening.length, buffer.length - from)
    if (buffer.compare(opening, 0, length, from, from + length) !== 0) return false
    return length === opening.length ? true : null
  }

  function gather(): void {
    if (chunks.length === 0) return
    buffer = at === buffer.length && chunks.length === 1 ? chunks[0]! : Buffer.concat([buffer.subarray(at), ...chunks])
    seen -= at
    at = 0
    seen = Math.max(0, seen)
    chunks = []
  }

  /** A mark at `at`. `null`: it is not whole yet. `undefined`: it means nothing, and is skipped. */
  function mark(): Piece | null | undefined {
    const from = at + opening.length
    const to = buffer.indexOf(7, from)
    if (to === -1 || to - from > longestMark) {
      if (buffer.length - from <= longestMark) return null
      at = seen = from
      return undefined
    }
    const [kind, ...fields] = buffer.toString('utf8', from, to).split(';')
    if (kind === 'C' || kind === 'L' || kind === 'S') {
      const stop = buffer.indexOf(end, to)
      if (stop === -1 && buffer.length - to <= longestPayload) return null
      const payload = stop === -1 ? '' : buffer.toString('utf8', to + 1, stop).replaceAll('\r\n', '\n')
      at = seen = stop === -1 ? to + 1 : stop + end.length
      return kind === 'S' ? { kind: 'environment', dump: payload } : startOf(kind, fields, payload)
    }
    at = seen = to + 1
    if (kind === 'A') return { kind: 'prompt', cwd: fields.join(';') }
    const [n, exit, ...cwd] = fields
    return kind === 'D' ? { kind: 'done', n: Number(n), exit: Number(exit), cwd: cwd.join(';') } : undefined
  }

  function next(): Piece | null {
    gather()
    for (;;) {
      const found = buffer.indexOf(escapeByte, seen)
      if (found === -1) return buffer.length > at ? text(buffer.length) : null
      const isMark = opens(opening, found)
      if (isMark === true) {
        if (found > at) return text(found)
        const piece = mark()
        if (piece !== undefined) return piece
        continue
      }
      const isModes = opens(modeOpening, found)
      if (isMark === null || isModes === null) return found > at ? text(found) : null
      seen = found + 1
      if (!isModes) continue
      const names = /^[\d;]*(?=([^\d;]))/.exec(buffer.toString('latin1', found + 3, found + longestModes))
      if (names === null && buffer.length - found < longestModes) {
        seen = found
        return found > at ? text(found) : null
      }
      if (names === null || (names[1] !== 'h' && names[1] !== 'l')) continue
      const before = modes.alternate()
      const after = found + 3 + names[0].length + 1
      // The text before it is still of the old screen.
      if (found > at && alternates(names[0])) return text(found)
      modes.set(names[0], names[1] === 'h')
      if (modes.alternate() !== before) return text(after)
      seen = after
    }
  }

  return {
    push: chunk => void chunks.push(chunk),
    next,
    rest() {
      gather()
      const bytes = buffer.subarray(at)
      buffer = none
      at = seen = 0
      return bytes
    },
  }
}

function alternates(names: string): boolean {
  return /(?:^|;)(?:47|1047|1049)(?:;|$)/.test(names)
}

/** `how`: the shell's options when `payload` is what bash's `history 1` gives, `line` when it is the line itself. */
function startOf(kind: 'C' | 'L', [n, before, how = '']: string[], payload: string): Piece {
  const kept = how.split(':').includes('history') && payload !== ''
  const line = how === 'line' ? payload : kept ? payload.replace(/^ *\d+[* ] /, '').trimEnd() : null
  return { kind: 'start', n: Number(n), before: Number(before), line, ran: kind === 'C' }
}
