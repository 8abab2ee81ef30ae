import { expect, test } from 'vitest'
import { columns, pad, truncate, wrap } from '../../src/terminal/width.ts'

const red = (text: string): string => `\x1b[31m${text}\x1b[39m`
const linked = (text: string): string => `\x1b]8;;https://e.com/\x1b\\${text}\x1b]8;;\x1b\\`

test.each([
  ['abc', 3],
  ['한글', 4],
  ['한글'.normalize('NFD'), 4],
  ['각'.normalize('NFD'), 2],
  ['…✔▸│', 4],
  ['👩‍👩‍👧', 2],
  [red('한'), 2],
  [linked('link'), 4],
  ['', 0],
])('columns of %j: %i', (text, expected) => {
  expect(columns(text)).toBe(expected)
})

test.each([
  ['at spaces', wrap('aaa bbb ccc', 7), 'aaa bbb\nccc'],
  ['Korean by columns', wrap('가나 다라 마바', 9), '가나 다라\n마바'],
  ['within a long word', wrap('가나다라마바사', 6), '가나다\n라마바\n사'],
  ['decomposed', wrap('가나다라'.normalize('NFD'), 4), '가나\n다라'],
  ['given line breaks stay', wrap('a\nb', 10), 'a\nb'],
  ['indent counts', wrap('aaa bbb', 5, { indent: '  ' }), '  aaa\n  bbb'],
  ['hanging', wrap('하나 둘 셋', 8, { indent: '  ', first: '- ' }), '- 하나\n  둘 셋'],
  ['colours close and open', wrap(red('aa bb'), 2), `${red('aa')}\n${red('bb')}`],
  ['links close and open with ST', wrap(linked('aa bb'), 2), `${linked('aa')}\n${linked('bb')}`],
  ['hardly any room', wrap('한글', 1), '한\n글'],
])('wrap: %s', (_, shown, expected) => {
  expect(shown).toBe(expected)
})

test.each([
  ['fits', 4, 'fits'],
  ['too long', 5, 'too …'],
  ['한글입니다', 6, '한글…'],
  ['한글입니다', 5, '한글…'],
  [red('abcdef'), 4, red('abc…')],
  [`${red('ab')}cd`, 2, `${red('a…')}`],
  [linked('abcdef'), 3, linked('ab…')],
  ['한글', 0, '…'],
])('truncate %j to %i: %j', (text, width, expected) => {
  expect(truncate(text, width)).toBe(expected)
})

test.each([
  ['한', 4, 'left', '한  '],
  ['한', 4, 'right', '  한'],
  ['한', 5, 'center', ' 한  '],
  ['한글', 3, 'left', '한글'],
] as const)('pad %j to %i %s: %j', (text, width, align, expected) => {
  expect(pad(text, width, align)).toBe(expected)
})
