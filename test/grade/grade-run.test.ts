import { expect, test } from 'vitest'
import type { Collected, RunInfo } from '../../src/grade/collected.ts'
import { inCrowd, networkIsDown } from '../../src/grade/crowd.ts'
import { type Driver, type GradeOptions, gradeRun, regrade } from '../../src/grade/grade-run.ts'
import { liveDriver } from '../../src/grade/live-driver.ts'
import type { Student as Row } from '../../src/grade/roster.ts'
import { type Disk, runFolder } from '../../src/grade/run-folder.ts'
import { CouldNotLook } from '../../src/lab/verdict.ts'
import { type FakeFiles, fakeFiles } from '../helpers/fake-files.ts'
import { workspace } from '../helpers/session.ts'
import { digest, type Student, student, tool } from './grading.ts'

const steps = `
  - id: start
    commands: [{ id: start, run: "docker run web" }]
    checks:
      - { id: web, check: docker.container, name: web, expect: { state: running } }
`
const run: RunInfo = {
  ...{ id: 'r1', assignment: 'a1', course: 'devops', lab: { id: 'web', digest }, tool },
  startedAt: '2026-03-02T10:00:00.000Z',
}
const row = (id: string, host = id): Row => ({
  ...{ id, name: id, email: '', section: '', group: '', status: 'active', extraTime: 0, columns: { id, host } },
})

interface Course {
  readonly disk: FakeFiles
  readonly options: GradeOptions
  readonly machines: ReadonlyMap<string, Student>
  readonly visits: string[]
}

/** Students with machines of their own; `good` of them have done it. */
async function course(ids: readonly string[], good: readonly string[], change: Partial<Driver> = {}): Promise<Course> {
  const machines = new Map<string, Student>()
  for (const id of ids) {
    const one = await student(steps)
    // Ids of containers tell machines apart.
    for (let i = 0; i < machines.size; i++) one.world.engine.run(`other-${i}`, 'nginx')
    for (let i = 0; i < machines.size; i++) one.world.engine.remove(`other-${i}`)
    if (good.includes(id)) one.world.engine.run('web', 'nginx')
    one.record([])
    machines.set(id, one)
  }
  const [first] = machines.values()
  const disk = fakeFiles(
    () => 0,
    () => {},
  )
  const visits: string[] = []
  const driver = liveDriver({
    ...{ kind: 'ssh', exam: first!.exam, tool, digest, settleMs: 0, startedAt: 0 },
    now: () => 0,
    sleep: async () => {},
    hostOf: ({ columns }) => columns['host']!,
    async visit({ id }) {
      visits.push(id)
      const { world } = machines.get(id)!
      return {
        ...{ reader: world.reader, probe: world.probe, recordDir: '/state', workspace },
        ...{ target: { kind: 'ssh', label: id }, alive: async () => true, close: async () => {} },
      }
    },
  })
  const options: GradeOptions = {
    ...{ run, exam: first!.exam, folder: runFolder('/g', disk), driver: { ...driver, ...change } },
    ...{ jobs: 8, perHost: 2, limit: 60_000, collectOnly: false, again: new Set() },
    ...{ signal: new AbortController().signal, now: () => 0, listen: () => {} },
  }
  return { disk, options, machines, visits }
}

const states = async ({ options }: Course) =>
  Object.fromEntries([...(await options.folder.all())].map(([id, results]) => [id, results.at(-1)!.state]))

test('each student is looked at once, and judged', async () => {
  const it = await course(['kim', 'lee'], ['kim'])
  expect(await gradeRun([row('kim'), row('lee')], it.options)).toEqual({ stopped: false })
  expect(await states(it)).toEqual({ kim: 'graded', lee: 'graded' })
  expect((await it.options.folder.results('kim'))![0]!.totals.earned).toBe(1)
  expect((await it.options.folder.results('lee'))![0]!.totals.earned).toBe(0)
  await gradeRun([row('kim'), row('lee')], it.options)
  expect(it.visits).toEqual(['kim', 'lee'])
})

