import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { labs } from './course.ts'
import { buildProgram, type Home, lab, labJson, testHome } from './program.ts'
import { offline } from './repository.ts'
import { expectFreshEngine } from './snapshot.ts'
import { menu, openTerminal, theEnd } from './terminal.ts'

/** A check that passes before its step is done proves nothing. */

portForFile()
beforeAll(buildProgram)

interface Checked {
  readonly passed: boolean
  readonly checks: readonly { id: string; verdict: string; cause: { code: string } | null; seen: string | null }[]
}

async function look(home: Home, id: string, step: string): Promise<Checked> {
  return (await labJson<Checked>(home, 'check', id, step)).document
}

async function stepsOf(home: Home, id: string): Promise<string[]> {
  const { document } = await labJson<{ labs: { id: string; steps: { id: string }[] }[] }>(home, 'status')
  return document.labs.find(each => each.id === id)!.steps.map(step => step.id)
}

function passedIn({ checks }: Checked, step: string): string[] {
  return checks.filter(each => each.verdict === 'passed').map(each => `${step}/${each.id} passed`)
}

async function nothingPasses(id: string): Promise<void> {
  const home = testHome()
  const found: string[] = []
  for (const step of await stepsOf(home, id)) {
    const checked = await look(home, id, step)
    expect(checked.checks.length).toBeGreaterThan(0)
    found.push(...passedIn(checked, step))
    for (const { id, verdict } of checked.checks) if (verdict === 'error') found.push(`${step}/${id} could not look`)
  }
  expect(found).toEqual([])
}

/** Right before each step none of its checks passes, right after it all do. */
async function eachStepIsSeen(id: string, extra: Record<string, string> = {}): Promise<void> {
  const home = testHome('en', extra)
  const steps = await stepsOf(home, id)
  const terminal = openTerminal(home, ['run', id])
  onTestFinished(() => terminal.close())
  const found: string[] = []
  await terminal.next(menu)
  for (const step of steps) {
    found.push(...passedIn(await look(home, id, step), `before ${step}`))
    terminal.type('r')
    if (step === 'clone') {
      await terminal.next(menu)
      terminal.type('y')
    }
    await terminal.next(menu, theEnd)
    for (const each of (await look(home, id, step)).checks)
      if (each.verdict !== 'passed') found.push(`after ${step}: ${each.id} ${each.verdict} ${each.cause?.code ?? ''}`)
  }
  expect((await terminal.end()).exit).toBe(0)
  expect((await lab(home, 'clean', id, '--yes')).exit).toBe(0)
  expect(found).toEqual([])
}

describe('first-steps', () => {
  test('nothing passes on a fresh machine', () => nothingPasses('first-steps'))
  test('each step is seen when it is done, and not before', () => eachStepIsSeen('first-steps'))
})

live('docker')('with an engine', () => {
  beforeAll(expectFreshEngine)
  test.each(labs.filter(each => !each.usesCluster).map(each => each.id))(
    'nothing of %s passes on a fresh machine',
    nothingPasses,
  )
  test('each step of todo-app is seen when it is done, and not before', () => eachStepIsSeen('todo-app', offline))
})
