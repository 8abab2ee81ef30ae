import { join } from 'node:path'
import { noProgress, type Progress } from '../lab/progress.ts'
import { linked } from './chain.ts'
import type { RunEvent } from './events.ts'
import type { Ledger } from './ledger.ts'
import type { ShellState, World } from './world.ts'

/** What is kept of a learner between two starts. Everything is written whole or not at all. */
export interface Store {
  readonly dir: string
  progress(): Promise<Loaded<Progress>>
  /** The progress as it is, for those who only look: a broken file stays where it is and counts as none. */
  peek(): Promise<Progress>
  saveProgress(progress: Progress): Promise<void>
  ledger(): Promise<Loaded<Ledger>>
  saveLedger(ledger: Ledger): Promise<void>
  /** Shell state at the beginning of steps: `lab/step`. */
  shells(): Promise<Record<string, ShellState>>
  saveShells(shells: Record<string, ShellState>): Promise<void>
  record(event: RunEvent): Promise<void>
  /** Takes the course for this process; says who has it when another living one does. */
  lock(): Promise<{ release(): Promise<void> } | { heldBy: number }>
}

export interface Loaded<T> {
  readonly value: T
  /** The file could not be read as what it should be, and was kept under this name. */
  readonly setAside?: string
}

type Needed = Pick<World, 'files' | 'shell' | 'now'>

export function createStore(dir: string, course: string, { files, shell, now }: Needed): Store {
  const at = (name: string) => join(dir, name)

  async function load<T>(name: string, empty: T, fits: (value: T) => boolean): Promise<Loaded<T>> {
    const content = await files.read(at(name))
    if (content === null) return { value: empty }
    const value = parse<T>(content)
    if (value !== undefined && fits(value)) return { value }
    const aside = `${name}.unreadable-${new Date(now()).toISOString().replace(/[:.]/g, '-')}`
    await files.rename(at(name), at(aside))
    return { value: empty, setAside: at(aside) }
  }

  /** The last line of the events, and whether it was left without its end. */
  let last: { readonly line: string | undefined; readonly open: boolean } | undefined

  const save = (name: string, value: unknown) => files.write(at(name), `${JSON.stringify(value, null, 1)}\n`, 0o600)

  return {
    dir,
    progress: () => load<Progress>('progress.json', noProgress(course), isProgress),
    async peek() {
      const value = parse<Progress>((await files.read(at('progress.json'))) ?? '')
      return value && isProgress(value) ? value : noProgress(course)
    },
    saveProgress: progress => save('progress.json', progress),
    ledger: () => load<Ledger>('ledger.json', { entries: [] }, value => Array.isArray(value.entries)),
    saveLedger: ledger => save('ledger.json', ledger),
    shells: async () => (await load<Record<string, ShellState>>('shells.json', {}, () => true)).value,
    saveShells: shells => save('shells.json', shells),
    async record(event) {
      const file = at('events.ndjson')
      last ??= lastLine((await files.read(file)) ?? '')
      const { line: before, open } = last
      const line = linked(event, before)
      last = { line, open: false }
      await files.append(file, `${open ? '\n' : ''}${line}\n`)
    },
    async lock() {
      const mine = JSON.stringify({ pid: process.pid, start: await shell.processStart(process.pid) })
      for (;;) {
        if (await files.create(at('runner.lock'), mine))
          return {
            release: async () => {
              if ((await files.read(at('runner.lock'))) === mine) await files.remove(at('runner.lock'))
            },
          }
        const holder = parse<{ pid: number; start: string | null }>((await files.read(at('runner.lock'))) ?? '')
        const alive = holder && (await shell.processStart(holder.pid)) === holder.start && holder.start !== null
        if (holder && alive) return { heldBy: holder.pid }
        await files.remove(at('runner.lock'))
      }
    },
  }
}

function lastLine(text: string): { line: string | undefined; open: boolean } {
  const open = text !== '' && !text.endsWith('\n')
  return { line: text.split('\n').findLast(line => line !== ''), open }
}

function isProgress(value: Progress): boolean {
  return value.version === 1 && typeof value.labs === 'object' && value.labs !== null
}

function parse<T>(content: string): T | undefined {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    return undefined
  }
}
