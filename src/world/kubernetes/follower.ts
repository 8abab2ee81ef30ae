import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeObject } from '../../lab/cluster.ts'
import { eventReader } from '../docker/events.ts'
import type { Api } from './api.ts'
import type { Connection } from './connection.ts'
import type { Listed, Lists } from './lists.ts'
import { afterEvent, type Picture } from './picture.ts'
import { retryAfter } from './problem.ts'
import { watchPath } from './resources.ts'

/** One list, kept up by one watch once it is started. */
export interface Follower {
  readonly context: string
  /** When the server last said something here, on the clock of `performance`. */
  readonly heardAt: number
  heard(): void
  /** Whether the watch answers, and over this connection. */
  believable(connection: Connection): boolean
  objects(): readonly KubeObject[]
  /** From the server itself; before the start also what the watch will go on from. */
  list(): Promise<readonly KubeObject[] | null>
  /** While it runs, another call does nothing. Never throws. */
  start(changed: () => void, signal: AbortSignal): void
  /** The watch that is open seems to be dead: ends it and opens another. */
  restart(): void
}

const answerMs = 5000
const silenceMs = 60_000
const pausesMs = [0, 200, 500, 1000]
/** A watch that lasted this long was a good one: after it the pauses start over. */
const steadyMs = 1000

export function createFollower(api: Api, lists: Lists, listed: Listed): Follower {
  const { context, path } = listed
  let picture: Picture | null = null
  /** Over which the watch answers now. */
  let answering: Connection | undefined
  let heardAt = performance.now()
  let started = false
  let current = new AbortController()

  async function list(): Promise<readonly KubeObject[] | null> {
    const fresh = await lists.read(listed)
    heardAt = performance.now()
    // Once watched, the picture is the watch's: two writers would put the old over the new.
    if (!started) picture = fresh
    return fresh?.objects ?? null
  }

  async function run(changed: () => void, signal: AbortSignal): Promise<void> {
    let last: Connection | undefined
    for (let failures = 0; !signal.aborted; failures++) {
      let openedAt = Number.POSITIVE_INFINITY
      let wait = 0
      try {
        const connection = await api.connection(context)
        // What happened while nobody answered, or to another server, is in no watch.
        if (last !== undefined && last !== connection) picture = null
        last = connection
        picture ??= await lists.read(listed)
        if (!picture) throw new Error('the server knows no such kind')
        current = new AbortController()
        const events = eventReader()
        const answer = await connection.follow(watchPath(path, picture.version), {
          timeoutMs: answerMs,
          silenceMs,
          signal: AbortSignal.any([signal, current.signal]),
          opened() {
            openedAt = heardAt = performance.now()
            answering = connection
            changed()
          },
          received(chunk) {
            heardAt = performance.now()
            if (apply(events(chunk))) changed()
            if (!picture) current.abort()
          },
        })
        if (answer.status === 401) await api.renewed(context, connection)
        // 410 is the usual one: the server no longer remembers so far back.
        if (answer.status !== 200) picture = null
        wait = Math.min(retryAfter(answer.status, answer.headers['retry-after'], Date.now()) ?? 0, answerMs)
        if (answer.status !== 200 && answer.status !== 410 && !signal.aborted) changed()
      } catch {
        // Whoever lists now is told what is wrong; here it is only a reason to try again.
        picture = null
      }
      const answered = answering !== undefined
      answering = undefined
      if (answered && !signal.aborted) changed()
      if (performance.now() - openedAt > steadyMs) failures = 0
      const pause = Math.max(wait, pausesMs[Math.min(failures, pausesMs.length - 1)]!)
      if (pause > 0) await sleep(pause, undefined, { ref: false, signal }).catch(() => {})
    }
  }

  /** Whether the objects are others now. */
  function apply(events: readonly unknown[]): boolean {
    const before = picture?.objects
    for (const event of events) picture &&= afterEvent(picture, event)
    return picture?.objects !== before
  }

  return {
    context,
    get heardAt() {
      return heardAt
    },
    heard() {
      heardAt = performance.now()
    },
    believable: connection => answering === connection && picture !== null,
    objects: () => picture?.objects ?? [],
    list,
    start(changed, signal) {
      if (started || signal.aborted) return
      started = true
      void run(changed, signal).finally(() => (started = false))
    },
    restart() {
      answering = undefined
      current.abort()
    },
  }
}
