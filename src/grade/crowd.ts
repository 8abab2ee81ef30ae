/** Many students at a time, none of whom stops or slows the others. */

export interface CrowdOptions<T> {
  /** At a time, in all. */
  readonly jobs: number
  /** At a time on one host. */
  readonly perHost: number
  readonly hostOf: (each: T) => string
  readonly signal: AbortSignal
}

/** Calls `work` for each; what it throws ends all. Hosts that are full are waited for while others go on. */
export async function inCrowd<T>(
  all: readonly T[],
  { jobs, perHost, hostOf, signal }: CrowdOptions<T>,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all]
  const busy = new Map<string, number>()
  let running = 0
  await new Promise<void>((resolve, reject) => {
    let failed = false
    const next = () => {
      if (failed) return
      if (signal.aborted) waiting.length = 0
      while (running < jobs && waiting.length > 0) {
        const index = waiting.findIndex(each => (busy.get(hostOf(each)) ?? 0) < perHost)
        if (index < 0) break
        const [each] = waiting.splice(index, 1) as [T]
        const host = hostOf(each)
        busy.set(host, (busy.get(host) ?? 0) + 1)
        running++
        work(each)
          .finally(() => {
            running--
            busy.set(host, busy.get(host)! - 1)
          })
          .then(next, error => {
            failed = true
            reject(error)
          })
      }
      if (running === 0 && waiting.length === 0) resolve()
    }
    next()
  })
}

/** Whether so many of the last ones were unreachable that it is not the students. */
export function networkIsDown(reached: readonly boolean[]): boolean {
  const last = reached.slice(-window)
  return last.length >= window && last.filter(each => !each).length > window * 0.3
}

const window = 50
