import { inspect } from 'node:util'
import { harmless } from './safe.ts'
import type { Look } from './screen.ts'

export type Paint = (text: string) => string

/** Colours by meaning. Each is readable on light and on dark: never plain yellow, never white. */
const styles = {
  good: ['green'],
  bad: ['red'],
  warn: ['magenta'],
  faint: ['dim'],
  strong: ['bold'],
  accent: ['cyan', 'bold'],
  code: ['cyan'],
  underline: ['underline'],
  italic: ['italic'],
  struck: ['strikethrough'],
} as const

export type Meaning = keyof typeof styles
export type Palette = Readonly<Record<Meaning, Paint>>

/** Functions that colour a text; without colour they give it back as it is. They nest, and stay within their lines. */
export function palette(look: Pick<Look, 'colour'>): Palette {
  const paints = Object.entries(styles).map(([meaning, names]): [string, Paint] => [
    meaning,
    text => (look.colour ? names.reduce(painted, text) : text),
  ])
  return Object.fromEntries(paints) as Record<Meaning, Paint>
}

function painted(text: string, name: string): string {
  const [on, off] = inspect.colors[name] as [number, number]
  const open = `\x1b[${on}m`
  const close = `\x1b[${off}m`
  return text
    .split('\n')
    .map(line => (line === '' ? line : `${open}${line.replaceAll(close, `${close}${open}`)}${close}`))
    .join('\n')
}

const marks = {
  passed: ['✔', '+', 'good'],
  failed: ['✖', 'x', 'bad'],
  error: ['!', '!', 'warn'],
  blocked: ['·', '.', 'faint'],
  skipped: ['-', '-', 'faint'],
  waiting: ['…', '~', 'faint'],
  step: ['▸', '>', 'accent'],
} as const

export type Mark = keyof typeof marks

/** One column wide, in its colour. */
export function mark(look: Pick<Look, 'colour' | 'unicode'>, name: Mark): string {
  const [fancy, plain, meaning] = marks[name]
  return palette(look)[meaning](look.unicode ? fancy : plain)
}

/**
 * A text that leads to an address: a hyperlink where the terminal has them, else `text (url)`; an address that is its own
 * text stands once. The link ends in ST, because listr2 breaks those that end in BEL.
 */
export function link(look: Pick<Look, 'links'>, text: string, url: string): string {
  const address = harmless(url).replace(/[^\x21-\x7e]/gu, character => encodeURIComponent(character))
  if (look.links && /^(https?|file|mailto|vscode):/i.test(address))
    return `\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\`
  return text === url || `mailto:${text}` === url ? text : `${text} (${address})`
}