test('one who hangs, one who fails and one who is not there stop nobody', async () => {
  const it = await course(['a', 'b', 'hangs', 'fails', 'away'], ['a', 'b'])
  const { driver } = it.options
  const collect: Driver['collect'] = (who, signal) => {
    if (who.id === 'hangs') return new Promise(() => {})
    return driver.collect(who, signal)
  }
  it.machines.get('fails')!.world.engine.down = { code: 'engine.down', evidence: {} }
  const all = ['hangs', 'fails', 'a', 'away', 'b'].map(id => row(id))
  const away = it.machines.get('away')!
  Object.defineProperty(away.world, 'reader', {
    get: () => {
      throw new CouldNotLook('ssh.unreachable', { host: 'away', reason: 'ETIMEDOUT' })
    },
  })
  await gradeRun(all, { ...it.options, driver: { ...driver, collect }, limit: 200 })
  expect(await states(it)).toEqual({
    a: 'graded',
    b: 'graded',
    hangs: 'unreachable',
    fails: 'unreachable',
    away: 'unreachable',
  })
  const [hanging] = (await it.options.folder.results('hangs'))!
  expect(hanging!.reason?.en).toMatch(/longer than/)
  expect(hanging!.totals).toEqual({ earned: 0, possible: 0, ungraded: 0, bonus: 0 })
})

test('who could not be looked at is tried once more at the end, and again in the next run', async () => {
  const it = await course(['kim', 'lee'], ['kim', 'lee'])
  const { engine } = it.machines.get('lee')!.world
  engine.down = { code: 'engine.down', evidence: {} }
  await gradeRun([row('kim'), row('lee')], it.options)
  expect(it.visits).toEqual(['kim', 'lee', 'lee'])
  engine.down = null
  await gradeRun([row('kim'), row('lee')], it.options)
  expect(it.visits).toEqual(['kim', 'lee', 'lee', 'lee'])
  expect(await states(it)).toEqual({ kim: 'graded', lee: 'graded' })
})

test('evidence that was only collected is judged without another visit', async () => {
  const it = await course(['kim'], ['kim'])
  await gradeRun([row('kim')], { ...it.options, collectOnly: true })
  expect(await states(it)).toEqual({})
  it.machines.get('kim')!.world.engine.remove('web')
  await gradeRun([row('kim')], it.options)
  expect(it.visits).toEqual(['kim'])
  expect((await it.options.folder.results('kim'))![0]!.totals.earned).toBe(1)
})

test('what was collected stays what is judged: who had handed in nothing then has not', async () => {
  const it = await course(['kim'], ['kim'])
  const { driver } = it.options
  const nothing = { state: 'absent', reason: { ko: '없어요', en: 'nothing' } } as const
  let visits = 0
  const collect: Driver['collect'] = async (who, signal) => {
    const found = await driver.collect(who, signal)
    return visits++ === 0 ? { ...found, attempts: [], nothing } : found
  }
  const options = { ...it.options, driver: { ...driver, collect } }
  await gradeRun([row('kim')], { ...options, collectOnly: true })
  await gradeRun([row('kim')], options)
  expect(await states(it)).toEqual({ kim: 'absent' })
  await gradeRun([row('kim')], options)
  expect(visits).toBe(1)
  await gradeRun([row('kim')], { ...options, again: new Set(['kim']) })
  expect(await states(it)).toEqual({ kim: 'graded' })
})

test('what we cannot cope with is held, and ends nobody else; a disk that is full ends all', async () => {
  const it = await course(['kim', 'lee'], ['kim', 'lee'])
  const { driver } = it.options
  const broken = (error: Error): Driver['collect'] => {
    return async (who, signal) => {
      if (who.id === 'kim') throw error
      return await driver.collect(who, signal)
    }
  }
  const all = [row('kim'), row('lee')]
  await gradeRun(all, {
    ...it.options,
    driver: { ...driver, collect: broken(new RangeError('Invalid string length')) },
  })
  expect(await states(it)).toEqual({ kim: 'held', lee: 'graded' })
  const [held] = (await it.options.folder.results('kim'))!
  expect(held).toMatchObject({
    flags: [{ code: 'check-bug', detail: 'Invalid string length' }],
    totals: { possible: 0 },
  })
  const full = Object.assign(new Error('full'), { errno: -28 })
  const again = new Set(['kim'])
  await expect(gradeRun(all, { ...it.options, again, driver: { ...driver, collect: broken(full) } })).rejects.toThrow(
    'full',
  )
})

test('ended between new evidence and its grade: it is judged, and nobody is visited again', async () => {
  const it = await course(['kim'], [])
  const all = [row('kim')]
  await gradeRun(all, it.options)
  it.machines.get('kim')!.world.engine.run('web', 'nginx')
  const dying = {
    ...it.options.folder,
    keepResults: () => Promise.reject(Object.assign(new Error('x'), { errno: -5 })),
  }
  const again = new Set(['kim'])
  await expect(gradeRun(all, { ...it.options, folder: dying, again })).rejects.toThrow('x')
  await gradeRun(all, it.options)
  expect(it.visits).toEqual(['kim', 'kim'])
  expect((await it.options.folder.results('kim'))![0]!.totals.earned).toBe(1)
})

