import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleApp, keys, learner, paste, shells } from './learner.ts'

let app = { path: '', remove: () => {} }
beforeAll(async () => {
  app = await bundleApp()
})
afterAll(() => app.remove())

describe.each(shells)('$name', ({ shell, rc, skip }) => {
  const open = async (more = '') => {
    const it = learner(app.path, { shell, rc: `${rc}\n${more}` })
    await it.prompt()
    return it
  }

  test.skipIf(skip)('each line is told with its exit code and output', async () => {
    const it = await open()
    const table: [line: string, exit: number, output: string][] = [
      ['echo one; echo two', 0, 'one\ntwo\n'],
      ['echo one; echo two', 0, 'one\ntwo\n'],
      [' echo with a space before', 0, 'with a space before\n'],
      ['printf "no newline"', 0, 'no newline'],
      ['false', 1, ''],
      ['echo $?', 0, '1\n'],
      ['true | (exit 3)', 3, ''],
      ['(exit 125)', 125, ''],
      ['echo 한국어 출력 >&2', 0, '한국어 출력\n'],
      ['echo \'a "b"\' \\\\ $((1 + 1))', 0, 'a "b" \\ 2\n'],
      ["printf '\\033[31mred\\033[0m\\n'", 0, 'red\n'],
      ["printf '\\033]133;D;9\\007\\033]7133;x;D;1;9;/\\007'", 0, ''],
      [`echo ${'long '.repeat(60)}end`, 0, `${'long '.repeat(60)}end\n`],
      ['no-such-program', 127, expect.stringContaining('not found')],
      ['echo )', expect.any(Number), expect.stringMatching(/^\w+: (syntax|parse) error near .*\n$/)],
      ['mkdir -p folder', 0, ''],
      ['cd $_', 0, ''],
    ]
    for (const [line, exit, output] of table) expect(await it.run(line)).toMatchObject({ line, exit, output })
    expect(it.commands().length).toBe(table.length)
    expect(it.commands().at(-1)).toMatchObject({ cwd: join(it.work, 'folder'), cwdBefore: it.work })
    expect(it.told().flatMap(({ started }) => started ?? [])).toEqual(table.map(([line]) => line))
    it.type('exit\r')
    expect(await it.end()).toBe(0)
    expect(it.told().at(-1)).toMatchObject({ result: { exit: 0 } })
  })

  test.skipIf(skip)('what is no command is not told', async () => {
    const it = await open()
    it.type('\r')
    await it.prompt()
    it.type(`half a line${keys.ctrlC}`)
    await it.prompt()
    it.type(keys.ctrlL)
    await it.see('\x1b[2J')
    await it.run('true')
    expect(it.commands().map(({ line }) => line)).toEqual(['true'])
    it.type(keys.ctrlD)
    await it.end()
    expect(it.told().at(-1)).toMatchObject({ result: { exit: 0 } })
  })

  test.skipIf(skip)('what is said stands above the prompt', async () => {
    const it = await open()
    await it.run('echo one')
    await it.run('printf two')
    await it.run(': silent')
    it.type('exit 7\r')
    await it.end()
    const lines = (await it.lines()).map(line => line.trimEnd()).filter(line => line !== 'exit')
    const two = shell.endsWith('zsh') ? 'two#' : 'two'
    expect(lines.map(line => line.replace(/two%$/, 'two#'))).toEqual([
      'greeting, 안녕하세요',
      ...['> echo one', 'one', 'said after 1'],
      ...['> printf two', two, 'said after 2'],
      ...['> : silent', '> exit 7', 'OUTER> 0.'],
    ])
    expect(it.told().at(-1)).toMatchObject({ result: { exit: 7 } })
    // To the terminal it is output of the command: else VS Code takes it for a part of the prompt.
    expect(it.shown()).toContain('said after 1\r\n\x1b]133;D;0\x07\x1b]133;A\x07')
  })

  test.skipIf(skip)('lines that are typed or pasted in several', async () => {
    const it = await open()
    it.type('for i in 1 2\rdo echo number $i\rdone\r')
    await it.wait(() => it.commands().length === 1)
    expect(it.commands()[0]).toMatchObject({
      line: expect.stringMatching(/^for i in 1 2.*done$/s),
      output: 'number 1\nnumber 2\n',
    })
    await it.prompt()
    // zsh takes a pasted block as one.
    const count = shell.endsWith('zsh') ? 2 : 4
    it.type(`${paste('echo first\ncat <<END\n둘째 $HOME\nEND\ntest 3 = 4')}\r`)
    await it.wait(() => it.commands().length === count)
    const block = ['echo first', 'cat <<END\n둘째 $HOME\nEND', 'test 3 = 4']
    const outputs = ['first\n', `둘째 ${it.home}\n`, '']
    expect(it.commands().slice(1)).toMatchObject(
      count === 2
        ? [{ line: block.join('\n'), exit: 1, output: outputs.join('') }]
        : block.map((line, i) => ({ line, exit: i === 2 ? 1 : 0, output: outputs[i]! })),
    )
    await it.see(`said after ${count}`)
    await it.prompt()
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('lines that are typed ahead', async () => {
    const it = await open()
    it.type('read go; echo $go\r')
    await it.wait(() => it.told().some(({ started }) => started))
    it.type('went\recho ahead; false\recho $?\r')
    await it.wait(() => it.commands().length === 3)
    expect(it.commands().map(({ line }) => line)).toEqual(['read go; echo $go', 'echo ahead; false', 'echo $?'])
    expect(it.commands().map(({ exit }) => exit)).toEqual([0, 1, 0])
    expect(it.commands()[2]!.output).toMatch(/^1$/m)
    await it.see('said after 3')
    await it.prompt()
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('Korean is edited as in any shell', async () => {
    const it = await open()
    it.type('echo 안녕하세욥\x7f요 \x1b[D')
    expect(await it.run('')).toMatchObject({
      line: expect.stringMatching(/^echo 안녕하세요 ?$/),
      output: '안녕하세요\n',
    })
    // The terminal itself edits this one, by characters.
    it.type('cat\r')
    await it.wait(() => it.told().some(({ started }) => started === 'cat'))
    it.type('가나\x7f다\r')
    await it.see('가다\r\n가다'.slice(-2))
    it.type(keys.ctrlD)
    await it.wait(() => it.commands().length === 2)
    expect(it.commands()[1]!.output).toContain('\n가다\n')
    await it.prompt()
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('Ctrl-C and Ctrl-Z belong to the shell', async () => {
    const it = await open()
    it.type('echo running; sleep 60\r')
    await it.see('running\r\n')
    it.type(keys.ctrlC)
    await it.prompt()
    expect(it.commands()[0]).toMatchObject({ line: 'echo running; sleep 60', exit: 130 })
    it.type("sh -c 'echo running; read x; echo got $x'\r")
    await it.see('running\r\n')
    it.type(keys.ctrlZ)
    await it.prompt()
    const stopped = it.commands()[1]!
    expect(stopped.exit).toBeGreaterThan(128)
    it.type('fg\r')
    await it.wait(() => it.told().some(({ started }) => started === 'fg'))
    it.type('back\r')
    await it.prompt()
    expect(it.commands()[2]).toMatchObject({ line: 'fg', exit: 0, output: expect.stringMatching(/got back\n$/) })
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('full-screen programs have the terminal for themselves', async () => {
    const it = await open()
    writeFileSync(join(it.work, 'notes'), 'line one\nline two\n')
    for (const [program, leave] of [
      ['vi -u NONE', ':q!\r'],
      ['less', 'q'],
    ] as const) {
      const before = it.commands().length
      it.type(`echo before; ${program} notes; echo after\r`)
      await it.see('line two')
      it.type(leave)
      await it.wait(() => it.commands().length > before)
      await it.prompt()
      expect(it.commands()[before]).toMatchObject({ exit: 0, output: 'before\nafter\n' })
      expect((await it.lines()).slice(-4)).toEqual(['before', 'after', `said after ${before + 1}`, '>'])
    }
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('bytes go through as they are', async () => {
    const it = await open()
    const bytes = 'a\nb\tc\x0e\x0f\x1b]133;\x1b]7133;\x1b[?7\x1b[?7l\x1b[?7h\x1b \rend'
    writeFileSync(join(it.work, 'bytes'), bytes)
    await it.run('stty raw; cat bytes; stty sane')
    expect(it.shown()).toContain(`\x1b]133;C\x07${bytes}`)
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('another size reaches what runs', async () => {
    const it = await open()
    expect(await it.run('stty size')).toMatchObject({ output: '24 80\n' })
    it.type('bash -c \'trap "stty size; exit" WINCH; echo ready; while :; do read -t 1 x; done\'\r')
    await it.see('ready\r\n')
    it.resize(120, 40)
    await it.wait(() => it.commands().length === 2)
    expect(it.commands()[1]!.output).toBe('ready\n40 120\n')
    await it.prompt()
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('of much output the end is kept', async () => {
    const it = await open()
    const { output, exit } = await it.run('seq 1 200000')
    expect(exit).toBe(0)
    expect(output.length).toBeGreaterThan(60_000)
    expect(output.length).toBeLessThanOrEqual(64 * 1024)
    expect(output).toMatch(/^\d{6}\n\d{6}\n/)
    expect(output.endsWith('\n199999\n200000\n')).toBe(true)
    it.type('exit\r')
    await it.end()
  })

  test.skipIf(skip)('options of the shell do not get in the way', async () => {
    const it = await open()
    await it.run('set -u -C; set -x')
    expect(await it.run('echo traced')).toMatchObject({
      line: 'echo traced',
      output: expect.stringMatching(/^traced\n/m),
    })
    await it.run('set +x')
    expect(await it.run('echo $unset')).toMatchObject({ line: 'echo $unset', exit: 1 })
    it.type('exit\r')
    await it.end()
  })
})
