import { describe, expect, test } from 'vitest'
import { observe } from '../../src/run/observe.ts'
import { labYaml, look, type Opened, open, openChecks } from '../helpers/session.ts'
import { epoch, fakeWorld } from '../helpers/world.ts'

const app = '- { id: up, check: docker.container, image: app, expect: { state: running } }'
const file = '- { id: there, check: file, path: a.txt, within: 10s }'

describe('when', () => {
  test('what is green at once is looked at once, and nobody watches', async () => {
    const opened = await openChecks(app)
    opened.world.engine.run('kind_bell', 'app')
    expect((await look(opened)).verdicts).toEqual({ up: 'passed' })
    expect(opened.world.slept).toEqual([])
    expect(opened.world.looks.get('watch')).toBeUndefined()
  })

  test('it becomes true within the time', async () => {
    const opened = await openChecks(file)
    opened.world.later(3000, () => opened.world.disk.put('/w/a.txt', ''))
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'passed', differences: [], cause: null })
    expect(results[0]!.tookMs).toBeGreaterThanOrEqual(3000)
    expect(results[0]!.tookMs).toBeLessThanOrEqual(3500)
  })

  test('the time is over', async () => {
    const opened = await openChecks(file)
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'failed', cause: { code: 'file.missing' }, tookMs: 10_000 })
  })

  test('it has to stay so: a break begins the time anew', async () => {
    const opened = await openChecks('- { id: open, check: tcp, port: 80, within: 10s, for: 2s }')
    const { world } = opened
    world.open.add(80)
    world.later(1000, () => world.open.delete(80))
    world.later(3000, () => world.open.add(80))
    const { results } = await look(opened)
    expect(results[0]!.verdict).toBe('passed')
    expect(results[0]!.tookMs).toBeGreaterThanOrEqual(5000)
  })

  test('a container itself says how long it has been running', async () => {
    const opened = await openChecks(
      '- { id: up, check: docker.container, image: app, expect: { state: running }, for: 5s }',
    )
    opened.world.engine.run('kind_bell', 'app', { startedAt: epoch - 5000 })
    expect((await look(opened)).verdicts).toEqual({ up: 'passed' })
    expect(opened.world.slept).toEqual([])
  })

  test('looking once waits for nothing but `for`', async () => {
    const opened = await openChecks(file)
    expect((await look(opened, { once: true })).verdicts).toEqual({ there: 'failed' })
    expect(opened.world.slept).toEqual([])
  })

  test('a cause that only the learner can repair ends the wait', async () => {
    const opened = await openChecks(app)
    opened.world.engine.run('kind_bell', 'app', { state: 'exited', exitCode: 1, startedAt: epoch, finishedAt: epoch })
    opened.world.engine.logs.set('kind_bell', ['Error: no database'])
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'failed', cause: { code: 'container.exited', final: true }, tookMs: 0 })
  })

  test('a patient look waits on, past deadlines and causes, and says each new reason once', async () => {
    const opened = await openChecks(app)
    const { engine } = opened.world
    engine.run('kind_bell', 'app', { state: 'exited', exitCode: 1, finishedAt: epoch })
    opened.world.later(120_000, () => {
      engine.change('kind_bell', { state: 'running' })
      engine.changed()
    })
    const { results } = await look(opened, { patient: true })
    expect(results[0]).toMatchObject({ verdict: 'passed', cause: null })
    expect(opened.told('check.waiting').map(event => event.cause?.code)).toEqual(['container.exited'])
  })

  test('Ctrl-C ends a patient look without a verdict', async () => {
    const opened = await openChecks(file)
    opened.world.later(60_000, opened.interrupt)
    expect((await look(opened, { patient: true })).results).toEqual([])
    expect(opened.world.now()).toBe(epoch + 60_000)
  })
})

