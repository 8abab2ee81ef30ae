import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { members } from '../../../src/world/processes.ts'
import { until } from '../../helpers/until.ts'
import { bundleApp, keys, learner, type Setting, shells } from './learner.ts'

let app = { path: '', remove: () => {} }
beforeAll(async () => {
  app = await bundleApp()
})
afterAll(() => app.remove())

type Learner = ReturnType<typeof learner>

const bashes = shells.filter(({ name }) => name !== 'zsh')
const exit = async (it: Learner) => {
  it.type('exit\r')
  await it.end()
  return it.told().at(-1)!.result!
}

describe.each(bashes)('the prompt of $name', ({ shell, rc }) => {
  test.each([
    ['of the course machine', `PROMPT_COMMAND='export PS1="\\u:\\w:$ "'`, /:~\/work:\$ echo two$/],
    [
      'like starship',
      `theme() { local code=$?; PS1="\\n$PWD\\n[$code]% "; }; starship_preexec() { :; }
       PS0='\${started:$((started=1)):0}'; PROMPT_COMMAND="theme;$PROMPT_COMMAND"`,
      /^\[1\]% echo two$/,
    ],
    ['in several commands', `PROMPT_COMMAND='code=$?; :'$'\\n''PS1="[$code]% " # end'`, /^\[1\]% echo two$/],
    ['in an array', `PROMPT_COMMAND=('code=$?' 'PS1="[$code]% "')`, /\[1\]% echo two$/],
    ['that tells the title', `PS1='\\[\\e]0;\\w\\a\\]~> '`, /^~> echo two$/],
    ['with a DEBUG trap', `trap 'last=$BASH_COMMAND' DEBUG; PROMPT_COMMAND='PS1="% "'`, /^% echo two$/],
  ])('%s', async (name, theme, prompt): Promise<void> => {
    // Bash that needs the trap has no such arrays, and a trap that replaces ours is not noticed.
    const older = rc !== ''
    if (older && name === 'in an array') return
    const it = learner(app.path, { shell, rc: `${rc}\n${theme}` })
    await it.prompt()
    expect(await it.run('echo one; false')).toMatchObject({ exit: 1, output: 'one\n' })
    expect(await it.run('echo two')).toMatchObject({ line: 'echo two', output: 'two\n' })
    expect((await it.lines()).some(line => prompt.test(line))).toBe(true)
    // Read again, as one does after a change of it.
    if (older && name === 'with a DEBUG trap') return void (await exit(it))
    if (name === 'in an array') {
      // Nothing of ours is left in it; the next command brings it back.
      it.type('. ~/.bashrc\r')
      await it.wait(() => it.told().some(({ started }) => started === '. ~/.bashrc'))
      await it.see('[0]% ')
      it.type(': again\r')
      await it.wait(() => it.commands().length === 4)
      await it.see('said after 4')
      await it.prompt()
      expect(it.commands().splice(2)).toMatchObject([
        { line: '. ~/.bashrc', exit: 0 },
        { line: ': again', exit: 0 },
      ])
      return void (await exit(it))
    }
    expect(await it.run('. ~/.bashrc')).toMatchObject({ line: '. ~/.bashrc', exit: 0 })
    expect(await it.run('echo three; false')).toMatchObject({ line: 'echo three; false', exit: 1, output: 'three\n' })
    expect(await it.run('echo $?')).toMatchObject({ line: 'echo $?', output: '1\n' })
    expect(it.commands().length).toBe(5)
    await exit(it)
  })
})

describe.each(bashes)('the history of $name', ({ shell, rc }) => {
  const typed = [
    'echo a',
    'echo a',
    ' echo secret',
    'echo b',
    'ls',
    'echo a',
    'for i in 1; do',
    ':',
    'done',
    'echo c',
    'history',
  ]
  test.each([
    '',
    'HISTCONTROL=ignorespace',
    'HISTCONTROL=ignoreboth',
    'HISTCONTROL=erasedups',
    "HISTCONTROL=ignoredups HISTIGNORE='ls:history'",
  ])('with "%s" is what it would be anyway, and every line is told', async setting => {
    const it = learner(app.path, { shell, rc: `${rc}\n${setting}\nHISTFILE=` })
    await it.prompt()
    for (const line of typed) {
      it.type(`${line}\r`)
      await it.see(/^(for|:)/.test(line) ? '\x1b[?2004h> ' : '\x1b]133;B\x07')
    }
    const told = it.commands().map(({ line }) => line)
    expect(told).toEqual([...typed.slice(0, 6), 'for i in 1; do :; done', ...typed.slice(9)])
    await it.run('history > ours')
    await it.run(`HISTFILE= bash --norc -i 2>/dev/null <<'END' ; clear
${setting}
history -c
${typed.join('\n')}
history > bare
END`)
    const entries = (file: string) =>
      readFileSync(join(it.work, file), 'utf8')
        .split('\n')
        .map(line => line.replace(/^ *\d+ /, ''))
    expect(entries('ours').map(line => line.replace('ours', ''))).toEqual(
      entries('bare').map(line => line.replace('bare', '')),
    )
    await exit(it)
  })

  test('cleared, or not kept', async () => {
    const it = learner(app.path, { shell, rc: `${rc}\nHISTCONTROL=ignoreboth HISTTIMEFORMAT='%F %T '` })
    await it.prompt()
    for (const line of ['echo a', 'history -c', 'echo a', 'echo a', 'history -c', 'history -c', 'set +o history'])
      expect(await it.run(line)).toMatchObject({ line, exit: 0 })
    expect(await it.run('echo not kept')).toMatchObject({ line: 'echo not kept', output: 'not kept\n' })
    expect(await it.run('echo not kept either')).toMatchObject({ line: 'echo not kept either' })
    expect(await it.run('set -o history')).toMatchObject({ exit: 0 })
    expect(await it.run('echo kept')).toMatchObject({ line: 'echo kept' })
    await exit(it)
  })
})

