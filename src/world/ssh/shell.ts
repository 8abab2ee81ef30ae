import { randomBytes } from 'node:crypto'
import { firstOf, supervise } from '../supervise.ts'
import type { Master } from './master.ts'
import { notStarted } from './problem.ts'
import { betweenMarks, command, endOf, framed } from './script.ts'

export interface Answer {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly timedOut: boolean
}

/** What came of a script. Only after one that is `whole` does the shell take another. */
export interface Ended extends Answer {
  /** Its end has come. */
  readonly whole: boolean
  /** The shell took too long to begin with it, so nothing is known of the script. */
  readonly late: boolean
  /** Of the processes there; `null`: our script did not begin. */
  readonly group: number | null
  /** The last line that came. */
  readonly last: string
  readonly interrupted: boolean
  /** It was longer than may be. */
  readonly cut: boolean
}

/**
 * A shell on the student's machine, for one script at a time. To start one takes as long as the start files there take
 * (bash reads `~/.bashrc` for every command of ssh; those of nvm, pyenv or conda are slow), so it is kept.
 */
export interface Shell {
  /** False: it has ended, or has been left behind. */
  readonly open: boolean
  /** `timeoutMs` counts from where the script begins. */
  ask(script: string, limits: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<Ended>
  /** Ends the client here; the shell there ends with its input. */
  close(): Promise<void>
}

/** For the start files there, or for what the shell did before, ms. */
export const beginLimitMs = 20_000
/** Beside what was looked at, an answer has some lines of ours. */
const headerBytes = 1024

/** Throws `ssh.missing`. */
export async function openShell(master: Master, limitBytes: number): Promise<Shell> {
  const child = master.channel(['-T'], command)
  if (child.pid === undefined) throw await notStarted(child, master.host)
  const supervised = supervise(child)
  let open = true
  let output: Output | undefined
  void supervised.exited.then(() => void (open = false))
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.on('data', (chunk: Buffer) => output?.take(name, chunk))
  child.stdin!.on('error', () => {})
  return {
    get open() {
      return open
    },
    async ask(script, { timeoutMs, signal }) {
      const mark = `handrail-${randomBytes(12).toString('hex')}`
      const own = createOutput(mark, limitBytes + headerBytes)
      output = own
      child.stdin!.write(framed(mark, script))
      const wait = (what: Promise<unknown>, ms: number) => firstOf(Promise.race([what, supervised.exited]), ms, signal)
      const begun = await wait(own.begun, beginLimitMs)
      const first = begun === 'begun' ? await wait(own.over, timeoutMs) : begun
      if (first === 'whole') return { ...own.read(), late: false, timedOut: false, interrupted: false, cut: false }
      open = false
      // It has ended, or must: there is nothing to wait for.
      const { exit } = await supervised.end({ timeoutMs: 0 })
      const late = first === 'late' && begun === 'late'
      const ways = { late, timedOut: first === 'late' && !late, interrupted: first === 'aborted', cut: first === 'cut' }
      return { ...own.read(exit), ...ways }
    },
    async close() {
      open = false
      child.stdin!.end()
      await supervised.stop()
    },
  }
}

interface Output {
  readonly begun: Promise<'begun' | 'cut'>
  readonly over: Promise<'whole' | 'cut'>
  take(stream: 'stdout' | 'stderr', chunk: Buffer): void
  /** `exit`: of the client, where the script has not come to its end. */
  read(exit?: number): Pick<Ended, 'exitCode' | 'stdout' | 'stderr' | 'whole' | 'group' | 'last'>
}

function createOutput(mark: string, mostBytes: number): Output {
  const taken = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  const tails = { stdout: '', stderr: '' }
  const ended = { stdout: false, stderr: false }
  let bytes = 0
  let begin: (how: 'begun' | 'cut') => void
  let finish: (how: 'whole' | 'cut') => void
  const begun = new Promise<'begun' | 'cut'>(resolve => (begin = resolve))
  const over = new Promise<'whole' | 'cut'>(resolve => (finish = resolve))
  return {
    begun,
    over,
    take(stream, chunk) {
      bytes += chunk.length
      if (bytes > mostBytes) {
        begin('cut')
        return finish('cut')
      }
      taken[stream].push(chunk)
      const text = tails[stream] + chunk.toString('latin1')
      if (stream === 'stdout' && text.includes(`${mark} begins`)) begin('begun')
      tails[stream] = text.slice(-2 * mark.length)
      ended[stream] ||= endOf(text, mark) !== null
      if (ended.stdout && ended.stderr) finish('whole')
    },
    read(exit = 0) {
      const [stdout, stderr] = [Buffer.concat(taken.stdout), Buffer.concat(taken.stderr)]
      const [said, complained] = [betweenMarks(stdout, mark), betweenMarks(stderr, mark)]
      const exitCode = said?.exitCode ?? null
      return {
        exitCode: exitCode ?? exit,
        stdout: said?.rest ?? Buffer.alloc(0),
        stderr: complained?.rest ?? stderr,
        whole: exitCode !== null,
        group: said?.group ?? null,
        last: Buffer.concat([stdout, stderr]).toString().trim().split('\n').at(-1) ?? '',
      }
    },
  }
}
