import { once, readerThrough } from '../check/looks.ts'
import type { ClusterReader, LiveCluster, Reader } from '../check/reader.ts'
import type { World } from './world.ts'

/** The reader of one round: what several checks look at is read once. `cluster`: in whose place the reader's own stands. */
export function roundReader(reader: Reader, cluster: ClusterReader = reader.cluster): Reader {
  return readerThrough(once(), reader, cluster)
}

export interface Waker {
  /** Until `ms` have passed (false) or something changed (true). */
  wait(ms: number): Promise<boolean>
  stop(): void
}

/** Events of the engine come in bursts: wait this long (ms) for the rest before asking it. A change in a cluster has come with its object. */
const debounce = 20

/** What can cut a sleep short: events of the engine, changes in a cluster. */
export interface Sources {
  readonly engine: boolean
  readonly cluster?: LiveCluster | undefined
}

/** Sleeps that an event cuts short. The streams are opened at the first wait: what is green at once needs none. */
export function createWaker(world: World, signal: AbortSignal, { engine, cluster }: Sources): Waker {
  const stopped = new AbortController()
  let woken = false
  let settled = true
  let wake: (() => void) | undefined
  let watching = false
  const wakeUp = () => {
    woken = true
    wake?.()
  }
  const engineChanged = () => {
    settled = false
    wakeUp()
  }
  return {
    async wait(ms) {
      if (!watching) {
        watching = true
        const end = AbortSignal.any([signal, stopped.signal])
        if (engine) world.reader.docker.watch(engineChanged, end)
        cluster?.watch(wakeUp, end)
      }
      if (!woken) {
        const slept = new AbortController()
        wake = () => slept.abort()
        await world.sleep(ms, AbortSignal.any([signal, slept.signal]))
        wake = undefined
      }
      if (!woken) return false
      woken = false
      if (settled) return true
      await world.sleep(debounce, signal)
      woken = false
      settled = true
      return true
    },
    stop: () => stopped.abort(),
  }
}
