import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { built, learner, notes } from '../helpers/lab.ts'

beforeAll(built, 60_000)

const course = ['--course', notes]
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

async function json(home: ReturnType<typeof learner>, ...words: string[]) {
  const { exit, stdout, stderr } = await home.lab(...words, '--json', ...course)
  expect(stdout.endsWith('\n')).toBe(true)
  expect(stdout.trimEnd()).not.toContain('\n')
  return { exit, stderr, value: JSON.parse(stdout) as Record<string, unknown> }
}

async function begun() {
  const home = learner()
  expect((await home.lab('run', '--yes', ...course)).exit).toBe(0)
  return home
}

test('lab status', async () => {
  const home = learner()
  expect(await json(home, 'status')).toEqual({
    exit: 0,
    stderr: '',
    value: {
      course: 'notes',
      lab: null,
      labs: [
        {
          id: 'notes',
          title: 'Take notes',
          steps: [
            { id: 'greet', status: 'todo', at: null },
            { id: 'list', status: 'todo', at: null },
          ],
        },
      ],
    },
  })
  await home.lab('run', '--yes', ...course)
  expect((await json(home, 'status')).value).toMatchObject({
    lab: 'notes',
    labs: [
      {
        steps: [
          { id: 'greet', status: 'solved', at: expect.stringMatching(time) },
          { id: 'list', status: 'solved', at: expect.stringMatching(time) },
        ],
      },
    ],
  })
})

describe('lab check', () => {
  test('all green', async () => {
    expect(await json(await begun(), 'check', 'notes', 'greet')).toEqual({
      exit: 0,
      stderr: '',
      value: {
        lab: 'notes',
        step: 'greet',
        passed: true,
        checks: [
          {
            id: 'greeted',
            step: 'greet',
            kind: 'file',
            title: 'The greeting is there',
            verdict: 'passed',
            cause: null,
            expected: null,
            seen: null,
            hint: null,
            tookMs: expect.any(Number),
          },
        ],
      },
    })
  })

  test('failed, in the language that is asked for', async () => {
    const home = await begun()
    writeFileSync(join(home.home, 'labs/notes/note.txt'), 'goodbye\n')
    const { exit, value } = await json(home, 'check', 'notes', 'greet', '--lang', 'ko')
    expect(exit).toBe(1)
    expect(value).toMatchObject({
      passed: false,
      checks: [
        {
          id: 'greeted',
          title: '인사말이 있어요',
          verdict: 'failed',
          cause: { code: 'state.mismatch', message: expect.stringMatching(/[가-힣]/), evidence: { what: 'note.txt' } },
          expected: '⊃ hello world',
          hint: '`cat note.txt`로 읽어 보세요.',
        },
      ],
    })
  })

  test('of a lab that was not begun looks all the same', async () => {
    const { exit, value } = await json(learner(), 'check')
    expect(exit).toBe(1)
    expect(value).toMatchObject({
      lab: 'notes',
      step: 'greet',
      passed: false,
      checks: [{ cause: { code: 'file.missing' } }],
    })
  })

  test('could not look: exit 3, not 1', async () => {
    const home = learner()
    const { exit, stdout } = await home.lab('check', 'todo-app', 'build', '--json')
    expect(exit).toBe(3)
    const { passed, checks } = JSON.parse(stdout) as { passed: boolean; checks: { verdict: string; cause: unknown }[] }
    expect(passed).toBe(false)
    expect(checks).toContainEqual(
      expect.objectContaining({
        verdict: 'error',
        cause: expect.objectContaining({ code: expect.stringMatching(/^engine\./) }),
      }),
    )
    expect(checks.map(({ verdict }) => verdict)).not.toContain('failed')
  })
})

test('lab list, home and show', async () => {
  const home = learner()
  const facts = { level: 'beginner', minutes: 1, state: 'todo', done: 0, steps: 2 }
  expect((await json(home, 'list')).value).toEqual({
    course: 'notes',
    labs: [{ id: 'notes', title: 'Take notes', ...facts }],
  })
  expect((await json(home, 'home')).value).toEqual({ course: 'notes', lab: null, step: null, next: 'notes' })
  expect((await json(home, 'show', 'notes', 'list')).value).toEqual({
    lab: 'notes',
    title: 'Take notes',
    steps: [{ id: 'list', title: 'Write a list', text: 'Write milk into `list.txt`.' }],
  })
})

test('lab run: one event a line, the same that are kept', async () => {
  const home = learner()
  const { exit, stdout, stderr } = await home.lab('run', '--yes', '--json', ...course)
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  for (const event of events)
    expect(event).toMatchObject({ at: expect.any(Number), event: expect.any(String), lab: 'notes' })
  expect(events.map(({ event }) => event)).toEqual([
    'lab.opened',
    'step.started',
    'command.started',
    'command.finished',
    'command.started',
    'command.finished',
    'checks.started',
    'check.finished',
    'step.finished',
    'step.started',
    'edit.written',
    'checks.started',
    'check.finished',
    'step.finished',
    'lab.finished',
  ])
  const { stdout: kept } = await home.shell('cat state/handrail/notes/events.ndjson')
  // What is kept names the line before.
  expect(kept.replace(/,"prev":"[0-9a-f]*"\}$/gm, '}')).toBe(stdout)
})

test('lab run that gets stuck', async () => {
  const home = learner()
  const { exit, stdout } = await home.lab('run', '--yes', '--json', '--set', 'pause=x', ...course)
  expect(exit).toBe(1)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  expect(events.map(({ event }) => event)).toContain('step.stuck')
  expect(events.find(({ event }) => event === 'command.finished')).toMatchObject({ ok: false, expected: 0 })
})
