import type { LogLine } from '../../lab/machine.ts'
import { refusal } from './problem.ts'

interface Frame {
  readonly stream: LogLine['stream']
  readonly bytes: Buffer
}

/**
 * The lines of a container's log that was read with `timestamps=1`. Without a terminal the two streams come in frames:
 * one byte stream, three bytes nothing, four bytes length. Throws `CouldNotLook` for an error sent in between.
 */
export function logLines(body: Buffer, tty: boolean): LogLine[] {
  const lines: LogLine[] = []
  const open: Partial<Record<LogLine['stream'], { at: number; bytes: Buffer[] }>> = {}
  const close = (stream: LogLine['stream']) => {
    const line = open[stream]
    if (!line) return
    delete open[stream]
    // Decoded only when whole: a frame may end in the middle of a character.
    lines.push({ stream, at: line.at, text: Buffer.concat(line.bytes).toString('utf8').replace(/\r$/, '') })
  }
  for (const { stream, bytes } of tty ? [{ stream: 'stdout' as const, bytes: body }] : frames(body)) {
    let rest = bytes
    while (rest.length > 0) {
      const { at, length } = timestamp(rest)
      const end = rest.indexOf('\n')
      const text = rest.subarray(length, end < 0 ? rest.length : end)
      // The engine cuts a line of more than 16 KiB into several, each with its time and all but the last without an end.
      const line = (open[stream] ??= { at, bytes: [] })
      line.bytes.push(text)
      if (end < 0) break
      close(stream)
      rest = rest.subarray(end + 1)
    }
  }
  close('stdout')
  close('stderr')
  return lines
}

function* frames(body: Buffer): Generator<Frame> {
  for (let at = 0; at + 8 <= body.length; ) {
    const kind = body[at]!
    const length = body.readUInt32BE(at + 4)
    const bytes = body.subarray(at + 8, at + 8 + length)
    if (kind > 3) throw refusal(200, 'the log is not in frames')
    if (kind === 3) throw refusal(200, bytes.toString('utf8').trim())
    yield { stream: kind === 2 ? 'stderr' : 'stdout', bytes }
    at += 8 + length
  }
}

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /

/** `length`: bytes to skip. A piece without a time keeps all its text. */
function timestamp(line: Buffer): { at: number; length: number } {
  const found = stamp.exec(line.toString('latin1', 0, 40))
  return found ? { at: Date.parse(found[1]!), length: found[0].length } : { at: 0, length: 0 }
}
