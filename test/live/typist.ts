import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import * as pty from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { messages } from '../../src/text/index.ts'
import { until } from '../helpers/until.ts'
import { type Home, program } from './program.ts'
import { menu } from './terminal.ts'

/** A learner who has chosen "I'll type it myself": the real program in a terminal, with the learner's shell in it. */
export interface Typist {
  /**
   * Types the line and Enter; waits for what comes next. An empty line brings what was found out too late for the prompt
   * before.
   */
  enter(line: string): Promise<Entered>
  /**
   * The same, then waits for the words, which may come when the prompt is there already; now and then presses Enter, as a
   * learner does who waits. `tookMs` is from the end of the command to the words. Throws after `limitMs`.
   */
  enterUntil(line: string, words: string | RegExp, limitMs?: number): Promise<Entered>
  keys(text: string): void
  /** Waits for these texts, one after the other, after what was waited for before; gives all that was shown meanwhile, escapes included. */
  shows(...texts: string[]): Promise<string>
  /** Waits for a prompt after what was waited for before. */
  prompt(): Promise<void>
  /** From the menu to the first prompt of the shell; gives what stands above it. `openTypist` has done it once. */
  begin(): Promise<string>
  /** Rows of the screen as they stand, without the blanks at their ends. */
  screen(): Promise<string[]>
  /** The same with all that has scrolled away. */
  lines(): Promise<string[]>
  /** All of it, escapes included. */
  shown(): string
  resize(cols: number, rows: number): void
  /** The program is over. */
  ended(): Promise<Ended>
  close(): void
}

export interface Entered {
  /** What was shown below the typed line, up to the next prompt: the command's output and what the runner says, without escapes. */
  readonly text: string
  /** From the end of the command until the prompt stood, with what is above it; `NaN` where nothing was run. */
  readonly tookMs: number
  /** `menu`: the shell is over, the menu is back. `ended`: the program is over, too. */
  readonly next: 'prompt' | 'menu' | 'ended'
}

export interface Ended {
  readonly exit: number
  /** Of `stty -a`, such as `icanon` or `-echo`. */
  readonly modes: readonly string[]
  readonly cursor: boolean
  /** What programs have set in the terminal and nobody has reset. */
  readonly left: readonly ('alternate screen' | 'bracketed paste' | 'mouse' | 'application keys' | 'focus')[]
}

export interface Setting {
  readonly lab: string
  readonly shell: 'bash' | 'zsh'
  /** Contents of ~/.bashrc or ~/.zshrc. Default: a short prompt. */
  readonly rc?: string
  /** Folder of a course from elsewhere, which is agreed to. */
  readonly course?: string
  /** More words for `lab run`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cols?: number
  readonly rows?: number
  /**
   * From what the program is started. Default: a script, which shows the terminal as the program left it. `bash`: an interactive
   * one, which puts some things right by itself, as a learner's does; but takes the terminal as it is from a program
   * that has started ours and that ends by itself, as npx does.
   */
  readonly outer?: 'script' | 'bash' | 'npx'
}

export const keysOf = { ctrlC: '\x03', ctrlD: '\x04', ctrlL: '\x0c', ctrlZ: '\x1a', escape: '\x1b', backspace: '\x7f' }
/** As a terminal sends it to a shell that understands it; where it does not, newlines come as Enter. */
export const paste = (text: string) => `\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`

const shells = { bash: '/bin/bash', zsh: '/usr/bin/zsh' }
const over = 'program ended with '
/** Asked once of a course from elsewhere. */
const questions = (['ko', 'en'] as const).map(language => messages(language).foreignQuestion)
const likeNpx = `require("child_process").spawn(process.argv[1],process.argv.slice(2),{stdio:"inherit"}).on("exit",(code,signal)=>process.exit(signal?137:code))`
const outerPrompt = 'OUTER> '
const tellEnd = `printf '\\nprogram %s\\n' "ended with $code"`
const tellModes = "stty -a; echo the shell 'ends'"
const done = 'the shell ends'
/** Longer than any command of a lab takes here, ms. */
const patience = 120_000