describe('what wakes it', () => {
  test('an event of the engine, sooner than the next look', async () => {
    const opened = await openChecks(app)
    const { engine } = opened.world
    opened.world.later(100, () => {
      engine.run('kind_bell', 'app')
      engine.changed()
    })
    const { results } = await look(opened)
    expect(results[0]!.verdict).toBe('passed')
    expect(results[0]!.tookMs).toBeLessThanOrEqual(120)
    expect(opened.world.looks.get('containers')).toBeLessThanOrEqual(4)
  })

  test('a burst of events is one look', async () => {
    const opened = await openChecks(app)
    const { engine } = opened.world
    for (const ms of [100, 105, 110]) opened.world.later(ms, () => engine.changed())
    opened.world.later(112, () => void engine.run('kind_bell', 'app'))
    expect((await look(opened)).results[0]!.tookMs).toBeLessThanOrEqual(120)
  })

  test('a state that changed without an event is seen all the same', async () => {
    const opened = await openChecks(app)
    opened.world.later(100, () => void opened.world.engine.run('kind_bell', 'app'))
    expect((await look(opened)).results[0]!.tookMs).toBe(2000)
  })

  test('no engine is watched for a lab that uses none', async () => {
    const yaml = labYaml('  - id: run\n    checks: [{ id: there, check: file, path: a, within: 3s }]\n', 'requires: {}')
    const opened = await open(yaml)
    await look(opened)
    expect(opened.world.looks.get('watch')).toBeUndefined()
  })

  test('polls grow apart', async () => {
    const opened = await openChecks(file)
    await look(opened)
    const { slept } = opened.world
    expect(slept.slice(0, 3)).toEqual([50, 75, 112.5])
    expect(Math.max(...slept)).toBe(500)
  })
})

describe('checks that need others', () => {
  const chain = `
- { id: up, check: docker.container, image: app, expect: { state: running }, within: 5s }
- { id: web, check: http, needs: [up], url: "http://127.0.0.1:3000/", within: 2s }
- { id: deep, check: file, needs: [web], path: a.txt }`

  test('are looked at as soon as those have passed, without a pause', async () => {
    const opened = await openChecks(chain)
    opened.world.engine.run('kind_bell', 'app')
    opened.world.web.set('http://127.0.0.1:3000/', { status: 200 })
    opened.world.disk.put('/w/a.txt', '')
    expect((await look(opened)).verdicts).toEqual({ up: 'passed', web: 'passed', deep: 'passed' })
    expect(opened.world.slept).toEqual([])
  })

  test('are blocked, not failed, where those did not pass, and that takes no time', async () => {
    const opened = await openChecks(chain)
    const { results, verdicts } = await look(opened, { once: true })
    expect(verdicts).toEqual({ up: 'failed', web: 'blocked', deep: 'blocked' })
    expect(results.slice(1).map(({ cause, differences }) => ({ cause, differences }))).toEqual([
      { cause: null, differences: [] },
      { cause: null, differences: [] },
    ])
    expect(opened.world.slept).toEqual([])
    expect(opened.world.looks.get('http')).toBeUndefined()
  })

  test('have their own time from then on', async () => {
    const opened = await openChecks(chain)
    const asked = { '3000/tcp': [{ host: '127.0.0.1', port: 3000 }] }
    opened.world.later(4000, () => {
      opened.world.engine.run('kind_bell', 'app', { ports: { '3000/tcp': 3000 }, asked })
      opened.world.engine.changed()
    })
    opened.world.later(5500, () => void opened.world.web.set('http://127.0.0.1:3000/', { status: 200 }))
    opened.world.disk.put('/w/a.txt', '')
    expect((await look(opened)).verdicts).toEqual({ up: 'passed', web: 'passed', deep: 'passed' })
  })
})

