import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { carriedOver } from '../../../src/world/learner-shell/environment.ts'
import { answerOf, createKept, inputOf, outputOf } from '../../../src/world/learner-shell/kept.ts'
import { ownShell } from '../../../src/world/learner-shell/own-shell.ts'
import { createVoice } from '../../../src/world/learner-shell/voice.ts'

const zshMark = '\x1b[1m\x1b[7m%\x1b[27m\x1b[1m\x1b[0m'
const blank = ' '.repeat(79)

test.each([
  ['one\r\ntwo\r\n', 'one\ntwo\n'],
  ['\x1b[31m빨강\x1b[0m\r\n', '빨강\n'],
  ['10%\r50%\r100%\r\n', '100%\n'],
  [`one\r\n${zshMark}${blank}\r \r`, 'one\n'],
  [`one${zshMark}${blank}\r \r`, 'one'],
  ['\x1b[>4;mafter\r\n', 'after\n'],
])('output of %j', (raw, output) => {
  expect(outputOf(raw)).toBe(output)
})

test('of a long output the end is kept, in whole lines', () => {
  const kept = createKept()
  const line = `${'x'.repeat(99)}\n`
  for (let i = 0; i < 20_000; i++) kept.add(Buffer.from(line))
  const output = outputOf(kept.raw())
  expect(output.length).toBeLessThanOrEqual(64 * 1024)
  expect(output).toBe(line.repeat(output.length / 100))
})

test('what stood behind the prompt, and what the shell said to it', () => {
  const typed = '\x1b[?2004h> \x1b]133;B\x07echo )\r\n\x1b[?2004l\r'
  expect(inputOf(typed)).toBe('echo )')
  expect(answerOf(`${typed}bash: syntax error\r\n`)).toBe('bash: syntax error\n')
  expect(answerOf('> \x1b]133;B\x07echo )\r\nbash: syntax error\r\n')).toBe('bash: syntax error\n')
  expect(inputOf('no prompt')).toBe('')
  // zsh, with a prompt at the right.
  expect(inputOf('> \x1b]133;B\x07\x1b[K\x1b[72C\x1b[31mright\x1b[39m\x1b[77D\x1b[?2004h')).toBe('')
  expect(inputOf('> \x1b]133;B\x07\x1b[Kls\x1b[70C\x1b[31mright\x1b[39m\x1b[75D\x1b[?2004h')).toBe('ls')
})

test('what is said begins on a line of its own and ends with one', () => {
  const voice = createVoice('hello')
  expect(voice.lines()).toBe('hello\r\n')
  expect(voice.lines()).toBe('')
  for (const [shown, before] of [
    ['text', '\r\n'],
    ['text\r\n', ''],
    ['\x1b[?1049l', ''],
    ['text\x1b[0m\x1b]0;title\x07', '\r\n'],
    [`text\x1b[7m%\x1b[0m${' '.repeat(400)}\r \r`, '\x1b[K'],
  ] as const) {
    voice.wrote(shown)
    voice.say('a\nb\r\n')
    expect(voice.lines()).toBe(`${before}a\r\nb\r\n`)
    voice.wrote('\r\n'.padStart(600))
  }
})

test('the title is given back only where it was taken', () => {
  const voice = createVoice('')
  expect([voice.newTitle(), voice.farewell()]).toEqual(['', ''])
  voice.title('a\x1b]0;b\x07')
  expect(voice.newTitle()).toBe('\x1b[22;2t\x1b]2;a ]0;b \x07')
  expect([voice.newTitle(), voice.farewell()]).toEqual(['', '\x1b[23;2t'])
})

test.each<[string, Record<string, string | null>, string, string, Record<string, string | null>]>([
  ['what the start files set is not the learner’s', {}, 'A=1\0RC=1\0', 'A=1\0RC=1\0', {}],
  ['new, changed and unset', {}, 'A=1\0B=2\0', 'A=2\0C=3\n4\0', { A: '2', B: null, C: '3\n4' }],
  ['what was carried over stays', { X: '1', Y: null }, 'A=1\0X=1\0', 'A=1\0X=1\0', { X: '1', Y: null }],
  ['back to what the runner has', { A: '2' }, 'A=2\0', 'A=1\0', {}],
  ['what belongs to the shell', {}, 'A=1\0', 'A=1\0PS1=$ \0SHLVL=3\0HISTCONTROL=x\0HANDRAIL_SHELL=1\0_=x\0', {}],
])('environment: %s', (_, env, first, last, expected) => {
  const dumps = { first: `${first}/\n`, last: `${last}/after\n`, cwd: '/known' }
  expect(carriedOver({ cwd: '/before', env }, { A: '1', B: '2' }, dumps)).toEqual({ cwd: '/after', env: expected })
})

test.each([
  [null, null],
  ['A=1\0/\n', null],
  ['A=1\0/\n', ''],
  ['A=1\0/\n', 'A=2\0cut'],
])('of a shell that was killed only the folder is known: %j %j', (first, last) => {
  const before = { cwd: '/before', env: { X: '1' } }
  expect(carriedOver(before, {}, { first, last, cwd: '/known' })).toEqual({ cwd: '/known', env: { X: '1' } })
})

test('the own shell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-shell-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of ['bash', 'zsh']) {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), 0o755)
  }
  const bash = { kind: 'bash', path: join(folder, 'bash') }
  expect(ownShell({ SHELL: join(folder, 'zsh') })).toEqual({ kind: 'zsh', path: join(folder, 'zsh') })
  expect(ownShell({ SHELL: '/gone/zsh', PATH: `/gone:${folder}` })).toEqual(bash)
  expect(ownShell({ SHELL: '/bin/sh', PATH: folder })).toEqual(bash)
  expect(ownShell({ PATH: folder })).toEqual(bash)
  expect(ownShell({ SHELL: '/usr/bin/fish', PATH: folder })).toBeNull()
  expect(ownShell({ PATH: '/gone' })).toBeNull()
})