describe.each(shells)('$name', ({ shell, rc, skip }) => {
  const open = async (setting: Partial<Setting> = {}) => {
    const it = learner(app.path, { shell, ...setting, rc: `${rc}\n${setting.rc ?? ''}` })
    await it.prompt()
    return it
  }

  test.skipIf(skip)('what is said late stands above a prompt on which nothing was typed', async () => {
    const it = await open()
    await it.run(': slow')
    await it.see('said late')
    await it.prompt()
    expect((await it.run('echo next')).output).toBe('next\n')
    const lines = (await it.lines()).map(line => line.trimEnd())
    expect(lines.slice(-6)).toEqual(['> : slow', 'said late', '> echo next', 'next', 'said after 2', '>'])
    await exit(it)
  })

  test.skipIf(skip)('the same with a prompt of two lines', async () => {
    const it = await open({ rc: `PS1=$'top\\n> '; PROMPT=$'top\\n> '` })
    await it.run(': slow')
    await it.see('said late')
    await it.prompt()
    expect((await it.run('echo next')).output).toBe('next\n')
    const lines = (await it.lines()).map(line => line.trimEnd())
    const last = lines.slice(lines.indexOf('> : slow'))
    expect(last).toEqual([
      '> : slow',
      'top',
      '>',
      'said late',
      'top',
      '> echo next',
      'next',
      'said after 2',
      'top',
      '>',
    ])
    await exit(it)
  })

  test.skipIf(skip)('the prompt waits 150 ms for what is said, and not longer', async () => {
    const it = await open()
    const { startedAt, tookMs } = await it.run(': slow')
    const waited = Date.now() - startedAt - tookMs
    expect(waited).toBeGreaterThan(100)
    expect(waited).toBeLessThan(300)
    it.type('echo half')
    await it.wait(() => it.told().some(({ late }) => late))
    it.type(' and half\r')
    await it.see('said late')
    await it.prompt()
    const lines = (await it.lines()).map(line => line.trimEnd())
    expect(lines.slice(-5)).toEqual(['> echo half and half', 'half and half', 'said late', 'said after 2', '>'])
    await exit(it)
  })

  test.skipIf(skip)('own start files are read: aliases, functions, variables', async () => {
    const it = await open({ rc: "alias hi='echo hello'; greet() { echo greetings; }; secret=1" })
    expect(await it.run('hi; greet; echo $secret')).toMatchObject({ output: 'hello\ngreetings\n1\n' })
    await exit(it)
  })

  test.skipIf(skip)('folder and variables are carried over, in and out', async () => {
    const env = { KEPT: 'of the runner', GONE: 'too', LESS: '-R' }
    const state = {
      env: { CARRIED: "it's 한글\n$x", KEPT: 'changed before', GONE: null, PATH: `/extra:${process.env['PATH']}` },
    }
    const rc = 'export CARRIED=of-the-start-file FROM_START=1 PATH="/start:$PATH" GONE=again; cd /'
    const it = await open({ rc, env, state })
    expect(await it.run('printf %s "$CARRIED"; echo " $KEPT ${GONE-none} $LESS $FROM_START"; pwd')).toMatchObject({
      output: `it's 한글\n$x changed before none -R 1\n${it.work}\n`,
    })
    expect((await it.run('echo $PATH')).output).toMatch(/^\/start:\/extra:/)
    await it.run(
      'mkdir "a b"; cd "a b"; export NEW="x  y" EMPTY=; unset LESS; export KEPT="of the runner"; local_only=1',
    )
    const { state: after } = await exit(it)
    expect(after).toEqual({
      cwd: join(it.work, 'a b'),
      env: { ...state.env, NEW: 'x  y', EMPTY: '', LESS: null, KEPT: undefined },
    })
  })

  test.skipIf(skip)('nothing stays on disk, and nobody else can read what is there meanwhile', async () => {
    const it = await open({ rc: 'find "$TMPDIR" -mindepth 1 -exec stat -c "%a %n" {} + > ~/modes' })
    const modes = readFileSync(join(it.home, 'modes'), 'utf8').trim().split('\n')
    expect(modes.length).toBeGreaterThan(1)
    expect(modes.filter(line => !/^[67]00 /.test(line))).toEqual([])
    const left = readdirSync(it.temporary, { recursive: true, encoding: 'utf8' })
    // The file that the shell leaves its environment in at the end: empty until then.
    expect(left.filter(name => !/^handrail-\d+-\w+(\/last)?$/.test(name))).toEqual([])
    expect(readFileSync(join(it.temporary, left.find(name => name.endsWith('last'))!), 'utf8')).toBe('')
    await exit(it)
    expect(readdirSync(it.temporary)).toEqual([])
  })

  test.skipIf(skip)('a shell that is killed at its prompt', async () => {
    const it = await open()
    await it.run('cd /')
    process.kill(Number((await it.run('echo $$')).output), 'SIGKILL')
    expect(await it.end()).toBe(0)
    expect(it.told().at(-1)).toEqual({ result: { exit: 137, state: { cwd: '/', env: {} } } })
  })

  test.skipIf(skip)('a shell that is killed under a full-screen program', async () => {
    const it = await open()
    const shell = Number((await it.run('echo $$')).output)
    writeFileSync(join(it.work, 'notes'), 'line one\n')
    it.type('vi -u NONE notes\r')
    await it.see('line one')
    it.type(':set mouse=a\r')
    await it.see('\x1b[?1002h')
    process.kill(shell, 'SIGKILL')
    await it.end()
    expect(it.told().at(-1)).toMatchObject({ result: { exit: 137 } })
  })

  test.skipIf(skip)('closed by the runner', async () => {
    const it = await open()
    await it.run('export LEFT=1')
    it.type(': close\r')
    expect(await it.end()).toBe(0)
    expect(it.told().slice(-2)).toMatchObject([
      { closed: true },
      { result: { exit: 0, state: { env: { LEFT: '1' } } } },
    ])
    expect((await it.lines()).slice(-3).map(line => line.trimEnd())).toEqual(['> : close', 'closing', 'OUTER> 0.'])
  })

  test.skipIf(skip)(
    'closed by the runner at a half-typed line, with a stopped job, but not while a command runs',
    async () => {
      const it = await open()
      it.type("sh -c 'echo running; read x'\r")
      await it.see('running\r\n')
      const { pid } = it.told().find(({ pid }) => pid)!
      process.kill(pid!, 'SIGUSR2')
      await it.wait(() => it.told().some(({ closed }) => closed === false))
      it.type(keys.ctrlZ)
      await it.prompt()
      it.type('half a li')
      await it.see('half a li')
      process.kill(pid!, 'SIGUSR2')
      await it.end()
      expect(it.told().slice(-2)).toMatchObject([{ closed: true }, { result: { exit: 0 } }])
      expect((await it.lines()).slice(-2)).toEqual(['> half a li', 'OUTER> 0.'])
    },
  )

  test.skipIf(skip)('ended with a command in it', async () => {
    const it = await open()
    it.type("sh -c 'echo running $$; sleep 60; :'\r")
    const group = await it.wait(() => it.told().some(({ pid }) => pid) && /running (\d+)\r\n/.exec(it.since())?.[1])
    process.kill(it.told().find(({ pid }) => pid)!.pid!, 'SIGTERM')
    await it.end()
    expect(it.told().at(-1)!.result!.exit).toBeGreaterThan(0)
    await until(async () => (await members(Number(group))).length === 0)
  })

  test.skipIf(skip).each([
    [': fail', 0],
    [': crash', 1],
    [': exit', 5],
  ])('our own end: %s', async (line, code) => {
    const it = await open()
    const shell = Number((await it.run('echo $$')).output)
    it.type(`${line}\r`)
    expect(await it.end()).toBe(code)
    if (line === ': fail') expect(it.told().at(-1)).toEqual({ error: 'a bug' })
    await until(async () => (await members(shell)).length === 0)
  })

  test.skipIf(skip)('the title of the window', async () => {
    const it = await open()
    await it.run(': title')
    expect(it.shown()).toContain('\x1b]2;two  of three\x07')
    await exit(it)
    expect(it.shown()).toContain('\x1b[23;2t')
  })

  test.skipIf(skip)('not within itself', async () => {
    const it = await open()
    await it.run(`"${process.execPath}" "${app.path}"`)
    expect(it.told()).toContainEqual({ obstacle: 'nested' })
    await exit(it)
  })
})

test.each<[string, Setting]>([
  ['dumb', { shell: '/bin/bash', env: { TERM: 'dumb' } }],
  ['accessible', { shell: '/bin/bash', env: { ACCESSIBLE: '1' } }],
  ['other-shell', { shell: '/usr/bin/fish' }],
])('an obstacle: %s', async (obstacle, setting) => {
  const it = learner(app.path, setting)
  expect(await it.end()).toBe(0)
  expect(it.told()).toEqual([{ obstacle }])
})