const mark = { command: '\x1b]133;C', done: '\x1b]7;file:', prompt: '\x1b]133;A\x07', input: '\x1b]133;B\x07' }
const pasteOn = '\x1b[?2004h'
const pasteOff = '\x1b[?2004l'

/** Opens the program, and in it the shell. It is closed when the test is over. */
export async function openTypist(home: Home, setting: Setting): Promise<Typist> {
  const { lab, shell, cols = 80, rows = 24, outer = 'script' } = setting
  const prompt = shell === 'bash' ? "PS1='$ '" : "PROMPT='%% '"
  writeFileSync(join(home.dir, shell === 'bash' ? '.bashrc' : '.zshrc'), `${setting.rc ?? prompt}\n`)
  const course = setting.course ? ['--course', setting.course] : []
  const words = [process.execPath, program, 'run', lab, ...course, ...(setting.args ?? [])]
  const args =
    outer === 'script'
      ? ['--norc', '-c', `"$0" "$@"; code=$?; ${tellEnd}; read -r; ${tellModes}; read -r`, ...words]
      : ['--norc', '-i']
  const env = { ...home.env, SHELL: shells[shell], ...setting.env, ...(outer !== 'script' ? { PS1: outerPrompt } : {}) }
  const child = pty.spawn('bash', args, { cols, rows, cwd: home.dir, env })
  const screen = new xterm.Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true })
  let shown = ''
  /** Where each chunk ended, and when it came. */
  const came: { readonly end: number; readonly at: number }[] = []
  let from = 0
  let gone = false
  child.onData(data => {
    shown += data
    came.push({ end: shown.length, at: performance.now() })
    screen.write(data)
  })
  child.onExit(() => {
    gone = true
  })
  // As a terminal does: programs ask it where the cursor is, and what it can do.
  screen.onData(answer => {
    if (!gone) child.write(answer)
  })
  const close = () => {
    if (!gone) child.kill('SIGKILL')
  }
  onTestFinished(close)

  const cameAt = (position: number) => came.find(({ end }) => end > position)!.at
  const isEnd = () => shown.indexOf(over, from)

  function wait<T>(what: string, found: () => T | Promise<T>, limitMs = patience): Promise<NonNullable<T>> {
    return until(async () => {
      const hit = await found()
      if (!hit && gone) throw new Error('the terminal is closed')
      return hit
    }, limitMs).catch(error => {
      throw new Error(`waited for ${what}: ${(error as Error).message}; shown: ${shown.slice(-2500)}`)
    })
  }

  async function shows(...texts: string[]): Promise<string> {
    const start = from
    for (const text of texts) {
      const at = await wait(JSON.stringify(text), () => shown.indexOf(text, from) + 1)
      from = at - 1 + text.length
    }
    return shown.slice(start, from)
  }

  /** The end of a whole prompt after this position, or 0. */
  function promptAfter(position: number): number {
    const at = shown.indexOf(mark.prompt, position)
    if (at === -1) return 0
    const [input, paste] = [shown.indexOf(mark.input, at), shown.indexOf(pasteOn, at)]
    return input === -1 || paste === -1 ? 0 : Math.max(input + mark.input.length, paste + pasteOn.length)
  }

  async function enter(line: string): Promise<Entered> {
    const start = shown.length
    child.write(`${line}\r`)
    const [next, to, end] = await wait(`what follows ${line}`, () => {
      const finished = shown.indexOf(mark.done, start)
      // Enter alone runs nothing.
      const prompt = finished === -1 && line !== '' ? 0 : promptAfter(Math.max(start, finished))
      if (prompt > 0) return ['prompt', shown.indexOf(mark.prompt, Math.max(start, finished)), prompt] as const
      const ended = shown.indexOf(over, start)
      if (ended !== -1) return ['ended', ended, start] as const
      const back = shown.indexOf(menu, start)
      return back === -1 ? null : (['menu', back, back + menu.length] as const)
    })
    from = end
    const accepted = shown.indexOf(pasteOff, start)
    const text = plain(shown.slice(accepted === -1 || accepted > to ? start : accepted + pasteOff.length, to)).replace(
      /^\n/,
      '',
    )
    const finished = shown.indexOf(mark.done, start)
    const tookMs = finished === -1 || finished > to ? Number.NaN : cameAt(to) - cameAt(finished)
    return { text, tookMs, next }
  }

  async function rowsFrom(first: number, buffer = screen.buffer.active): Promise<string[]> {
    await new Promise<void>(written => screen.write('', written))
    const rows = Array.from({ length: buffer.length - first }, (_, row) => buffer.getLine(first + row))
    return rows.map(row => row?.translateToString(true) ?? '')
  }

  const typist: Typist = {
    ...{ enter, shows, close },
    async enterUntil(line, words, limitMs = 10_000) {
      const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text))
      const start = shown.length
      const first = await enter(line)
      if (fits(first.text)) return first
      const finished = shown.indexOf(mark.done, start)
      const since = finished === -1 ? performance.now() : cameAt(finished)
      let pressed = performance.now()
      let last = first
      const all = () => plain(shown.slice(start))
      await wait(
        String(words),
        async () => {
          if (fits(all())) return true
          if (last.next !== 'prompt') throw new Error(`${line} was answered with ${all()}`)
          if (performance.now() - pressed < 1500) return false
          last = await enter('')
          pressed = performance.now()
          return false
        },
        limitMs,
      )
      return { text: all(), tookMs: performance.now() - since, next: last.next }
    },
    keys: text => child.write(text),
    async prompt() {
      from = await wait('a prompt', () => promptAfter(from))
    },
    async begin() {
      const asked = await shows(menu)
      if (questions.some(question => asked.includes(question))) {
        child.write('y')
        await shows(menu)
      }
      const start = from
      child.write('t')
      await typist.prompt()
      return plain(shown.slice(start, shown.lastIndexOf(mark.prompt, from)))
    },
    async screen() {
      await new Promise<void>(written => screen.write('', written))
      return (await rowsFrom(screen.buffer.active.baseY)).map(row => row.trimEnd())
    },
    lines: () => rowsFrom(0, screen.buffer.normal),
    shown: () => shown,
    resize(cols, rows) {
      screen.resize(cols, rows)
      child.resize(cols, rows)
    },
    async ended() {
      if (outer !== 'script') {
        await shows(outerPrompt)
        child.write(`code=$?; ${tellEnd}; ${tellModes}\r`)
      }
      await wait('the end', () => isEnd() + 1)
      // Not \r: nobody may have put the terminal right.
      if (outer === 'script') child.write('\n')
      const at = isEnd() + over.length
      await wait('how the terminal is', () => shown.indexOf(done, at) + 1)
      await new Promise<void>(written => screen.write('', written))
      const [code = '', ...modes] = shown.slice(at, shown.indexOf(done, at)).split(/[\s;]+/)
      if (outer === 'script') {
        child.write('\n')
        await until(() => gone, patience)
      }
      const { modes: now, buffer } = screen
      const left = [
        ...(buffer.active.type === 'alternate' ? (['alternate screen'] as const) : []),
        // The shell around it has it on while it waits for a line.
        ...(now.bracketedPasteMode && outer === 'script' ? (['bracketed paste'] as const) : []),
        ...(now.mouseTrackingMode === 'none' ? [] : (['mouse'] as const)),
        ...(now.applicationCursorKeysMode ? (['application keys'] as const) : []),
        ...(now.sendFocusMode ? (['focus'] as const) : []),
      ]
      const cursor = shown.lastIndexOf('\x1b[?25h') >= shown.lastIndexOf('\x1b[?25l')
      return { exit: Number(code), modes, cursor, left }
    },
  }
  if (outer !== 'script') {
    await shows(outerPrompt)
    const start = words.map(word => `'${word}'`).join(' ')
    child.write(outer === 'bash' ? `${start}\r` : `node -e '${likeNpx}' ${start}\r`)
  }
  await typist.begin()
  return typist
}

/** Without escapes; a line that was written over stands as it was last. */
function plain(text: string): string {
  const lines = stripVTControlCharacters(text.replaceAll(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '')).split(/\r*\n/)
  return lines.map(line => line.slice(line.lastIndexOf('\r') + 1)).join('\n')
}
