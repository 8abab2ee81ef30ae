import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { processStart } from '../../src/world/processes.ts'
import { built, learner, notes } from '../helpers/lab.ts'
import { until } from '../helpers/until.ts'

beforeAll(built, 60_000)

const course = ['--course', notes]
const stack = /\n\s+at |Error:|node:internal/

/** What is kept of the course, as a test wants it to be. */
function keep(home: ReturnType<typeof learner>, name: string, content: string): string {
  const path = join(home.kept('notes'), name)
  mkdirSync(home.kept('notes'), { recursive: true })
  writeFileSync(path, content)
  return path
}

interface Kept {
  readonly labs: Record<string, { readonly steps: Record<string, { readonly status: string }> }>
}

function statuses(home: ReturnType<typeof learner>): Record<string, string> {
  const { labs } = JSON.parse(readFileSync(join(home.kept('notes'), 'progress.json'), 'utf8')) as Kept
  return Object.fromEntries(Object.entries(labs['notes']!.steps).map(([id, { status }]) => [id, status]))
}

describe('the state folder cannot be written', () => {
  test('a file stands in its place', async () => {
    const home = learner()
    writeFileSync(home.env.XDG_STATE_HOME, '')
    for (const words of [['run', '--yes'], ['clean', '--yes'], ['check']]) {
      const { exit, stdout, stderr } = await home.lab(...words, ...course)
      expect({ words, exit, stdout }).toEqual({ words, exit: 3, stdout: '' })
      expect(stderr).toContain('something on the way is a file, not a folder')
      expect(stderr).toContain('Set XDG_STATE_HOME to a folder that can be written.')
      expect(stderr).not.toMatch(stack)
    }
  })

  test('looking at the course needs none', async () => {
    const home = learner()
    writeFileSync(home.env.XDG_STATE_HOME, '')
    for (const word of ['home', 'list', 'status', 'lint'])
      expect({ word, ...(await home.lab(word, ...course)) }).toMatchObject({ word, exit: 0, stderr: '' })
  })
})

test('the workspace cannot be written', async () => {
  const home = learner()
  writeFileSync(join(home.home, 'labs'), '')
  const { exit, stderr } = await home.lab('run', '--yes', ...course)
  expect(exit).toBe(3)
  expect(stderr).toContain('Name another folder with --workspace.')
  expect(stderr).not.toMatch(stack)
})

describe.each([
  ['progress.json', '{"version":1,"labs":'],
  ['progress.json', '{"version":1,"course":"notes","labs":null}'],
  ['ledger.json', 'x'],
])('%s is broken: %s', (name, content) => {
  test('it is kept aside, that is said, and the run goes on', async () => {
    const home = learner()
    keep(home, name, content)
    const { exit, stderr } = await home.lab('run', '--yes', ...course)
    expect(exit).toBe(0)
    const aside = readdirSync(home.kept('notes')).find(each => each.startsWith(`${name}.unreadable-`))
    expect(stderr).toContain('could not be read. It was moved to')
    expect(stderr.replace(/\n\s*/g, '')).toContain(aside)
    expect(readFileSync(join(home.kept('notes'), aside!), 'utf8')).toBe(content)
  })

  test('who only looks leaves it where it is', async () => {
    const home = learner()
    const path = keep(home, name, content)
    for (const word of ['home', 'list', 'status']) expect(await home.lab(word, ...course)).toMatchObject({ exit: 0 })
    expect(readFileSync(path, 'utf8')).toBe(content)
  })
})

