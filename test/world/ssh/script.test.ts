import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { firstLine, statOf } from '../../../src/world/ssh/files.ts'
import { afterMarkLine, betweenMarks, command, framed, programScript, quoted } from '../../../src/world/ssh/script.ts'

const hostile = [
  'plain',
  'two words',
  "it's",
  '"',
  '$HOME',
  '`id`',
  '$(id)',
  '\\',
  "\\'",
  "'\\''; id; '",
  'new\nline',
  '-rf',
  '--',
  '*',
  '~',
  '!',
  '!!',
  '한글',
  '',
  '\x1b[31m',
  '#',
  '&',
  '|',
  ';',
]

const sh = (script: string) => execFileSync('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] }).toString()

describe('a quoted word is one word', () => {
  test.each(hostile)('%j', word => {
    expect(sh(`printf '%s|' ${quoted(word)} end`)).toBe(`${word}|end|`)
  })
  test('one with a NUL byte cannot be', () => expect(() => quoted('a\0b')).toThrow('NUL'))
})

describe('what the login shell reads', () => {
  test('holds no word from elsewhere, and nothing that shells read differently', () => {
    expect(command).not.toMatch(/[\n!\\`]/)
  })
  test.each(['sh', 'bash'])('runs the script that comes by standard input: %s', shell => {
    const output = execFileSync(shell, ['-c', command], {
      input: framed('mark', 'echo "$HOME" "$PATH"; cat; env'),
      stdio: 'pipe',
    })
    expect(output.toString()).toMatch(
      new RegExp(
        `^mark \\d+\n${process.env['HOME']} /usr/bin:/bin:/usr/sbin:/sbin\n(?:(?:HOME|PATH|LC_ALL|PWD|_|SHLVL|OLDPWD)=.*\n)+\nmark$`,
      ),
    )
  })
})

describe('a program', () => {
  const run = (argv: string[], more = {}) => sh(programScript({ argv, cwd: '/', env: {}, ...more }))
  test('gets its words, and its variables only', () => {
    expect(run(['/usr/bin/printf', '%s|', ...hostile])).toBe(`ok\n${hostile.join('|')}|`)
    expect(run(['/usr/bin/env'], { env: { A: "it's $x" } })).toBe(`ok\nHOME=${process.env['HOME']}\nA=it's $x\n`)
  })
  test('gets its input, and none where there is none', () => {
    expect(run(['/bin/cat'], { stdin: "it's\n$x" })).toBe("ok\nit's\n$x")
    expect(run(['/bin/cat'])).toBe('ok\n')
  })
  test('says what is missing', () => {
    expect(run(['/bin/true'], { cwd: '/no/such' })).toBe('folder\n')
    expect(run(['/no/such'])).toBe('program\n')
    expect(run(['/tmp'])).toBe('program\n')
  })
  test('a variable that is none is refused', () => {
    expect(() => run(['/bin/true'], { env: { 'A=1; id; B': 'x' } })).toThrow('name of a variable')
  })
})

describe('where our output begins', () => {
  const between = (text: string) => {
    const found = betweenMarks(Buffer.from(text), 'mark')
    return found && { ...found, rest: found.rest.toString() }
  }
  test.each([
    ['at once', 'mark 12\nrest\n\nmark', { group: 12, rest: 'rest\n', whole: true }],
    [
      'after what a start file says',
      'Welcome!\nno newlinemark 12\nrest\nmark',
      { group: 12, rest: 'rest', whole: true },
    ],
    ['and ends before what is said later', 'mark 12\nrest\nmarkBye\n', { group: 12, rest: 'rest', whole: true }],
    ['with nothing after it', 'mark 12\n\nmark', { group: 12, rest: '', whole: true }],
    ['and has not ended', 'mark 12\nrest', { group: 12, rest: 'rest', whole: false }],
    ['and has not ended, nothing being there', 'mark 12\n', { group: 12, rest: '', whole: false }],
    ['another group than there can be', 'mark 1\nrest\nmark', { group: 0, rest: 'rest', whole: true }],
    ['no number', 'mark -1; id\nrest\nmark', { group: 0, rest: 'rest', whole: true }],
    ['cut', 'mark 12', null],
    ['not at all', 'This account is currently not available.\n', null],
  ])('%s', (_, text, found) => expect(between(text)).toEqual(found))

  test('the exit code is that of the script', () => {
    const script = (body: string) => ['-c', framed('mark', body)]
    const exit = (body: string) => spawnSync('/bin/sh', script(body)).status
    expect([exit('exit 3'), exit('false'), exit('exit 255'), exit(':')]).toEqual([3, 1, 255, 0])
  })

  test.each([
    ['warning\nmark\nerror\n', 'error\n'],
    ['error\n', 'error\n'],
  ])('of stderr: %j', (text, rest) => expect(afterMarkLine(Buffer.from(text), 'mark').toString()).toBe(rest))
})

describe('what stat says', () => {
  test.each([
    [
      '81a4 5 1763744328 2025-11-21 16:58:48.123456789 +0000',
      { type: 'file', mode: '0644', size: 5, modifiedAt: 1763744328123 },
    ],
    ['81a4 5 1763744328 2025-11-21 16:58:48', { type: 'file', mode: '0644', size: 5, modifiedAt: 1763744328000 }],
    ['41ed 0 1 1970-01-01 00:00:01.000000000 +0000', { type: 'directory', mode: '0755', size: 0, modifiedAt: 1000 }],
    ['43ff 0 1 1970-01-01 00:00:01', { type: 'directory', mode: '1777', size: 0, modifiedAt: 1000 }],
    ['21b6 0 1 1970-01-01 00:00:01', { type: 'other', mode: '0666', size: 0, modifiedAt: 1000 }],
    ['c1ff 0 1 1970-01-01 00:00:01', { type: 'other', mode: '0777', size: 0, modifiedAt: 1000 }],
    ["stat: cannot statx '/x': No such file or directory", null],
    ['', null],
    ['81a4 999999999999999999999 1 1970-01-01 00:00:01', null],
  ])('%j', (line, view) => expect(statOf(line)).toEqual(view))

  test('comes before the bytes', () => {
    const { line, rest } = firstLine(Buffer.from('a\nb\n\0c'))
    expect([line, rest.toString()]).toEqual(['a', 'b\n\0c'])
    expect(firstLine(Buffer.from('a'))).toEqual({ line: 'a', rest: Buffer.alloc(0) })
  })
})
