import { Marked, type RendererObject, type Token, type Tokens } from 'marked'
import { markedTerminal } from 'marked-terminal'
import { highlight } from './highlight.ts'
import { harmless } from './safe.ts'
import type { Look } from './screen.ts'
import { link, type Meaning, palette } from './style.ts'
import { table } from './table.ts'
import { columns, pad, wrap } from './width.ts'

/** Code stands behind spaces only, so that a command can be copied with the mouse as it is. */
const codeIndent = '    '

const languages: Record<string, string> = { sh: 'bash', shell: 'bash', zsh: 'bash', console: 'text' }

const codeColours: Record<string, Meaning> = {
  comment: 'faint',
  meta: 'faint',
  string: 'good',
  keyword: 'accent',
  built_in: 'accent',
  attr: 'code',
  variable: 'code',
  subst: 'code',
  number: 'warn',
  literal: 'warn',
}

/**
 * Markdown as lines of at most `look.columns` columns, without a newline at the end. Only lines of code may be longer: they
 * are never broken. Escapes and control characters of the content are left out. Slow to load: import it when it is needed.
 */
export function renderMarkdown(markdown: string, look: Look): string {
  const marked = new Marked()
  const paint = palette(look)
  marked.use(
    markedTerminal({
      strong: paint.strong,
      em: paint.italic,
      del: look.colour ? paint.struck : text => `~~${text}~~`,
      emoji: false,
      reflowText: false,
      unescape: false,
    }),
  )
  marked.use({ renderer: blocksAndLinks(look) })
  return marked.parse(harmless(markdown), { async: false }).trimEnd()
}

/** What marked-terminal does wrongly or by the length of strings: everything that has a width, lists, links, code. */
function blocksAndLinks(look: Look): RendererObject {
  const paint = palette(look)
  /** Columns left where we are: fewer within lists and quotes. */
  let room = look.columns

  function within<T>(indent: number, render: () => T): T {
    const before = room
    room = Math.max(10, room - indent)
    try {
      return render()
    } finally {
      room = before
    }
  }

  return {
    text(token) {
      return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : prose(token.text)
    },
    heading({ tokens, depth }) {
      const text = this.parser.parseInline(tokens)
      if (!look.colour) return block(wrap(`${'#'.repeat(depth)} ${text}`, room))
      const styled =
        depth === 1 ? paint.underline(paint.accent(text)) : depth === 2 ? paint.accent(text) : paint.strong(text)
      return block(wrap(styled, room))
    },
    paragraph({ tokens }) {
      return block(wrap(this.parser.parseInline(tokens), room))
    },
    blockquote({ tokens }) {
      const bar = paint.faint(look.unicode ? '│' : '>')
      const lines = within(2, () => this.parser.parse(tokens))
        .trimEnd()
        .split('\n')
      return block(lines.map(line => `${bar} ${line}`.trimEnd()).join('\n'))
    },
    hr() {
      return block(paint.faint((look.unicode ? '─' : '-').repeat(room)))
    },
    code({ text, lang }) {
      const word = (lang ?? '').split(/[\s,{]/)[0]!.toLowerCase()
      const code = look.colour
        ? highlight(text, languages[word] ?? word, (kind, piece) => paintCode(kind, piece))
        : text
      return block(code.replace(/^(?=.)/gm, codeIndent))
    },
    list(token) {
      const points = token.items.map((item, i) => point(token, item, i))
      const wide = Math.max(...points.map(columns)) + 1
      const bodies = within(wide, () => token.items.map(item => itemBody(item, this.parser)))
      const apart = token.loose || bodies.some(body => body.includes('\n\n')) ? '\n\n' : '\n'
      return block(
        bodies
          .map((body, i) => pad(points[i]!, wide) + body.replace(/\n(?=[^\n])/g, `\n${' '.repeat(wide)}`))
          .join(apart),
      )
    },
    checkbox() {
      return ''
    },
    table(token) {
      const cells = (row: Tokens.TableCell[]) => row.map(cell => this.parser.parseInline(cell.tokens))
      const head = cells(token.header).map(paint.strong)
      return block(table(head, token.rows.map(cells), token.align, room, look))
    },
    codespan({ text }) {
      return look.colour ? paint.code(text) : `\`${text}\``
    },
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      // A place in this text or another file: nothing that a terminal could open.
      if (href.startsWith('#')) return text
      const bare = text === href || `mailto:${text}` === href
      return link(
        look,
        look.links || bare ? paint.underline(text) : text,
        bare && !look.links ? paint.underline(text) : href,
      )
    },
    image({ href, text }) {
      return link(look, prose(text) || href, href)
    },
    html({ text, block: alone }) {
      const shown = text
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<br\s*\/?>/gi, '\n')
        .replace(knownTags, '')
      return alone ? (shown.trim() === '' ? '' : block(wrap(prose(shown).trim(), room))) : shown
    },
  }

  function paintCode(kind: string, piece: string): string {
    const meaning = codeColours[kind]
    return meaning ? paint[meaning](piece) : piece
  }

  function point(list: Tokens.List, item: Tokens.ListItem, i: number): string {
    if (item.task) return item.checked ? '[x]' : '[ ]'
    if (list.ordered) return `${Number(list.start || 1) + i}.`
    return look.unicode ? '•' : '-'
  }

  function itemBody(
    item: Tokens.ListItem,
    parser: { parse(t: Token[]): string; parseInline(t: Token[]): string },
  ): string {
    let body = ''
    for (const token of item.tokens) {
      const inline = token.type === 'text' && 'tokens' in token && token.tokens
      const shown = inline ? wrap(parser.parseInline(inline), room) : parser.parse([token]).trimEnd()
      if (shown === '') continue
      const close = token.type === 'list' && !token['loose']
      body += body === '' ? shown : (close ? '\n' : '\n\n') + shown
    }
    return body
  }
}

function block(text: string): string {
  return `${text}\n\n`
}

const knownTags = /<\/?(?:a|b|i|em|strong|kbd|code|sub|sup|p|div|span|details|summary|img|u|center)(?:\s[^>]*)?\/?>/gi
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' }

/**
 * A line break in the source is a space, and the few entities that people write are what they stand for. marked itself has
 * decoded the numeric ones, so a control character may be among them.
 */
function prose(text: string): string {
  return harmless(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name]!)
}
