import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/run/ledger.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, done, type Home, lab, labJson, newHome, type Result, root, run, testHome } from './program.ts'
import { offline } from './repository.ts'
import { expectFreshEngine } from './snapshot.ts'

/** Going to a step from nothing, and coming back to it after something was lost. */

const steps = {
  'first-steps': ['get', 'start', 'add', 'twice', 'stop', 'needs'],
  'todo-app': ['clone', 'dockerfile', 'relative', 'build', 'inside', 'run', 'add', 'ps', 'logs'],
  'todo-update': ['edit', 'build', 'conflict', 'leftover', 'remove', 'run'],
}
type Id = keyof typeof steps
/** Steps whose work a later one ends on purpose. */
const ended: Record<string, string> = { start: 'stop', inside: 'ps', conflict: 'leftover' }
ended['add'] = 'stop'

portForFile()
beforeAll(buildProgram)

interface Seen {
  readonly lab: string | null
  readonly step: string | null
  readonly holds: readonly string[]
  readonly gone: readonly string[]
  readonly looked: boolean
}

async function seen(home: Home): Promise<Seen> {
  return (await labJson<Seen>(home, 'home')).document
}

/** Stands at the step (`undefined`: the end), and everything before it is green. */
async function expectGreen(home: Home, id: Id, at: string | undefined): Promise<void> {
  const before = steps[id].slice(0, at === undefined ? undefined : steps[id].indexOf(at))
  const holds = before.filter(step => !before.includes(ended[step] ?? ''))
  expect(await seen(home)).toMatchObject({ lab: id, step: at ?? null, gone: [], looked: true, holds })
}

