import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { until } from '../helpers/until.ts'
import { buildProgram, done, type Home, processesOf, recorded, root, testHome } from './program.ts'
import { installTheme, prompts } from './prompts.ts'
import { keysOf, openTypist, paste, type Setting, type Typist } from './typist.ts'
import { expectUsable } from './usable.ts'

/** What learners do in a terminal besides the commands of a lab: the runner is not in the way, and knows what was done. */

beforeAll(buildProgram)

const course = join(root, 'test/fixtures/live/typing')
const shells = ['bash', 'zsh'] as const

interface Opened {
  readonly home: Home
  readonly typist: Typist
}

async function open(setting: Partial<Setting> & Pick<Setting, 'shell'>, language: 'ko' | 'en' = 'en'): Promise<Opened> {
  const base = testHome(language, { LC_ALL: 'C.UTF-8' })
  const [workspace, state] = [join(base.dir, 'labs', 'typing'), join(base.dir, '.state', 'handrail', 'typing')]
  const home = { ...base, workspace, state }
  installTheme(home.dir)
  return { home, typist: await openTypist(home, { lab: 'marks', course, args: ['--lang', language], ...setting }) }
}

/** Lines and exit codes, as the runner took them down. */
function told(home: Home): { line: string; exit: number }[] {
  if (!existsSync(join(home.state, 'events.ndjson'))) return []
  return recorded(home).flatMap(event => (event.event === 'typed' ? [{ line: event.line, exit: event.exit }] : []))
}

/** Types the lab to its end: the runner still follows, and the terminal is as it was. */
async function finish({ typist, home }: Opened): Promise<void> {
  await typist.enterUntil('cd "$HOME"/labs/*; touch first', '2/2 ', 30_000)
  typist.keys('touch second\r')
  const end = await typist.ended()
  expect(end.exit).toBe(0)
  expectUsable(end)
  await until(() => processesOf(home.dir).length === 0, 20_000)
}

describe.each(prompts)('a prompt of starship kind: $shell, $name', ({ shell, rc }) => {
  test('is shown as it is, and every command is known', async () => {
    const it = await open({ shell, rc })
    const { typist, home } = it
    await typist.enter('(exit 3)')
    expect((await typist.screen()).join('\n')).toMatch(/via ⬢ v20 ✖3\n❯/)
    await typist.enter('echo one | false')
    await typist.enter("printf 'no newline'")
    await typist.enter('echo 한글')
    await until(() => told(home).length === 4)
    expect(told(home)).toEqual([
      { line: '(exit 3)', exit: 3 },
      { line: 'echo one | false', exit: 1 },
      { line: "printf 'no newline'", exit: 0 },
      { line: 'echo 한글', exit: 0 },
    ])
    const rows = (await typist.screen()).filter(Boolean)
    expect(rows.slice(-3)[0]).toBe('한글')
    expect(rows.at(-1)).toMatch(shell === 'zsh' ? /^❯ +⏱ clock$/ : /^❯$/)
    await finish(it)
  })
})

