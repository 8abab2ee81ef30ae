import { expect, test } from 'vitest'
import { createParser, type Piece } from '../../../src/world/learner-shell/marks.ts'
import { createModes } from '../../../src/world/learner-shell/modes.ts'

const mark = (content: string) => `\x1b]7133;n0nce;${content}\x07`

/** Text of one kind is one piece, however it came. */
function pieces(chunks: readonly Buffer[]) {
  const modes = createModes()
  const parser = createParser('n0nce', modes)
  const found: (Exclude<Piece, { kind: 'text' }> | { text: Buffer; alternate: boolean })[] = []
  const add = (bytes: Buffer, alternate: boolean) => {
    const last = found.at(-1)
    if (last && 'text' in last && last.alternate === alternate) last.text = Buffer.concat([last.text, bytes])
    else if (bytes.length > 0) found.push({ text: Buffer.from(bytes), alternate })
  }
  for (const chunk of chunks) {
    parser.push(chunk)
    for (let piece = parser.next(); piece; piece = parser.next())
      if (piece.kind === 'text') add(piece.bytes, piece.alternate)
      else found.push(piece)
  }
  add(parser.rest(), modes.alternate())
  const readable = found.map(piece => ('text' in piece ? { ...piece, text: piece.text.toString() } : piece))
  return { pieces: readable, undo: modes.undo() }
}

const text = (text: string, alternate = false) => ({ text, alternate })

test.each<[string, string, object[]]>([
  ['text', 'abc', [text('abc')]],
  ['other escapes', 'a\x1b[31mb\x1b]0;title\x07\x1b(B\x1b', [text('a\x1b[31mb\x1b]0;title\x07\x1b(B\x1b')]],
  [
    'a mark of somebody else',
    '\x1b]7133;other;D;1;0;/\x07\x1b]7133;n0nc',
    [text('\x1b]7133;other;D;1;0;/\x07\x1b]7133;n0nc')],
  ],
  ['a prompt', `a${mark('A;/a;b/한글')}b`, [text('a'), { kind: 'prompt', cwd: '/a;b/한글' }, text('b')]],
  ['an end', mark('D;12;130;/a;b'), [{ kind: 'done', n: 12, exit: 130, cwd: '/a;b' }]],
  [
    "a line from bash's history",
    `${mark('C;3;1;braceexpand:history:monitor')}  501* echo "한\x07\r\n둘"\r\n${mark('E')}out`,
    [{ kind: 'start', n: 3, before: 1, line: 'echo "한\x07\n둘"', ran: true }, text('out')],
  ],
  [
    'a line without history',
    `${mark('C;3;0;monitor')}  501  old${mark('E')}`,
    [{ kind: 'start', n: 3, before: 0, line: null, ran: true }],
  ],
  [
    'a line from zsh',
    `${mark('L;3;0;line')} echo )${mark('E')}`,
    [{ kind: 'start', n: 3, before: 0, line: ' echo )', ran: false }],
  ],
  ['a mark that means nothing', `a${mark('x;{ }')}b`, [text('ab')]],
  [
    'a full-screen program',
    `a\x1b[?2004l\x1b[?1049;1hfull\x1b[?1049lb${mark('A;/')}`,
    [text('a\x1b[?2004l\x1b[?1049;1h'), text('full\x1b[?1049l', true), text('b'), { kind: 'prompt', cwd: '/' }],
  ],
  ['modes that are none', 'a\x1b[?25$p\x1b[?1;2c\x1b[?x', [text('a\x1b[?25$p\x1b[?1;2c\x1b[?x')]],
])('%s, cut anywhere', (_, given, expected) => {
  const bytes = Buffer.from(given)
  expect(pieces([bytes]).pieces).toEqual(expected)
  expect(pieces([...bytes].map(byte => Buffer.from([byte]))).pieces).toEqual(expected)
  for (let cut = 1; cut < bytes.length; cut++)
    expect(pieces([bytes.subarray(0, cut), bytes.subarray(cut)]).pieces).toEqual(expected)
})

test('bytes that are no text stay as they are', () => {
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256))
  const parser = createParser('n0nce', createModes())
  parser.push(bytes)
  const piece = parser.next()
  expect(piece?.kind === 'text' && Buffer.concat([piece.bytes, parser.rest()])).toEqual(bytes)
})

test.each([
  ['', '\x1b[0m'],
  ['\x1b[?25l\x1b[?2004h\x1b[?1000;1006h\x1b[?12h', '\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1006l\x1b[0m'],
  ['\x1b[?1049h\x1b[?7l\x1b[?7h\x1b[?1049l', '\x1b[0m'],
  ['\x1b[?1049h', '\x1b[?1049l\x1b[0m'],
])('%j is undone by %j', (given, undo) => {
  expect(pieces([Buffer.from(given)]).undo).toBe(undo)
})
