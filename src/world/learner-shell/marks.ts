import type { Modes } from './modes.ts'

/**
 * What the start files write between the learner's output: `ESC ] 7133 ; NONCE ; KIND … BEL`. A command line
 * stands between a mark and the mark `E`, so that it may hold anything. The nonce keeps out what only looks like a mark: recorded
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

export interface Parser {
  push(chunk: Buffer): void
  /** The next piece; `null`: more has to come first. */
  next(): Piece | null
  /** What was held back because it could have become a mark. */
  rest(): Buffer
}

const none = Buffer.alloc(0)
/** No mark is longer; neither is a setting of modes. */
const longestMark = 8192
const longestModes = 64
const longestLine = 1024 * 1024

export function createParser(nonce: string, modes: Modes): Parser {
  const opening = Buffer.from(`\x1b]${markNumber};${nonce};`)
  const behindEscape = opening.subarray(1)
  const end = Buffer.concat([opening, Buffer.from('E\x07')])
  let chunks: Buffer[] = []
  let buffer: Buffer = none
  let at = 0
  /** Where the next mark begins, and the next setting of modes; the length of `buffer` when there is none. */
  let mark = 0
  let setting = 0
  /** From here on it may become one of them. */
  let open = 0

  function gather(): void {
    if (chunks.length === 0) return
    buffer = at === buffer.length && chunks.length === 1 ? chunks[0]! : Buffer.concat([buffer.subarray(at), ...chunks])
    chunks = []
    at = 0
    const lastEscape = buffer.lastIndexOf(0x1b)
    mark = lastEscape === -1 ? buffer.length : findMark(0)
    setting = lastEscape === -1 ? buffer.length : findSetting(0)
    open = lastEscape !== -1 && isBeginning(buffer.subarray(lastEscape)) ? lastEscape : buffer.length
  }

  // Coloured output is full of escapes: looked for is what is rare in it, which is ten times faster.
  function findMark(from: number): number {
    const found = buffer.indexOf(behindEscape, from + 1)
    if (found === -1) return buffer.length
    return buffer[found - 1] === 0x1b ? found - 1 : findMark(found)
  }

  function findSetting(from: number): number {
    let found = buffer.indexOf(0x3f, from + 2)
    while (found !== -1 && !(buffer[found - 1] === 0x5b && buffer[found - 2] === 0x1b))
      found = buffer.indexOf(0x3f, found + 1)
    return found === -1 ? buffer.length : found - 2
  }

  function isBeginning(bytes: Buffer): boolean {
    if (bytes.length < opening.length && opening.subarray(0, bytes.length).equals(bytes)) return true
    return bytes.length < longestModes && /^\x1b(\[(\?[\d;]*)?)?$/.test(bytes.toString('latin1'))
  }

  function text(to: number): Piece {
    const piece = { kind: 'text', bytes: buffer.subarray(at, to), alternate: modes.alternate() } as const
    at = to
    return piece
  }

  function next(): Piece | null {
    gather()
    for (;;) {
      // Changes of modes are of interest up to the next mark only; what follows is looked at when it is its turn.
      if (setting < mark && setting < open) {
        const piece = takeSetting()
        if (piece) return piece
      } else {
        const to = Math.min(mark, open)
        if (to > at) return text(to)
        if (mark > at || at === buffer.length) return null
        const piece = takeMark()
        if (piece !== undefined) return piece
      }
    }
  }

  function takeSetting(): Piece | null {
    const from = setting
    const [whole = '', names = '', final] =
      /^\x1b\[\?([\d;]*)(.)/s.exec(buffer.toString('latin1', from, from + longestModes)) ?? []
    setting = findSetting(from + 1)
    if (final !== 'h' && final !== 'l') return null
    const before = modes.alternate()
    modes.set(names, final === 'h')
    if (modes.alternate() === before) return null
    // What came before it was of the old screen; of the sequence itself nothing is left without escapes.
    const to = from + whole.length
    const piece = { kind: 'text', bytes: buffer.subarray(at, to), alternate: before } as const
    at = to
    return piece
  }

  /** `null`: it is not whole yet. `undefined`: it means nothing, and is skipped. */
  function takeMark(): Piece | null | undefined {
    const from = at + opening.length
    const to = buffer.indexOf(7, from)
    if (to === -1 || to - from > longestMark) {
      if (buffer.length - from <= longestMark) return null
      skip(from)
      return undefined
    }
    const [kind, ...fields] = buffer.toString('utf8', from, to).split(';')
    if (kind === 'C' || kind === 'L') {
      const stop = buffer.indexOf(end, to)
      if (stop === -1 && buffer.length - to <= longestLine) return null
      skip(stop === -1 ? to + 1 : stop + end.length)
      const line = stop === -1 ? '' : buffer.toString('utf8', to + 1, stop).replaceAll('\r\n', '\n')
      return startOf(kind, fields, line)
    }
    skip(to + 1)
    if (kind === 'A') return { kind: 'prompt', cwd: fields.join(';') }
    const [n, exit, ...cwd] = fields
    return kind === 'D' ? { kind: 'done', n: Number(n), exit: Number(exit), cwd: cwd.join(';') } : undefined
  }

  function skip(to: number): void {
    at = to
    mark = findMark(to)
    setting = findSetting(to)
  }

  return {
    push: chunk => void chunks.push(chunk),
    next,
    rest() {
      gather()
      const bytes = buffer.subarray(at)
      buffer = none
      at = mark = setting = open = 0
      return bytes
    },
  }
}

/** `how`: the shell's options when `payload` is what bash's `history 1` gives, `line` when it is the line itself. */
function startOf(kind: 'C' | 'L', [n, before, how = '']: string[], payload: string): Piece {
  const kept = how.split(':').includes('history') && payload !== ''
  const line = how === 'line' ? payload : kept ? payload.replace(/^ *\d+[* ] /, '').trimEnd() : null
  return { kind: 'start', n: Number(n), before: Number(before), line, ran: kind === 'C' }
}
