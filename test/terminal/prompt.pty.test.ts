import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as pty from '@lydell/node-pty'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stripEscapes } from '../../src/terminal/safe.ts'
import { columns } from '../../src/terminal/width.ts'

let folder = ''
let app = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'prompt-'))
  app = path.join(folder, 'app.mjs')
  const entry = fileURLToPath(new URL('prompt-app.ts', import.meta.url))
  await build({ entryPoints: [entry], outfile: app, bundle: true, platform: 'node', format: 'esm', target: 'node20' })
})
afterAll(() => rm(folder, { recursive: true }))

const menu = '↑ ↓ Enter'
const keys = { up: '\x1b[A', down: '\x1b[B', enter: '\r', ctrlC: '\x03', ctrlD: '\x04', escape: '\x1b' }

/** Types each key when what stands before it has appeared; gives everything that was shown. */
function play(script: [waitFor: string, type: string][], { env = {}, size = [80, 24], args = [] as string[] } = {}) {
  const terminal = pty.spawn(process.execPath, [app, ...args], {
    cols: size[0]!,
    rows: size[1]!,
    env: { PATH: process.env['PATH']!, TERM: 'xterm-256color', LANG: 'ko_KR.UTF-8', ...env },
  })
  const left = [...script]
  let shown = ''
  let from = 0
  terminal.onData(data => {
    shown += data
    for (let next = left[0]; next; next = left[0]) {
      const at = shown.indexOf(next[0], from)
      if (at === -1) return
      from = at + next[0].length
      terminal.write(next[1])
      left.shift()
    }
  })
  return new Promise<{ shown: string; text: string; exit: number }>(resolve => {
    terminal.onExit(({ exitCode }) => resolve({ shown, text: stripEscapes(shown), exit: exitCode }))
  })
}

describe('menu', () => {
  test.each<[string, [string, string][], string]>([
    ['Enter takes the first', [[menu, keys.enter]], 'run'],
    [
      'arrows',
      [
        [menu, keys.down],
        ['\x1b[1m', keys.down],
        ['힌트', keys.enter],
      ],
      'hint',
    ],
    [
      'up from the first is the last',
      [
        [menu, keys.up],
        ['끝내기', keys.enter],
      ],
      'quit',
    ],
    ['a letter', [[menu, 's']], 'solve'],
    ['a letter in upper case', [[menu, 'Q']], 'quit'],
    ['a letter that moves in clack', [[menu, 'h']], 'hint'],
    ['another one', [[menu, 'k']], 'skip'],
    ['the same key with a Korean keyboard', [[menu, 'ㅡ']], 'myself'],
    ['a letter that means nothing, then Enter', [[menu, 'z\r']], 'run'],
  ])('%s', async (_, script, answer) => {
    const { text, exit } = await play([...script, ['first=', ''], ['정말요?', 'y']])
    expect(text).toContain(`first=${answer} raw=false`)
    expect(text).toContain('second=true raw=false')
    expect(exit).toBe(0)
  })

  test.each([
    ['Ctrl-C', keys.ctrlC],
    ['Ctrl-D', keys.ctrlD],
    ['Escape', keys.escape],
  ])('%s is no answer, and the terminal is as before', async (_, key) => {
    const { shown, text, exit } = await play([[menu, key]])
    expect(text).toContain('first=null raw=false')
    expect(shown.lastIndexOf('\x1b[?25h')).toBeGreaterThan(shown.lastIndexOf('\x1b[?25l'))
    expect(exit).toBe(0)
  })

  test('the cursor comes back when the program exits while it asks', async () => {
    const { shown } = await play([[menu, 'r']], { args: ['exit'] })
    expect(shown).toContain('나갑니다')
    expect(shown.lastIndexOf('\x1b[?25h')).toBeGreaterThan(shown.lastIndexOf('\x1b[?25l'))
  })

  test('the answer replaces the menu, and the confirmation starts at what is preferred', async () => {
    const { text } = await play([
      [menu, 'm'],
      ['정말요?', ''],
      [menu, keys.enter],
    ])
    expect(text).toContain('무엇을 할까요? 직접 입력할게요')
    expect(text).toContain('second=false raw=false')
  })

  test('everything fits into 80x24 at once, labels composed and aligned', async () => {
    const { text } = await play([[menu, keys.ctrlC]])
    const first = text.slice(text.indexOf('무엇'), text.indexOf(menu) + menu.length).split(/\r?\n/)
    expect(first).toEqual([
      '무엇을 할까요?',
      '❯ r  실행해 주세요',
      '  m  직접 입력할게요',
      '  h  힌트',
      '  s  풀어 주세요',
      '  k  건너뛰기',
      '     되돌리기',
      '  q  끝내기',
      menu,
    ])
  })

  test('a small panel scrolls and cuts instead of wrapping', async () => {
    const { text } = await play([[menu, keys.ctrlC]], { size: [16, 8] })
    const lines = text.slice(0, text.indexOf(menu) + menu.length).split(/\r?\n/)
    expect(lines.length).toBeLessThanOrEqual(8)
    expect(lines.filter(line => columns(line) > 16)).toEqual([])
    expect(text).toContain('…')
  })

  test('ASCII and no colour', async () => {
    const { shown } = await play(
      [
        ['up/down Enter', 'q'],
        ['정말요?', ''],
        ['up/down Enter', 'n'],
      ],
      {
        env: { LANG: 'C', NO_COLOR: '1' },
      },
    )
    expect(shown).toContain('> r  실행해 주세요')
    expect(shown).not.toMatch(/\x1b\[\d*m/)
    expect(shown).toContain('second=false')
  })
})

describe('numbered', () => {
  const accessible = { env: { ACCESSIBLE: '1' } }

  test.each<[string, string, string]>([
    ['a number', '3\r', 'hint'],
    ['a letter', 'q\r', 'quit'],
    ['a Korean letter', 'ㅂ\r', 'quit'],
    ['the label', '되돌리기\r', 'reset'],
    ['asked again until it fits', '9\r\rnope\r2\r', 'myself'],
  ])('%s', async (_, typed, answer) => {
    const { shown, text } = await play(
      [
        ['1-7: ', typed],
        ['1-2: ', '2\r'],
      ],
      accessible,
    )
    expect(text).toContain(`first=${answer} raw=false`)
    expect(text).toContain('second=true')
    expect(text).toContain('2.  직접 입력할게요 (m): 셸이 열립니다')
    expect(shown).not.toContain('\x1b')
  })

  test.each([
    ['Ctrl-C', keys.ctrlC],
    ['Ctrl-D', keys.ctrlD],
  ])('%s is no answer', async (_, key) => {
    expect(await play([['1-7: ', key]], accessible)).toMatchObject({
      text: expect.stringContaining('first=null'),
      exit: 0,
    })
  })

  test.each([
    ['each line answers one question', '2\ny\n', ['first=myself', 'second=true']],
    ['the last line may lack its end', 'q\nn', ['first=quit', 'second=false']],
    ['closed input', '', ['first=null']],
    ['closed within', '4\n', ['first=solve', 'second=null']],
  ])('from a pipe: %s', async (_, input, expected) => {
    const child = spawn(process.execPath, [app], { stdio: ['pipe', 'pipe', 'ignore'] })
    child.stdin.end(input)
    let output = ''
    for await (const chunk of child.stdout) output += chunk
    expect(output.match(/\w+=\w+(?= raw)/g)).toEqual(expected)
  })
})
