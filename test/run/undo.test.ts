import { describe, expect, test } from 'vitest'
import { stepProgress } from '../../src/lab/progress.ts'
import { beginLab } from '../../src/run/open.ts'
import { saveLedger } from '../../src/run/session.ts'
import { cleanLab, endLeftover, leftOf, objectsLeft, resetStep } from '../../src/run/undo.ts'
import { walk } from '../../src/run/walk.ts'
import { openFixture } from '../helpers/played-lab.ts'
import { labYaml, type Opened, open, workspace } from '../helpers/session.ts'
import { epoch, fakeWorld } from '../helpers/world.ts'

/** Played until it stands before its last step, so that everything it makes is there. */
async function played(): Promise<Opened> {
  const opened = await openFixture()
  opened.world.on(/^docker rm/, { exit: 1 })
  await beginLab(opened.session)
  await walk(opened.session, null)
  opened.events.length = 0
  return opened
}

const removed = (opened: Opened) => opened.told('removed').map(({ kind, name }) => `${kind} ${name}`)
const copies = (opened: Opened) =>
  opened.world.disk.paths().flatMap(path => (path.startsWith('/state/copies') ? opened.world.disk.get(path) : []))

describe('resetting a step', () => {
  test('removes what it made, and nothing else', async () => {
    const opened = await played()
    await resetStep(opened.session, opened.step('run'))
    expect(removed(opened)).toEqual(['container web', 'image app:latest'])
    expect(opened.world.engine.containers).toEqual([])
    expect(opened.world.disk.get('/w/app/package.json')).not.toBeNull()
    expect(stepProgress(opened.session.progress, 'web', 'run')).toMatchObject({ status: 'todo', tries: 0 })
    expect(opened.told('step.reset')).toHaveLength(1)
  })

  test('moves files aside', async () => {
    const opened = await played()
    opened.world.disk.put('/w/app/mine.txt', 'my work')
    await resetStep(opened.session, opened.step('get'))
    expect(opened.world.disk.paths().filter(path => path.startsWith('/w/app'))).toEqual([])
    expect(copies(opened)).toContain('my work')
  })

  test('gives a file back as the learner had it, and keeps what they wrote since', async () => {
    const opened = await openFixture()
    opened.world.disk.put('/w/app/package.json', '{}')
    opened.world.disk.put('/w/app/Dockerfile', 'FROM mine')
    await beginLab(opened.session)
    await walk(opened.session, null)
    opened.world.disk.put('/w/app/Dockerfile', 'FROM later')
    await resetStep(opened.session, opened.step('write'))
    expect(opened.world.disk.get('/w/app/Dockerfile')).toBe('FROM mine')
    expect(copies(opened)).toEqual(expect.arrayContaining(['FROM mine', 'FROM later']))
  })

  test('keeps what the learner wrote into a file that the tool began', async () => {
    const opened = await played()
    opened.world.disk.put('/w/app/Dockerfile', 'FROM later')
    await resetStep(opened.session, opened.step('write'))
    expect(opened.world.disk.get('/w/app/Dockerfile')).toBeNull()
    expect(copies(opened)).toContain('FROM later')
  })

  test('runs what the lab says, in the workspace', async () => {
    const opened = await open(labYaml('  - { id: run, reset: [{ run: make undo }] }\n'))
    await resetStep(opened.session, opened.step('run'))
    expect(opened.world.ran).toEqual([{ line: 'make undo', state: { cwd: workspace, env: {} } }])
    expect(opened.told('step.reset')).toHaveLength(1)
  })

  test('of a step that made nothing says nothing', async () => {
    const opened = await openFixture()
    await resetStep(opened.session, opened.step('get'))
    expect(opened.events).toEqual([])
  })
})

