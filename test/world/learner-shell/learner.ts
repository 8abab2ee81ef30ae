import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as pty from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { build } from 'esbuild'
import { expect, onTestFinished } from 'vitest'
import type { TypedCommand } from '../../../src/run/learner-shell.ts'
import type { ShellState } from '../../../src/run/world.ts'
import { until } from '../../helpers/until.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The app as one file, where it finds the packages. */
export async function bundleApp(): Promise<{ path: string; remove: () => void }> {
  const folder = mkdtempSync(join(root, 'node_modules', '.learner-shell-'))
  const path = join(folder, 'app.mjs')
  const entry = fileURLToPath(new URL('app.ts', import.meta.url))
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' } as const
  await build({ entryPoints: [entry], outfile: path, ...options })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The shells that are here, and the older way of bash. */
export const shells = [
  { name: 'bash', shell: '/bin/bash', rc: '' },
  { name: 'bash with a trap', shell: '/bin/bash', rc: 'handrail_trap=1' },
  { name: 'zsh', shell: ['/bin/zsh', '/usr/bin/zsh'].find(path => existsSync(path)) ?? '', rc: '' },
].map(each => ({ ...each, skip: each.shell === '' ? `${each.name} is not installed` : false }))

export interface Told {
  readonly command?: TypedCommand
  readonly started?: string
  readonly pid?: number
  readonly late?: true
  readonly closed?: boolean
  readonly result?: { readonly exit: number; readonly state: ShellState }
  readonly error?: string
  readonly obstacle?: string
}

export interface Setting {
  readonly shell: string
  /** Contents of ~/.bashrc or ~/.zshrc. */
  readonly rc?: string
  readonly env?: Record<string, string>
  readonly state?: Partial<ShellState>
  readonly columns?: number
}

const outerPrompt = 'OUTER> '

/** A learner at a terminal with the app in it, opened from a shell that tells afterwards how the terminal was left. */
export function learner(app: string, setting: Setting) {
  const home = mkdtempSync(join(tmpdir(), 'learner-'))
  const temporary = join(home, 'tmp')
  const work = join(home, 'work')
  for (const folder of [temporary, work]) mkdirSync(folder)
  const rc = `PS1='> '; PROMPT='> '\n${setting.rc ?? ''}\n`
  for (const name of ['.bashrc', '.zshrc']) writeFileSync(join(home, name), rc)
  const file = join(home, 'told')
  const env = {
    ...{ HOME: home, PATH: process.env['PATH']!, TERM: 'xterm-256color', LANG: 'C.UTF-8', TMPDIR: temporary },
    ...{ SHELL: setting.shell, TOLD: file, STATE: JSON.stringify({ cwd: work, env: {}, ...setting.state }) },
    ...setting.env,
  }
  const script = `stty -a >"$HOME/before"; "$0" "$@"; code=$?; stty -a >"$HOME/after"; printf '${outerPrompt}%s.' "$code"; read -r`
  const columns = setting.columns ?? 80
  const size = { cols: columns, rows: 24 }
  const terminal = pty.spawn('bash', ['--norc', '-c', script, process.execPath, app], { ...size, cwd: work, env })
  const screen = new xterm.Terminal({ ...size, scrollback: 5000, allowProposedApi: true })
  let shown = ''
  let from = 0
  terminal.onData(data => {
    shown += data
    screen.write(data)
  })
  onTestFinished(() => {
    terminal.kill('SIGKILL')
    screen.dispose()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  })

  const told = (): Told[] => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    // The last line may be half written.
    const lines = text.split('\n').slice(0, -1)
    return lines.map(line => JSON.parse(line) as Told)
  }
  const commands = () => told().flatMap(({ command }) => command ?? [])
  const wait = async <T>(condition: () => T): Promise<NonNullable<T>> =>
    until(condition, 8000).catch(error => {
      throw new Error(`${(error as Error).message}; on the screen: ${JSON.stringify(shown.slice(-1500))}`)
    })

  /** Waits for a text after what was waited for before. */
  async function see(text: string): Promise<void> {
    const at = await wait(() => shown.indexOf(text, from) + 1)
    from = at - 1 + text.length
  }

  /** Waits for a prompt that takes keys. */
  async function prompt(): Promise<void> {
    await see('\x1b]133;A\x07')
    await see('\x1b[?2004h')
  }

  return {
    ...{ home, work, temporary, told, commands, see, prompt, wait },
    type: (text: string) => terminal.write(text),
    /** Types a line at the prompt and waits until it is over. */
    async run(line: string): Promise<TypedCommand> {
      const before = commands().length
      terminal.write(`${line}\r`)
      await wait(() => commands().length > before)
      await prompt()
      return commands()[before]!
    },
    resize(columns: number, rows: number) {
      terminal.resize(columns, rows)
      screen.resize(columns, rows)
    },
    shown: () => shown,
    since: () => shown.slice(from),
    async lines(): Promise<string[]> {
      await new Promise<void>(done => screen.write('', done))
      const buffer = screen.buffer.active
      const rows = Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)!.translateToString(true))
      return rows.join('\n').trimEnd().split('\n')
    },
    /** The app is over and the terminal as before; gives the exit code. */
    async end(): Promise<number> {
      await see(outerPrompt)
      await wait(() => /^\d+\./.test(shown.slice(from)))
      await new Promise<void>(done => screen.write('', done))
      const [before, after] = ['before', 'after'].map(name => readFileSync(join(home, name), 'utf8'))
      // Its size may be another by now.
      const modes = (text: string) => text.replace(/rows \d+; columns \d+;/, '')
      expect(modes(after!)).toBe(modes(before!))
      expect(screen.buffer.active.type).toBe('normal')
      expect(screen.modes.bracketedPasteMode).toBe(false)
      expect(screen.modes.mouseTrackingMode).toBe('none')
      expect(screen.modes.applicationCursorKeysMode).toBe(false)
      expect(shown.lastIndexOf('\x1b[?25h')).toBeGreaterThanOrEqual(shown.lastIndexOf('\x1b[?25l'))
      return Number.parseInt(shown.slice(from), 10)
    },
  }
}

export const keys = { ctrlC: '\x03', ctrlD: '\x04', ctrlZ: '\x1a', ctrlL: '\x0c' }
export const paste = (text: string) => `\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`
