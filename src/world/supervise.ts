import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { endGroup, killGroup } from './processes.ts'

/** How long something that has left the group may keep our pipes open after the process itself is gone, ms. */
const pipeGrace = 300

export interface Ending {
  /** 128 + number for a signal, as a shell says it. */
  readonly exit: number
  readonly timedOut: boolean
  readonly interrupted: boolean
}

/** A process that leads a group of its own. The group does not outlive ours. */
export interface Supervised {
  readonly group: number
  readonly exited: Promise<number>
  /** Waits for the end and ends whatever is left of the group. Bounded: at most two seconds over `timeoutMs`. */
  end(limits: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }): Promise<Ending>
  /** Ends the group now. */
  stop(): Promise<void>
  /** Lets the group outlive ours. */
  release(): void
}

const live = new Set<number>()
let watching = false

/** Must be called in the same turn in which the process was started (`detached: true`). */
export function supervise(child: ChildProcess): Supervised {
  const group = child.pid!
  const exited = new Promise<number>(resolve => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  const streams = [child.stdout, child.stderr].filter(stream => stream !== null)
  const closed = Promise.all(streams.map(stream => new Promise(resolve => stream.once('close', resolve))))
  keep(group)
  // A group that cannot be ended (of another user) must not keep us either.
  const stop = async () => void (await endGroup(group).catch(() => false))
  return {
    group,
    exited,
    async end({ timeoutMs, signal }) {
      const first = await firstOf(exited, timeoutMs, signal)
      if (typeof first === 'number') await firstOf(closed, pipeGrace)
      await stop()
      const exit = typeof first === 'number' ? first : await firstOf(exited, pipeGrace)
      if (typeof first !== 'number') await firstOf(closed, 50)
      for (const stream of streams) stream.destroy()
      live.delete(group)
      const code = typeof exit === 'number' ? exit : 128 + constants.signals.SIGKILL
      return { exit: code, timedOut: first === 'late', interrupted: first === 'aborted' }
    },
    async stop() {
      await stop()
      live.delete(group)
    },
    release: () => void live.delete(group),
  }
}

/** Whichever is first: the promise, the time, or the abort. */
export async function firstOf<T>(
  promise: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T | 'late' | 'aborted'> {
  if (signal?.aborted) return 'aborted'
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  const other = new Promise<'late' | 'aborted'>(resolve => {
    timer = setTimeout(() => resolve('late'), Math.min(ms, 2 ** 31 - 1))
    abort = () => resolve('aborted')
    signal?.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([promise, other])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Detached groups no longer get the terminal's Ctrl-C, so they would outlive us. */
function keep(group: number): void {
  live.add(group)
  if (watching) return
  watching = true
  process.once('exit', () => {
    for (const each of live) killGroup(each)
  })
}
