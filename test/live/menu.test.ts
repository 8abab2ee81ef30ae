import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { messages } from '../../src/text/index.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { until } from '../helpers/until.ts'
import { buildProgram, done, type Home, lab, labJson, processesOf, root, testHome } from './program.ts'
import { offline } from './repository.ts'
import { expectFreshEngine, snapshot } from './snapshot.ts'
import { type Ended, keys, menu, openTerminal, type Terminal, theEnd } from './terminal.ts'

portForFile()
beforeAll(buildProgram)

const languages = ['ko', 'en'] as const
type Language = (typeof languages)[number]

function open(home: Home, ...args: string[]): Terminal {
  const terminal = openTerminal(home, args)
  onTestFinished(() => terminal.close())
  return terminal
}

/** Presses r at each step and y at each question until the program ends, or `steps` steps are done. */
async function play(terminal: Terminal, language: Language, steps = Number.POSITIVE_INFINITY): Promise<void> {
  const say = messages(language)
  for (let step = 0; ; ) {
    const shown = await terminal.next(theEnd, menu)
    if (shown.endsWith(theEnd)) return
    const other = shown.lastIndexOf(say.fallbackQuestion) > shown.lastIndexOf(say.menu)
    if (!other && step++ === steps) return
    terminal.type(other ? 'y' : 'r')
  }
}

function expectNormal(end: Ended): void {
  expect(end.cursor).toBe(true)
  for (const mode of ['icanon', 'echo', 'isig', 'icrnl', 'opost', 'onlcr']) expect(end.modes).toContain(mode)
}

