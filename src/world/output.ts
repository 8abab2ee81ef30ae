import { stripVTControlCharacters } from 'node:util'

export const outputCap = 1024 * 1024

/** Collects one stream of a process: hands text on as it comes and keeps the end of it, at most `outputCap` bytes. */
export interface Capture {
  add(chunk: Buffer): void
  /** Hands on what is left of a cut character. */
  end(): void
  /** What a terminal would show, without escapes. */
  text(): string
}

export function createCapture(onText: (text: string) => void = () => {}): Capture {
  // `stream: true` holds back the first bytes of a character whose rest is still to come.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const hand = (text: string) => {
    if (text !== '') onText(text)
  }
  let chunks: Buffer[] = []
  let size = 0
  let cut = false
  return {
    add(chunk) {
      hand(decoder.decode(chunk, { stream: true }))
      chunks.push(chunk)
      size += chunk.length
      // Twice the cap, so that a stream of many small pieces is not copied for each of them.
      if (size <= 2 * outputCap) return
      chunks = [Buffer.concat(chunks).subarray(-outputCap)]
      size = outputCap
      cut = true
    },
    end() {
      hand(decoder.decode())
    },
    text() {
      const whole = Buffer.concat(chunks)
      return shownText(tail(whole.subarray(-outputCap), cut || whole.length > outputCap))
    },
  }
}

/** A kept end begins at a line; where there is none, at a character. */
function tail(bytes: Buffer, cut: boolean): string {
  if (!cut) return bytes.toString()
  const newline = bytes.indexOf(10)
  if (newline >= 0) return bytes.toString('utf8', newline + 1)
  const start = bytes.findIndex(byte => (byte & 0xc0) !== 0x80)
  return bytes.toString('utf8', Math.max(0, start))
}

/** What a terminal shows after this output: progress lines as they ended, no escapes. */
export function shownText(raw: string): string {
  if (!/[\r\b\x1b\x9b]/.test(raw)) return raw
  return raw.split('\n').map(shownLine).join('\n')
}

const moves = /(\r|\x08|\x1b\[[012]?K)/

function shownLine(line: string): string {
  if (!/[\r\b\x1b\x9b]/.test(line)) return line
  let shown = ''
  let at = 0
  for (const part of line.split(moves)) {
    if (part === '\r') at = 0
    else if (part === '\b') at = Math.max(0, at - 1)
    else if (part === '\x1b[K' || part === '\x1b[0K') shown = shown.slice(0, at)
    else if (part === '\x1b[2K') shown = ''
    else if (part === '\x1b[1K') shown = ' '.repeat(at) + shown.slice(at)
    else {
      const text = stripVTControlCharacters(part)
      if (text === '') continue
      shown = shown.slice(0, at).padEnd(at) + text + shown.slice(at + text.length)
      at += text.length
    }
  }
  return shown
}
