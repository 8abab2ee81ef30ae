import { createHash } from 'node:crypto'
import type { RunEvent } from './events.ts'

/**
 * Each event names the line before it by a digest, so that one that is changed, moved or taken out shows. On a machine
 * where the learner may do anything this proves nothing: whoever writes all lines anew is not noticed.
 */

/** The line of an event after `last`, the last line so far. */
export function linked(event: RunEvent, last: string | undefined): string {
  return JSON.stringify({ ...event, prev: last === undefined ? '' : digestOf(last) })
}

function digestOf(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 16)
}

/** The same record without what is nobody else's business: of a line that does not pass only its digest stays. */
export function onlyThose(text: string, passes: (event: RunEvent) => boolean): string {
  return text
    .split('\n')
    .map(line => {
      const event = parsed(line)
      if (event === null || passes(event)) return line
      return JSON.stringify({ kept: digestOf(line), ...(event.prev === undefined ? {} : { prev: event.prev }) })
    })
    .join('\n')
}

export interface Chain {
  readonly events: readonly (RunEvent & { readonly prev?: string })[]
  /** Number of the first line, from 1, that does not follow from the one before; absent: none. */
  readonly brokenAt?: number
}

/**
 * What a file of events says. Lines from before events were linked are taken as they are, where nothing linked precedes
 * them. `cut`: what came before the first line was left out.
 */
export function chainOf(text: string, cut = false): Chain {
  const lines = text.split('\n').filter(line => line !== '')
  const events: Chain['events'][number][] = []
  let brokenAt: number | undefined
  /** Digest of the line before. */
  let last: string | undefined
  let linking = false
  for (const [index, line] of lines.entries()) {
    const left = leftOut(line)
    const event = left ? null : parsed(line)
    // A line that a killed run wrote half is nobody's doing.
    if (!event && !left && index === lines.length - 1) break
    const prev = (event ?? left)?.prev
    const fits = prev === undefined ? !linking : (cut && index === 0) || prev === (last ?? '')
    if ((!event && !left) || !fits) brokenAt ??= index + 1
    if (prev !== undefined) linking = true
    if (event) events.push(event)
    last = left?.kept ?? digestOf(line)
  }
  return { events, ...(brokenAt === undefined ? {} : { brokenAt }) }
}

function leftOut(line: string): { readonly kept: string; readonly prev?: string } | null {
  if (!line.startsWith('{"kept":')) return null
  try {
    const { kept, prev } = JSON.parse(line) as { kept?: unknown; prev?: unknown }
    return typeof kept === 'string' ? { kept, ...(typeof prev === 'string' ? { prev } : {}) } : null
  } catch {
    return null
  }
}

function parsed(line: string): (RunEvent & { prev?: string }) | null {
  try {
    const value = JSON.parse(line) as Partial<RunEvent & { prev?: string }> | null
    const sound = typeof value === 'object' && value !== null && typeof value.event === 'string'
    return sound && Number.isFinite(value.at) && typeof value.lab === 'string' ? (value as RunEvent) : null
  } catch {
    return null
  }
}