async function expectTidy(terminal: Terminal): Promise<void> {
  const lines = await terminal.lines()
  // A command stays whole, to be copied: only the terminal may break it.
  const wide = lines.filter(line => line.broken && !/^(\$ | {4})\S/.test(line.text))
  expect(wide).toEqual([])
  const shown = lines.map(line => line.text).join('\n')
  expect(shown).not.toMatch(/[⠀-⣿]/)
  expect(shown).not.toMatch(/undefined|\[object|\{\{/)
}

async function stepNow(home: Home, id: string): Promise<string | undefined> {
  const { document } = await labJson<{ labs: { id: string; steps: { id: string; status: string }[] }[] }>(
    home,
    'status',
  )
  return document.labs.find(each => each.id === id)!.steps.find(each => each.status === 'active')?.id
}

describe.each(languages)('first-steps in a terminal: %s', language => {
  test('r at each step', async () => {
    const home = testHome(language)
    const before = await snapshot(home, { engine: false })
    const terminal = open(home, 'run', 'first-steps')
    await play(terminal, language)
    const end = await terminal.end()
    expect(end.exit).toBe(0)
    expectNormal(end)
    await expectTidy(terminal)
    expect((await lab(home, 'clean', '--yes')).exit).toBe(0)
    expect(await snapshot(home, { engine: false })).toEqual(before)
  })
})

describe('leaving', () => {
  test('q, and the next start goes on at the same step', async () => {
    const home = testHome()
    const first = open(home, 'run', 'first-steps')
    await play(first, 'en', 2)
    first.type('q')
    const end = await first.end()
    expect(end.exit).toBe(0)
    expectNormal(end)
    expect(await stepNow(home, 'first-steps')).toBe('add')

    const second = open(home, 'run', 'first-steps')
    await second.next(messages('en').resumed('Run a server by hand'))
    await second.next('3/6 ')
    await second.next(menu)
    second.type('q')
    expect((await second.end()).exit).toBe(0)
    expect((await lab(home, 'run', '--yes')).exit).toBe(0)
    expect((await lab(home, 'clean', '--yes')).exit).toBe(0)
    expect(processesOf(home.dir)).toEqual([])
  })

  test.each([
    ['Ctrl-C', keys.ctrlC],
    ['Ctrl-D', '\x04'],
    ['Escape', '\x1b'],
  ])('%s in the menu', async (_, key) => {
    const home = testHome()
    const terminal = open(home, 'run', 'first-steps')
    await terminal.next(menu)
    terminal.type(key)
    const end = await terminal.end()
    expect(end.exit).toBe(130)
    expectNormal(end)
    expect(processesOf(home.dir)).toEqual([])

    const again = open(home, 'run')
    await again.next('1/6 ')
    await again.next(menu)
    again.type('q')
    expect((await again.end()).exit).toBe(0)
  })

  test('Ctrl-C while the tool watches', async () => {
    // No shell that it could open for the learner.
    const home = testHome('en', { SHELL: '/usr/bin/fish' })
    const terminal = open(home, 'run', 'first-steps')
    await terminal.next(menu)
    terminal.type('t')
    await terminal.next(messages('en').watching)
    terminal.type(keys.ctrlC)
    const end = await terminal.end()
    expect(end.exit).toBe(130)
    expectNormal(end)
  })

  test('Ctrl-C in a shell of one’s own is the shell’s; exit brings the menu back', async () => {
    const home = testHome('en', { SHELL: '/bin/bash' })
    const terminal = open(home, 'run', 'first-steps')
    await terminal.next(menu)
    terminal.type('t')
    await terminal.next('docker-kubernetes')
    terminal.type('sleep 4321\r')
    await until(async () => (await done(home, 'ps -eo args', home.dir)).includes('\nsleep 4321'))
    terminal.type(keys.ctrlC)
    await terminal.next('^C', 'docker-kubernetes')
    terminal.type('exit\r')
    await terminal.next(menu)
    terminal.type('q')
    const end = await terminal.end()
    expect(end.exit).toBe(0)
    expectNormal(end)
    expect(processesOf(home.dir)).toEqual([])
  })

  test.each([
    ['no', 'n', 0],
    ['Ctrl-C', keys.ctrlC, 130],
  ])('%s to the question before cleaning up', async (_, key, exit) => {
    const home = testHome()
    expect((await lab(home, 'run', 'first-steps', '--yes')).exit).toBe(0)
    const terminal = open(home, 'clean')
    await terminal.next(menu)
    terminal.type(key)
    const end = await terminal.end()
    expect(end.exit).toBe(exit)
    expectNormal(end)
    expect(existsSync(join(home.workspace, 'todo'))).toBe(true)
    expect((await lab(home, 'clean', '--yes')).exit).toBe(0)
  })

  test.each([
    ['no', 'n', 2],
    ['Ctrl-C', keys.ctrlC, 130],
  ])('%s to a course from elsewhere', async (_, key, exit) => {
    const home = testHome()
    const terminal = open(home, 'run', '--course', join(root, 'test/fixtures/live/hang'))
    await terminal.next(messages('en').foreignQuestion)
    await terminal.next(menu)
    terminal.type(key)
    const end = await terminal.end()
    expect(end.exit).toBe(exit)
    expectNormal(end)
    expect(existsSync(home.workspace)).toBe(false)
  })

  test('the terminal is closed in the menu', async () => {
    const home = testHome()
    const terminal = open(home, 'run', 'first-steps')
    await terminal.next(menu)
    terminal.close()
    await until(() => processesOf(home.dir).length === 0)
    expect((await lab(home, 'run', '--yes')).exit).toBe(0)
    expect((await lab(home, 'clean', '--yes')).exit).toBe(0)
  })
})

live('docker')('todo-app in a terminal', () => {
  beforeAll(expectFreshEngine)
  test.each(languages)('r at each step, y to the other way: %s', async language => {
    const home = testHome(language, offline)
    const before = await snapshot(home, { engine: true })
    const terminal = open(home, 'run', 'todo-app')
    await play(terminal, language)
    const end = await terminal.end()
    expect(end.exit).toBe(0)
    expectNormal(end)
    await expectTidy(terminal)
    expect((await lab(home, 'clean', '--yes')).exit).toBe(0)
    expect(await snapshot(home, { engine: true })).toEqual(before)
  })

  test('n to the other way leaves the step as it is', async () => {
    const home = testHome('en', offline)
    const terminal = open(home, 'run', 'todo-app')
    await terminal.next(menu)
    terminal.type('r')
    await terminal.next(messages('en').fallbackQuestion)
    await terminal.next(menu)
    terminal.type('n')
    await terminal.next(messages('en').actionCheck)
    await terminal.next(menu)
    terminal.type('q')
    expect((await terminal.end()).exit).toBe(0)
    expect(existsSync(join(home.workspace, 'getting-started-app'))).toBe(false)
    expect(await stepNow(home, 'todo-app')).toBe('clone')
  })

  test.each(['1', '0'])('Ctrl-C while an image is built, DOCKER_BUILDKIT=%s', async buildkit => {
    const home = testHome('en', { ...offline, DOCKER_BUILDKIT: buildkit })
    const before = await snapshot(home, { engine: true })
    const terminal = open(home, 'run', 'todo-app')
    await play(terminal, 'en', 3)
    const mark = `sleep 4${String(Date.now()).slice(-6)}`
    const dockerfile = join(home.workspace, 'getting-started-app', 'Dockerfile')
    const content = readFileSync(dockerfile, 'utf8')
    writeFileSync(dockerfile, content.replace('RUN ', `RUN ${mark}\nRUN `))
    terminal.type('r')
    await until(() => running(mark), 60_000)
    const pressed = performance.now()
    terminal.type(keys.ctrlC)
    const end = await terminal.end()
    expect(end.exit).toBe(130)
    expect(performance.now() - pressed).toBeLessThan(4000)
    expectNormal(end)
    expect(processesOf(home.dir)).toEqual([])
    await until(async () => !(await running(mark)), 15_000)

    writeFileSync(dockerfile, content)
    const again = open(home, 'run')
    await again.next('4/9 ')
    await play(again, 'en')
    expect((await again.end()).exit).toBe(0)
    expect((await lab(home, 'clean', '--yes')).exit).toBe(0)
    expect(await snapshot(home, { engine: true })).toEqual(before)

    async function running(words: string): Promise<boolean> {
      const processes = await done(home, 'ps -eo args', home.dir)
      return processes.split('\n').some(line => line.startsWith(words))
    }
  })
})
