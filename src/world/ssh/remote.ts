import { randomBytes } from 'node:crypto'
import { CouldNotLook } from '../../lab/verdict.ts'
import { supervise } from '../supervise.ts'
import type { Master } from './master.ts'
import { lost } from './problem.ts'
import { afterMarkLine, betweenMarks, command, framed } from './script.ts'

export interface Answer {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly timedOut: boolean
}

/** Scripts on the student's machine. */
export interface Remote {
  /**
   * Ends with all it has started, there too, at its time or when `signal` aborts. Throws `CouldNotLook`: `ssh.lost`,
   * `ssh.limit` (longer than may be), `ssh.no-answer` (what answered was not our script), `look.interrupted`.
   */
  run(
    script: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Answer>
  /** One look that takes no time there: throws `ssh.timeout` as well. */
  look(script: string): Promise<Answer>
  alive(): Promise<boolean>
  /** Why it is not alive: `ssh.lost`, or `look.interrupted` where we have ended it. */
  gone(): CouldNotLook
  /** Ends what runs, here and there. */
  close(): Promise<void>
}

interface Ended extends Answer {
  /** Of the processes there; `null`: our script did not answer. */
  readonly group: number | null
  /** Its end has come. */
  readonly whole: boolean
  /** The last line that came. */
  readonly last: string
  readonly interrupted: boolean
  readonly cut: boolean
}

/** Much longer than a look takes: where many are graded at once, our own machine is busy, too. */
const lookLimitMs = 20_000
const aliveLimitMs = 10_000
const endLimitMs = 2000
/** A server lets so many sessions of one connection run; fewer, so that `alive` and ending something always fit. */
const maxSessions = 6
/** Beside what was looked at, an answer has a line or two of ours. */
const headerBytes = 1024

export function createRemote(master: Master, limitBytes: number): Remote {
  const { host } = master
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  let free = maxSessions
  const waiting: (() => void)[] = []

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
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

  async function once(script: string, timeoutMs: number, signal: AbortSignal): Promise<Ended> {
    if (signal.aborted) throw new CouldNotLook('look.interrupted')
    if (!master.living) throw gone()
    const mark = `handrail-${randomBytes(12).toString('hex')}`
    const child = master.channel(['-T'], command)
    if (child.pid === undefined) throw await notStarted(child, host)
    const supervised = supervise(child)
    const overflow = new AbortController()
    const taken = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    let bytes = 0
    for (const name of ['stdout', 'stderr'] as const)
      child[name]!.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > limitBytes + headerBytes) overflow.abort()
        else taken[name].push(chunk)
      })
    child.stdin!.on('error', () => {})
    child.stdin!.end(framed(mark, script))
    const any = AbortSignal.any([signal, overflow.signal])
    const { exit, timedOut, interrupted } = await supervised.end({ timeoutMs, signal: any })
    const [stdout, stderr] = [Buffer.concat(taken.stdout), Buffer.concat(taken.stderr)]
    const ours = betweenMarks(stdout, mark)
    return {
      exitCode: exit,
      stdout: ours?.rest ?? Buffer.alloc(0),
      stderr: afterMarkLine(stderr, mark),
      timedOut,
      group: ours?.group ?? null,
      whole: ours?.whole ?? false,
      last: Buffer.concat([stdout, stderr]).toString().trim().split('\n').at(-1) ?? '',
      interrupted: interrupted && !overflow.signal.aborted,
      cut: overflow.signal.aborted,
    }
  }

  /** A server does not end what a client leaves behind. */
  async function endThere(group: number | null): Promise<void> {
    if (!group || !master.living) return
    await once(`kill -s KILL -- -${group} 2>/dev/null; :`, endLimitMs, new AbortController().signal).catch(() => {})
  }

  function gone(): CouldNotLook {
    return closing.signal.aborted ? new CouldNotLook('look.interrupted') : lost(host, master.said())
  }

  async function alive(): Promise<boolean> {
    if (!master.living || closing.signal.aborted) return false
    const answer = await once(':', aliveLimitMs, closing.signal).catch(() => null)
    return answer?.whole ?? false
  }

  async function ended(script: string, timeoutMs: number, signal: AbortSignal): Promise<Ended> {
    const answer = await once(script, timeoutMs, signal)
    if (answer.timedOut || answer.interrupted || answer.cut) await endThere(answer.group)
    return answer
  }

  async function run(script: string, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined }) {
    const any = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
    const answer = await inTurn(() => {
      const work = ended(script, timeoutMs, any)
      const settled = work.catch(() => {}).then(() => void running.delete(settled))
      running.add(settled)
      return work
    })
    const { group, whole, timedOut, interrupted, cut, exitCode } = answer
    if (interrupted) throw new CouldNotLook('look.interrupted')
    if (cut) throw new CouldNotLook('ssh.limit', { host, bytes: limitBytes })
    if (whole) return answer
    // Something there has answered, though not our script; 255 is the client's own exit code for a connection that broke off.
    const refused = group === null && !timedOut && exitCode !== 255
    if (!refused && !(await alive())) throw gone()
    if (!timedOut)
      throw new CouldNotLook('ssh.no-answer', { host, reason: answer.last.slice(0, 300) || `exit ${exitCode}` })
    return answer
  }

  return {
    run,
    alive,
    gone,
    async close() {
      closing.abort()
      await Promise.all(running)
    },
    async look(script) {
      const answer = await run(script, { timeoutMs: lookLimitMs })
      if (answer.timedOut) throw new CouldNotLook('ssh.timeout', { host, seconds: lookLimitMs / 1000 })
      return answer
    },
  }
}

async function notStarted(child: NodeJS.EventEmitter, host: string): Promise<Error> {
  const cause = await new Promise<NodeJS.ErrnoException>(resolve => child.once('error', resolve))
  return new CouldNotLook('ssh.missing', { host, reason: cause.code ?? cause.message }, { cause })
}
