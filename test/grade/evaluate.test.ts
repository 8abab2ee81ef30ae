import { describe, expect, test } from 'vitest'
import { evaluateEvidence } from '../../src/grade/collect.ts'
import { student } from './grading.ts'

const file = (id: string, more = '') => `{ id: ${id}, check: file, path: ${id}.txt${more} }`
const container = (id: string, more = '') => `{ id: ${id}, check: docker.container, name: ${id}${more} }`

const two = `
  - id: write
    edits: [{ file: a.txt, solution: solution/a.txt }]
    checks: [${file('a', ', expect: { text: { $contains: hello } }')}]
  - id: start
    commands: [{ id: start, run: "docker run web" }]
    checks:
      - ${container('web', ', expect: { state: running }, points: 3')}
      - ${container('db', ', needs: [web]')}
`

describe('a check', () => {
  test('that is seen and right earns its points', async () => {
    const { world, grade } = await student(two)
    world.disk.put('/w/a.txt', 'hello')
    world.engine.run('web', 'nginx')
    expect(await grade()).toMatchObject({
      a: { status: 'passed', earned: 1, evidence: 'live' },
      web: { status: 'passed', earned: 3, points: 3 },
      db: { status: 'failed', earned: 0 },
    })
  })

  test('that is seen and wrong earns nothing, and says why', async () => {
    const { world, grade } = await student(two)
    world.disk.put('/w/a.txt', 'bye')
    world.engine.run('web', 'nginx', { state: 'exited', exitCode: 1 })
    const { a, web, db } = await grade()
    expect(a).toMatchObject({ status: 'failed', earned: 0, differences: [expect.anything()] })
    expect(web).toMatchObject({ status: 'failed', earned: 0, cause: { code: expect.stringMatching(/\./) } })
    expect(db).toMatchObject({ status: 'blocked', earned: 0, blockedBy: 'start/web' })
  })

  test('that could not be looked at is no zero, nor is what waits for it', async () => {
    const { world, grade } = await student(two)
    world.disk.put('/w/a.txt', 'hello')
    world.engine.down = { code: 'engine.down', evidence: {} }
    const { a, web, db } = await grade()
    expect(a).toMatchObject({ status: 'passed' })
    expect(web).toMatchObject({
      status: 'error',
      earned: null,
      error: { class: 'target-unreachable', retryable: true },
    })
    expect(db).toMatchObject({ status: 'error', earned: null, error: { detail: 'start/web' } })
  })

  test.each([
    ['file.unreadable', 'auth'],
    ['engine.permission', 'auth'],
    ['tool.missing', 'tool-missing'],
    ['engine.timeout', 'timeout'],
    ['engine.down', 'target-unreachable'],
  ])('%s is of the class %s', async (code, name) => {
    const { world, grade } = await student(two)
    world.engine.down = { code, evidence: {} }
    expect((await grade())['web']).toMatchObject({ status: 'error', earned: null, error: { class: name } })
  })

  test.each([
    ['in the order of the file', ['c', 'b', 'a']],
    ['in another order', ['a', 'b', 'c']],
  ])('that waits for one that waits for one that could not be looked at: %s', async (_, order) => {
    const checks = { a: file('a', ', needs: [b]'), b: file('b', ', needs: [c]'), c: container('c') }
    const lines = order.map(id => `      - ${checks[id as 'a']}`).join('\n')
    const { world, grade } = await student(`
  - id: one
    commands: [{ id: start, run: "docker run c" }]
    checks:
${lines}
`)
    world.engine.down = { code: 'engine.down', evidence: {} }
    expect(await grade()).toMatchObject({
      a: { status: 'error', earned: null, error: { detail: 'one/b' } },
      b: { status: 'error', earned: null, error: { detail: 'one/c' } },
    })
  })

  test('that needs a value which could not be captured is no zero, whatever else is wrong', async () => {
    const { world, grade } = await student(`
  - id: one
    commands: [{ id: start, run: "docker run web" }]
    checks: [${container('web', ', capture: { id: self.id }')}]
  - id: two
    edits: [{ file: a.txt, solution: solution/a.txt }]
    checks: [${file('a')}]
  - id: three
    edits: [{ file: b.txt, solution: solution/b.txt }]
    checks: [{ id: b, check: file, path: "{{ steps.one.id }}.txt" }]
`)
    world.engine.down = { code: 'engine.down', evidence: {} }
    expect(await grade()).toMatchObject({
      a: { status: 'failed' },
      b: { status: 'error', earned: null, error: { detail: 'one/web' } },
    })
    world.engine.down = null
    expect(await grade()).toMatchObject({ b: { status: 'blocked', earned: 0, blockedBy: 'one/web' } })
  })

  test('within whose code something breaks is our bug, and no zero', async () => {
    const { exam, world, collect } = await student(two)
    world.disk.put('/w/a.txt', 'hello')
    const evidence = await collect()
    const broken = { ...evidence, looks: { ...evidence.looks, containers: { at: 0, seen: 7 } } }
    const { checks } = await evaluateEvidence(exam, broken, 'live')
    expect(checks.map(({ id, status, error }) => [id, status, error?.class])).toEqual([
      ['a', 'passed', undefined],
      ['web', 'error', 'check-bug'],
      ['db', 'error', 'check-bug'],
    ])
  })
})

