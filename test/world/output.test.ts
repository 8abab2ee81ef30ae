import { describe, expect, test } from 'vitest'
import { createCapture, outputCap, shownText } from '../../src/world/output.ts'

test.each<[string, string, string]>([
  ['nothing special', 'a\nb\n', 'a\nb\n'],
  ['colours and links', '\x1b[1;31mred\x1b[0m \x1b]8;;http://a\x07link\x1b]8;;\x07', 'red link'],
  ['windows line ends', 'a\r\nb\r\n', 'a\nb\n'],
  ['progress', 'Receiving 1%\rReceiving 50%\rReceiving 100%, done.\nnext', 'Receiving 100%, done.\nnext'],
  ['a shorter line over a longer one', 'longer\rabc\n', 'abcger\n'],
  ['erased to the end', 'Downloading 100%\r\x1b[KDone\n', 'Done\n'],
  ['erased whole', 'Downloading\x1b[2K\rDone\n', 'Done\n'],
  ['erased up to here', 'ab\x1b[1Kc', '  c'],
  ['a spinner', '|\b/\b-\b \bok', 'ok'],
  ['Korean', '받는 중\r\x1b[K\x1b[32m끝\x1b[39m\n', '끝\n'],
])('what a terminal shows: %s', (_, raw, shown) => {
  expect(shownText(raw)).toBe(shown)
})

describe('capture', () => {
  function capture(pieces: readonly (string | Uint8Array)[]) {
    const live: string[] = []
    const kept = createCapture(text => live.push(text))
    for (const piece of pieces) kept.add(Buffer.from(piece as string))
    kept.end()
    return { live, text: kept.text() }
  }

  test('characters cut between pieces stay whole', () => {
    const bytes = Buffer.from('가나😀')
    const { live, text } = capture([...bytes].map(byte => Uint8Array.of(byte)))
    expect(live).toEqual(['가', '나', '😀'])
    expect(text).toBe('가나😀')
  })

  test('a character that never ends is shown as such', () => {
    expect(capture(['a', Uint8Array.of(0xed, 0x95)]).live).toEqual(['a', '�'])
  })

  test.each([
    ['many small pieces', Array.from({ length: 400_000 }, (_, index) => `${String(index).padStart(7)}\n`)],
    ['one large piece', [Array.from({ length: 400_000 }, (_, index) => `${String(index).padStart(7)}\n`).join('')]],
  ])('the end is kept, from a line on: %s', (_, pieces) => {
    const { text, live } = capture(pieces)
    expect(live.join('')).toHaveLength(8 * 400_000)
    expect(text.length).toBeLessThanOrEqual(outputCap)
    expect(text.length).toBeGreaterThan(outputCap - 16)
    expect(text).toMatch(/^ +\d+\n/)
    expect(text.endsWith('399999\n')).toBe(true)
  })

  test('one endless line begins at a character', () => {
    const { text } = capture(['한'.repeat(outputCap)])
    expect(new Set(text)).toEqual(new Set(['한']))
    expect(Buffer.byteLength(text)).toBeGreaterThan(outputCap - 4)
  })
})
