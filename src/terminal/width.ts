import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** Columns that a text takes on a terminal: Korean two, escapes none. Decomposed Hangul counts as it looks. */
export function columns(text: string): number {
  return stringWidth(text.normalize('NFC'))
}

export interface WrapOptions {
  /** Put before every line; counts towards the width. */
  readonly indent?: string
  /** Put before the first line instead of `indent`, for a hanging indent; as wide as `indent`. */
  readonly first?: string
}

/** Lines of at most `width` columns, broken at spaces, and within a word that is longer than a line. */
export function wrap(text: string, width: number, { indent = '', first = indent }: WrapOptions = {}): string {
  const room = Math.max(2, width - columns(indent))
  return (
    wrapAnsi(text.normalize('NFC'), room, { hard: true })
      // wrap-ansi reopens hyperlinks with BEL, which listr2 breaks.
      .replaceAll('\x07', '\x1b\\')
      .split('\n')
      .map((line, i) => `${i === 0 ? first : indent}${line}`.trimEnd())
      .join('\n')
  )
}

const escapes = /(\x1b\[[\d;]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\))/
const graphemes = new Intl.Segmenter()

/** At most `width` columns, the end replaced by `…` when it does not fit. Escapes stay, so that styles are closed. */
export function truncate(text: string, width: number): string {
  if (columns(text) <= width) return text
  let room = Math.max(0, width - 1)
  let cut = false
  let result = ''
  for (const part of text.normalize('NFC').split(escapes)) {
    if (escapes.test(part)) {
      result += part
      continue
    }
    for (const { segment } of graphemes.segment(part)) {
      if (cut) break
      const wide = columns(segment)
      if (wide <= room) {
        result += segment
        room -= wide
      } else {
        result += '…'
        cut = true
      }
    }
  }
  return result
}

/** Filled up with spaces to `width` columns; what is wider stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' | 'center' = 'left'): string {
  const missing = Math.max(0, width - columns(text))
  const before = align === 'left' ? 0 : align === 'right' ? missing : Math.floor(missing / 2)
  return ' '.repeat(before) + text + ' '.repeat(missing - before)
}
