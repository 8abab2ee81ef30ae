import { join, resolve } from 'node:path'
import type { HttpRequest } from '../../src/check/reader.ts'
import type { ConnectionView, HttpView } from '../../src/lab/machine.ts'
import { CouldNotLook } from '../../src/lab/verdict.ts'
import type { Shell, ShellOptions, ShellState, World } from '../../src/run/world.ts'
import { type FakeCluster, fakeCluster } from './fake-cluster.ts'
import { type FakeEngine, fakeEngine } from './fake-engine.ts'
import { type FakeFiles, fakeFiles } from './fake-files.ts'

/** What a line does, as a test says it: how it ends, and what it changes before that. */
export interface Answer {
  readonly exit?: number
  readonly stdout?: string
  readonly stderr?: string
  /** ms of the virtual clock. */
  readonly took?: number
  /** The process group that it leaves running. */
  readonly leaves?: number
}

type Call = { readonly line: string; readonly cwd: string }
type Effect = ((call: Call) => Answer) | ((call: Call) => void)

/** One fake of everything that touches the machine. Tests change it as a learner would change the machine. */
export interface FakeWorld extends World {
  readonly engine: FakeEngine
  readonly cluster: FakeCluster
  readonly disk: FakeFiles
  /** Says what lines that match do; later ones win. Without one, a line ends well and does nothing. */
  on(line: RegExp, effect: Effect | Answer): void
  /** Lines that were run, with the shell state each began with. */
  readonly ran: { readonly line: string; readonly state: ShellState }[]
  /** Somebody sets the clock; time goes on from there. */
  setClock(ms: number): void
  /** Something happens `ms` from now, while somebody sleeps. */
  later(ms: number, happening: () => void): void
  /** What a URL (or its beginning) answers; nobody there otherwise. */
  readonly web: Map<string, Partial<HttpView>>
  /** Ports that accept connections. */
  readonly open: Set<number>
  /** Living processes: id -> when it started. */
  readonly processes: Map<number, string>
  /** How often each thing was looked at: `containers`, `http`, `file /w/a.txt`, `watch` … */
  readonly looks: Map<string, number>
  /** How long was slept, in ms, one after the other. */
  readonly slept: number[]
}

/** Virtual time begins here. */
export const epoch = Date.parse('2026-03-02T09:00:00Z')
const tooLong = 3_600_000

