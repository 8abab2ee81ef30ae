import { setTimeout as sleep } from 'node:timers/promises'
import type { Looking } from './engine.ts'
import { object, string } from './raw.ts'

const filters = encodeURIComponent(JSON.stringify({ type: ['container', 'image', 'volume', 'network'] }))
const pausesMs = [0, 200, 500, 1000]
/** A stream that lasted this long was a good one: after it the pauses start over. */
const steadyMs = 1000

/**
 * Calls `changed` after each event, and once each time the stream has been opened: something may have happened while
 * nobody listened. Goes on until `signal` aborts; a quiet stream is a healthy one.
 */
export async function followEvents(engine: Looking, changed: () => void, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    const events = eventReader()
    let openedAt = Number.POSITIVE_INFINITY
    try {
      await engine.follow(`/events?filters=${filters}`, signal, {
        opened() {
          openedAt = performance.now()
          changed()
        },
        received(chunk) {
          // Everything that came at once is one change.
          if (events(chunk).some(matters)) changed()
        },
      })
    } catch {
      // Whoever looks now is told what is wrong; here it is only a reason to try again.
    }
    if (performance.now() - openedAt > steadyMs) failures = 0
    const pause = pausesMs[Math.min(failures, pausesMs.length - 1)]!
    if (pause > 0) await sleep(pause, undefined, { ref: false, signal }).catch(() => {})
  }
}

/** Gives the events of each chunk: one JSON object a line, cut anywhere. */
export function eventReader(): (chunk: Buffer) => unknown[] {
  let rest = Buffer.alloc(0)
  return chunk => {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf('\n') + 1
    rest = bytes.subarray(end)
    return bytes
      .toString('utf8', 0, end)
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(parsed)
  }
}

/** What runs inside a container, such as its health check each second, leaves the engine's objects as they are. */
export function matters(event: unknown): boolean {
  const { Action, status } = object(event)
  return !/^(exec_|top|attach|detach|resize|archive-path|export)/.test(string(Action) || string(status))
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
