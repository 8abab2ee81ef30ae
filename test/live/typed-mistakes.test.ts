import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../src/lab/lab.ts'
import type { RunEvent } from '../../src/run/events.ts'
import type { Entry } from '../../src/run/ledger.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { until } from '../helpers/until.ts'
import { buildProgram, type Home, lab, newHome, recorded, root, run } from './program.ts'
import { appRepository, type Repository } from './repository.ts'
import { expectFreshEngine } from './snapshot.ts'
import { firstSteps } from './typed-mistakes/first-steps.ts'
import type { Learner, Slip } from './typed-mistakes/slip.ts'
import { todoApp } from './typed-mistakes/todo-app.ts'
import { todoUpdate } from './typed-mistakes/todo-update.ts'
import { keysOf, openTypist, type Typist } from './typist.ts'

/**
 * Mistakes typed in the guided shell, each answered with its cause in the learner's language within a second of the
 * prompt, without a key being pressed; after those of a step what is right there is typed, and the step is done.
 */

const repository = 'https://github.com/docker/getting-started-app.git'
/** From the prompt to the answer, ms. A machine that is busy with other things proves nothing of it. */
const limit = () => (loadavg()[0]! > 1.5 * availableParallelism() ? patience : 1000)
/** Longer than anything that turns true by itself takes here, ms. */
const patience = 30_000
/** From the end of each command to its answer, ms. */
const times: number[] = []

portForFile()
beforeAll(buildProgram)
afterAll(() => {
  const sorted = times.toSorted((a, b) => a - b).map(Math.round)
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]
  process.stdout.write(`${sorted.length} answers: median ${at(0.5)} ms, 9 of 10 ${at(0.9)} ms, slowest ${at(1)} ms\n`)
})

test('there are 60 of them, and more', () => {
  const all = [firstSteps, todoApp, todoUpdate].flatMap(each => Object.values(each.steps))
  expect(all.flatMap(({ mistakes }) => mistakes).length).toBeGreaterThanOrEqual(60)
})

describe('first-steps', () => mistyped(firstSteps))
live('docker')('with an engine', () => {
  beforeAll(expectFreshEngine)
  describe('todo-app', () => mistyped(todoApp))
  describe('todo-update', () => mistyped(todoUpdate))
})

function mistyped(learner: Learner): void {
  let home: Home
  let source: Repository
  /** Steps that are not done yet: each begins where the one before ended. */
  const left = Object.keys(learner.steps)

  beforeAll(async () => {
    source = await appRepository()
    home = newHome(learner.language, { ...source.env, LC_CTYPE: 'C.UTF-8' })
    if (learner.after) expect(await lab(home, 'run', learner.after, '--yes')).toMatchObject({ exit: 0 })
  }, 120_000)

  afterAll(async () => {
    // Others may use the engine, too: what they made meanwhile is not ours to remove.
    if (await ownsOnlyOurs(home))
      for (const id of [learner.lab, learner.after]) if (id) await lab(home, 'clean', id, '--yes')
    await run('bash', ['-c', removeOurs], home.env)
    home.remove()
    source.remove()
  })

  test.each(Object.entries(learner.steps))('%s', async (step, { mistakes, right }) => {
    expect(left[0], 'the step before is not done').toBe(step)
    const typist = await openTypist(home, { lab: learner.lab, shell: learner.shell })
    for (const slip of mistakes) {
      for (const line of slip.typed.slice(0, -1)) await typist.enter(filled(home, learner.lab, line))
      await expectAnswer(typist, slip)
      for (const line of slip.then) await typist.enter(filled(home, learner.lab, line))
    }
    for (const line of right) await typist.enter(filled(home, learner.lab, line))
    const done = await until(() => finished(home, learner.lab, step), patience).catch(error => {
      throw new Error(`${step} is not done: ${(error as Error).message}; shown: ${typist.shown().slice(-3000)}`)
    })
    expect(done).toMatchObject({ status: 'passed' })
    left.shift()
    if (recorded(home).some(event => event.event === 'lab.finished' && event.lab === learner.lab)) await typist.ended()
    else {
      await typist.enter('exit')
      typist.keys('q')
      expect(await typist.ended()).toMatchObject({ exit: 0 })
    }
  })

  async function expectAnswer(typist: Typist, { what, typed, cause, says, ctrlCAt }: Slip): Promise<void> {
    const before = recorded(home).length
    const from = typist.shown().length
    const ending = typist.enter(filled(home, learner.lab, typed.at(-1)!))
    if (ctrlCAt) {
      await until(() => typist.shown().slice(from).includes(ctrlCAt), patience)
      typist.keys(keysOf.ctrlC)
    }
    const entered = await ending
    const prompted = performance.now()
    const wanted = says.replaceAll(/\s/g, '')
    const answer = () => readable(typist.shown().slice(from))
    await until(() => answer().includes(wanted), patience).catch(() => {
      const events = recorded(home).slice(before).flatMap(codeOf)
      throw new Error(`${what}: not answered with “${says}”, but (${events}): ${typist.shown().slice(from)}`)
    })
    const after = performance.now() - prompted
    times.push(entered.tookMs + after)
    expect(recorded(home).slice(before).flatMap(codeOf), what).toContain(cause)
    expect(after, `${what}: ms from the prompt to the answer`).toBeLessThan(limit())
  }
}

/** What is on the screen, without escapes and blanks: lines break where the width wants it. */
function readable(shown: string): string {
  return stripVTControlCharacters(shown.replaceAll(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '')).replaceAll(/\s/g, '')
}

function codeOf(event: RunEvent): string[] {
  if (event.event === 'typed') return event.cause ? [event.cause.code] : []
  return event.event === 'check.finished' && event.result.cause ? [event.result.cause.code] : []
}

function finished(home: Home, id: string, step: string): RunEvent | undefined {
  return recorded(home).findLast(
    event => event.event === 'step.finished' && event.lab === id && event.step === step && event.status === 'passed',
  )
}

function filled(home: Home, id: string, line: string): string {
  const { labs } = JSON.parse(readFileSync(join(home.state, 'progress.json'), 'utf8')) as {
    labs: Record<string, { steps: Record<string, { captures: Record<string, Json> }> }>
  }
  return line
    .replaceAll('{course}', join(root, 'labs'))
    .replaceAll('{repository}', repository)
    .replaceAll(/\{(\w+)\.(\w+)\}/g, (_, step: string, name: string) => String(labs[id]!.steps[step]!.captures[name]))
}

const removeOurs = `docker ps -aq --filter ancestor=getting-started --filter name=peek | xargs -r docker rm -f
docker ps -aq --filter ancestor=getting-started | xargs -r docker rm -f
docker ps -aq --filter name=hrlive-web | xargs -r docker rm -f
docker image rm -f getting-started getting-strated getting-started:v2`

async function ownsOnlyOurs(home: Home): Promise<boolean> {
  const file = join(home.state, 'ledger.json')
  if (!existsSync(file)) return true
  const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { entries: Entry[] }
  const ids = entries.flatMap(entry => (entry.kind === 'container' ? entry.id : []))
  const { stdout } = await run('docker', ['inspect', '-f', '{{.Config.Image}} {{.Name}}', ...ids], home.env)
  const images = stdout.split('\n').filter(Boolean)
  const all = images.every(line => /^(getting-started|sha256:|[0-9a-f]{12} |nginx\S* \/hrlive-web)/.test(line))
  return all && entries.every(entry => entry.kind !== 'image' || /^getting-st/.test(entry.name))
}
