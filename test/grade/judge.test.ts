import { describe, expect, test } from 'vitest'
import type { Collected, RunInfo } from '../../src/grade/collected.ts'
import type { Evidence } from '../../src/grade/evidence.ts'
import { judgeStudent, withSharedMachines } from '../../src/grade/judging.ts'
import type { Result } from '../../src/grade/result.ts'
import type { Student as Row } from '../../src/grade/roster.ts'
import { isStudentId } from '../../src/grade/roster.ts'
import { digest, type Student, student, tool } from './grading.ts'

const steps = `
  - id: start
    commands: [{ id: start, run: "docker run web" }]
    checks:
      - { id: web, check: docker.container, name: web, expect: { state: running } }
  - id: write
    edits: [{ file: a.txt, solution: solution/a.txt }]
    checks: [{ id: a, check: file, path: a.txt }]
`
const run: RunInfo = {
  ...{ id: 'r1', assignment: 'a1', course: 'devops', lab: { id: 'web', digest }, tool },
  startedAt: '2026-03-02T10:00:00.000Z',
}
const row = (id: string): Row => ({
  ...{ id, name: id, email: '', section: '', group: '', status: 'active', extraTime: 0, columns: { id } },
})

async function done(): Promise<Student> {
  const kim = await student(steps)
  kim.world.engine.run('web', 'nginx')
  kim.world.disk.put('/w/a.txt', '')
  kim.record(['start', 'write'])
  return kim
}

async function judged(
  { exam }: Student,
  evidence: Evidence,
  change: Partial<Collected> = {},
): Promise<Result & { codes: string[] }> {
  const collected: Collected = {
    ...{ schema: 'lab/collected/v1', student: 'kim', at: 0, level: 'recorded', flags: [] },
    ...{ target: { kind: 'record', label: 'kim.labz' }, attempts: [{ submittedAt: 5, evidence }], ...change },
  }
  const [result] = await judgeStudent(run, exam, row('kim'), JSON.parse(JSON.stringify(collected)))
  return { ...result!, codes: result!.flags.map(flag => `${flag.severity} ${flag.code}`) }
}

