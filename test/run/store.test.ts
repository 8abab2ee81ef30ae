import { describe, expect, test } from 'vitest'
import { noProgress, withStep } from '../../src/lab/progress.ts'
import { chainOf } from '../../src/run/chain.ts'
import { createStore } from '../../src/run/store.ts'
import { labYaml, open, stateDir } from '../helpers/session.ts'
import { fakeWorld } from '../helpers/world.ts'

function setUp() {
  const world = fakeWorld()
  return { world, store: createStore(stateDir, 'course', world) }
}

const progress = withStep(noProgress('course'), 'web', 'run', { status: 'passed', at: 5 })
const aside = `${stateDir}/progress.json.unreadable-2026-03-02T09-00-00-000Z`

test('what was kept comes back', async () => {
  const { store } = setUp()
  const ledger = { entries: [{ lab: 'web', step: 'run', kind: 'path', name: '/w/a' }] } as const
  const shells = { 'web/run': { cwd: '/w', env: { A: '1', B: null } } }
  await store.saveProgress(progress)
  await store.saveLedger(ledger)
  await store.saveShells(shells)
  expect(await store.progress()).toEqual({ value: progress })
  expect(await store.peek()).toEqual(progress)
  expect(await store.ledger()).toEqual({ value: ledger })
  expect(await store.shells()).toEqual(shells)
})

test('nothing kept yet is an empty course', async () => {
  const { store } = setUp()
  expect(await store.progress()).toEqual({ value: noProgress('course') })
  expect(await store.ledger()).toEqual({ value: { entries: [] } })
  expect(await store.shells()).toEqual({})
})

describe.each([
  ['empty', ''],
  ['half written', '{"version":1,"cour'],
  ['of another version', '{"version":9,"course":"course","labs":{}}'],
  ['no object', '"progress"'],
  ['a list', '[]'],
  ['without labs', '{"version":1,"course":"course","labs":null}'],
])('a progress file that is %s', (_, content) => {
  test('is kept aside, and the course begins anew', async () => {
    const { world, store } = setUp()
    world.disk.put(`${stateDir}/progress.json`, content)
    expect(await store.progress()).toEqual({ value: noProgress('course'), setAside: aside })
    expect(world.disk.get(aside)).toBe(content)
    expect(world.disk.get(`${stateDir}/progress.json`)).toBeNull()
  })

  test('stays where it is for those who only look', async () => {
    const { world, store } = setUp()
    world.disk.put(`${stateDir}/progress.json`, content)
    expect(await store.peek()).toEqual(noProgress('course'))
    expect(world.disk.paths()).toEqual([`${stateDir}/progress.json`])
  })
})

test('a session says what it set aside, and where', async () => {
  const world = fakeWorld()
  world.disk.put(`${stateDir}/progress.json`, 'broken')
  world.disk.put(`${stateDir}/ledger.json`, '{"entries":3}')
  const { told } = await open(labYaml('  - { id: run }'), { world })
  const texts = told('warning').map(({ code, text }) => `${code} ${text.en}`)
  expect(texts).toEqual([
    expect.stringContaining(`state.unreadable`),
    expect.stringContaining(`${stateDir}/ledger.json.unreadable-`),
  ])
  expect(texts[0]).toContain(aside)
})

test('events are lines, each linked to the one before, also by the next process', async () => {
  const { world, store } = setUp()
  for (const at of [1, 2]) await store.record({ at, lab: 'web', event: 'step.reset' })
  await createStore(stateDir, 'course', world).record({ at: 3, lab: 'web', event: 'step.reset' })
  const { events, brokenAt } = chainOf(world.disk.get(`${stateDir}/events.ndjson`)!)
  expect(events.map(({ at, event }) => ({ at, event }))).toEqual([1, 2, 3].map(at => ({ at, event: 'step.reset' })))
  expect(brokenAt).toBeUndefined()
})

test('a line that was left half is ended before the next one', async () => {
  const { world, store } = setUp()
  world.disk.put(`${stateDir}/events.ndjson`, '{"at":1,"la')
  await store.record({ at: 2, lab: 'web', event: 'step.reset' })
  expect(world.disk.get(`${stateDir}/events.ndjson`)).toMatch(/^\{"at":1,"la\n\{"at":2,[^\n]*\}\n$/)
})

describe('the lock', () => {
  const lock = `${stateDir}/runner.lock`

  test('is held by one, and free again after it', async () => {
    const { world, store } = setUp()
    const taken = await store.lock()
    if ('heldBy' in taken) throw new Error('it was free')
    expect(await createStore(stateDir, 'course', world).lock()).toEqual({ heldBy: process.pid })
    await taken.release()
    expect(world.disk.get(lock)).toBeNull()
    expect(await store.lock()).toHaveProperty('release')
  })

  test('of another living process names it', async () => {
    const { world, store } = setUp()
    world.processes.set(77, 'yesterday')
    world.disk.put(lock, '{"pid":77,"start":"yesterday"}')
    expect(await store.lock()).toEqual({ heldBy: 77 })
    expect(world.disk.get(lock)).toContain('77')
  })

  test.each([
    ['a process that is gone', '{"pid":77,"start":"yesterday"}'],
    ['another process of the same id', '{"pid":78,"start":"yesterday"}'],
    ['nobody', 'x'],
    ['nobody at all', ''],
  ])('of %s is taken over', async (_, content) => {
    const { world, store } = setUp()
    world.processes.set(78, 'today')
    world.disk.put(lock, content)
    expect(await store.lock()).toHaveProperty('release')
    expect(world.disk.get(lock)).toContain(String(process.pid))
  })

  test('of somebody who took it over is left to them', async () => {
    const { world, store } = setUp()
    const taken = await store.lock()
    world.disk.put(lock, '{"pid":77,"start":"today"}')
    if ('release' in taken) await taken.release()
    expect(world.disk.get(lock)).toContain('77')
  })
})