describe.each(shells)('%s', shell => {
  test('history -c', async () => {
    const it = await open({ shell })
    const { typist, home } = it
    const clear = shell === 'bash' ? 'history -c' : 'fc -p /dev/null'
    const lines = ['echo a', clear, 'echo a', 'echo a', clear, 'echo b']
    for (const line of lines) await typist.enter(line)
    await until(() => told(home).length === lines.length)
    expect(told(home)).toEqual(lines.map(line => ({ line, exit: 0 })))
    await finish(it)
  })

  test('Ctrl-C in a running command', async () => {
    const it = await open({ shell })
    const { typist, home } = it
    typist.keys('sleep 4321\r')
    await until(async () => (await done(home, 'ps -eo args', home.dir)).includes('\nsleep 4321'))
    typist.keys(keysOf.ctrlC)
    await typist.prompt()
    expect((await typist.enter('echo still here')).text).toContain('still here')
    // At a half-typed line it takes the line away.
    typist.keys('echo half')
    await typist.shows('half')
    typist.keys(keysOf.ctrlC)
    await typist.prompt()
    await until(() => told(home).length === 2)
    expect(told(home)).toEqual([
      { line: 'sleep 4321', exit: 130 },
      { line: 'echo still here', exit: 0 },
    ])
    await finish(it)
  })

  test('Ctrl-Z and fg', async () => {
    const it = await open({ shell })
    const { typist } = it
    typist.keys("sh -c 'echo begun; read x; echo got $x'\r")
    await typist.shows('begun\r\n')
    typist.keys(keysOf.ctrlZ)
    await typist.prompt()
    expect((await typist.enter('jobs')).text).toMatch(/stopped|suspended/i)
    typist.keys('fg\r')
    await typist.shows('sh -c')
    expect((await typist.enter('words')).text).toContain('got words')
    expect((await typist.enter('jobs')).text.trim()).toBe('')
    await finish(it)
  })

  test('a whole screen of vi', async () => {
    const it = await open({ shell })
    const { typist, home } = it
    await typist.enter("printf 'alpha\\nbeta\\n' > notes")
    typist.keys('vi notes\r')
    await until(async () => (await typist.screen()).slice(0, 2).join() === 'alpha,beta')
    typist.resize(100, 30)
    await until(async () => (await typist.screen()).filter(row => row === '~').length === 27)
    typist.keys('o안녕')
    await until(async () => (await typist.screen())[1] === '안녕')
    typist.keys(`${keysOf.escape}:wq\r`)
    await typist.prompt()
    expect(readFileSync(join(home.workspace, 'notes'), 'utf8')).toBe('alpha\n안녕\nbeta\n')
    expect((await typist.lines()).some(row => row === '~')).toBe(false)
    await finish(it)
  })

  test('the window is resized, at the prompt and under a command', async () => {
    const it = await open({ shell })
    const { typist } = it
    typist.resize(120, 40)
    await until(async () => (await typist.enter('stty size </dev/tty')).text.trim() === '40 120')
    expect((await typist.enter('echo $LINES $COLUMNS')).text.trim()).toBe('40 120')
    typist.keys(`sh -c 'trap "stty size" WINCH; echo waits; while [ ! -e over ]; do sleep 0.1; done'\r`)
    await typist.shows('waits\r\n')
    typist.resize(60, 20)
    await typist.shows('20 60')
    await done(it.home, 'touch over')
    await typist.prompt()
    const long = 'x'.repeat(100)
    expect((await typist.enter(`echo ${long}`)).text.trim()).toBe(long)
    expect((await typist.screen()).filter(row => /^x+$/.test(row)).map(row => row.length)).toContain(60)
    await finish(it)
  })

  test('commands of two lines', async () => {
    const it = await open({ shell })
    const { typist, home } = it
    typist.keys('echo one \\\r')
    await typist.shows(shell === 'bash' ? '\x1b[?2004h> ' : '\x1b[?2004h')
    expect((await typist.enter('two')).text).toContain('one two')
    typist.keys("echo 'three\r")
    await typist.shows(shell === 'bash' ? '\x1b[?2004h> ' : 'quote> ')
    expect((await typist.enter("four'; (exit 4)")).text).toContain('three\nfour')
    await until(() => told(home).length === 2)
    expect(told(home).map(({ exit }) => exit)).toEqual([0, 4])
    expect(told(home)[1]!.line).toBe("echo 'three\nfour'; (exit 4)")
    await finish(it)
  })

  test('pasted blocks, whole and line by line', async () => {
    const it = await open({ shell })
    const { typist, home } = it
    const block = 'echo pasted\ncat <<END\n둘째\nEND\n(exit 5)'
    typist.keys(paste(block))
    await typist.shows('exit 5')
    await typist.enter('')
    typist.keys('echo raw\nfor i in 1 2; do\necho loop $i\ndone\n(exit 6)\n')
    await until(() => told(home).at(-1)?.exit === 6, 20_000)
    await until(async () => (await typist.screen()).includes('loop 2'))
    expect(
      told(home)
        .filter(({ exit }) => exit > 0)
        .map(({ exit }) => exit),
    ).toEqual([5, 6])
    expect((await typist.lines()).filter(row => /^(pasted|둘째|raw|loop \d)$/.test(row.trimEnd()))).toHaveLength(6)
    await finish(it)
  })

  test('Korean, half-typed too', async () => {
    const it = await open({ shell }, 'ko')
    const { typist, home } = it
    expect((await typist.enter('echo 안녕')).text).toBe('안녕\n')
    await typist.enter('echo 내용 > "한글 파일.txt"')
    expect(readFileSync(join(home.workspace, '한글 파일.txt'), 'utf8')).toBe('내용\n')
    // A terminal sends a syllable when it is whole; Backspace takes it away whole, however wide it is.
    typist.keys(`echo 가나닭${keysOf.backspace}`)
    await typist.shows('닭')
    expect((await typist.enter(`${keysOf.backspace}다`)).text).toBe('가다\n')
    await until(() => told(home).length === 3)
    expect(told(home).at(-1)).toEqual({ line: 'echo 가다', exit: 0 })
    expect((await typist.lines()).map(row => row.trimEnd()).filter(row => row.endsWith('echo 가다'))).toHaveLength(1)
    await finish(it)
  })

  test.each([
    ['exit', 'exit\r'],
    ['Ctrl-D', keysOf.ctrlD],
  ])('%s brings the menu back, and the shell goes on where it was', async (_, keys) => {
    const it = await open({ shell })
    const { typist } = it
    await typist.enter('mkdir -p below; cd below; export KEPT="a b"')
    typist.keys(keys)
    await typist.begin()
    expect((await typist.enter('basename "$PWD"; echo "$KEPT"')).text).toBe('below\na b\n')
    await finish(it)
  })
})

