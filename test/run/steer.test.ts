import { describe, expect, test } from 'vitest'
import { stepProgress } from '../../src/lab/progress.ts'
import { beginLab } from '../../src/run/open.ts'
import { goTo, resetTo } from '../../src/run/steer.ts'
import { beginStep, giveHint, skipStep } from '../../src/run/walk.ts'
import { openFixture } from '../helpers/played-lab.ts'
import { labYaml, type Opened, open, workspace } from '../helpers/session.ts'

async function begun(): Promise<Opened> {
  const opened = await openFixture()
  await beginLab(opened.session)
  return opened
}

function statuses({ session, lab }: Opened): Record<string, string> {
  return Object.fromEntries(lab.steps.map(({ id }) => [id, stepProgress(session.progress, lab.id, id).status]))
}

describe('going to a step', () => {
  test('does everything before it, and not the step itself', async () => {
    const opened = await begun()
    expect(await goTo(opened.session, opened.step('run'))).toBeNull()
    expect(statuses(opened)).toMatchObject({ get: 'solved', write: 'solved', run: 'todo' })
    expect(opened.world.engine.containers).toEqual([])
  })

  test('does what was skipped as well', async () => {
    const opened = await begun()
    await skipStep(opened.session, opened.step('get'))
    expect(await goTo(opened.session, opened.step('run'))).toBeNull()
    expect(statuses(opened)).toMatchObject({ get: 'solved', write: 'solved' })
  })

  test('stops where a step does not pass', async () => {
    const opened = await begun()
    opened.world.on(/^git clone/, { exit: 1 })
    expect(await goTo(opened.session, opened.step('run'))).toMatchObject({ end: 'stuck', step: { id: 'get' } })
  })

  test('brings back what is gone meanwhile, and says what that was', async () => {
    const opened = await begun()
    await goTo(opened.session, opened.step('again'))
    opened.world.disk.take('/w/app/Dockerfile')
    opened.events.length = 0
    expect(await goTo(opened.session, opened.step('again'))).toBeNull()
    expect(opened.told('lab.gone')).toMatchObject([{ steps: [{ id: 'write' }], stood: 'again' }])
    expect(opened.told('step.finished').map(event => event.step)).toEqual(['write'])
    expect(opened.world.disk.get('/w/app/Dockerfile')).toContain('FROM')
  })

  test('says which of the earlier steps does not hold any more after all', async () => {
    const opened = await begun()
    opened.world.on(/^docker run -d/, () => {
      opened.world.disk.take('/w/app/Dockerfile')
      opened.world.engine.run('web', 'app', { ports: { '80/tcp': 8080 } })
      opened.world.web.set('http://127.0.0.1:8080/', { status: 200 })
    })
    expect(await goTo(opened.session, opened.step('again'))).toMatchObject({
      end: 'stuck',
      step: { id: 'write' },
      verdict: 'failed',
    })
  })

  test('a later step that is gone is to be done again without a word', async () => {
    const opened = await begun()
    await goTo(opened.session, opened.step('stop'))
    opened.world.engine.remove('web')
    opened.events.length = 0
    expect(await goTo(opened.session, opened.step('run'))).toBeNull()
    expect(opened.told('lab.gone')).toEqual([])
    expect(statuses(opened)).toMatchObject({ write: 'solved', run: 'todo' })
  })

  test('nothing is done where it cannot be looked', async () => {
    const opened = await begun()
    await goTo(opened.session, opened.step('again'))
    opened.world.engine.down = { code: 'engine.down', evidence: {} }
    opened.world.ran.length = 0
    expect(await goTo(opened.session, opened.step('again'))).toMatchObject({ end: 'stuck', verdict: 'error' })
    expect(opened.world.ran).toEqual([])
  })

  test('keeps what the learner wrote into a file, and says where', async () => {
    const opened = await begun()
    await goTo(opened.session, opened.step('run'))
    opened.world.disk.put('/w/app/Dockerfile', 'FROM mine')
    opened.events.length = 0
    expect(await goTo(opened.session, opened.step('run'))).toBeNull()
    const [kept] = opened.told('copy.kept')
    expect(kept?.name).toBe('app/Dockerfile')
    expect(opened.world.disk.get(kept!.copy)).toBe('FROM mine')
  })
})

describe('resetting to a step', () => {
  test('takes back the later ones first, and proves that it is undone', async () => {
    const opened = await begun()
    await goTo(opened.session, opened.step('stop'))
    opened.events.length = 0
    expect(await resetTo(opened.session, opened.step('write'))).toEqual([])
    expect(opened.told('step.reset').map(event => event.step)).toEqual(['run', 'write'])
    expect(statuses(opened)).toEqual({ get: 'solved', write: 'todo', run: 'todo', again: 'todo', stop: 'todo' })
  })

  const served = labYaml(`  - id: run
    commands: [{ id: run, run: docker run -d app }]
    checks:
      - { id: up, check: docker.container, image: app, since: step, expect: { state: running }, capture: { name: self.name } }
  - id: add
    checks: [{ id: added, check: file, path: a.txt }]
  - id: restart
    reset: [{ run: "docker run -d --name {{ steps.run.name }} app" }]
    checks: [{ id: again, check: file, path: b.txt }]
`)

  /** Stands at the last step; the container was made in another terminal. */
  async function withOwnContainer(): Promise<Opened> {
    const opened = await open(served)
    const { world } = opened
    world.on(/^docker run -d --name mine/, () => void world.engine.run('mine', 'app'))
    await beginLab(opened.session)
    await beginStep(opened.session, opened.step('run'))
    world.engine.run('mine', 'app')
    world.disk.put(`${workspace}/a.txt`, '')
    expect(await goTo(opened.session, opened.step('restart'))).toBeNull()
    await beginStep(opened.session, opened.step('restart'))
    world.engine.remove('mine')
    return opened
  }

  test('takes back what later recipes bring back of a step that is taken back as well', async () => {
    const opened = await withOwnContainer()
    for (const _ of ['once', 'twice']) {
      expect(await resetTo(opened.session, opened.step('run'))).toEqual([])
      expect(opened.world.engine.containers).toEqual([])
    }
    expect(opened.world.ran.filter(({ line }) => line.includes('--name mine'))).toHaveLength(1)
  })

  test('keeps what later recipes bring back of a step before', async () => {
    const opened = await withOwnContainer()
    await resetTo(opened.session, opened.step('add'))
    expect(opened.world.engine.containers.map(({ name }) => name)).toEqual(['mine'])
    await resetTo(opened.session, opened.step('run'))
    expect(opened.world.engine.containers).toEqual([])
  })

  test('tells what still passes', async () => {
    const opened = await begun()
    await goTo(opened.session, opened.step('again'))
    opened.world.engine.stuck.set('web', 'it does not want to')
    expect((await resetTo(opened.session, opened.step('run'))).map(({ id }) => id)).toContain('up')
  })
})

test('hints come one after the other until there are none', async () => {
  const opened = await begun()
  const given = []
  for (let times = 0; times < 3; times++)
    given.push((await giveHint(opened.session, opened.step('run'), ['container.exited']))?.en)
  expect(given).toEqual(['Look into the log: `docker logs web`', 'Look at the ports once more.', undefined])
})