test('part of the points, by how much is there', async () => {
  const steps = `
  - id: write
    edits: [{ file: a.txt, solution: solution/a.txt }]
    checks:
      - { id: size, check: file, path: a.txt, points: 3, expr: "self.size >= 10", partial: { from: self.size, of: 10 } }
      - { id: rungs, check: file, path: a.txt, points: 2, expr: "self.size >= 10", partial: { from: self.size, table: { "3": 0.25, "5": 0.5 } } }
`
  const size = async (content: string | null) => {
    const { world, grade } = await student(steps)
    if (content !== null) world.disk.put('/w/a.txt', content)
    const { size, rungs } = await grade()
    return [size!.status, size!.earned, rungs!.status, rungs!.earned]
  }
  expect(await size('0123456789')).toEqual(['passed', 3, 'passed', 2])
  expect(await size('012345')).toEqual(['partial', 1.8, 'partial', 1])
  expect(await size('0123')).toEqual(['partial', 1.2, 'partial', 0.5])
  expect(await size('')).toEqual(['failed', 0, 'failed', 0])
  expect(await size(null)).toEqual(['failed', 0, 'failed', 0])
})

test('what a person judges stays ungraded', async () => {
  const { world, grade } = await student(`
  - id: write
    edits: [{ file: a.txt, solution: solution/a.txt }]
    rubric: [{ id: style, points: 4, text: Written well }]
    checks: [${file('a')}]
`)
  world.disk.put('/w/a.txt', '')
  expect(await grade()).toMatchObject({
    a: { status: 'passed' },
    style: { kind: 'manual', status: 'error', earned: null, points: 4, error: { class: 'manual' } },
  })
})

describe('what a later step has ended on purpose', () => {
  const steps = `
  - id: start
    commands: [{ id: start, run: "docker run web" }]
    until: stop
    checks: [${container('web', ', expect: { state: running }')}]
  - id: stop
    commands: [{ id: stop, run: "docker rm -f web" }]
    checks: [${container('web2', ', name: web, gone: true').replace('name: web2, ', '')}]
`
  test('counts by the record, and that is said', async () => {
    const { record, grade } = await student(steps)
    record(['start', 'stop'], progress => ({
      ...progress,
      labs: { web: { ...progress.labs['web']!, sightings: { 'container web': 1 } } },
    }))
    expect(await grade()).toMatchObject({
      web: { status: 'passed', earned: 1, evidence: 'recorded' },
      web2: { status: 'passed', earned: 1, evidence: 'live' },
    })
  })

  test('counts nothing where the record says that it was never done', async () => {
    const { record, grade } = await student(steps)
    record(['stop'], progress => ({
      ...progress,
      labs: { web: { ...progress.labs['web']!, sightings: { 'container web': 1 } } },
    }))
    expect(await grade()).toMatchObject({ web: { status: 'failed', earned: 0, evidence: 'recorded' } })
  })

  test('counts nothing where the step that ends it was only skipped', async () => {
    const { record, grade } = await student(steps)
    record(['start'], progress => {
      const { web } = progress.labs
      const stop = { ...web!.steps['start']!, status: 'skipped' as const }
      return { ...progress, labs: { web: { ...web!, steps: { ...web!.steps, stop } } } }
    })
    expect(await grade()).toMatchObject({ web: { status: 'failed', earned: 0, evidence: 'live' } })
  })

  test('is unknown without a record, and no zero', async () => {
    const { grade } = await student(steps)
    expect(await grade()).toMatchObject({
      web: { status: 'failed' },
      web2: { status: 'error', earned: null, error: { class: 'no-record' } },
    })
  })

  test('is looked at as long as it is there', async () => {
    const { world, record, grade } = await student(steps)
    record(['start'])
    world.engine.run('web', 'nginx')
    expect(await grade()).toMatchObject({ web: { status: 'passed', evidence: 'live' }, web2: { status: 'failed' } })
  })
})

describe('a lab with a cluster', () => {
  const head = 'requires: { tools: { docker: "*", kind: "*" } }\ncluster: lab'
  const steps = `
  - id: deploy
    commands: [{ id: apply, run: "kubectl apply -f web.yaml" }]
    checks: [{ id: web, check: k8s.object, kind: ConfigMap, name: web }]
`
  const node = { labels: { 'io.x-k8s.kind.cluster': 'lab', 'io.x-k8s.kind.role': 'control-plane' } }
  const lab = async () => {
    const one = await student(steps, undefined, head)
    const port = { '6443/tcp': 6443 }
    const server = one.world.cluster.config.contexts[0]!.server
    one.world.engine.run('lab-control-plane', 'kindest/node', {
      ...node,
      ports: { '6443/tcp': Number(new URL(server).port || port['6443/tcp']) },
    })
    return one
  }

  test('that was never made was seen not to be there', async () => {
    const { world, grade } = await student(steps, undefined, head)
    expect(await grade()).toMatchObject({ web: { status: 'failed', earned: 0 } })
    world.cluster.config = { ...world.cluster.config, contexts: [] }
    expect(await grade()).toMatchObject({ web: { status: 'failed', earned: 0 } })
  })

  test('that is there is looked at', async () => {
    const { world, grade } = await lab()
    expect(await grade()).toMatchObject({ web: { status: 'failed', earned: 0, differences: [expect.anything()] } })
    world.cluster.put({ kind: 'ConfigMap', metadata: { name: 'web', namespace: 'default' } })
    expect(await grade()).toMatchObject({ web: { status: 'passed', earned: 1 } })
  })

  test('whose API server does not answer could not be looked at', async () => {
    const { world, grade } = await lab()
    world.cluster.problem = { code: 'k8s.unreachable', evidence: { context: 'kind-lab' } }
    expect(await grade()).toMatchObject({
      web: { status: 'error', earned: null, error: { class: 'target-unreachable' } },
    })
  })

  test('that no context leads to, though it is there, could not be looked at', async () => {
    const { world, grade } = await lab()
    world.cluster.config = { ...world.cluster.config, contexts: [] }
    expect(await grade()).toMatchObject({ web: { status: 'error', earned: null } })
  })
})
