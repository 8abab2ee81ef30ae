import { describe, expect, test } from 'vitest'
import type { Step } from '../../src/lab/lab.ts'
import { labProgress, stepProgress, withLab, withStep } from '../../src/lab/progress.ts'
import { chainOf } from '../../src/run/chain.ts'
import { verifyPassed } from '../../src/run/look-back.ts'
import { beginLab } from '../../src/run/open.ts'
import { type Action, lookAt, type Person, settle, walk } from '../../src/run/walk.ts'
import { watchStep } from '../../src/run/watch.ts'
import { fakeDesk } from '../helpers/desk.ts'
import { openFixture } from '../helpers/played-lab.ts'
import type { Opened } from '../helpers/session.ts'
import { writes } from '../helpers/world.ts'

function statuses({ session, lab }: Opened): Record<string, string> {
  return Object.fromEntries(lab.steps.map(({ id }) => [id, stepProgress(session.progress, lab.id, id).status]))
}

/** Begins the lab, as `lab run` does, and goes through it by itself. */
async function play(opened: Opened) {
  await beginLab(opened.session)
  await verifyPassed(opened.session)
  return walk(opened.session, null)
}

/** A person who answers the menu with these, and notes what it offered. */
function scripted(...answers: (Action | null | (() => Action | null))[]) {
  const asked: { step: string; tries: number; hasHint: boolean }[] = []
  const person: Person = {
    async action(step, { tries, hasHint }) {
      asked.push({ step: step.id, tries, hasHint })
      const next = answers.shift()
      if (next === undefined) throw new Error(`asked once more, at ${step.id}`)
      return typeof next === 'function' ? next() : next
    },
    fallback: async () => true,
    type: async () => {},
    watch: async () => {},
  }
  return { person, asked }
}

describe('by itself', () => {
  test('to the end', async () => {
    const opened = await openFixture()
    expect(await play(opened)).toEqual({ end: 'finished' })
    expect(new Set(Object.values(statuses(opened)))).toEqual(new Set(['solved']))
    expect(opened.world.ran.map(({ line }) => line).slice(-2)).toEqual([
      'docker run --name web app 2> error.txt',
      `docker rm -f ${opened.session.progress.labs['web']!.steps['run']!.captures['id']}`,
    ])
    expect(opened.told('lab.finished')).toMatchObject([
      { again: false, tookMs: opened.world.now() - opened.events[0]!.at },
    ])
    expect(opened.told('hint.shown')).toEqual([])
  })

  test('again: says so and does nothing', async () => {
    const opened = await openFixture()
    await play(opened)
    opened.world.ran.length = 0
    opened.events.length = 0
    expect(await play(opened)).toEqual({ end: 'finished' })
    expect(opened.world.ran).toEqual([])
    expect(opened.events.map(event => event.event)).toEqual(['lab.opened', 'lab.finished'])
    expect(opened.told('lab.finished')[0]).toMatchObject({ again: true })
  })

  test('stops at a step that does not pass', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker run -d/, () => void opened.world.engine.run('other', 'app', { ports: { '80/tcp': 8080 } }))
    expect(await play(opened)).toMatchObject({ end: 'stuck', step: { id: 'run' }, verdict: 'failed' })
    expect(statuses(opened)).toMatchObject({ write: 'solved', run: 'active', again: 'todo' })
  })

  test('stops, and says that it could not look', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker run -d/, () => {
      opened.world.engine.down = { code: 'engine.down', evidence: {} }
    })
    expect(await play(opened)).toMatchObject({ end: 'stuck', step: { id: 'run' }, verdict: 'error' })
  })

  test('a step that is done already is not done again', async () => {
    const opened = await openFixture()
    opened.world.disk.put('/w/app/package.json', '{}')
    await play(opened)
    expect(opened.told('step.finished')[0]).toMatchObject({ step: 'get', status: 'passed', already: true })
    expect(opened.world.ran.map(({ line }) => line)).not.toContain('git clone https://example.com/app.git app')
  })

  test('goes the other way for the cause that it is for', async () => {
    const opened = await openFixture()
    opened.world.on(/^git clone/, {
      exit: 128,
      stderr: "fatal: unable to access 'https://example.com/app.git/': Could not resolve host: example.com\n",
    })
    opened.world.on(/^cp -R/, writes(opened.world, 'app/package.json', '{}'))
    expect(await play(opened)).toEqual({ end: 'finished' })
    expect(opened.told('command.finished')[0]).toMatchObject({ ok: false, cause: { code: 'git.unreachable' } })
    expect(opened.told('command.fallback')).toHaveLength(1)
    expect(opened.world.ran[1]!.line).toBe('cp -R "/course/app" app')
  })

  test('does not go the other way for another cause', async () => {
    const opened = await openFixture()
    opened.world.on(/^git clone/, {
      exit: 128,
      stderr: "fatal: destination path 'app' already exists and is not an empty directory.\n",
    })
    expect(await play(opened)).toMatchObject({ end: 'stuck', step: { id: 'get' } })
    expect(opened.told('command.fallback')).toEqual([])
    expect(opened.world.ran).toHaveLength(1)
  })

  test('a command that must fail and does not is no success', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker run --name/, { exit: 0 })
    expect(await play(opened)).toMatchObject({ end: 'stuck', step: { id: 'again' } })
    expect(opened.told('command.finished').find(event => event.command === 'again')).toMatchObject({
      ok: false,
      exit: 0,
      expected: 125,
    })
  })
})