test('a corrected lab regrades what is kept, whoever is there', async () => {
  const it = await course(['kim', 'lee'], ['kim'])
  const all = [row('kim'), row('lee')]
  await gradeRun(all, it.options)
  for (const { world } of it.machines.values()) world.engine.down = { code: 'engine.down', evidence: {} }
  const corrected = await student(steps.replace('running', 'exited'))
  const into = runFolder('/again', it.disk)
  const { signal } = it.options
  await regrade(all, it.options.folder, into, { ...run, id: 'r2' }, corrected.exam, signal)
  expect((await into.results('kim'))![0]).toMatchObject({ runId: 'r2', totals: { earned: 0, ungraded: 0 } })
  expect((await it.options.folder.results('kim'))![0]!.totals.earned).toBe(1)
})

test('when nobody can be reached it is not the students: the rest is not tried', async () => {
  const it = await course(['kim'], [])
  const collect: Driver['collect'] = async ({ id }) => ({
    ...{ schema: 'lab/collected/v1', student: id, at: 0, level: 'live', attempts: [], flags: [] },
    ...{ target: { kind: 'ssh', label: id }, nothing: { state: 'unreachable', reason: { ko: '', en: '' } } },
  })
  const all = Array.from({ length: 300 }, (_, i) => row(`s${i}`))
  const { driver } = it.options
  expect(await gradeRun(all, { ...it.options, driver: { ...driver, collect } })).toEqual({ stopped: true })
  expect(Object.keys(await states(it)).length).toBeLessThan(70)
})

test.each([
  [Array(49).fill(false), false],
  [Array(50).fill(false), true],
  [[...Array(200).fill(false), ...Array(36).fill(true), ...Array(14).fill(false)], false],
  [[...Array(34).fill(true), ...Array(16).fill(false)], true],
  [[...Array(35).fill(true), ...Array(15).fill(false)], false],
])('the network is down (%#)', (reached, down) => {
  expect(networkIsDown(reached)).toBe(down)
})

test('no more at a time than told, in all and on one host, and a full host makes nobody else wait', async () => {
  const busy = new Map<string, number>()
  let [running, most] = [0, 0]
  const mostOn = new Map<string, number>()
  const all = [...Array.from({ length: 20 }, (_, i) => row(`s${i}`, 'one')), ...['x', 'y', 'z'].map(id => row(id))]
  const done: string[] = []
  const options = {
    jobs: 5,
    perHost: 2,
    hostOf: (each: Row) => each.columns['host']!,
    signal: new AbortController().signal,
  }
  await inCrowd(all, options, async ({ id, columns }) => {
    const host = columns['host']!
    busy.set(host, (busy.get(host) ?? 0) + 1)
    mostOn.set(host, Math.max(mostOn.get(host) ?? 0, busy.get(host)!))
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    busy.set(host, busy.get(host)! - 1)
    done.push(id)
  })
  expect({ most, one: mostOn.get('one') }).toEqual({ most: 5, one: 2 })
  expect(done.toSorted()).toEqual(all.map(each => each.id).toSorted())
  expect(done.indexOf('x')).toBeLessThan(6)
})

test('ended at any write and taken up again: the same files, byte for byte', { timeout: 120_000 }, async () => {
  const ids = Array.from({ length: 12 }, (_, i) => `s${i}`)
  const it = await course(ids, ids.slice(0, 7))
  const all = ids.map(id => row(id))
  // What the machines say does not change, nor does the time.
  const kept = new Map<string, Collected>()
  const { driver } = it.options
  const collect: Driver['collect'] = async (who, signal) => {
    if (!kept.has(who.id)) kept.set(who.id, await driver.collect(who, signal))
    return kept.get(who.id)!
  }
  const options = { ...it.options, driver: { ...driver, collect }, jobs: 3 }
  const filesIn = (disk: FakeFiles) => Object.fromEntries(disk.paths().map(path => [path, disk.get(path)]))
  await gradeRun(all, options)
  const whole = filesIn(it.disk)
  let seed = 11
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 100; round++) {
    const disk = fakeFiles(
      () => 0,
      () => {},
    )
    for (let ended = true; ended; ) {
      let writes = random(8)
      const dying: Disk = {
        reader: disk.reader,
        files: {
          ...disk.files,
          write: async (path, content) => {
            if (writes-- === 0) throw Object.assign(new Error('killed'), { errno: -5 })
            await disk.files.write(path, content)
          },
        },
      }
      ended = await gradeRun(all, { ...options, folder: runFolder('/g', dying) }).then(
        () => false,
        () => true,
      )
    }
    expect(filesIn(disk)).toEqual(whole)
  }
})
