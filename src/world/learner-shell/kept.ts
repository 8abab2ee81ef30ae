import { shownText } from '../output.ts'

/** Of bytes, escapes included: a screen redrawn again and again leaves little text. */
const rawCap = 256 * 1024
/** Of text, characters. */
const textCap = 64 * 1024

/** The end of what was written. */
export interface Kept {
  add(bytes: Buffer): void
  raw(): string
}

export function createKept(): Kept {
  // Copied, so that the pieces themselves, 64 KiB each behind a few thousand bytes, can go at once.
  let bytes = Buffer.allocUnsafe(4096)
  let size = 0

  function makeRoom(wanted: number): void {
    if (size + wanted <= bytes.length) return
    if (size + wanted > 2 * rawCap) {
      bytes.copyWithin(0, size - rawCap, size)
      size = rawCap
    }
    if (size + wanted <= bytes.length) return
    const larger = Buffer.allocUnsafe(Math.min(2 * rawCap, 2 * (size + wanted)))
    bytes.copy(larger, 0, 0, size)
    bytes = larger
  }

  return {
    add(piece) {
      const end = piece.length > rawCap ? piece.subarray(-rawCap) : piece
      makeRoom(end.length)
      size += end.copy(bytes, size)
    },
    raw: () => bytes.toString('utf8', Math.max(0, size - rawCap), size),
  }
}

/** zsh's mark for output without a newline at its end, and what takes it away again. */
const endOfLineMark = /(?:\x1b\[[\d;]*m|\x1b\(B|\x0f)*[^\s\x1b]?(?:\x1b\[[\d;]*m|\x1b\(B|\x0f)* {10,}\r \r$/

/** Of the kind that vi leaves: Node's stripping of escapes does not know them. */
const privateSequences = /\x1b\[[<->][0-?]*[ -/]*[@-~]/g

/** What a command wrote. */
export function outputOf(raw: string): string {
  return end(shownText(raw.replace(endOfLineMark, '').replace(privateSequences, '')))
}

/** The end of the prompt. */
export const inputBegins = '\x1b]133;B\x07'
const pasteEnds = '\x1b[?2004l'

/** How zsh draws a prompt at the right: over there and back. */
const rightPrompt = /\x1b\[\d+C[^\n]*?\x1b\[\d+D/g

/** What stood behind the prompt, as the screen showed it. */
export function inputOf(raw: string): string {
  const from = raw.lastIndexOf(inputBegins)
  return from === -1 ? '' : shownText(raw.slice(from + inputBegins.length).replace(rightPrompt, '')).trimEnd()
}

/** What the shell said to a line that it did not begin. */
export function answerOf(raw: string): string {
  const paste = raw.lastIndexOf(pasteEnds)
  const from = paste === -1 ? raw.indexOf('\n', raw.lastIndexOf(inputBegins)) + 1 : paste + pasteEnds.length
  return outputOf(raw.slice(from)).trimStart()
}

function end(text: string): string {
  if (text.length <= textCap) return text
  const kept = text.slice(-textCap)
  return kept.slice(kept.indexOf('\n') + 1)
}
