import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as moment } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, type Home, lab, processesOf, program, testHome } from './program.ts'
import { offline } from './repository.ts'
import { expectFreshEngine, portTaken, snapshot } from './snapshot.ts'

/** The runner is killed at any moment: what it knows stays readable, and the next start goes on. */

portForFile()
beforeAll(buildProgram)

/** A slow machine kills fewer times rather than for longer, ms. */
const longest = 240_000
/** LAB_LIVE_LONG=1: three times as often. */
const kills = process.env['LAB_LIVE_LONG'] === '1' ? 200 : 40
const seed = Number(process.env['LAB_SEED'] ?? 20261121)

describe('first-steps', () => {
  test(`killed ${kills} times`, { timeout: 290_000 }, () =>
    killed('first-steps', { times: kills, whole: 10, engine: false }),
  )
})

live('docker')('todo-app', () => {
  beforeAll(expectFreshEngine)
  test('killed 8 times', { timeout: 290_000 }, () => killed('todo-app', { times: 8, whole: 4, engine: true }))
})

interface Plan {
  readonly times: number
  /** Each so many kills the run goes to its end, and is cleaned up. */
  readonly whole: number
  readonly engine: boolean
}

async function killed(id: string, { times, whole, engine }: Plan): Promise<void> {
  const home = testHome('en', offline)
  const before = await snapshot(home, { engine })
  const random = randomFrom(seed)
  const span = await runWhole(home, id)
  await cleaned()
  const deadline = performance.now() + longest
  let hits = 0
  while (hits < times && performance.now() < deadline) {
    const at = random() * span
    const end = await killAfter(home, ['run', id, '--yes'], at)
    if (end === 'killed') hits++
    expectReadable(home, `kill ${hits} at ${at.toFixed(0)} ms`)
    // It was quicker, or now and then may go on to the end: nothing of the killed ones is left then.
    if (end !== 'killed') expect(end).toBe(0)
    else if (hits % whole === 0) await runWhole(home, id)
    else continue
    await cleaned()
  }

  expect(hits).toBeGreaterThanOrEqual(times / 2)

  async function cleaned(): Promise<void> {
    const { exit, stderr } = await lab(home, 'clean', id, '--yes')
    expect(exit, stderr).toBe(0)
    expect(processesOf(home.dir)).toEqual([])
    expect(portTaken(3000)).toBe(false)
    const { files, ...after } = await snapshot(home, { engine })
    // A killed runner cannot take its own temporary folder along.
    expect({ ...after, files: files.filter(name => !name.startsWith('temp/handrail-')) }).toEqual(before)
  }
}

/** Goes on to the end of the lab; gives the ms it took. */
async function runWhole(home: Home, id: string): Promise<number> {
  const from = performance.now()
  const { exit, stdout, stderr } = await lab(home, 'run', id, '--yes')
  expect(exit, stdout + stderr).toBe(0)
  return performance.now() - from
}

/** How it ended by then by itself, else `killed`. */
async function killAfter(home: Home, args: readonly string[], ms: number): Promise<number | 'killed'> {
  const runner = spawn(process.execPath, [program, ...args], { env: { ...home.env }, stdio: 'ignore' })
  const exited = new Promise<number | 'killed'>(resolve => runner.once('exit', code => resolve(code ?? 'killed')))
  await Promise.race([moment(ms), exited])
  runner.kill('SIGKILL')
  return exited
}

function expectReadable(home: Home, when: string): void {
  for (const name of ['progress.json', 'ledger.json', 'shells.json']) {
    const path = join(home.state, name)
    if (!existsSync(path)) continue
    expect(() => JSON.parse(readFileSync(path, 'utf8')), `${name} after ${when}`).not.toThrow()
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