describe('cleaning up', () => {
  test('lists what is there, each once', async () => {
    const opened = await played()
    const list = async () => (await leftOf(opened.session)).map(({ kind, name }) => `${kind} ${name}`)
    expect(await list()).toEqual(['path /w/notes.txt', 'path /w/app', 'image app:latest', 'container web'])
    const again = opened.world.engine.containers.map(({ id, name }) => ({ kind: 'container', id, name }) as const)
    const { entries } = opened.session.ledger
    const gone = { kind: 'container', id: 'gone', name: 'gone' } as const
    const more = [...again, gone].map(each => ({ ...each, lab: 'web', step: 'run' }))
    await saveLedger(opened.session, { entries: [...entries, ...more] })
    opened.world.disk.take('/w/notes.txt')
    expect(await list()).toEqual(['path /w/app', 'image app:latest', 'container web'])
  })

  test('lists the objects in the cluster that it deletes and that are there', async () => {
    const opened = await open(`${labYaml('  - { id: run, commands: [{ id: run, run: ls }] }\n', 'cluster: lab')}cleanup:
  - { run: "kubectl --context {{ cluster.context }} delete deployments,pods a b --ignore-not-found" }
  - { run: "kubectl --context {{ cluster.context }} delete pod b --ignore-not-found" }
`)
    const { cluster, engine } = opened.world
    engine.run('lab-control-plane', 'kindest/node:v1', {
      labels: { 'io.x-k8s.kind.cluster': 'lab', 'io.x-k8s.kind.role': 'control-plane' },
      asked: { '6443/tcp': [{ host: '127.0.0.1', port: 6443 }] },
    })
    for (const name of ['a', 'c']) cluster.put({ kind: 'Deployment', metadata: { name } })
    cluster.put({ kind: 'Pod', metadata: { name: 'b' } })
    const list = async () => (await objectsLeft(opened.session)).map(({ kind, name }) => `${kind} ${name}`)
    expect(await list()).toEqual(['Deployment a', 'Pod b'])
    cluster.problem = { code: 'k8s.unreachable', evidence: {} }
    expect(await list()).toEqual([])
  })

  test('removes everything in an order that works', async () => {
    const opened = await played()
    expect(await cleanLab(opened.session)).toBe(true)
    expect(removed(opened)).toEqual(['container web', 'image app:latest', 'path /w/app', 'path /w/notes.txt'])
    expect(opened.session.ledger.entries).toEqual([])
    expect(opened.session.progress.labs['web']).toMatchObject({ startedAt: 0, steps: {}, sightings: {} })
    expect(opened.session.shells).toEqual({})
  })

  test('says what could not be removed, and tries it again the next time', async () => {
    const opened = await played()
    opened.world.engine.stuck.set('app:latest', 'conflict: unable to remove, container 0f is using it')
    expect(await cleanLab(opened.session)).toBe(false)
    expect(opened.told('not.removed')).toMatchObject([
      { kind: 'image', name: 'app:latest', why: 'conflict: unable to remove, container 0f is using it' },
    ])
    expect(removed(opened)).toContain('path /w/app')
    opened.world.engine.stuck.clear()
    expect(await cleanLab(opened.session)).toBe(true)
    expect(opened.world.engine.images).toEqual([])
  })

  test('is silent about what is gone already', async () => {
    const opened = await played()
    opened.world.engine.remove('web')
    expect(await cleanLab(opened.session)).toBe(true)
    expect(removed(opened)).not.toContain('container web')
    expect(opened.told('not.removed')).toEqual([])
  })

  test('leaves what others made', async () => {
    const opened = await played()
    opened.world.engine.run('mine', 'app')
    opened.world.disk.put('/w/mine.txt', '')
    await cleanLab(opened.session)
    expect(opened.world.engine.containers.map(({ name }) => name)).toEqual(['mine'])
    expect(opened.world.disk.get('/w/mine.txt')).toBe('')
  })

  test('removes an image that has lost its name to a newer one', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker run -d/, { exit: 1 })
    await beginLab(opened.session)
    await walk(opened.session, null)
    const older = opened.session.ledger.entries.find(({ kind }) => kind === 'image')!
    opened.world.engine.build('app')
    await saveLedger(opened.session, {
      entries: [...opened.session.ledger.entries, { ...older, id: opened.world.engine.images.at(-1)!.id } as never],
    })
    expect(opened.world.engine.images).toHaveLength(2)
    expect(await cleanLab(opened.session)).toBe(true)
    expect(opened.world.engine.images).toEqual([])
  })

  test('takes away the folders that it made, unless something is in them', async () => {
    for (const mine of [false, true]) {
      const world = fakeWorld()
      const opened = await openFixture({ world })
      world.disk.take('/w')
      await beginLab(opened.session)
      if (mine) world.disk.put('/w/mine.txt', '')
      expect(await cleanLab(opened.session)).toBe(true)
      expect(await world.reader.list('/w')).toEqual(mine ? ['mine.txt'] : null)
      expect(opened.session.ledger.entries.map(({ kind }) => kind)).toEqual(mine ? ['folder'] : [])
    }
  })

  test.each([
    ['is still that process', 'start of 77', true],
    ['is another by now', 'later', false],
  ])('ends what was left running, if it %s', async (_, start, ended) => {
    const opened = await open(labYaml('  - { id: run, commands: [{ id: up, run: make, background: true }] }\n'))
    opened.world.on(/^make/, { leaves: 77 })
    await beginLab(opened.session)
    await walk(opened.session, null)
    opened.world.processes.set(77, start)
    expect(await cleanLab(opened.session)).toBe(true)
    expect(opened.world.processes.has(77)).toBe(!ended)
  })
})

describe('what a killed run left', () => {
  /** The ledger as a run leaves it that is killed while a line runs. */
  async function killed(): Promise<Opened> {
    const opened = await openFixture()
    const before = { docker: await opened.world.docker.snapshot(), paths: ['/w/notes.txt'] }
    const line = 'docker build -t app .'
    const running = {
      lab: 'web',
      step: 'run',
      line,
      group: 99,
      start: 'start of 99',
      at: epoch,
      timeoutMs: 60_000,
      before,
    }
    await saveLedger(opened.session, { entries: [], running })
    return openFixture({ world: opened.world })
  }

  test('is taken into the ledger', async () => {
    const opened = await killed()
    opened.world.engine.build('app')
    opened.world.engine.run('web', 'app', { createdAt: epoch + 30_000 })
    opened.world.engine.run('other', 'app', { createdAt: epoch + 90_000 })
    opened.world.disk.put('/w/app/a.txt', '')
    await opened.world.sleep(120_000)
    await endLeftover(opened.session)
    const { entries, running } = opened.session.ledger
    expect(entries.map(({ step, kind, name }) => `${step} ${kind} ${name}`)).toEqual([
      'run container web',
      'run image app:latest',
      'run path /w/app',
    ])
    expect(running).toBeUndefined()
    expect(opened.told('leftover.ended')).toEqual([])
  })

  test('is ended where it still runs, and that is said', async () => {
    const opened = await killed()
    opened.world.processes.set(99, 'start of 99')
    await endLeftover(opened.session)
    expect(opened.world.processes.has(99)).toBe(false)
    expect(opened.told('leftover.ended')).toMatchObject([{ line: 'docker build -t app .' }])
  })

  test('is not another process that has its number now', async () => {
    const opened = await killed()
    opened.world.processes.set(99, 'much later')
    await endLeftover(opened.session)
    expect(opened.world.processes.has(99)).toBe(true)
    expect(opened.told('leftover.ended')).toEqual([])
  })
})