export function fakeWorld(): FakeWorld {
  let now = epoch
  let began = epoch
  const happenings: { at: number; happening: () => void }[] = []
  const looks = new Map<string, number>()
  const count = (name: string) => looks.set(name, (looks.get(name) ?? 0) + 1)
  const clock = () => now
  const engine = fakeEngine(clock, count)
  const cluster = fakeCluster(clock, count)
  const disk = fakeFiles(clock, count)
  const processes = new Map([[process.pid, 'the start of this process']])
  const effects: { line: RegExp; effect: Effect }[] = []
  const ran: FakeWorld['ran'] = []
  const web: FakeWorld['web'] = new Map()
  const open: FakeWorld['open'] = new Set()
  const slept: number[] = []

  /** Time goes on to `until`, or to the happening that aborts `signal`. */
  async function pass(until: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (signal?.aborted) return
      const next = happenings.toSorted((a, b) => a.at - b.at)[0]
      if (!next || next.at > until) break
      happenings.splice(happenings.indexOf(next), 1)
      now = Math.max(now, next.at)
      next.happening()
      // Whoever was told may react before time goes on.
      await Promise.resolve()
    }
    now = Math.max(now, until)
    if (now - began > tooLong) throw new Error('an hour of virtual time went by: this waits for ever')
  }

  let nextGroup = 5000
  const shell: Shell = {
    async run(line, options) {
      const { state, signal, timeoutMs } = options
      ran.push({ line, state })
      const group = nextGroup++
      processes.set(group, `start of ${group}`)
      await options.onStart?.(group)
      const began = now
      const answer =
        (effects.findLast(each => each.line.test(line))?.effect({ line, cwd: state.cwd }) as Answer | undefined) ?? {}
      const { exit = 0, stdout = '', stderr = '', took = 0, leaves } = answer
      await pass(began + Math.min(took, timeoutMs), signal)
      processes.delete(group)
      if (leaves !== undefined) processes.set(leaves, `start of ${leaves}`)
      if (stdout !== '') options.onOutput('stdout', stdout)
      if (stderr !== '') options.onOutput('stderr', stderr)
      const common = { stdout, stderr, tookMs: now - began, ...(leaves === undefined ? {} : { group: leaves }) }
      if (signal.aborted) return { ...common, exit: 130, timedOut: false, interrupted: true, state }
      if (took > timeoutMs) return { ...common, exit: 143, timedOut: true, interrupted: false, state }
      return { ...common, exit, timedOut: false, interrupted: false, state: exit === 0 ? after(line, options) : state }
    },
    attended: async () => 0,
    async endGroup(group, startedAt) {
      if (startedAt !== undefined && processes.get(group) !== startedAt) return false
      return processes.delete(group)
    },
    async members(group) {
      const start = processes.get(group)
      return start === undefined ? [] : [{ pid: group, start }]
    },
    processStart: async pid => processes.get(pid) ?? null,
  }

  async function connect(host: string, port: number): Promise<ConnectionView> {
    count('connect')
    const there = open.has(port)
    const common = { host, port, open: there }
    return there ? { ...common, answering: [host] } : { ...common, answering: [], error: 'ECONNREFUSED' }
  }

  async function http({ url }: HttpRequest): Promise<HttpView> {
    count('http')
    if (!URL.canParse(url)) throw new CouldNotLook('http.bad-request', { url, message: 'Invalid URL' })
    const found = [...web].find(([known]) => url.startsWith(known))?.[1] ?? { error: 'ECONNREFUSED' }
    return { url, headers: {}, text: '', tookMs: 1, ...found }
  }

  return {
    engine,
    cluster,
    disk,
    ran,
    web,
    open,
    processes,
    looks,
    slept,
    shell,
    files: disk.files,
    docker: engine.hands,
    probe: { imageFile: async () => null },
    reader: {
      ...disk.reader,
      run: async () => ({ exitCode: 0, stdout: '', stderr: '', timedOut: false }),
      connect,
      http,
      tool: async name => ({ name, path: `/usr/bin/${name}`, version: '99.0' }),
      listeners: async () => [],
      free: async () => 2 ** 40,
      docker: engine.reader,
      cluster: cluster.reader,
    },
    on: (line, effect) => void effects.push({ line, effect: typeof effect === 'function' ? effect : () => effect }),
    setClock: ms => {
      began += ms - now
      now = ms
    },
    later: (ms, happening) => void happenings.push({ at: now + ms, happening }),
    now: clock,
    async sleep(ms, signal) {
      slept.push(ms)
      await pass(now + ms, signal)
    },
    close: () => {},
  }
}

/** What the lines that only move a shell leave behind. */
function after(line: string, { state }: ShellOptions): ShellState {
  const [word, rest = ''] = line.split(/\s+(.*)/s)
  if (word === 'cd') return { ...state, cwd: resolve(state.cwd, rest) }
  const [, name = '', value = ''] = /^([\w]+)=?"?([^"]*)"?$/.exec(rest) ?? []
  if (word === 'export') return { ...state, env: { ...state.env, [name]: value.replace('$PWD', state.cwd) } }
  if (word === 'unset') return { ...state, env: { ...state.env, [name]: null } }
  return state
}

/** An effect that writes a file, relative to where the line runs. */
export function writes(world: FakeWorld, path: string, content: string): Effect {
  return ({ cwd }) => void world.disk.put(join(cwd, path), content)
}
