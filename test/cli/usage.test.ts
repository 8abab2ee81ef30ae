import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { built, learner, notes } from '../helpers/lab.ts'

beforeAll(built, 60_000)

const stack = /\n\s+at |Error:|node:internal/

test('--version', async () => {
  expect(await learner().lab('--version')).toEqual({ exit: 0, stdout: `${pkg.version}\n`, stderr: '' })
})

test('--help, and that of every command', async () => {
  const { lab } = learner()
  const { stdout, exit } = await lab('--help')
  expect(exit).toBe(0)
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<|\w| {2,})/gm)].map(match => match[1]!)
  expect(commands).toContain('run')
  const helps = await Promise.all(commands.filter(name => name !== 'help').map(name => lab(name, '--help')))
  expect(helps.map(help => help.exit)).toEqual(helps.map(() => 0))
  await expect(stdout).toMatchFileSnapshot('__golden__/help.txt')
  const each = helps.map(help => help.stdout).join(`\n${'-'.repeat(80)}\n\n`)
  await expect(each).toMatchFileSnapshot('__golden__/help-of-commands.txt')
})

test('the language may come before the command, and without one', async () => {
  const { lab } = learner()
  const both = async (...words: string[]) => (await lab(...words)).stdout
  expect(await both('--lang', 'ko')).toBe(await both('home', '--lang', 'ko'))
  expect(await both('--lang=ko', 'list', '--json')).toBe(await both('list', '--json', '--lang', 'ko'))
})

describe('mistakes in what was typed end with 2 and a sentence', () => {
  test.each<{ words: string[]; says: RegExp }>([
    { words: ['rnu'], says: /unknown command .rnu..*run/s },
    { words: ['list', '--jsno'], says: /unknown option .--jsno..*--json/s },
    { words: ['--lang', 'fr'], says: /'fr' is invalid.*ko, en/ },
    { words: ['list', '--lang', 'fr'], says: /'fr' is invalid.*ko, en/ },
    { words: ['list', '--course', '/nowhere'], says: /no course in \/nowhere|course\.yaml/ },
    { words: ['run', 'first-step'], says: /There is no lab first-step\. Did you mean first-steps\?/ },
    { words: ['run', 'kubernetes'], says: /The labs are: first-steps, todo-app/ },
    { words: ['show', 'first-steps', 'strat'], says: /first-steps has no step strat\. Did you mean start\?/ },
    { words: ['check', 'first-steps', 'zzz', '--json'], says: /get, start, add/ },
    { words: ['run', 'todo-app', '--set', 'prot=3001'], says: /no variable prot\. Did you mean port\?/ },
    { words: ['run', 'todo-app', '--set', 'port'], says: /--set takes name=value, not port/ },
    { words: ['run', 'todo-app', '--set', 'wrong=1', '--set', 'port=1'], says: /no variable wrong/ },
    { words: ['check', 'first-steps'], says: /has not been begun.*run first-steps/s },
  ])('lab $words', async ({ words, says }) => {
    const { exit, stdout, stderr } = await learner().lab(...words)
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(stack)
  })
})

describe('a lab with mistakes', () => {
  const broken = join(import.meta.dirname, '../fixtures/format/bad')

  test.each([['run'], ['show'], ['check'], ['status']])(
    'lab %s says where they are, and whose they are',
    async word => {
      const { exit, stderr, stdout } = await learner().lab(word, '--course', broken)
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
      expect(stderr).toMatch(/^labs\/broken\/lab\.yaml:\d+:\d+: \S/m)
      expect(stderr).toContain('This is a mistake of the lab, not yours.')
      expect(stderr).not.toMatch(stack)
    },
  )

  test('lab lint', async () => {
    const { exit, stdout, stderr } = await learner().lab('lint', '--course', broken)
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: '' })
    expect(stdout).toMatch(/^labs\/broken\/lab\.yaml:\d+:\d+: error: .* \[unknown-field\]$/m)
    expect(stdout).toMatch(/\d+ errors, \d+ warnings\n$/)
  })

  test('lab lint --json', async () => {
    const { exit, stdout } = await learner().lab('lint', '--json', '--course', broken)
    const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: Record<string, unknown>[] }
    expect({ exit, ok }).toEqual({ exit: 2, ok: false })
    for (const problem of problems)
      expect(problem).toEqual({
        file: expect.stringMatching(/^labs\/broken\//),
        line: expect.any(Number),
        column: expect.any(Number),
        severity: expect.stringMatching(/^(error|warning)$/),
        code: expect.stringMatching(/^[a-z-]+$/),
        message: expect.any(String),
        fix: problem['fix'] === null ? null : expect.any(String),
      })
  })
})

test('the labs that come with it, and those of the tests, have no mistakes', async () => {
  const { lab } = learner()
  const ends = await Promise.all([lab('lint', '--json'), lab('lint', '--json', '--course', notes)])
  for (const { exit, stdout } of ends)
    expect({ exit, ...JSON.parse(stdout) }).toEqual({ exit: 0, ok: true, problems: [] })
})

describe('the language', () => {
  test.each<[title: string, env: Record<string, string>, words: string[], says: RegExp]>([
    ['of LANG, Korean', { LANG: 'ko_KR.UTF-8' }, [], /· first-steps +서버를/],
    ['of LANG, English', { LANG: 'en_US.UTF-8' }, [], /· first-steps +Run a server/],
    ['of the course, where LANG names none; marks in ASCII', { LANG: 'C' }, [], /\. first-steps +서버를/],
    ['of the course, where there is no LANG', { LANG: '' }, [], /· first-steps +서버를/],
    ['of LC_ALL before LANG', { LC_ALL: 'ko_KR.UTF-8' }, [], /서버를/],
    ['that is asked for', { LANG: 'ko_KR.UTF-8' }, ['--lang', 'en'], /Run a server/],
  ])('%s', async (_, env, words, says) => {
    const { stdout, exit } = await learner(env).lab('list', ...words)
    expect(exit).toBe(0)
    expect(stdout).toMatch(says)
  })
})

describe('where it writes to', () => {
  test('a pipe gets no escapes', async () => {
    const { stdout } = await learner().lab('show', 'first-steps')
    expect(stdout).not.toContain('\x1b')
  })

  test('FORCE_COLOR brings them, NO_COLOR alone does not', async () => {
    expect((await learner({ FORCE_COLOR: '1' }).lab('list')).stdout).toContain('\x1b[')
    expect((await learner({ NO_COLOR: '1' }).lab('list')).stdout).not.toContain('\x1b')
  })

  test('a reader that goes away is no bug', async () => {
    const { stderr, stdout } = await learner().shell('{ lab schema; echo "ended with $?" >&2; } | head -c 1')
    expect(stdout).toBe('{')
    expect(stderr).toBe('ended with 0\n')
  })
})
