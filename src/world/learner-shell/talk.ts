import { hostname } from 'node:os'
import type { LearnerShellOptions, ShellControl } from '../../run/learner-shell.ts'
import { shownText } from '../output.ts'
import { answerOf, createKept, inputBegins, inputOf, outputOf } from './kept.ts'
import { createParser, type Piece } from './marks.ts'
import type { Modes } from './modes.ts'
import { createVoice } from './voice.ts'

/** How long a prompt waits for what is to be said above it, ms from the end of the command. */
const patience = 150

export interface TalkOptions {
  readonly nonce: string
  readonly cwd: string
  readonly greeting: string
  readonly modes: Modes
  readonly onStart: LearnerShellOptions['onStart']
  readonly onCommand: LearnerShellOptions['onCommand']
  /** Writes to the learner's terminal. */
  readonly show: (bytes: Buffer | string) => void
  /** The start files have been read. */
  readonly onFirstPrompt: () => void
  /** Ends the shell, which is at its prompt. */
  readonly end: () => void
}

/**
 * Marks for the terminal (OSC 133). What is said above a prompt counts as output of the command before it: VS Code takes the end
 * of a command for the beginning of the next prompt, and keeps a prompt at the top while one reads on, over the text.
 */
const mark = {
  prompt: '\x1b]133;A\x07',
  input: inputBegins,
  output: '\x1b]133;C\x07',
  end: (exit?: number) => `\x1b]133;D${exit === undefined ? '' : `;${exit}`}\x07`,
}

/** What passes between the shell and the learner's terminal. */
export interface Talk extends ShellControl {
  output(chunk: Buffer): void
  /** The learner has pressed keys. */
  typed(): void
  /** The shell is gone: shows what is left. */
  finish(): void
  cwd(): string
  /** What a callback threw. */
  failure(): { readonly error: unknown } | null
}

interface Running {
  readonly n: number
  readonly line: string
  readonly cwdBefore: string
  readonly startedAt: number
  readonly from: number
  readonly output: () => string
}

type Phase =
  /** Start files are read. */
  | 'starting'
  /** A command runs. */
  | 'running'
  /** Between the end of a command and the prompt. */
  | 'between'
  /** The prompt is there, a line may be edited: nothing is written, but above a line that is still empty. */
  | 'prompt'

export function createTalk(options: TalkOptions): Talk {
  const { nonce, modes, show, onCommand, onStart, end } = options
  const parser = createParser(nonce, modes)
  const voice = createVoice(options.greeting)
  let phase: Phase = 'starting'
  let cwd = options.cwd
  let number = 0
  let running: Running | null = null
  /** What the phase has written: a command, or a prompt with the line behind it. */
  let kept = createKept()
  let judging: { readonly from: number; readonly done: Promise<unknown> } | null = null
  /** Ends the wait of a prompt; what the shell writes stays in the parser until then. */
  let release: (() => void) | null = null
  /** Keys were pressed since the prompt began. */
  let touched = false
  let closing = false
  let over = false
  let failure: { readonly error: unknown } | null = null
  /** The end of a command that the terminal has not been told yet; the first one is that of the runner, which goes on within. */
  let untold = mark.end()

  function put(bytes: Buffer | string): void {
    if (closing || bytes.length === 0) return
    voice.wrote(bytes)
    show(bytes)
  }

  function drain(): void {
    for (let piece = release ? null : parser.next(); piece; piece = release ? null : parser.next()) take(piece)
  }

  function take(piece: Piece): void {
    if (piece.kind === 'text') {
      put(piece.bytes)
      if (!piece.alternate) kept.add(piece.bytes)
    } else if (piece.kind === 'start') start(piece)
    else if (piece.kind === 'done') {
      if (running?.n === piece.n) done(piece.exit, piece.cwd)
    } else if (phase !== 'running') prompt(piece.cwd)
  }

  function start({ n, before, line, ran }: Piece & { kind: 'start' }): void {
    // Of a shell within, which has inherited what tells.
    if (n !== number + 1) return
    number = n
    // The end of the one before was not told: the learner has taken our part out of the prompt.
    if (running) done(before, cwd)
    const shown = kept.raw()
    const own = (kept = createKept())
    phase = 'running'
    put(toldNow() + mark.output)
    running = {
      n,
      line: line ?? inputOf(shown),
      cwdBefore: cwd,
      startedAt: Date.now(),
      from: performance.now(),
      output: () => (ran ? outputOf(own.raw()) : answerOf(shown)),
    }
    if (isComment(running.line)) return
    try {
      onStart?.(running.line)
    } catch (error) {
      fail(error)
    }
  }

  function done(exit: number, after: string): void {
    const { line, cwdBefore, startedAt, from, output } = running!
    running = null
    phase = 'between'
    cwd = after
    const url = `file://${hostname()}${cwd.split('/').map(encodeURIComponent).join('/')}`
    untold = mark.end(exit)
    put(`\x1b]7;${url}\x07`)
    const now = performance.now()
    if (failure) close()
    if (isComment(line) || closing || over) return
    const command = { line, exit, output: output(), cwd, cwdBefore, startedAt, tookMs: Math.round(now - from) }
    const judged = (async () => onCommand(command, say))().catch(fail)
    // Between the lines of a pasted block there are no prompts.
    judging = { from: now, done: Promise.all([judging?.done, judged]) }
  }

  function prompt(at: string): void {
    cwd = at
    touched = false
    if (phase === 'starting') options.onFirstPrompt()
    phase = 'between'
    const go = (): void => {
      if (release !== go) return
      clearTimeout(timer)
      release = null
      judging = null
      put(voice.lines() + toldNow() + voice.newTitle() + mark.prompt)
      phase = 'prompt'
      kept = createKept()
      if (closing) end()
      drain()
    }
    release = go
    const left = judging && !over && !closing ? patience - (performance.now() - judging.from) : 0
    const timer = left > 0 ? setTimeout(go, left) : undefined
    if (left > 0) void judging!.done.then(go)
    else go()
  }

  /** What comes too late for the prompt takes its place, and the prompt stands again below it. */
  function say(text: string): void {
    voice.say(text)
    if (text === '' || phase !== 'prompt' || touched || closing || over) return
    const shown = kept.raw()
    if (!shown.includes(inputBegins) || inputOf(shown) !== '') return
    // The empty line counts as a command, which says it.
    put(mark.output + (shownText(shown).includes('\n') ? '\r\n' : '\r\x1b[J'))
    put(voice.lines() + mark.end() + mark.prompt + shown)
  }

  function toldNow(): string {
    const marks = untold
    untold = ''
    return marks
  }

  function fail(error: unknown): void {
    failure ??= { error }
    close()
  }

  function close(): boolean {
    if (phase === 'running' && !over) return false
    if (over || closing) return true
    put(voice.lines())
    put(voice.freshLine() + toldNow())
    closing = true
    modes.freeze()
    if (release) release()
    else if (phase === 'prompt') end()
    return true
  }

  return {
    say,
    title(text) {
      voice.title(text)
      if (phase === 'prompt') put(voice.newTitle())
    },
    close,
    typed() {
      touched = true
    },
    output(chunk) {
      parser.push(chunk)
      drain()
    },
    finish() {
      over = true
      release?.()
      drain()
      put(parser.rest())
      put(voice.freshLine())
      closing = false
      // From here on it is output of the runner again, whose end the shell around us tells.
      put(toldNow() + mark.prompt + mark.input + mark.output + voice.farewell())
      closing = true
    },
    cwd: () => cwd,
    failure: () => failure,
  }
}

/** It is no command. */
function isComment(line: string): boolean {
  return line.startsWith('#')
}