describe('what could not be looked at', () => {
  test('is an error with its cause, never a failure', async () => {
    const opened = await openChecks(app)
    opened.world.engine.down = { code: 'engine.down', evidence: { host: 'unix:///var/run/docker.sock' } }
    const { results } = await look(opened, { once: true })
    expect(results[0]).toMatchObject({ verdict: 'error', cause: { code: 'engine.down' }, differences: [] })
  })

  test('may be seen later', async () => {
    const opened = await openChecks(app)
    opened.world.engine.down = { code: 'engine.timeout', evidence: {} }
    opened.world.later(1000, () => {
      opened.world.engine.down = null
      opened.world.engine.run('kind_bell', 'app')
    })
    expect((await look(opened)).verdicts).toEqual({ up: 'passed' })
  })

  test('a file without the right to read it', async () => {
    const opened = await openChecks('- { id: there, check: file, path: a.txt, expect: { text: a } }')
    opened.world.disk.broken.set('/w/a.txt', 'EACCES')
    expect((await look(opened)).verdicts).toEqual({ there: 'error' })
  })

  test('an address that is none', async () => {
    const checks = 'checks: [{ id: web, check: http, url: "{{ vars.url }}", within: 0s }]'
    const opened = await open(labYaml(`  - id: run\n    ${checks}\n`, 'vars: { url: "not an address" }'))
    expect((await look(opened)).verdicts).toEqual({ web: 'error' })
  })

  test('a bug of ours is no verdict', async () => {
    const opened = await openChecks(file)
    const broken = { ...opened.session.kinds['file']!, look: () => Promise.reject(new TypeError('a bug')) }
    const session = { ...opened.session, kinds: { ...opened.session.kinds, file: broken } }
    await expect(observe(session, opened.step('run'), { signal: session.signal })).rejects.toThrow('a bug')
  })
})

describe('a cause that ends the wait only when it lasts', () => {
  const forbidden = {
    code: 'k8s.forbidden',
    evidence: { verb: 'list', resource: 'pods', message: 'pods is forbidden' },
  }
  const pods = '- { id: pods, check: k8s.pods, selector: app=web, within: 60s }'
  const running = {
    kind: 'Pod',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }

  async function refused(): Promise<Opened> {
    const world = fakeWorld()
    world.engine.run('lab-control-plane', 'kindest/node:v1', {
      labels: { 'io.x-k8s.kind.cluster': 'lab', 'io.x-k8s.kind.role': 'control-plane' },
      asked: { '6443/tcp': [{ host: '127.0.0.1', port: 6443 }] },
    })
    world.cluster.put(running)
    world.cluster.problem = forbidden
    const head = 'cluster: lab\nrequires: { tools: { docker: "*", kubectl: "*" } }'
    return open(labYaml(`  - id: run\n    checks:\n      ${pods}\n`, head), { world })
  }

  test('goes while an API server starts', async () => {
    const opened = await refused()
    opened.world.later(2000, () => (opened.world.cluster.problem = null))
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'passed', cause: null })
    expect(results[0]!.tookMs).toBeLessThanOrEqual(4000)
    expect(opened.told('check.waiting').map(({ cause }) => cause?.code)).toEqual(['k8s.forbidden'])
  })

  test('lasts, though what is seen never changes: not at the deadline, but when its time is over', async () => {
    const opened = await refused()
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'error', cause: { code: 'k8s.forbidden' }, tookMs: 10_000 })
    expect(opened.told('check.waiting')).toHaveLength(1)
  })

  test('comes back: its time begins anew', async () => {
    const opened = await refused()
    const unreachable = { code: 'k8s.unreachable', evidence: { server: 'https://127.0.0.1:6443' } }
    opened.world.later(6000, () => (opened.world.cluster.problem = unreachable))
    opened.world.later(9000, () => (opened.world.cluster.problem = forbidden))
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'error', cause: { code: 'k8s.forbidden' } })
    expect(results[0]!.tookMs).toBeGreaterThanOrEqual(19_000)
    expect(results[0]!.tookMs).toBeLessThanOrEqual(21_000)
  })

  test('never ends a patient look', async () => {
    const opened = await refused()
    opened.world.later(120_000, () => (opened.world.cluster.problem = null))
    expect((await look(opened, { patient: true })).verdicts).toEqual({ pods: 'passed' })
  })
})

test('a quiet look tells nobody', async () => {
  const opened = await openChecks(app)
  await look(opened, { once: true, quiet: true })
  expect(opened.events).toEqual([])
})
