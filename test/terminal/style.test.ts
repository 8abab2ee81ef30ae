import { describe, expect, test } from 'vitest'
import { harmless } from '../../src/terminal/safe.ts'
import { link, mark, palette } from '../../src/terminal/style.ts'
import { plain, visible } from '../helpers/normal.ts'

describe('palette', () => {
  const { strong, faint, good, accent } = palette({ colour: true })
  test.each([
    ['one', good('a'), '␛[32ma␛[39m'],
    ['two codes', accent('a'), '␛[1m␛[36ma␛[39m␛[22m'],
    ['nested with the same end', strong(`a${faint('b')}c`), '␛[1ma␛[2mb␛[22m␛[1mc␛[22m'],
    ['line by line', good('a\n\nb'), '␛[32ma␛[39m\n\n␛[32mb␛[39m'],
  ])('%s', (_, shown, expected) => {
    expect(visible(shown)).toBe(expected)
  })

  test('without colour nothing is added', () => {
    for (const paint of Object.values(palette({ colour: false }))) expect(paint('a\nb')).toBe('a\nb')
  })
})

test('marks have a form in ASCII', () => {
  expect(mark({ colour: false, unicode: true }, 'passed')).toBe('✔')
  expect(mark({ colour: false, unicode: false }, 'passed')).toBe('+')
  expect(visible(mark({ colour: true, unicode: false }, 'failed'))).toBe('␛[31mx␛[39m')
})

test.each([
  [true, 'docs', 'https://e.com/a b', '␛]8;;https://e.com/a%20b␛\\docs␛]8;;␛\\'],
  [true, '한글', 'https://e.com/한', '␛]8;;https://e.com/%ED%95%9C␛\\한글␛]8;;␛\\'],
  [true, 'x', 'https://e.com/\x1b]8;;evil\x07', '␛]8;;https://e.com/␛\\x␛]8;;␛\\'],
  [true, 'x', 'javascript:alert(1)', 'x (javascript:alert(1))'],
  [false, 'docs', 'https://e.com/', 'docs (https://e.com/)'],
  [false, 'https://e.com/', 'https://e.com/', 'https://e.com/'],
])('link (%s) %j to %j', (links, text, url, expected) => {
  expect(visible(link({ links }, text, url))).toBe(expected)
})

test.each([
  ['a\x1b[1;31mb\x1b[0m', 'ab'],
  ['\x1b]8;;https://e.com\x1b\\x\x1b]8;;\x1b\\', 'x'],
  ['\x1b]0;title\x07x', 'x'],
  ['\x1bPq#0\x1b\\x', 'x'],
  ['\x1b]never ends', 'never ends'],
  ['\x1b(Bx\x1b7y\x1b=z', 'xyz'],
  ['a\tb\r\nc\rd\x00\x9b2Je', 'a\tb\ncde'],
  ['\u202eabc\u2069', 'abc'],
])('harmless %j: %j', (text, expected) => {
  expect(harmless(text).replace(/^\]/, '')).toBe(expected)
})

test.each([
  ['\x1b[32m✔\x1b[39m web 1.2s (3ms)', '✔ web <t> (<t>)'],
  ['/tmp/abc-123/labs/x.yaml:3:1', '<tmp>:3:1'],
  ['container 0123456789ab is up for 2m 05s', 'container <id> is up for <t>'],
  [`sha256:${'a1'.repeat(32)} deadbeefdead 123456789012`, '<id> deadbeefdead 123456789012'],
])('plain %j: %j', (text, expected) => {
  expect(plain(text)).toBe(expected)
})
