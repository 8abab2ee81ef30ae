import { CouldNotLook } from '../../lab/verdict.ts'
import type { Master } from './master.ts'
import { lost } from './problem.ts'
import { type Answer, beginLimitMs, type Ended, openShell, type Shell } from './shell.ts'

/** Scripts on the student's machine. */
export interface Remote {
  /**
   * In a shell of its own. Ends with all it has started, there too, at its time (from its begin) or when `signal` aborts.
   * Throws `CouldNotLook`: `ssh.lost`, `ssh.limit` (longer than may be), `ssh.timeout` (it did not begin), `ssh.no-answer`
   * (what answered was not our script), `look.interrupted`.
   */
  run(
    script: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Answer>
  /** One look that takes no time there, after those before it: throws `ssh.timeout` where it does. */
  look(script: string): Promise<Answer>
  alive(): Promise<boolean>
  /** Why it is not alive: `ssh.lost`, or `look.interrupted` where we have ended it. */
  gone(): CouldNotLook
  /** Ends what runs, here and there. */
  close(): Promise<void>
}

/** Much longer than a look takes: where many are graded at once, our own machine is busy, too. */
const lookLimitMs = 20_000
const aliveLimitMs = 10_000
const endLimitMs = 2000
/** A server lets so many sessions of one connection run; fewer, so that looks and ending something always fit. */
const mostPrograms = 6

export function createRemote(master: Master, limitBytes: number): Remote {
  const { host } = master
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  const programs = turns(mostPrograms)
  const looks = turns(1)
  let kept: Shell | undefined

  async function ask(shell: Shell, script: string, timeoutMs: number, signal: AbortSignal): Promise<Ended> {
    const answer = await shell.ask(script, { timeoutMs, signal })
    if (answer.timedOut || answer.interrupted || answer.cut) await endThere(answer.group)
    return answer
  }

  async function inOwnShell(script: string, timeoutMs: number, signal: AbortSignal): Promise<Ended> {
    const shell = await opened(signal)
    try {
      return await ask(shell, script, timeoutMs, signal)
    } finally {
      await shell.close()
    }
  }

  async function inKeptShell(script: string, timeoutMs: number, signal = closing.signal): Promise<Ended> {
    const before = kept?.open ? kept : null
    if (before) {
      const answer = await ask(before, script, timeoutMs, signal)
      const ended = !(answer.whole || answer.late || answer.timedOut || answer.interrupted || answer.cut)
      // Somebody there has ended the shell. To look once more changes nothing.
      if (!ended) return answer
    }
    kept = await opened(signal)
    return await ask(kept, script, timeoutMs, signal)
  }

  async function opened(signal: AbortSignal): Promise<Shell> {
    if (signal.aborted) throw new CouldNotLook('look.interrupted')
    if (!master.living) throw gone()
    return await openShell(master, limitBytes)
  }

  /** A server does not end what a client leaves behind. */
  async function endThere(group: number | null): Promise<void> {
    if (!group || !master.living) return
    const shell = await openShell(master, limitBytes)
    const limits = { timeoutMs: endLimitMs, signal: new AbortController().signal }
    await shell.ask(`kill -s KILL -- -${group} 2>/dev/null; :`, limits)
    await shell.close()
  }

  function gone(): CouldNotLook {
    return closing.signal.aborted ? new CouldNotLook('look.interrupted') : lost(host, master.said())
  }

  async function alive(): Promise<boolean> {
    if (!master.living || closing.signal.aborted) return false
    const answer = await looks(() => remembered(inKeptShell(':', aliveLimitMs))).catch(() => null)
    return answer?.whole ?? false
  }

  /** `close` waits for it. */
  function remembered<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => void running.delete(settled),
      () => void running.delete(settled),
    )
    running.add(settled)
    return work
  }

  /** What the answer is worth. */
  async function judged(answer: Ended): Promise<Answer> {
    const { group, whole, late, timedOut, interrupted, cut, exitCode, last } = answer
    if (interrupted) throw new CouldNotLook('look.interrupted')
    if (cut) throw new CouldNotLook('ssh.limit', { host, bytes: limitBytes })
    if (whole) return answer
    if (late && master.living) throw new CouldNotLook('ssh.timeout', { host, seconds: beginLimitMs / 1000 })
    // Something there has answered, though not our script; 255 is the client's own exit code for a connection that broke off.
    const refused = group === null && !timedOut && exitCode !== 255
    if (!refused && !(await alive())) throw gone()
    if (!timedOut) throw new CouldNotLook('ssh.no-answer', { host, reason: last.slice(0, 300) || `exit ${exitCode}` })
    return answer
  }

  return {
    alive,
    gone,
    async run(script, { timeoutMs, signal }) {
      const any = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
      const answer = await programs(() => remembered(inOwnShell(script, timeoutMs, any)))
      // A server may allow fewer sessions at a time than these: then one after the other, in the one that we have.
      if (answer.group === null && answer.exitCode === 255 && !answer.interrupted && (await alive()))
        return await judged(await looks(() => remembered(inKeptShell(script, timeoutMs, any))))
      return await judged(answer)
    },
    async look(script) {
      const answer = await judged(await looks(() => remembered(inKeptShell(script, lookLimitMs))))
      if (answer.timedOut) throw new CouldNotLook('ssh.timeout', { host, seconds: lookLimitMs / 1000 })
      return answer
    },
    async close() {
      closing.abort()
      await Promise.all(running)
      await kept?.close()
    },
  }
}

/** Lets so many works run at a time, the others in the order in which they came. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most
  const waiting: (() => void)[] = []
  return async work => {
    if (free > 0) free--
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
