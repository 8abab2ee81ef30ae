import type { Language, Text } from '../lab/lab.ts'
import { harmless } from '../terminal/safe.ts'
import type { Look } from '../terminal/screen.ts'
import { mark, type Palette, palette } from '../terminal/style.ts'
import { columns, pad, wrap } from '../terminal/width.ts'
import { type Messages, messages } from '../text/index.ts'

/** What every text for a person is made with: the language, the terminal, and where it goes. */
export interface Teller {
  readonly language: Language
  readonly look: Look
  readonly say: Messages
  readonly paint: Palette
  /** One line, or several. */
  print(text: string): void
  of(text: Text): string
}

export function createTeller(language: Language, look: Look, print: (text: string) => void): Teller {
  const say = messages(language)
  return {
    language,
    look,
    say,
    paint: palette(look),
    print: text => print(`${text}\n`),
    of: text => harmless(text[language]),
  }
}

/**
 * A text of ours with its `code` in colour; without colours the backticks stay. As in Markdown, code that has backticks
 * stands between several.
 */
export function inline({ look, paint }: Teller, text: string): string {
  return look.colour
    ? text.replace(/(?<!`)(?:`([^`]+)`|(``+) (.+?) \2)(?!`)/gs, (_, plain, _fence, fenced) =>
        paint.code(plain ?? fenced),
      )
    : text
}

/** `label  text`, the text of ours wrapped under itself. */
export function labelled(teller: Teller, label: string, text: string, indent: number, width: number): string {
  return labelledValue(teller, label, inline(teller, text), indent, width)
}

/** The same with what was read somewhere: its backticks are its own. */
export function labelledValue(teller: Teller, label: string, value: string, indent: number, width: number): string {
  const { look, paint } = teller
  const first = `${' '.repeat(indent)}${paint.faint(pad(label, width))}  `
  return wrap(value, look.columns, { indent: ' '.repeat(indent + width + 2), first })
}

/** A mark and a text, wrapped under itself. */
export function marked(teller: Teller, name: Parameters<typeof mark>[1], text: string): string {
  return wrap(inline(teller, text), teller.look.columns, { indent: '  ', first: `${mark(teller.look, name)} ` })
}

/** A heading with a rule as wide as the screen. */
export function rule(teller: Teller, text: string): string {
  const { look, paint } = teller
  const line = look.unicode ? '─' : '-'
  const rest = look.columns - columns(text) - 4
  const heading = wrap(paint.accent(text), look.columns, { indent: '   ', first: `${paint.faint(line.repeat(2))} ` })
  return rest > 0 ? `${heading} ${paint.faint(line.repeat(rest))}` : heading
}
