import { randomBytes } from 'node:crypto'
import { CouldNotLook } from '../../lab/verdict.ts'
import { firstOf, supervise } from '../supervise.ts'
import type { Master } from './master.ts'
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
  ask(script: string, limits: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<Ended>
  /** Ends the client here; the shell there ends with its input. */
  close(): Promise<void>
}

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
      const first = await firstOf(Promise.race([own.over, supervised.exited]), timeoutMs, signal)
      if (first === 'whole') return { ...own.read(), timedOut: false, interrupted: false, cut: false }
      open = false
      const { exit } = await supervised.end({ timeoutMs: 0 })
      const ways = { timedOut: first === 'late', interrupted: first === 'aborted', cut: first === 'cut' }
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
  let finish: (how: 'whole' | 'cut') => void
  const over = new Promise<'whole' | 'cut'>(resolve => (finish = resolve))
  return {
    over,
    take(stream, chunk) {
      bytes += chunk.length
      if (bytes > mostBytes) return finish('cut')
      taken[stream].push(chunk)
      const text = tails[stream] + chunk.toString('latin1')
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

async function notStarted(child: NodeJS.EventEmitter, host: string): Promise<Error> {
  const cause = await new Promise<NodeJS.ErrnoException>(resolve => child.once('error', resolve))
  return new CouldNotLook('ssh.missing', { host, reason: cause.code ?? cause.message }, { cause })
}
