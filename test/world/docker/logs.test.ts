import { describe, expect, test } from 'vitest'
import { CouldNotLook } from '../../../src/lab/verdict.ts'
import { logLines } from '../../../src/world/docker/logs.ts'
import { frame } from './fake-engine.ts'

const t1 = '2026-11-21T10:46:26.732474149Z'
const t2 = '2026-11-21T19:46:27.5+09:00'
const at1 = Date.parse('2026-11-21T10:46:26.732Z')
const at2 = Date.parse('2026-11-21T10:46:27.500Z')
const korean = Buffer.from('한글 로그')

describe('log lines', () => {
  test.each<[string, Buffer[], boolean, object[]]>([
    ['nothing', [], false, []],
    [
      'both streams, in the order they came',
      [frame(2, `${t1} oops\n`), frame(1, `${t2} 시작\n`)],
      false,
      [
        { stream: 'stderr', at: at1, text: 'oops' },
        { stream: 'stdout', at: at2, text: '시작' },
      ],
    ],
    [
      'several lines in one frame, an empty one, and a last one without an end',
      [frame(1, `${t1} a\n${t1} \n${t2} b`)],
      false,
      [
        { stream: 'stdout', at: at1, text: 'a' },
        { stream: 'stdout', at: at1, text: '' },
        { stream: 'stdout', at: at2, text: 'b' },
      ],
    ],
    [
      'a long line in pieces, cut within a character, the other stream between them',
      [
        frame(1, Buffer.concat([Buffer.from(`${t1} `), korean.subarray(0, 4)])),
        frame(2, `${t1} x\n`),
        frame(1, Buffer.concat([Buffer.from(`${t2} `), korean.subarray(4), Buffer.from('\n')])),
      ],
      false,
      [
        { stream: 'stderr', at: at1, text: 'x' },
        { stream: 'stdout', at: at1, text: '한글 로그' },
      ],
    ],
    ['no time', [frame(1, 'plain\n')], false, [{ stream: 'stdout', at: 0, text: 'plain' }]],
    [
      'a frame that was cut off',
      [frame(1, `${t1} whole\n`).subarray(0, -3)],
      false,
      [{ stream: 'stdout', at: at1, text: 'who' }],
    ],
    [
      'a terminal: no frames, both streams one',
      [Buffer.from(`${t1} 하나\r\n${t2} two\r\n`)],
      true,
      [
        { stream: 'stdout', at: at1, text: '하나' },
        { stream: 'stdout', at: at2, text: 'two' },
      ],
    ],
  ])('%s', (_, pieces, tty, expected) => {
    expect(logLines(Buffer.concat(pieces), tty)).toEqual(expected)
  })

  test.each([
    [
      'an error of the engine between the frames',
      frame(3, 'error from daemon in stream: disk gone\n'),
      'error from daemon in stream: disk gone',
    ],
    ['no frames at all', Buffer.from('plain text, no frames\n'), 'the log is not in frames'],
  ])('%s', (_, body, message) => {
    expect(() => logLines(body, false)).toThrow(CouldNotLook)
    expect(() => logLines(body, false)).toThrow(
      expect.objectContaining({ problem: { code: 'engine.error', evidence: { status: 200, message } } }),
    )
  })
})
