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
  let last: string | undefined
  let linking = false
  for (const [index, line] of lines.entries()) {
    const event = parsed(line)
    // A line that a killed run wrote half is nobody's doing.
    if (event === null && index === lines.length - 1) break
    const prev = event?.prev
    const fits =
      prev === undefined ? !linking : (cut && index === 0) || prev === (last === undefined ? '' : digestOf(last))
    if (event === null || !fits) brokenAt ??= index + 1
    if (prev !== undefined) linking = true
    if (event) events.push(event)
    last = line
  }
  return { events, ...(brokenAt === undefined ? {} : { brokenAt }) }
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