describe('interrupted', () => {
  test('in a command: the step is done anew at the next start, and what it made is known', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker build/, () => {
      opened.world.engine.build('app')
      opened.world.later(500, opened.interrupt)
      return { took: 10_000 }
    })
    expect(await play(opened)).toEqual({ end: 'interrupted' })
    expect(statuses(opened)).toMatchObject({ write: 'solved', run: 'active' })
    expect(opened.told('step.stuck')).toEqual([])
    expect(opened.session.ledger.entries.map(({ kind }) => kind)).toContain('image')

    opened.world.on(/^docker build/, () => void opened.world.engine.build('app'))
    const next = await openFixture({ world: opened.world })
    expect(await play(next)).toEqual({ end: 'finished' })
    expect(next.told('lab.opened')).toMatchObject([{ resumed: true }])
    expect(next.told('step.started').map(event => event.step)).toEqual(['run', 'again', 'stop'])
  })

  test('while it waits: no failed try is counted and no hint given', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker run -d/, () => {
      opened.world.engine.run('web', 'app', {
        ports: { '80/tcp': 8080 },
        asked: { '80/tcp': [{ host: '', port: 8080 }] },
      })
      opened.world.later(1000, opened.interrupt)
    })
    expect(await play(opened)).toEqual({ end: 'interrupted' })
    expect(stepProgress(opened.session.progress, 'web', 'run').tries).toBe(0)
    expect(opened.told('step.stuck')).toEqual([])
    expect(opened.told('hint.shown')).toEqual([])
  })
})

describe('the next start looks at what was passed', () => {
  test('what is gone comes again, and only that', async () => {
    const opened = await openFixture()
    await play(opened)
    opened.world.disk.take('/w/app/Dockerfile')
    const next = await openFixture({ world: opened.world })
    expect(await play(next)).toEqual({ end: 'finished' })
    expect(next.told('lab.gone')).toMatchObject([{ steps: [{ id: 'write' }], stood: null }])
    expect(next.told('step.started').map(event => event.step)).toEqual(['write'])
    expect(next.told('lab.finished')).toMatchObject([{ again: false }])
  })

  test('what a later step has ended on purpose does not come again', async () => {
    const opened = await openFixture()
    await play(opened)
    const { gone } = await verifyPassed(opened.session)
    expect(gone).toEqual([])
  })

  test('what should still be there does, before that step', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker rm/, () => {})
    expect(await play(opened)).toMatchObject({ end: 'stuck', step: { id: 'stop' } })
    opened.world.engine.remove('web')
    const next = await openFixture({ world: opened.world })
    await beginLab(next.session)
    expect((await verifyPassed(next.session)).gone.map(({ id }) => id)).toEqual(['run'])
    expect(statuses(next)).toMatchObject({ run: 'todo', again: 'solved' })
  })

  test('nothing is called gone that could not be looked at', async () => {
    const opened = await openFixture()
    opened.world.on(/^docker rm/, () => {})
    await play(opened)
    opened.world.engine.down = { code: 'engine.down', evidence: {} }
    opened.world.disk.take('/w/app/package.json')
    const { gone, blind } = await verifyPassed(opened.session)
    expect(gone).toEqual([])
    expect(blind).toMatchObject({ verdict: 'error', cause: { code: 'engine.down' } })
    expect(statuses(opened)).toMatchObject({ get: 'solved', run: 'solved' })
  })
})

