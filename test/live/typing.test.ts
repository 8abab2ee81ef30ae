import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, type Home, lab, processesOf, recorded, run, testHome } from './program.ts'
import { appRepository, type Repository } from './repository.ts'
import { expectFreshEngine, type Snapshot, snapshot } from './snapshot.ts'
import { readLab, typeLab } from './typed-lab.ts'
import { openTypist } from './typist.ts'
import { expectUsable } from './usable.ts'

/** The labs, by somebody who types every command of them. */

portForFile()
beforeAll(buildProgram)

interface Learner {
  readonly shell: 'bash' | 'zsh'
  readonly language: 'ko' | 'en'
}

const learners: readonly Learner[] = [
  { shell: 'bash', language: 'ko' },
  { shell: 'zsh', language: 'en' },
]

describe.each(learners)('$shell, $language', ({ shell, language }) => {
  test('first-steps', async () => {
    const home = testHome(language)
    const before = await snapshot(home, { engine: false })
    await whole(home, { shell, language, lab: 'first-steps' })
    await cleaned(home, ['first-steps'])
    expect(withoutOwn(await snapshot(home, { engine: false }))).toEqual(before)
  })
})

live('docker')('with an engine', () => {
  let repository: Repository
  beforeAll(async () => {
    await expectFreshEngine()
    repository = await appRepository()
    // The legacy builder tags what it pulls: that is not the lab's doing.
    await run('docker', ['pull', '-q', 'node:24-alpine'], process.env)
  })
  afterAll(() => repository?.remove())

  test.each(learners)('todo-app and todo-update: $shell, $language', async ({ shell, language }) => {
    const home = testHome(language, repository.env)
    const before = await snapshot(home, { engine: true })
    for (const lab of ['todo-app', 'todo-update']) await whole(home, { shell, language, lab })
    await cleaned(home, ['todo-update', 'todo-app'])
    expect(withoutOwn(await snapshot(home, { engine: true }))).toEqual(before)
  })
})

async function whole(home: Home, { shell, language, lab }: Learner & { lab: string }): Promise<void> {
  // zsh takes Korean only where there is the locale; this one is everywhere.
  const typist = await openTypist(home, { lab, shell, args: ['--lang', language], env: { LC_ALL: 'C.UTF-8' } })
  await typeLab(typist, home, await readLab(lab))
  const end = await typist.ended()
  expect(end.exit).toBe(0)
  expectUsable(end)
  expect(typist.shown()).not.toMatch(/undefined|\[object|\{\{/)
  expect(recorded(home).findLast(({ event }) => event === 'typed')).toMatchObject({ cause: null })
  expect(processesOf(home.dir)).toEqual([])
}

async function cleaned(home: Home, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect(await lab(home, 'clean', id, '--yes')).toMatchObject({ exit: 0 })
}

/** Without the files of the shell itself. */
function withoutOwn({ files, ...rest }: Snapshot): Snapshot {
  return { ...rest, files: files.filter(file => !/\/\.(bash|zsh)(rc|_history)$/.test(file)) }
}
