import { describe, expect, test } from 'vitest'
import { withStep } from '../../src/lab/progress.ts'
import { doStep } from '../../src/run/act.ts'
import { beginLab } from '../../src/run/open.ts'
import { goodWorld, openFixture } from '../helpers/played-lab.ts'
import { labYaml, type Opened, open } from '../helpers/session.ts'
import { fakeWorld } from '../helpers/world.ts'

const yes = async () => true

/** Does these steps one after the other, without looking at checks. */
async function doSteps(opened: Opened, ...ids: string[]) {
  const ran = []
  for (const id of ids) ran.push(await doStep(opened.session, opened.step(id), yes))
  return ran
}

describe('the state of the shell', () => {
  test('goes from command to command and from step to step', async () => {
    const opened = await openFixture()
    await doSteps(opened, 'get', 'write', 'run')
    expect(opened.world.ran.map(({ line, state }) => [line.split(' ').slice(0, 2).join(' '), state])).toEqual([
      ['git clone', { cwd: '/w', env: {} }],
      ['cd app', { cwd: '/w', env: {} }],
      ['export MODE=dev', { cwd: '/w/app', env: {} }],
      ['docker build', { cwd: '/w/app', env: { MODE: 'dev' } }],
      ['docker run', { cwd: '/w/app', env: { MODE: 'dev' } }],
    ])
  })

  test('is there again at the next start', async () => {
    const opened = await openFixture()
    await doSteps(opened, 'get')
    const next = await openFixture({ world: opened.world })
    await doSteps(next, 'write', 'run')
    expect(next.world.ran.at(-1)!.state).toEqual({ cwd: '/w/app', env: { MODE: 'dev' } })
  })

  test('where the steps before were done elsewhere, the lines that only move the shell are run for it', async () => {
    const opened = await openFixture()
    await doSteps(opened, 'run')
    expect(opened.world.ran.map(({ line }) => line)).toEqual([
      'cd app',
      'export MODE=dev',
      'docker build -t app .',
      'docker run -d --name web -p 8080:80 app',
    ])
    expect(opened.world.ran.at(-1)!.state).toEqual({ cwd: '/w/app', env: { MODE: 'dev' } })
    expect(opened.told('command.started').map(event => event.command)).toEqual(['build', 'up'])
  })

  test.each([
    ['cd app', true],
    ['export A=1', true],
    ['unset A', true],
    ['cd app && make', false],
    ['export A=$(make)', false],
    ['export A=`make`', false],
    ['cdrecord disk', false],
    ['make', false],
  ])('`%s` is run again: %s', async (line, again) => {
    const opened = await open(labYaml(`  - { id: a, commands: [{ id: one, run: '${line}' }] }\n  - { id: b }\n`))
    await doSteps(opened, 'b')
    expect(opened.world.ran.map(call => call.line)).toEqual(again ? [line] : [])
  })
})