describe('the end', () => {
  test('says what the tool did, and what was left out', async () => {
    const opened = await openFixture()
    await beginLab(opened.session)
    await walk(opened.session, scripted('run', 'run', 'run', 'skip', 'run').person)
    expect(opened.told('lab.finished')).toMatchObject([{ again: false, solved: ['write'], skipped: ['again'] }])
  })

  test('is told in full once, also when the last step was done elsewhere', async () => {
    const opened = await openFixture()
    await beginLab(opened.session)
    for (const { id } of opened.lab.steps)
      opened.session.progress = withStep(opened.session.progress, 'web', id, { status: 'skipped', at: 1 })
    await walk(opened.session, null)
    await walk(opened.session, null)
    expect(opened.told('lab.finished').map(({ again }) => again)).toEqual([false, true])
  })

  test('counts the time that somebody was at it, not the night', async () => {
    const opened = await openFixture()
    const { world } = opened
    await beginLab(opened.session)
    const later = (ms: number, action: Action) => () => {
      world.setClock(world.now() + ms)
      return action
    }
    expect(await walk(opened.session, scripted('run', later(120_000, 'quit')).person)).toEqual({ end: 'quit' })
    const before = labProgress(opened.session.progress, 'web').activeMs!
    expect(before).toBeGreaterThanOrEqual(120_000)

    world.setClock(world.now() + 12 * 3_600_000)
    const next = await openFixture({ world })
    // A terminal that stays open over night counts for a break only.
    await walk(next.session, scripted('run', later(12 * 3_600_000, 'run'), 'run', 'run').person)
    const { tookMs } = next.told('lab.finished')[0]!
    expect(tookMs).toBeGreaterThan(before)
    expect(tookMs).toBeLessThan(before + 20 * 60_000)
  })
})

describe('a clock that was set back', () => {
  /** As it was when the clock went two days ahead. */
  async function ahead(): Promise<Opened> {
    const opened = await openFixture()
    const { world } = opened
    world.setClock(world.now() + 48 * 3_600_000)
    await beginLab(opened.session)
    expect(await walk(opened.session, scripted('run', 'run', 'run', 'quit').person)).toEqual({ end: 'quit' })
    world.setClock(world.now() - 48 * 3_600_000)
    return openFixture({ world })
  }

  test('nothing is in the future, no time is negative, nothing is lost', async () => {
    const next = await ahead()
    const now = next.world.now()
    expect(await play(next)).toEqual({ end: 'finished' })
    expect(next.told('lab.gone')).toEqual([])
    expect(statuses(next)).toMatchObject({ get: 'passed', write: 'solved', run: 'passed' })
    const { startedAt, steps } = labProgress(next.session.progress, 'web')
    for (const time of [startedAt, ...Object.values(steps).flatMap(step => [step.at, step.startedAt ?? 0])])
      expect(time).toBeLessThanOrEqual(next.world.now())
    expect(startedAt).toBe(now)
    expect(next.told('lab.finished')[0]!.tookMs).toBeGreaterThanOrEqual(0)
    for (const event of next.events) if ('tookMs' in event) expect(event.tookMs).toBeGreaterThanOrEqual(0)
  })

  test('during a step: it counts as no time', async () => {
    const opened = await openFixture()
    const { world } = opened
    await beginLab(opened.session)
    const back: () => Action = () => {
      world.setClock(world.now() - 3_600_000)
      return 'run'
    }
    expect(await walk(opened.session, scripted('run', back, 'run', 'run', 'run').person)).toEqual({ end: 'finished' })
    expect(opened.told('lab.finished')[0]!.tookMs).toBeGreaterThanOrEqual(0)
  })
})

