import * as pty from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { until } from '../helpers/until.ts'
import { type Home, program } from './program.ts'

/** The program in a terminal of 80x24, with a shell around it that tells how the terminal is afterwards. */
export interface Terminal {
  /** Waits for the first of these texts after what was waited for before; gives what was shown up to its end. */
  next(...texts: string[]): Promise<string>
  type(keys: string): void
  /** Every line that was ever on the screen and has stayed; a line that the terminal had to break stands once, whole. */
  lines(): Promise<{ readonly text: string; readonly broken: boolean }[]>
  /** Waits for the end of the program. */
  end(): Promise<Ended>
  close(): void
}

export interface Ended {
  readonly exit: number
  readonly cursor: boolean
  /** Of `stty -a`, such as `icanon` or `-echo`. */
  readonly modes: readonly string[]
}

export const keys = { ctrlC: '\x03', enter: '\r' }
/** The last line of every menu. */
export const menu = '↑ ↓ Enter'
const ended = 'program ended with '
/** Longer than any command of a lab takes here, ms. */
const patience = 60_000

export function openTerminal(home: Home, args: readonly string[]): Terminal {
  const script = `"$0" "$@"; code=$?; echo; echo "${ended}$code"; stty -a; echo the shell ends`
  const shell = pty.spawn('bash', ['--norc', '-c', script, process.execPath, program, ...args], {
    cols: 80,
    rows: 24,
    cwd: home.dir,
    env: { ...home.env },
  })
  const screen = new xterm.Terminal({ cols: 80, rows: 24, scrollback: 10_000, allowProposedApi: true })
  let shown = ''
  let from = 0
  let over = false
  shell.onData(data => {
    shown += data
    screen.write(data)
  })
  shell.onExit(() => {
    over = true
  })

  async function next(...texts: string[]): Promise<string> {
    const found = await until(() => {
      const hits = texts.map(text => ({ text, at: shown.indexOf(text, from) })).filter(({ at }) => at !== -1)
      const first = hits.toSorted((a, b) => a.at - b.at)[0]
      if (!first && over) throw new Error(`ended without ${texts.join(' or ')}: ${shown.slice(-2000)}`)
      return first
    }, patience).catch(error => {
      throw new Error(`${(error as Error).message}; on the screen: ${shown.slice(-2000)}`)
    })
    const before = from
    from = found.at + found.text.length
    return shown.slice(before, from)
  }

  return {
    next,
    type: text => shell.write(text),
    async lines() {
      await new Promise<void>(done => screen.write('', done))
      const buffer = screen.buffer.normal
      const found: { text: string; broken: boolean }[] = []
      for (let row = 0; row < buffer.length; row++) {
        const line = buffer.getLine(row)!
        const last = found.at(-1)
        if (line.isWrapped && last)
          found[found.length - 1] = { text: last.text + line.translateToString(true), broken: true }
        else found.push({ text: line.translateToString(false).trimEnd(), broken: false })
      }
      return found
    },
    async end() {
      if (!shown.slice(0, from).endsWith(ended)) await next(ended)
      const at = from
      await next('the shell ends')
      const [code = '', ...modes] = shown.slice(at, from).split(/[\s;]+/)
      const cursor = shown.lastIndexOf('\x1b[?25h') >= shown.lastIndexOf('\x1b[?25l')
      return { exit: Number(code), cursor, modes }
    },
    close: () => {
      if (!over) shell.kill('SIGKILL')
    },
  }
}

/** What `next` finds when the program is over. */
export const theEnd = ended