/** What stands on the screen as the kill comes. */
const moments: [string, (it: Opened) => Promise<unknown>][] = [
  ['at the prompt', async () => {}],
  [
    'under a full-screen program with the mouse',
    async ({ typist }) => {
      typist.keys(`stty raw -echo; printf '\\033[?1049h\\033[?1000h\\033[?1h'; sleep 4321\r`)
      await typist.shows('\x1b[?1000h')
    },
  ],
  [
    'while a password is asked for, without a cursor',
    async ({ typist }) => {
      typist.keys(`printf '\\033[?25l'; stty -echo; read secret\r`)
      await typist.shows('\x1b[?25l')
    },
  ],
]

describe.each(moments)('kill -9 %s', (_, begin) => {
  test.each(shells)('of the shell: %s', async shell => {
    const it = await open({ shell })
    const { typist } = it
    const pid = Number((await typist.enter('echo $$')).text)
    await begin(it)
    process.kill(pid, 'SIGKILL')
    // The menu is back, and another shell.
    await typist.begin()
    expect(Number((await typist.enter('echo $$')).text)).not.toBe(pid)
    await finish(it)
  })

  test.each(['script', 'bash', 'npx'] as const)('of the runner, started by %s', async outer => {
    const it = await open({ shell: outer === 'bash' ? 'zsh' : 'bash', outer })
    const { typist, home } = it
    const pid = Number((await typist.enter('echo $PPID')).text)
    await begin(it)
    process.kill(pid, 'SIGKILL')
    // All that is left is what has started it.
    await until(() => processesOf(home.dir).length === 1, 30_000)
    const end = await typist.ended()
    expect(end.exit).toBe(137)
    expectUsable(end)
    // What was done before is not lost.
    typist.close()
    await finish({
      home,
      typist: await openTypist(home, { lab: 'marks', course, shell: 'bash', args: ['--lang', 'en'] }),
    })
  })
})