describe('with a person', () => {
  test('run, step by step', async () => {
    const opened = await openFixture()
    await beginLab(opened.session)
    const { person, asked } = scripted('run', 'run', 'run', 'run', 'run')
    expect(await walk(opened.session, person)).toEqual({ end: 'finished' })
    expect(asked.map(({ step }) => step)).toEqual(['get', 'write', 'run', 'again', 'stop'])
    expect(statuses(opened)).toEqual({ get: 'passed', write: 'solved', run: 'passed', again: 'passed', stop: 'passed' })
  })

  test('who types it, and is watched', async () => {
    const opened = await openFixture()
    await beginLab(opened.session)
    opened.world.later(40_000, () => opened.world.disk.put('/w/app/package.json', '{}'))
    const { person } = scripted('watch', 'quit')
    const watch = (step: Step) => watchStep(opened.session, step, fakeDesk(), async () => '')
    expect(await walk(opened.session, { ...person, watch })).toEqual({ end: 'quit' })
    expect(statuses(opened)).toMatchObject({ get: 'passed', write: 'active' })
    expect(opened.world.ran).toEqual([])
  })

  test('who quits, closes the terminal, or presses Ctrl-C', async () => {
    for (const [answer, end] of [
      ['quit', 'quit'],
      [null, 'interrupted'],
    ] as const) {
      const opened = await openFixture()
      expect(await walk(opened.session, scripted(answer).person)).toEqual({ end })
      expect(statuses(opened)).toMatchObject({ get: 'active' })
    }
  })

  test('who skips', async () => {
    const opened = await openFixture()
    const { person } = scripted('skip', 'quit')
    await walk(opened.session, person)
    expect(statuses(opened)).toMatchObject({ get: 'skipped', write: 'active' })
    expect(opened.world.ran).toEqual([])
  })

  test('hints come by cause, then by tries', async () => {
    const opened = await openFixture()
    const { session, world } = opened
    session.progress = withLab(session.progress, 'web', {
      startedAt: world.now(),
      steps: Object.fromEntries(['get', 'write'].map(id => [id, { status: 'passed', at: 1, tries: 0, captures: {} }])),
    })
    const exited = () => void world.engine.run('web', 'app', { state: 'exited', exitCode: 1, finishedAt: world.now() })
    world.on(/^docker run -d/, exited)
    const other = () => {
      world.on(/^docker run -d/, () => void world.engine.run('web', 'app', { ports: { '80/tcp': 9 } }))
      return 'run' as const
    }
    const { person, asked } = scripted('run', other, 'check', 'quit')
    await walk(session, person)
    expect(asked.map(({ tries }) => tries)).toEqual([0, 1, 2, 3])
    expect(opened.told('hint.shown').map(event => event.text.en)).toEqual([
      'Look into the log: `docker logs web`',
      'Look at the ports once more.',
      'Look at the ports once more.',
    ])
  })

  test('a hint that is asked for need not wait', async () => {
    const opened = await openFixture()
    const { person, asked } = scripted('skip', 'hint', 'hint', 'quit')
    await walk(opened.session, person)
    expect(opened.told('hint.shown').map(event => event.text.en)).toEqual(['The first line is `FROM`.'])
    expect(asked.map(({ hasHint }) => hasHint)).toEqual([expect.any(Boolean), true, false, false])
  })

  test('who does not want the other way stays', async () => {
    const opened = await openFixture()
    opened.world.on(/^git clone/, {
      exit: 128,
      stderr: 'fatal: unable to access: Could not resolve host: example.com\n',
    })
    const { person } = scripted('run', 'quit')
    await walk(opened.session, { ...person, fallback: async () => false })
    expect(opened.world.ran).toHaveLength(1)
    expect(opened.told('step.stuck')).toMatchObject([{ tries: 1 }])
  })
})

test('events are kept, but for output and what is only waited for', async () => {
  const opened = await openFixture()
  await play(opened)
  const { events: kept } = chainOf(opened.world.disk.get('/state/events.ndjson')!)
  const told = opened.events.filter(({ event }) => event !== 'command.output' && event !== 'check.waiting')
  expect(kept.map(({ prev, ...event }) => event)).toEqual(JSON.parse(JSON.stringify(told)))
})

test('who only looks beside another runner writes nothing', async () => {
  const opened = await openFixture({ readOnly: true })
  const { session, step } = opened
  const results = await lookAt(session, step('get'), { once: true, signal: session.signal })
  await settle(session, step('get'), results, 'passed')
  expect(opened.told('step.stuck')).toHaveLength(1)
  expect(opened.world.disk.paths().filter(path => path.startsWith('/state/'))).toEqual([])
})
