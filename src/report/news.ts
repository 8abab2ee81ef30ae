import type { Text } from '../lab/lab.ts'
import type { Difference, FoundCause } from '../lab/verdict.ts'
import type { RunEvent } from '../run/events.ts'

/** Why a check does not pass while a learner is at work elsewhere. */
export interface News {
  readonly title: Text
  readonly cause: FoundCause
  readonly differences: readonly Difference[]
}

/** A cause must last this long, ms: a server needs a moment to open its port. */
export const lasting = 1000

/**
 * Finds in the events of a watched step what is worth a line. What fails before anything was done is not, except that
 * something could not be looked at; nor is what passes in a moment, or was said already.
 */
export function createNews(say: (news: News) => void): (event: RunEvent) => void {
  let watched: string | undefined
  let begun = false
  const titles = new Map<string, Text>()
  const seen = new Set<string>()
  const said = new Map<string, string>()
  const timers = new Map<string, NodeJS.Timeout>()

  function forget(check: string): void {
    clearTimeout(timers.get(check))
    timers.delete(check)
  }

  function started(event: RunEvent & { event: 'checks.started' }): void {
    for (const check of timers.keys()) forget(check)
    const step = event.watching ? event.step : undefined
    for (const { id, title } of event.checks) titles.set(id, title)
    // After a hint the same step goes on.
    if (step !== undefined && step === watched) return
    watched = step
    begun = false
    seen.clear()
    said.clear()
  }

  function waits({ check, cause, differences }: RunEvent & { event: 'check.waiting' }): void {
    const isNew = begun || seen.has(check) || differences.length === 0
    seen.add(check)
    forget(check)
    if (!isNew || !cause || said.get(check) === cause.code) return
    const tell = () => {
      said.set(check, cause.code)
      say({ title: titles.get(check)!, cause, differences })
    }
    timers.set(check, setTimeout(tell, lasting).unref())
  }

  return event => {
    if (event.event === 'checks.started') started(event)
    else if (watched === undefined) return
    else if (event.event === 'check.waiting') waits(event)
    else if (event.event === 'check.finished') {
      begun = true
      forget(event.result.id)
    } else if (event.event === 'step.finished') {
      for (const check of timers.keys()) forget(check)
      watched = undefined
    }
  }
}
