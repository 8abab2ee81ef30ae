import { expect, test } from 'vitest'
import { pack, unpack } from '../../src/grade/bundle.ts'
import { evaluateEvidence } from '../../src/grade/collect.ts'
import type { Evidence } from '../../src/grade/evidence.ts'
import { redacted } from '../../src/grade/redact.ts'
import { student } from './grading.ts'

const running = `
  - id: start
    commands: [{ id: start, run: "docker run web" }]
    checks:
      - { id: web, check: docker.container, name: web, expect: { state: running }, for: 2s }
`

test('the same evidence gives the same grades, a year later and without the machine', async () => {
  const { world, exam, collect } = await student(running)
  world.engine.run('web', 'nginx')
  const evidence = await collect()
  world.engine.remove('web')
  world.setClock(world.now() + 365 * 86_400_000)
  const kept = JSON.parse(JSON.stringify(evidence)) as Evidence
  const [first, second] = [await evaluateEvidence(exam, kept, 'live'), await evaluateEvidence(exam, kept, 'live')]
  expect(first.checks).toMatchObject([{ id: 'web', status: 'passed' }])
  expect(second).toEqual(first)
})

test('a corrected check judges the old evidence anew', async () => {
  const { world, collect } = await student(running.replace('state: running', 'state: paused'))
  world.engine.run('web', 'nginx')
  const evidence = await collect()
  const corrected = await student(running, world)
  const { totals } = await evaluateEvidence(corrected.exam, evidence, 'live')
  expect(totals).toMatchObject({ earned: 1, possible: 1, ungraded: 0 })
})

test('what the corrected lab looks at and the old one did not is missing, and no zero', async () => {
  const { world, collect } = await student(running)
  world.engine.run('web', 'nginx')
  const evidence = await collect()
  const corrected = await student(
    running.replace('checks:', 'checks:\n      - { id: note, check: file, path: note.txt }'),
    world,
  )
  const { checks } = await evaluateEvidence(corrected.exam, evidence, 'live')
  expect(checks).toMatchObject([
    { id: 'note', status: 'error', earned: null, error: { class: 'not-collected', retryable: true } },
    { id: 'web', status: 'passed' },
  ])
})

test.each([
  ['nobody looked at', undefined, { status: 'error', earned: null, error: { class: 'not-collected' } }],
  ['is out of reach', { code: 'k8s.unreachable', evidence: {} }, { status: 'failed', earned: 0 }],
  ['we could not get to', { code: 'ssh.lost', evidence: {} }, { status: 'error', earned: null }],
])('a cluster that %s', async (_, problem, expected) => {
  const { world, exam, collect } = await student(`
  - id: create
    commands: [{ id: create, run: kind create cluster }]
    checks: [{ id: cluster, check: kind.cluster, name: lab }]`)
  const labels = { 'io.x-k8s.kind.cluster': 'lab', 'io.x-k8s.kind.role': 'control-plane' }
  world.engine.run('lab-control-plane', 'kindest/node', { labels, ports: { '6443/tcp': 6443 } })
  world.cluster.put({
    kind: 'Node',
    metadata: { name: 'lab-control-plane' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  })
  world.cluster.put({ kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } })
  const evidence = await collect()
  expect((await evaluateEvidence(exam, evidence, 'live')).checks).toMatchObject([{ status: 'passed' }])
  const ready = 'get kind-lab /readyz'
  const { [ready]: looked, ...others } = evidence.looks
  const looks = problem ? { ...others, [ready]: { at: looked!.at, problem } } : others
  const { checks } = await evaluateEvidence(exam, { ...evidence, looks }, 'live')
  expect(checks).toMatchObject([expected])
})

test('what is not right yet is looked at again until the time is over', async () => {
  const { world, exam, collect } = await student(running)
  world.later(2500, () => void world.engine.run('web', 'nginx'))
  const evidence = await collect({ settleMs: 5000 })
  expect(evidence.tries).toBeGreaterThan(2)
  expect((await evaluateEvidence(exam, evidence, 'live')).checks).toMatchObject([{ status: 'passed' }])
  const never = await student(running)
  expect(await never.collect({ settleMs: 5000 })).toMatchObject({ tries: 6 })
})

