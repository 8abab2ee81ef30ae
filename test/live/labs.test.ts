import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/text/index.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, type Home, lab, recorded, run, testHome } from './program.ts'
import { appRepository, offline, type Repository } from './repository.ts'
import { expectFreshEngine, type Snapshot, snapshot } from './snapshot.ts'

portForFile()
beforeAll(buildProgram)

const languages = ['ko', 'en'] as const

describe('first-steps by itself', () => {
  test.each(languages)('from an empty home, again, and cleaned up: %s', async language => {
    const home = testHome(language)
    await wholeLife(home, language, 'first-steps', [])
  })
})

live('docker')('todo-app by itself', () => {
  beforeAll(expectFreshEngine)
  let repository: Repository
  beforeAll(async () => {
    repository = await appRepository()
    // The legacy builder tags what it pulls: that is not the lab's doing.
    await run('docker', ['pull', '-q', 'node:24-alpine'], process.env)
  })
  afterAll(() => repository.remove())

  test.each(languages)('from a clone of the real address: %s', async language => {
    const home = testHome(language, repository.env)
    await wholeLife(home, language, 'todo-app', [])
    expect(recorded(home).map(each => each.event)).not.toContain('command.fallback')
  })

  test.each(languages)('where the repository cannot be reached: %s', async language => {
    const home = testHome(language, offline)
    const said = await wholeLife(home, language, 'todo-app', [])
    expect(said).toContain(messages(language).fallback)
    expect(recorded(home)).toContainEqual(expect.objectContaining({ event: 'command.fallback', command: 'clone' }))
  })

  test('from an address of one’s own, which is remembered', async () => {
    const home = testHome('en', offline)
    await wholeLife(home, 'en', 'todo-app', ['--set', `appRepo=${repository.url}`])
    expect(recorded(home)).toContainEqual(
      expect.objectContaining({ event: 'command.started', line: `git clone ${repository.url} getting-started-app` }),
    )
    expect(recorded(home).map(each => each.event)).not.toContain('command.fallback')
  })

  test('with the legacy builder', async () => {
    const home = testHome('ko', { ...offline, DOCKER_BUILDKIT: '0' })
    await wholeLife(home, 'ko', 'todo-app', [])
  })
})

/** Run, run again, clean, clean again; gives what the first run said. */
async function wholeLife(home: Home, language: 'ko' | 'en', id: string, options: string[]): Promise<string> {
  const look = () => snapshot(home, { engine: id !== 'first-steps' })
  const before = await look()
  const first = await lab(home, 'run', id, '--yes', ...options)
  expect(first, first.stderr).toMatchObject({ exit: 0, stdout: '' })
  expect(first.stderr).not.toMatch(/undefined|\[object|\{\{|\n\s+at [^\n]*:\d+:\d+/)
  const after = await look()
  expect(changed(before, after, { besides: id === 'first-steps' ? ['files'] : everythingOfTodoApp })).toEqual({})
  expect(after.files.filter(file => file.startsWith('temp'))).toEqual([])

  const again = await lab(home, 'run', id, '--yes')
  expect(again, again.stderr).toMatchObject({ exit: 0, stdout: '' })
  expect(again.stderr).toContain(messages(language).finishedAgain(''))
  expect(await look()).toEqual(after)

  const cleaned = await lab(home, 'clean', id, '--yes')
  expect(cleaned, cleaned.stderr).toMatchObject({ exit: 0 })
  expect(changed(before, await look())).toEqual({})
  const twice = await lab(home, 'clean', id, '--yes')
  expect(twice, twice.stderr).toMatchObject({ exit: 0 })
  expect(twice.stderr).toContain(messages(language).cleanNothing(''))
  expect(changed(before, await look())).toEqual({})
  return first.stderr
}

const everythingOfTodoApp = ['containers', 'images', 'port3000', 'files'] as const

/** What differs, with both sides. */
function changed(
  before: Snapshot,
  after: Snapshot,
  { besides = [] }: { besides?: readonly (keyof Snapshot)[] } = {},
): Partial<Record<keyof Snapshot, unknown>> {
  const keys = (Object.keys(before) as (keyof Snapshot)[]).filter(key => !besides.includes(key))
  const different = keys.filter(key => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return Object.fromEntries(different.map(key => [key, { before: before[key], after: after[key] }]))
}
