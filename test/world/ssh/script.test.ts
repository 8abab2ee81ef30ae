import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { firstLine, statOf } from '../../../src/world/ssh/files.ts'
import { betweenMarks, command, endOf, framed, programScript, quoted } from '../../../src/world/ssh/script.ts'

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
  test.each(['sh', 'bash'])('runs the scripts that come by standard input, one after the other: %s', shell => {
    const output = execFileSync(shell, ['-c', command], {
      input: [
        framed('one', 'echo "$HOME" "$PATH"; cat; env; cd /; x=1'),
        framed('two', 'echo "$x$OLDPWD"; exit 3'),
      ].join(''),
      stdio: 'pipe',
    })
    expect(output.toString()).toMatch(
      new RegExp(
        `^one begins \\d+\n${process.env['HOME']} /usr/bin:/bin:/usr/sbin:/sbin\n(?:(?:HOME|PATH|LC_ALL|PWD|_|SHLVL|OLDPWD)=.*\n)+\none ends 0\ntwo begins \\d+\n\n\ntwo ends 3\n$`,
      ),
    )
  })
  test('one that came only in part is not run', () => {
    const whole = framed('mark', 'echo done')
    for (const end of [whole.indexOf('done') + 2, whole.indexOf('\n)') + 1]) {
      const { stdout } = spawnSync('sh', ['-c', command], { input: whole.slice(0, end) })
      expect(stdout.toString()).toMatch(/^mark begins \d+\n$/)
    }
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
    ['at once', 'mark begins 12\nrest\n\nmark ends 3\n', { group: 12, rest: 'rest\n', exitCode: 3 }],
    [
      'after what a start file says',
      'Welcome!\nno newlinemark begins 12\nrest\nmark ends 0\n',
      { group: 12, rest: 'rest', exitCode: 0 },
    ],
    ['after what begins like ours', '\nmark\nmark begins 12\n\nmark ends 0\n', { group: 12, rest: '', exitCode: 0 }],
    [
      'and ends before what is said later',
      'mark begins 12\nrest\nmark ends 0\nBye\n',
      { group: 12, rest: 'rest', exitCode: 0 },
    ],
    ['and has not ended', 'mark begins 12\nrest', { group: 12, rest: 'rest', exitCode: null }],
    [
      'and its last line is cut',
      'mark begins 12\n\nmark ends 12',
      { group: 12, rest: '\nmark ends 12', exitCode: null },
    ],
    ['and has not ended, nothing being there', 'mark begins 12\n', { group: 12, rest: '', exitCode: null }],
    ['another group than there can be', 'mark begins 1\nrest\nmark ends 0\n', { group: 0, rest: 'rest', exitCode: 0 }],
    ['no number', 'mark begins -1; id\nrest\nmark ends 0\n', { group: 0, rest: 'rest', exitCode: 0 }],
    ['cut', 'mark begins 12', null],
    ['not at all', 'This account is currently not available.\n', null],
  ])('%s', (_, text, found) => expect(between(text)).toEqual(found))

  test.each([
    ['warning\nmark begins\nerror\n\nmark ends\n', 'error\n'],
    ['mark begins\nerror\n', 'error\n'],
    ['error\n', undefined],
  ])('of stderr: %j', (text, rest) => expect(between(text)?.rest).toBe(rest))

  test('the exit code is that of the script', () => {
    const exit = (body: string) => {
      const { stdout, stderr } = spawnSync('/bin/sh', ['-c', framed('mark', body)])
      expect(endOf(stderr.toString(), 'mark')).toEqual({ exitCode: 0 })
      return endOf(stdout.toString(), 'mark')?.exitCode
    }
    expect([exit('exit 3'), exit('false'), exit('exit 255'), exit(':')]).toEqual([3, 1, 255, 0])
  })
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