function expectDone(result: Result): void {
  expect(result, result.stderr).toMatchObject({ exit: 0 })
  expect(result.stderr).not.toMatch(/undefined|\[object|\n\s+at [^\n]*:\d+:\d+/)
}

/** `goto` of the step; of the last and then that one where there is none. */
async function bringTo(home: Home, id: Id, at: string | undefined): Promise<Result> {
  const there = await lab(home, 'goto', at ?? steps[id].at(-1)!, id)
  if (at !== undefined || there.exit !== 0) return there
  const { exit, stdout, stderr } = await lab(home, 'run', id, '--yes')
  return { exit, stdout, stderr: there.stderr + stderr }
}

describe('to each step of first-steps, from nothing', () => {
  test.each(steps['first-steps'])('%s', async step => {
    const home = testHome()
    expectDone(await lab(home, 'goto', step, 'first-steps'))
    await expectGreen(home, 'first-steps', step)
  })
})

/** Ids of the containers that the labs of this home have made. */
function containers(home: Home): string[] {
  const { entries } = JSON.parse(readFileSync(join(home.state, 'ledger.json'), 'utf8')) as Ledger
  return entries.flatMap(entry => (entry.kind === 'container' ? entry.id : []))
}

async function forEachContainer(home: Home, command: string): Promise<void> {
  for (const id of containers(home)) await done(home, `${command} ${id} 2>/dev/null || true`, home.dir)
}

/** LAB_REBOOT=1: the engine may be restarted here. It takes half a minute, so after the last step only. */
const mayRestart = process.env['LAB_REBOOT'] === '1'
/** Every other step, the last one among them; LAB_LIVE_LONG=1: all. */
const long = process.env['LAB_LIVE_LONG'] === '1'
const some = (id: Id) => steps[id].filter((_, index, all) => long || (all.length - 1 - index) % 2 === 0)
const testbed = join(root, '../shared/testbed')

/** What a restart of the engine leaves: the containers have ended. */
async function reboot(home: Home, really: boolean): Promise<void> {
  if (!mayRestart || !really) return forEachContainer(home, 'docker kill')
  const restart = existsSync(testbed)
    ? `${testbed}/down && ${testbed}/up`
    : 'systemctl restart docker || service docker restart'
  // In our own environment: what has this home in its own ends with it.
  const { exit, stderr } = await run('bash', ['-c', restart], process.env)
  expect(exit, stderr).toBe(0)
  await done(home, 'for i in $(seq 60); do docker version >/dev/null && exit; sleep 1; done; exit 1', home.dir)
  // It was one.
  expect(await done(home, 'docker ps -q --no-trunc', home.dir)).toBe('')
}

const mine = 'the words of the learner'

/** The learner writes something of their own, and undoes what the step before had done. */
function changeFile(home: Home, passed: string): string {
  const file = passed === 'clone' ? 'package.json' : passed === 'dockerfile' ? 'Dockerfile' : 'src/static/js/app.js'
  const path = join(home.workspace, 'getting-started-app', file)
  const text = readFileSync(path, 'utf8')
  const changes: Record<string, () => string> = {
    'package.json': () => text.replace('"101-app"', `"${mine}"`),
    Dockerfile: () => `# ${mine}\n${text.replace('WORKDIR', '# WORKDIR')}`,
  }
  const english = (code: string) =>
    code.replace(/(<p class="text-center">)[^<]*[가-힣][^<]*/, '$1No items yet! Add one above!')
  const absolute = (code: string) => code.replaceAll("fetch('items", "fetch('/items")
  writeFileSync(path, changes[file]?.() ?? `// ${mine}\n${absolute(english(text))}`)
  return path
}

/** Nothing the learner wrote is lost: it stands where it stood, or in a copy that was named. */
async function expectKept(home: Home, path: string, { stderr }: Result): Promise<void> {
  const said = stderr.replace(/\n\s*/g, '')
  const named = await done(home, `grep -rl '${mine}' "${home.state}/copies" || true`, home.dir)
  // A folder is copied as a whole, and named as such.
  const copies = named
    .split('\n')
    .filter(copy => copy !== '' && [copy, dirname(copy)].some(each => said.includes(each)))
  const still = existsSync(path) && readFileSync(path, 'utf8').includes(mine)
  expect({ still, copies: copies.length > 0, said: stderr }).toMatchObject(still ? { still } : { copies: true })
  rmSync(join(home.state, 'copies'), { recursive: true, force: true })
}

live('docker')('to each step from nothing, and what was lost is named and brought back', () => {
  beforeAll(expectFreshEngine)

  test('todo-app, the first', async () => {
    const home = testHome('en', offline)
    expectDone(await lab(home, 'goto', 'clone', 'todo-app'))
    await expectGreen(home, 'todo-app', 'clone')
  })

  test.each(some('todo-app'))('todo-app, after %s', async passed => {
    await comesBack(testHome('en', offline), 'todo-app', passed)
  })

  describe('todo-update', () => {
    const home = sharedHome()

    test('the lab that it starts from is done as well', async () => {
      for (const step of ['edit', 'run']) {
        expectDone(await lab(home, 'goto', step, 'todo-update'))
        await expectGreen(home, 'todo-update', step)
      }
      // What was ended on purpose is not brought back.
      expectDone(await lab(home, 'goto', 'run', 'todo-update'))
      await expectGreen(home, 'todo-update', 'run')
    })

    // From nothing of this lab; what it starts from is brought back where it was ended.
    test.each(some('todo-update'))('after %s', async passed => {
      await lab(home, 'clean', 'todo-update', '--yes')
      await comesBack(home, 'todo-update', passed)
    })
  })
})

async function comesBack(home: Home, id: Id, passed: string): Promise<void> {
  const next = steps[id][steps[id].indexOf(passed) + 1]
  expectDone(await bringTo(home, id, next))
  await expectGreen(home, id, next)

  await reboot(home, next === undefined)
  const path = changeFile(home, passed)
  await expectKept(home, path, await lostAndBack(home, id, next))

  await forEachContainer(home, 'docker rm -f')
  rmSync(join(home.workspace, 'getting-started-app'), { recursive: true })
  await lostAndBack(home, id, next)
}

/** A home for the tests of one block, one step after the other. */
function sharedHome(): Home {
  const home = newHome('en', offline)
  beforeAll(() => async () => {
    for (const each of ['todo-update', 'todo-app', 'todo-update']) await lab(home, 'clean', each, '--yes')
    home.remove()
  })
  return home
}

/** Home says what is gone, `lab run` says it with the command, and that one brings it back. */
async function lostAndBack(home: Home, id: Id, at: string | undefined): Promise<Result> {
  const { gone } = await seen(home)
  const again = await bringTo(home, id, at)
  expectDone(again)
  if (gone.length > 0) expect(again.stderr).toContain('! Passed before, not so any more: ')
  await expectGreen(home, id, at)
  return again
}
