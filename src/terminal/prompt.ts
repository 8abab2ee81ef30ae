import type { Readable, Writable } from 'node:stream'
import { readLine } from './read-line.ts'
import { harmless } from './safe.ts'
import type { Look } from './screen.ts'
import { palette } from './style.ts'
import { columns, pad, truncate } from './width.ts'

export interface Option<T> {
  readonly value: T
  readonly label: string
  /** Shown beside the label while the option is the chosen one. */
  readonly hint?: string
  /** One letter, a to z, that answers at once. */
  readonly key?: string
}

export interface Io {
  /** Default: stdin. */
  readonly input?: Readable
  /** Default: stderr. */
  readonly output?: Writable
  /** Takes the question back: the answer is `null`. */
  readonly signal?: AbortSignal
}

/**
 * Asks which one. Arrow keys and Enter, or the letter of an option; a numbered list and a line where nothing may be repainted
 * or no keys can be read. `null`: Ctrl-C, Ctrl-D, Escape, closed input or an aborted signal. The terminal is as before on
 * every way out.
 */
export function choose<T>(question: string, options: readonly Option<T>[], io: Io, look: Look): Promise<T | null> {
  const { input = process.stdin, output = process.stderr, signal } = io
  const asked = { question: tidy(question), options: options.map(tidyOption), input, output, signal, look }
  return look.repaint && 'isTTY' in input && input.isTTY === true ? menu(asked) : numbered(asked)
}

/** Yes or no, with the letters y and n; `null` as in `choose`. The first line is `preferred` (default: yes). */
export function confirm(
  question: string,
  words: { readonly yes: string; readonly no: string; readonly preferred?: 'yes' | 'no' },
  io: Io,
  look: Look,
): Promise<boolean | null> {
  const options = [
    { value: true, label: words.yes, key: 'y' },
    { value: false, label: words.no, key: 'n' },
  ]
  return choose(question, words.preferred === 'no' ? options.reverse() : options, io, look)
}

interface Asked<T> {
  readonly question: string
  readonly options: readonly Option<T>[]
  readonly input: Readable
  readonly output: Writable
  readonly signal: AbortSignal | undefined
  readonly look: Look
}

/** Composed: clack measures decomposed Hangul wrongly. */
function tidy(text: string): string {
  return harmless(text).normalize('NFC')
}

function tidyOption<T>(option: Option<T>): Option<T> {
  return { ...option, label: tidy(option.label), ...(option.hint === undefined ? {} : { hint: tidy(option.hint) }) }
}

async function menu<T>({ question, options, input, output, signal, look }: Asked<T>): Promise<T | null> {
  const [{ SelectPrompt }, { limitOptions, isCancel }] = await Promise.all([
    import('@clack/core'),
    import('@clack/prompts'),
  ])
  if (ended(input) || signal?.aborted) return null
  const paint = palette(look)
  const keyed = options.some(option => option.key)
  const pointer = look.unicode ? '❯' : '>'

  const row = (option: Option<T>, active: boolean): string => {
    const key = keyed ? `${pad(option.key ?? '', 1)}  ` : ''
    const room = width() - 3 - key.length
    const label = truncate(option.label, room)
    const hint = active && option.hint ? truncate(`  ${option.hint}`, room - columns(label)) : ''
    return active
      ? `${paint.accent(pointer)} ${paint.strong(key + label)}${paint.faint(hint)}`
      : `  ${paint.accent(key)}${label}`
  }
  const width = (): number =>
    'columns' in output && typeof output.columns === 'number' ? output.columns : look.columns

  const closed = new AbortController()
  const close = (): void => closed.abort()
  const prompt = new SelectPrompt({
    options: options.map((_, value) => ({ value })),
    input,
    output,
    signal: signal ? AbortSignal.any([signal, closed.signal]) : closed.signal,
    render() {
      if (this.state === 'submit') return `${paint.faint(question)} ${paint.accent(options[this.cursor]!.label)}`
      if (this.state === 'cancel') return paint.faint(question)
      const rows = limitOptions({
        options,
        cursor: this.cursor,
        output,
        rowPadding: question.split('\n').length + 2,
        style: row,
      })
      return [paint.strong(question), ...rows, paint.faint(look.unicode ? '↑ ↓ Enter' : 'up/down Enter')].join('\n')
    },
  })
  prompt.on('key', (character, key) => {
    if (key.ctrl && key.name === 'd') prompt.state = 'cancel'
    const at = options.findIndex(option => option.key !== undefined && option.key === letter(character))
    if (at === -1 || key.ctrl) return
    prompt.cursor = at
    prompt.value = at
    prompt.state = 'submit'
  })

  const restore = (): void => {
    if ('setRawMode' in input && typeof input.setRawMode === 'function') input.setRawMode(false)
    output.write('\x1b[?25h')
  }
  process.once('exit', restore)
  for (const end of ['end', 'close', 'error']) input.once(end, close)
  try {
    const answer = await prompt.prompt()
    return typeof answer !== 'number' || isCancel(answer) ? null : options[answer]!.value
  } finally {
    for (const end of ['end', 'close', 'error']) input.off(end, close)
    process.off('exit', restore)
  }
}

/** For screen readers, dumb terminals and pipes: everything is written once, the answer is a line. */
async function numbered<T>({ question, options, input, output, signal }: Asked<T>): Promise<T | null> {
  const lines = options.map(({ label, hint, key }, i) => {
    return `${pad(`${i + 1}.`, 3)} ${label}${key ? ` (${key})` : ''}${hint ? `: ${hint}` : ''}`
  })
  output.write(`${[question, ...lines].join('\n')}\n`)
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt)
  try {
    for (;;) {
      output.write(`1-${options.length}: `)
      const line = await readLine(input, signal ? AbortSignal.any([signal, interrupted.signal]) : interrupted.signal)
      if (line === null) {
        output.write('\n')
        return null
      }
      const answer = line.trim().normalize('NFC')
      const chosen =
        options[Number(answer) - 1] ??
        options.find(option => answer !== '' && (option.key === letter(answer) || option.label === answer))
      if (chosen) return chosen.value
    }
  } finally {
    process.off('SIGINT', interrupt)
  }
}

function ended(input: Readable): boolean {
  return input.readableEnded || input.destroyed
}

/** The Hangul letters on the keys a to z: what arrives when a learner forgot to switch the keyboard. */
const hangul = 'ㅁㅠㅊㅇㄷㄹㅎㅗㅑㅓㅏㅣㅡㅜㅐㅔㅂㄱㄴㅅㅕㅍㅈㅌㅛㅋ'

function letter(typed: string | undefined): string | undefined {
  const at = typed === undefined || typed === '' ? -1 : hangul.indexOf(typed)
  return at === -1 ? typed?.toLowerCase() : String.fromCharCode(97 + at)
}