test('what is too large is a look that could not be made', async () => {
  const { world, exam, collect } = await student(`
  - id: write
    edits: [{ file: a.txt, solution: solution/a.txt }]
    checks: [{ id: a, check: file, path: a.txt, expect: { text: { $contains: x } } }]
`)
  world.disk.put('/w/a.txt', 'x'.repeat(5000))
  const limits = { look: 1000, all: 1_000_000 }
  const evidence = await collect({ limits })
  expect(JSON.stringify(evidence).length).toBeLessThan(5000)
  const { checks } = await evaluateEvidence(exam, evidence, 'live')
  expect(checks).toMatchObject([{ status: 'error', earned: null, error: { class: 'limit' } }])
})

test('secrets, keys and control characters are not kept', async () => {
  const { world, collect } = await student(`
  - id: start
    commands: [{ id: start, run: "docker run web" }]
    checks:
      - { id: web, check: docker.container, name: web, expect: { env: { MODE: dark } } }
      - { id: key, check: file, path: key.txt }
`)
  world.engine.run('web', 'nginx', { env: { MODE: 'dark', DB_PASSWORD: 'hunter2', API_TOKEN: 'abc' } })
  world.disk.put(
    '/w/key.txt',
    'a\u001b[31m\u202e-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb',
  )
  const text = JSON.stringify(await collect())
  expect(text).not.toMatch(/hunter2|"abc"|MII|\\u001b|\u202e/)
  expect(text).toContain('a[31m[private key]\\nb')
  expect(text).toMatch(/"DB_PASSWORD":"sha256:[0-9a-f]{16}"/)
  expect(text).toContain('"MODE":"dark"')
})

test('of who listens only the ports are kept', async () => {
  expect(redacted('listeners', [{ address: '127.0.0.1', port: 3000, pid: 7, process: 'my-secret-app' }])).toEqual([
    { address: '127.0.0.1', port: 3000 },
  ])
  expect(redacted('listeners', null)).toBeNull()
})

test('of the record only this lab is taken, and nothing that was typed', async () => {
  const { world, record, collect } = await student(running)
  record(['start'], progress => ({
    ...progress,
    labs: { ...progress.labs, other: { startedAt: 1, vars: { mine: 'secret-thing' }, steps: {}, sightings: {} } },
  }))
  const typed = { at: 5, lab: 'web', step: 'start', event: 'typed', line: 'export X=secret-thing' }
  const events = world.disk.get('/state/events.ndjson')!
  world.disk.put('/state/events.ndjson', `${JSON.stringify(typed)}\n${events}`)
  const { record: kept } = await collect()
  expect(JSON.stringify(kept)).not.toContain('secret-thing')
  expect(kept['events.ndjson']).toContain('step.finished')
})

test('a bundle is evidence that is packed, and nothing else is taken for one', async () => {
  const { collect } = await student(running)
  const evidence = await collect()
  expect(unpack(pack(evidence))).toEqual({ evidence })
  const gz = (text: string) => pack(text as unknown as Evidence)
  expect(unpack(Buffer.from('PK\u0003\u0004'))).toEqual({ refused: 'not-packed' })
  expect(unpack(pack(evidence).slice(0, 100))).toEqual({ refused: 'not-packed' })
  expect(unpack(gz('hello'))).toEqual({ refused: 'not-evidence' })
  expect(unpack(gz('0'.repeat(40_000_000)))).toEqual({ refused: 'too-large' })
  expect(unpack(Buffer.alloc(9_000_000))).toEqual({ refused: 'too-large' })
  const wrong = [{ schema: 'other' }, { looks: [] }, { looks: { a: 1 } }, { record: { 'progress.json': 1 } }]
  for (const change of [...wrong, { collectedAt: 'x' }, { collectedAt: -1 }, { lab: null }, { student: 5 }])
    expect(unpack(pack({ ...evidence, ...change } as Evidence)), JSON.stringify(change)).toEqual({
      refused: 'not-evidence',
    })
})