describe('another runner has the course', () => {
  async function held() {
    const home = learner()
    expect((await home.lab('run', '--yes', ...course)).exit).toBe(0)
    const lock = JSON.stringify({ pid: process.pid, start: await processStart(process.pid) })
    keep(home, 'runner.lock', lock)
    return { home, lock, before: snapshot(home) }
  }

  function snapshot(home: ReturnType<typeof learner>): Record<string, string> {
    const names = readdirSync(home.kept('notes')).filter(name => name.includes('.'))
    return Object.fromEntries(names.map(name => [name, readFileSync(join(home.kept('notes'), name), 'utf8')]))
  }

  test('the second is told who, and changes nothing', async () => {
    const { home, before } = await held()
    for (const word of ['run', 'clean']) {
      const { exit, stderr } = await home.lab(word, '--yes', ...course)
      expect({ word, exit }).toEqual({ word, exit: 3 })
      expect(stderr).toContain(`Another lab runner (process ${process.pid}) has this course open.`)
      expect(stderr).not.toMatch(stack)
    }
    expect(snapshot(home)).toEqual(before)
  })

  test('in the shell that it opened, one is told how to end it', async () => {
    const home = learner({ HANDRAIL_SHELL: String(process.pid) })
    const lock = JSON.stringify({ pid: process.pid, start: await processStart(process.pid) })
    keep(home, 'runner.lock', lock)
    const { exit, stderr } = await home.lab('clean', '--yes', ...course)
    expect(exit).toBe(3)
    expect(stderr).toContain(`Type \`exit\`, press \`q\` in its menu, and then: \`lab clean --yes --course ${notes}\``)
  })

  test('looking is possible beside it, and changes nothing', async () => {
    const { home, before } = await held()
    const { exit, stdout } = await home.lab('check', 'notes', 'greet', '--json', ...course)
    expect({ exit, passed: JSON.parse(stdout).passed }).toEqual({ exit: 0, passed: true })
    expect(snapshot(home)).toEqual(before)
  })

  test('the lock of a dead one is taken over', async () => {
    const { home } = await held()
    keep(home, 'runner.lock', '{"pid":999999999,"start":"1"}')
    expect((await home.lab('run', '--yes', ...course)).exit).toBe(0)
    expect(readdirSync(home.kept('notes'))).not.toContain('runner.lock')
  })
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the command, keeps the rest, and lets go',
  async signal => {
    const home = learner()
    const running = home.start('run', '--json', '--yes', '--set', 'pause=30', ...course)
    await until(() => running.out.stdout.includes('"line":"sleep 30"'))
    await until(() => readFileSync(join(home.kept('notes'), 'ledger.json'), 'utf8').includes('"running"'))
    const { running: left } = JSON.parse(readFileSync(join(home.kept('notes'), 'ledger.json'), 'utf8'))
    running.child.kill(signal)
    const { exit, stderr } = await running.done
    expect(exit).toBe(130)
    expect(stderr).toContain('Interrupted.')
    expect(await processStart(left.group)).toBeNull()
    expect(statuses(home)).toEqual({ greet: 'active' })
    expect(readdirSync(home.kept('notes'))).not.toContain('runner.lock')

    expect((await home.lab('run', '--yes', '--set', 'pause=0', ...course)).exit).toBe(0)
    expect(statuses(home)).toEqual({ greet: 'solved', list: 'solved' })
  },
)

test('a variable is remembered', async () => {
  const home = learner()
  expect((await home.lab('run', '--yes', '--set', 'name=moon', ...course)).exit).toBe(0)
  expect(readFileSync(join(home.home, 'labs/notes/note.txt'), 'utf8')).toBe('hello moon\n')
  expect((await home.lab('check', 'notes', 'greet', ...course)).exit).toBe(0)
})

test('cleaning up leaves the home as it was', async () => {
  const home = learner()
  expect((await home.lab('run', '--yes', ...course)).exit).toBe(0)
  expect((await home.lab('clean', '--yes', ...course)).exit).toBe(0)
  expect(readdirSync(home.home)).toEqual(['state'])
  expect((await home.lab('check', 'notes', 'greet', ...course)).exit).toBe(2)
})

describe('a course from elsewhere', () => {
  test('is not run without a yes, and says what it would run', async () => {
    const home = learner()
    const { exit, stdout, stderr } = await home.lab('run', ...course)
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(stderr).toContain('echo hello {{ vars.name }} > note.txt')
    expect(stderr).toContain('rm -f note.txt')
    expect(stderr).toContain('Not trusted, so nothing was run.')
    expect(readdirSync(home.home)).not.toContain('labs')
  })

  test('is not cleaned up by its own commands without a yes either', async () => {
    const home = learner()
    await home.lab('run', '--yes', ...course)
    const { exit, stderr } = await home.lab('clean', '--json', ...course)
    expect(exit).toBe(2)
    expect(stderr).toContain('rm -f note.txt')
    expect(readdirSync(join(home.home, 'labs/notes'))).toContain('note.txt')
  })

  test('is run with --yes', async () => {
    const home = learner()
    expect((await home.lab('run', '--yes', ...course)).exit).toBe(0)
  })

  test('can be looked at without', async () => {
    const home = learner()
    for (const word of ['show', 'list', 'status', 'lint']) expect((await home.lab(word, ...course)).exit).toBe(0)
  })

  test('a broken list of trusted courses is an empty one', async () => {
    const home = learner()
    keep(home, 'trusted.json', '[')
    const { exit, stderr } = await home.lab('run', ...course)
    expect(exit).toBe(2)
    expect(stderr).not.toMatch(stack)
  })
})

test('a lab that was open and is not in the course any more is not asked for', async () => {
  const home = learner()
  keep(home, 'progress.json', '{"version":1,"course":"notes","open":"old","labs":{}}')
  expect(JSON.parse((await home.lab('check', '--json', ...course)).stdout)).toMatchObject({ lab: 'notes' })
  expect((await home.lab('home', ...course)).stdout).toContain('run notes')
})