describe('a command', () => {
  const one = (command: string) => labYaml(`  - { id: a, commands: [{ id: one, run: make, ${command} }] }\n`)

  test.each([
    ['ends as expected', 'timeout: 5s', {}, true],
    ['ends otherwise', 'timeout: 5s', { exit: 2 }, false],
    ['must fail and does', 'expect: { exit: 2 }', { exit: 2 }, true],
    ['must fail and does not', 'expect: { exit: 2 }', { exit: 0 }, false],
    ['must fail with these words', 'expect: { exit: 2, stderr: taken }', { exit: 2, stderr: 'is taken' }, true],
    ['fails with other words', 'expect: { exit: 2, stderr: taken }', { exit: 2, stderr: 'no such' }, false],
    ['prints what it should', 'expect: { exit: 0, stdout: ok }', { stdout: 'all ok\n' }, true],
    ['prints it on the other stream', 'expect: { exit: 0, stdout: ok }', { stderr: 'ok' }, false],
    ['takes too long', 'timeout: 5s', { took: 6000 }, false],
  ])('that %s', async (_, command, answer, ok) => {
    const opened = await open(one(command))
    opened.world.on(/^make/, answer)
    expect(await doSteps(opened, 'a')).toMatchObject([{ ok, interrupted: false }])
    expect(opened.told('command.finished')).toMatchObject([{ ok }])
  })

  test('that takes too long says so', async () => {
    const opened = await open(one('timeout: 5s'))
    opened.world.on(/^make/, { took: 6000 })
    expect(await doSteps(opened, 'a')).toMatchObject([{ cause: { code: 'command.timed-out' } }])
  })

  test('ends the step when it goes wrong', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker build/, { exit: 1 })
    expect(await doSteps(opened, 'run')).toMatchObject([{ ok: false }])
    expect(opened.told('command.started').map(event => event.command)).toEqual(['build'])
  })

  test('has its names filled in', async () => {
    const opened = await openFixture({ vars: { port: '9090' } })
    const { session } = opened
    session.progress = withStep(session.progress, 'web', 'run', { captures: { id: 'c0ffee' } })
    await doSteps(opened, 'run', 'stop')
    const lines = opened.told('command.started').map(event => event.line)
    expect(lines.slice(-2)).toEqual(['docker run -d --name web -p 9090:80 app', 'docker rm -f c0ffee'])
  })

  test('is in the ledger before it does anything, with what was there', async () => {
    const opened = await openFixture()
    let running: unknown
    opened.world.on(/^docker build/, () => {
      running = JSON.parse(opened.world.disk.get('/state/ledger.json')!).running
    })
    await doSteps(opened, 'run')
    expect(running).toMatchObject({
      lab: 'web',
      step: 'run',
      line: 'docker build -t app .',
      start: expect.stringContaining('start of'),
      before: { docker: { images: {} } },
    })
    expect(opened.session.ledger.running).toBeUndefined()
  })

  test('owns what it made', async () => {
    const opened = await openFixture()
    await doSteps(opened, 'get', 'run')
    expect(opened.session.ledger.entries.map(({ step, kind, name }) => `${step} ${kind} ${name}`)).toEqual([
      'get path /w/app',
      'run image app:latest',
      'run container web',
    ])
  })

  test('owns nothing that was there before', async () => {
    const world = goodWorld()
    world.engine.run('mine', 'nginx')
    world.disk.put('/w/mine.txt', '')
    const opened = await openFixture({ world })
    await doSteps(opened, 'get', 'run')
    expect(opened.session.ledger.entries.map(({ name }) => name).filter(name => name.includes('mine'))).toEqual([])
  })

  test('owns what it leaves running', async () => {
    const opened = await open(one('background: true'))
    opened.world.on(/^make/, { leaves: 77 })
    await doSteps(opened, 'a')
    expect(opened.session.ledger.entries).toEqual([
      { lab: 'web', step: 'a', kind: 'process', name: 'make', group: 77, members: [{ pid: 77, start: 'start of 77' }] },
    ])
  })
})

describe('an edit', () => {
  test('is written, and belongs to the ledger', async () => {
    const opened = await openFixture()
    await doSteps(opened, 'write')
    expect(opened.world.disk.get('/w/app/Dockerfile')).toContain('FROM nginx')
    expect(opened.session.ledger.entries).toMatchObject([{ kind: 'edit', name: '/w/app/Dockerfile', copy: null }])
    expect(opened.told('edit.written')).toMatchObject([{ file: 'app/Dockerfile', copy: null }])
  })

  test('keeps what was there', async () => {
    const opened = await openFixture()
    opened.world.disk.put('/w/app/Dockerfile', 'FROM mine')
    await doSteps(opened, 'write')
    const { copy } = opened.told('edit.written')[0]!
    expect(opened.world.disk.get(copy!)).toBe('FROM mine')
    expect(opened.world.disk.get('/w/app/Dockerfile')).toContain('FROM nginx')
  })

  test('that is so already writes nothing', async () => {
    const opened = await openFixture()
    await doSteps(opened, 'write', 'write')
    expect(opened.told('edit.written')).toHaveLength(1)
  })

  test('keeps every version of the learner, and goes back to the first', async () => {
    const opened = await openFixture()
    const kept = []
    for (const mine of ['FROM first', 'FROM second']) {
      opened.world.disk.put('/w/app/Dockerfile', mine)
      await doSteps(opened, 'write')
      kept.push(opened.told('edit.written').at(-1)!.copy!)
      await opened.world.sleep(1000)
    }
    expect(kept.map(copy => opened.world.disk.get(copy))).toEqual(['FROM first', 'FROM second'])
    expect(opened.session.ledger.entries).toMatchObject([{ kind: 'edit', copy: kept[0] }])
  })
})

describe('at the beginning of a lab', () => {
  test('the workspace is made and its files are given', async () => {
    const world = fakeWorld()
    const opened = await openFixture({ world })
    world.disk.take('/w')
    await beginLab(opened.session)
    expect(world.disk.get('/w/notes.txt')).toBe('Read me first.\n')
    expect(opened.session.ledger.entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'folder /w',
      'path /w/notes.txt',
    ])
    expect(opened.told('lab.opened')).toMatchObject([{ workspace: '/w', resumed: false }])
  })

  test('a file that the learner has stays theirs', async () => {
    const opened = await openFixture()
    opened.world.disk.put('/w/notes.txt', 'mine')
    await beginLab(opened.session)
    expect(opened.world.disk.get('/w/notes.txt')).toBe('mine')
    expect(opened.session.ledger.entries).toEqual([])
  })
})