test('sound work is graded without a flag, and the result says what it rests on', async () => {
  const kim = await done()
  const result = await judged(kim, { ...(await kim.collect()), student: 'kim' })
  expect(result).toMatchObject({
    ...{ schema: 'lab/result/v1', state: 'graded', attempt: 1, codes: [], runId: 'r1', student: { id: 'kim' } },
    totals: { earned: 2, possible: 2, ungraded: 0 },
    evidence: { level: 'recorded', digest: expect.stringMatching(/^sha256:/) },
    times: { submittedAt: '1970-01-01T00:00:00.005Z', gradedAt: run.startedAt },
    machines: [expect.stringMatching(/^[0-9a-f]{12}$/)],
  })
  expect(result.resultId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

describe('is held for a person to look at', () => {
  test.each<[string, (evidence: Evidence) => Partial<Evidence>, string]>([
    ['a bundle of another student', () => ({ student: 'lee' }), 'hold other-student'],
    ['a bundle of another lab', () => ({ lab: { id: 'todo-app', digest } }), 'hold other-lab-version'],
    [
      'an event that was changed',
      ({ record }) => ({
        record: { ...record, 'events.ndjson': record['events.ndjson']!.replace('"passed"', '"solved"') },
      }),
      'hold record-edited',
    ],
    [
      'events that were cut off at the end',
      ({ record }) => ({ record: { ...record, 'events.ndjson': `${record['events.ndjson']!.split('\n')[0]}\n` } }),
      'hold record-truncated',
    ],
    [
      'events that were cut off at the beginning',
      ({ record }) => ({
        record: { ...record, 'events.ndjson': record['events.ndjson']!.split('\n').slice(1).join('\n') },
      }),
      'hold record-truncated',
    ],
    ['no events', ({ record }) => ({ record: { 'progress.json': record['progress.json']! } }), 'hold record-truncated'],
    [
      'a step that is done without an event',
      ({ record }) => {
        const progress = JSON.parse(record['progress.json']!)
        progress.labs.web.steps.more = progress.labs.web.steps.start
        return { record: { ...record, 'progress.json': JSON.stringify(progress) } }
      },
      'hold record-truncated',
    ],
    [
      'a progress that is none',
      ({ record }) => ({ record: { ...record, 'progress.json': '{"version":1,"labs":{"web":7}}' } }),
      'hold record-edited',
    ],
    [
      'looks that no look gives',
      ({ looks }) => ({ looks: { ...looks, containers: { at: 1, seen: { a: 1 } } } }),
      'hold bundle-refused',
    ],
  ])('%s', async (_, change, flag) => {
    const kim = await done()
    const evidence = await kim.collect()
    const result = await judged(kim, { ...evidence, ...change(evidence) })
    expect(result.codes).toContain(flag)
    expect(result.state).toBe('held')
  })
})

describe('is said, and changes nothing', () => {
  test('a lab of another version', async () => {
    const kim = await done()
    const evidence = { ...(await kim.collect()), lab: { id: 'web', digest: `sha256:${'b'.repeat(64)}` } }
    expect(await judged(kim, evidence)).toMatchObject({ state: 'graded', codes: ['warn other-lab-version'] })
  })

  test('a record that says more than was seen', async () => {
    const kim = await done()
    kim.world.engine.remove('web')
    expect(await judged(kim, await kim.collect())).toMatchObject({
      ...{ state: 'graded', codes: ['warn record-mismatch'] },
      totals: { earned: 1, possible: 2 },
    })
  })

  test('a clock that cannot be right', async () => {
    const kim = await done()
    kim.record(['start', 'write'], progress =>
      JSON.parse(JSON.stringify(progress).replace(/"startedAt":\d+/g, '"startedAt":9e15')),
    )
    expect((await judged(kim, await kim.collect())).codes).toContain('warn clock')
  })
})

describe('the state of a student', () => {
  test('is unreachable where nothing could be looked at', async () => {
    const kim = await student(steps)
    kim.world.engine.down = { code: 'engine.down', evidence: {} }
    kim.world.disk.broken.set('/w/a.txt', 'EIO')
    const result = await judged(kim, await kim.collect(), { level: 'live' })
    expect(result).toMatchObject({ state: 'unreachable', totals: { earned: 0, ungraded: 2 } })
  })

  test('is incomplete where something could not', async () => {
    const kim = await done()
    kim.world.engine.down = { code: 'engine.down', evidence: {} }
    expect(await judged(kim, await kim.collect(), { level: 'live' })).toMatchObject({
      ...{ state: 'incomplete', totals: { earned: 1, possible: 2, ungraded: 1 } },
    })
  })

  test('is absent where nothing was begun, and graded once it was', async () => {
    const kim = await student(steps)
    expect(await judged(kim, await kim.collect(), { level: 'live' })).toMatchObject({ state: 'absent' })
    kim.record([])
    expect(await judged(kim, await kim.collect(), { level: 'live' })).toMatchObject({
      state: 'graded',
      totals: { earned: 0 },
    })
  })

  test('is what the driver says where there is no evidence', async () => {
    const kim = await done()
    const reason = { ko: '없음', en: 'none' }
    for (const state of ['unreachable', 'absent', 'held'] as const)
      expect(await judged(kim, await kim.collect(), { attempts: [], nothing: { state, reason } })).toMatchObject({
        ...{ state, attempt: 0, checks: [], reason, totals: { earned: 0, possible: 0 } },
      })
  })
})

test('two students with one machine are both held, a third is not', async () => {
  const [kim, lee, park] = await Promise.all([done(), done(), done()])
  park.world.engine.remove('web')
  const results = new Map<string, Result[]>()
  for (const [id, one] of Object.entries({ kim, lee, park })) results.set(id, [await judged(one, await one.collect())])
  const shared = withSharedMachines(results)
  expect(shared.get('kim')).toMatchObject([
    { state: 'held', flags: [{ code: 'same-machine', severity: 'hold', detail: 'lee' }] },
  ])
  expect(shared.get('lee')).toMatchObject([{ state: 'held', flags: [{ detail: 'kim' }] }])
  expect(shared.get('park')).toMatchObject([{ state: 'graded' }])
})

test('whatever is in a bundle: it is judged or held, and never hangs', { timeout: 120_000 }, async () => {
  const kim = await done()
  const sound = JSON.stringify(await kim.collect())
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const values = ['null', '-1', '1e309', '"x"', '[]', '{}', '[[[[]]]]', '"__proto__"', '9007199254740993', 'true', '""']
  for (let round = 0; round < 400; round++) {
    const places = [...sound.matchAll(/(?<=[:[,])("(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?|true|false|null)(?=[,}\]])/g)]
    const at = places[random(places.length)]!
    const text = sound.slice(0, at.index) + values[random(values.length)] + sound.slice(at.index + at[0].length)
    let evidence: Evidence
    try {
      evidence = JSON.parse(text)
    } catch {
      continue
    }
    const { asEvidence } = await import('../../src/grade/evidence.ts')
    const taken = asEvidence(evidence)
    if (!taken) continue
    const result = await judged(kim, taken)
    expect(['graded', 'incomplete', 'held', 'unreachable', 'absent']).toContain(result.state)
    expect(result.totals.earned).toBeLessThanOrEqual(2)
    for (const check of result.checks) expect(check.earned === null).toBe(check.status === 'error')
  }
})

test.each(['s1', 'a.b_c-d', '..', '.', '', '../x', 'a/b', 'ㄱ', 'x'.repeat(65)])('%j as an id', id => {
  expect(isStudentId(id)).toBe(/^(s1|a\.b_c-d)$/.test(id))
})

test('files that nobody found where something else was: perhaps we looked in the wrong place', async () => {
  const live = { level: 'live', target: { kind: 'ssh', label: 'vm' } } as const
  const kim = await student(steps)
  kim.world.engine.run('web', 'nginx')
  kim.world.disk.take('/w')
  expect(await judged(kim, await kim.collect(), live)).toMatchObject({ state: 'held', codes: ['hold no-workspace'] })
  kim.world.disk.put('/w/other.txt', '')
  expect(await judged(kim, await kim.collect(), live)).toMatchObject({ state: 'graded', codes: [] })
  const nobody = await student(steps)
  nobody.world.disk.take('/w')
  expect(await judged(nobody, await nobody.collect(), live)).toMatchObject({ state: 'absent', codes: [] })
})
