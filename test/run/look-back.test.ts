import { describe, expect, test } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { labProgress, withLab, withStep } from '../../src/lab/progress.ts'
import { lookBack, neededGone, tellNeededGone } from '../../src/run/look-back.ts'
import { beginLab } from '../../src/run/open.ts'
import { type Session, saveProgress } from '../../src/run/session.ts'
import { playStep } from '../../src/run/walk.ts'
import { openFixture } from '../helpers/played-lab.ts'
import { labYaml, type Opened, open, workspace } from '../helpers/session.ts'
import { type FakeWorld, fakeWorld, writes } from '../helpers/world.ts'

describe('looking back', () => {
  test('tells what holds from what is gone, and changes nothing', async () => {
    const opened = await openFixture()
    const { session, world } = opened
    await beginLab(session)
    for (const id of ['get', 'write', 'run']) await playStep(session, opened.step(id))
    world.disk.take('/w/app/Dockerfile')
    const [progress, files, count] = [session.progress, world.disk.paths(), opened.events.length]
    const { held, gone, blind } = await lookBack(session)
    expect({ held: held.map(({ id }) => id), gone: gone.map(({ id }) => id) }).toEqual({
      held: ['get', 'run'],
      gone: ['write'],
    })
    expect(blind).toBeUndefined()
    expect([session.progress, world.disk.paths(), opened.events.length]).toEqual([progress, files, count])
  })
})

const base =
  labYaml(`  - { id: folder, title: { ko: 폴더, en: Folder }, checks: [{ id: a, check: file, path: app/a.txt }] }
  - { id: server, title: { ko: 서버, en: Server }, checks: [{ id: b, check: file, path: server.txt }] }
`)
const main = labYaml(`  - id: change
    commands: [{ id: change, run: change }]
    checks: [{ id: changed, check: file, path: app/changed.txt }]
  - id: stop
    commands: [{ id: stop, run: stop }]
    checks: [{ id: stopped, check: file, path: server.txt, not: true }]
  - id: last
    commands: [{ id: last, run: last }]
    checks: [{ id: made, check: file, path: last.txt }]
`)

describe('what a lab starts from', () => {
  /** A lab that needs another one, which is done. */
  async function opened(world: FakeWorld = fakeWorld()): Promise<{ world: FakeWorld; session: Session; main: Opened }> {
    const other: Lab = { ...(await open(base, { world })).lab, id: 'base' }
    const second = await open(main, { world })
    let { progress } = second.session
    if (labProgress(progress, 'base').startedAt === 0) {
      world.disk.put(`${workspace}/app/a.txt`, 'a')
      world.disk.put(`${workspace}/server.txt`, 'b')
      progress = withLab(progress, 'base', { startedAt: 1 })
      for (const { id } of other.steps) progress = withStep(progress, 'base', id, { status: 'passed', at: 1 })
    }
    world.on(/^change/, writes(world, 'app/changed.txt', 'x'))
    world.on(/^stop/, () => world.disk.take(`${workspace}/server.txt`))
    world.on(/^last/, writes(world, 'last.txt', 'x'))
    const session: Session = { ...second.session, needed: [other] }
    await saveProgress(session, progress)
    return { world, session, main: second }
  }

  const names = (gone: Awaited<ReturnType<typeof neededGone>>) => gone.map(({ lab, step }) => `${lab.id}/${step.id}`)

  test('is looked at before it begins', async () => {
    const { world, session } = await opened()
    expect(await neededGone(session)).toEqual([])
    world.disk.take(`${workspace}/app`)
    expect(names(await neededGone(session))).toEqual(['base/folder'])
  })

  test('is gone when it was there at the end of the last step, and said so', async () => {
    const { world, session, main: lab } = await opened()
    await beginLab(session)
    await playStep(session, lab.step('change'))
    world.disk.take(`${workspace}/server.txt`)
    const next = await opened(world)
    const gone = await neededGone(next.session)
    expect(names(gone)).toEqual(['base/server'])
    await tellNeededGone(next.session, gone)
    expect(next.main.told('needed.gone')).toMatchObject([
      { needed: 'base', stood: 'stop', steps: [{ id: 'server', title: { en: 'Server' } }] },
    ])
  })

  test('what this lab has ended on purpose is no loss', async () => {
    const { world, session, main: lab } = await opened()
    await beginLab(session)
    for (const id of ['change', 'stop']) await playStep(session, lab.step(id))
    const next = await opened(world)
    expect(await neededGone(next.session)).toEqual([])
    world.disk.take(`${workspace}/app/a.txt`)
    expect(names(await neededGone(next.session))).toEqual(['base/folder'])
  })
})
