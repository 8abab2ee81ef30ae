import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { RunEvent } from '../../src/run/events.ts'
import { messages } from '../../src/text/index.ts'
import { until } from '../helpers/until.ts'
import { buildProgram, type Home, lab, processesOf, program, root, testHome } from './program.ts'
import { keys, openTerminal } from './terminal.ts'

/** Commands that do not want to end. */

beforeAll(buildProgram)

const course = ['--course', join(root, 'test/fixtures/live/hang')]
const limit = 2000

/** A number of seconds that nobody else sleeps for. */
const newMark = () => `${4000 + Math.floor(Math.random() * 1000)}.${process.pid}`

test('a command that ignores TERM and keeps its pipe is over in time', async () => {
  const home = testHome()
  const mark = newMark()
  const from = performance.now()
  const { exit, stdout } = await lab(home, 'run', 'hang', '--yes', '--json', '--set', `mark=${mark}`, ...course)
  const took = performance.now() - from
  expect(sleeping(mark)).toEqual([])
  expect(processesOf(home.dir)).toEqual([])
  expect(exit).toBe(1)
  const events = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as RunEvent)
  const finished = events.find(each => each.event === 'command.finished')
  expect(finished).toMatchObject({ ok: false, cause: { code: 'command.timed-out' } })
  expect(finished).toHaveProperty(
    'tookMs',
    expect.toSatisfy((ms: number) => ms >= limit && ms < limit + 2000),
  )
  // With the start of the program and its end.
  expect(took).toBeLessThan(limit + 4000)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it, too', async signal => {
  const home = testHome()
  const mark = newMark()
  const runner = start(home, mark)
  await until(() => sleeping(mark).length > 0)
  const from = performance.now()
  runner.kill(signal)
  expect(await runner.exited).toBe(130)
  expect(performance.now() - from).toBeLessThan(3000)
  expect(sleeping(mark)).toEqual([])
  expect(processesOf(home.dir)).toEqual([])
  expect(readdirSync(home.temp)).toEqual([])
})

test('Ctrl-C in a terminal, and impatient ones after it', async () => {
  const home = testHome()
  const mark = newMark()
  const trusted = await lab(home, 'run', 'long', '--yes', '--json', '--set', 'mark=0.1', ...course)
  expect(trusted.exit).toBe(1)
  const terminal = openTerminal(home, ['run', 'long', '--yes', '--set', `mark=${mark}`, ...course])
  onTestFinished(() => terminal.close())
  await until(() => sleeping(mark).length > 0)
  const from = performance.now()
  for (let times = 0; times < 3; times++) terminal.type(keys.ctrlC)
  await terminal.next(messages('en').interrupted.slice(0, 12))
  const end = await terminal.end()
  expect(end).toMatchObject({ exit: 130, cursor: true })
  expect(end.modes).toEqual(expect.arrayContaining(['icanon', 'echo', 'isig']))
  expect(performance.now() - from).toBeLessThan(3000)
  expect(sleeping(mark)).toEqual([])
  expect(processesOf(home.dir)).toEqual([])
})

test('a killed runner leaves it behind, the next start ends it', async () => {
  const home = testHome()
  const mark = newMark()
  const runner = start(home, mark)
  await until(() => sleeping(mark).length > 0)
  runner.kill('SIGKILL')
  await runner.exited
  expect(sleeping(mark)).not.toEqual([])
  const again = await lab(home, 'run', 'long', '--yes', '--set', 'mark=0.1', ...course)
  expect(again.stderr).toContain(messages('en').leftoverEnded('').slice(0, 40))
  expect(sleeping(mark)).toEqual([])
  expect(processesOf(home.dir)).toEqual([])
})

function start(home: Home, mark: string) {
  const args = [program, 'run', 'long', '--yes', '--set', `mark=${mark}`, ...course]
  const child = spawn(process.execPath, args, { env: { ...home.env }, stdio: 'ignore' })
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), exited }
}

/** Ids of the processes `sleep MARK`. */
function sleeping(mark: string): string[] {
  return readdirSync('/proc').filter(id => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8') === `sleep\0${mark}\0`
    } catch {
      return false
    }
  })
}
