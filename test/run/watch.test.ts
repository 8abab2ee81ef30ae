import { describe, expect, test } from 'vitest'
import { stepProgress } from '../../src/lab/progress.ts'
import { beginLab } from '../../src/run/open.ts'
import { beginStep } from '../../src/run/walk.ts'
import { watchStep } from '../../src/run/watch.ts'
import { fakeDesk } from '../helpers/desk.ts'
import { labYaml, type Opened, open, workspace } from '../helpers/session.ts'

const lab = labYaml(`  - id: make
    commands: [{ id: make, run: make-both }]
    checks:
      - { id: first, check: file, path: a.txt }
      - { id: second, check: file, path: b.txt }
    hints: [{ after: 9, text: { ko: 만드세요, en: Make it } }]
`)

async function begun(): Promise<Opened> {
  const opened = await open(lab)
  await beginLab(opened.session)
  await beginStep(opened.session, opened.step('make'))
  opened.events.length = 0
  return opened
}

/** Watches while the learner does this, at these times (ms). */
async function watch(opened: Opened, happenings: Record<number, () => void>) {
  const desk = fakeDesk()
  for (const [ms, happening] of Object.entries(happenings)) opened.world.later(Number(ms), happening)
  let shown = 0
  const collect = async () => {
    const names = opened.events.slice(shown).map(({ event }) => event)
    shown = opened.events.length
    return names.join(' ')
  }
  const done = watchStep(opened.session, opened.step('make'), desk, collect)
  return { desk, done }
}

const put = (opened: Opened, name: string) => () => opened.world.disk.put(`${workspace}/${name}`, 'x')
const status = ({ session }: Opened) => stepProgress(session.progress, 'web', 'make').status

test('goes on when every check has passed', async () => {
  const opened = await begun()
  const { done, desk } = await watch(opened, { 3000: put(opened, 'a.txt'), 60000: put(opened, 'b.txt') })
  await done
  expect(status(opened)).toBe('passed')
  expect(opened.told('checks.started')).toMatchObject([{ watching: true }])
  expect(opened.told('check.finished').map(({ result }) => result.id)).toEqual(['first', 'second'])
  expect(opened.told('step.stuck')).toEqual([])
  expect(desk.isOpen()).toBe(false)
})

test('does not go on when the first is broken by the time the last passes', async () => {
  const opened = await begun()
  const { done } = await watch(opened, {
    1000: put(opened, 'a.txt'),
    5000: () => opened.world.disk.take(`${workspace}/a.txt`),
    9000: put(opened, 'b.txt'),
    20000: put(opened, 'a.txt'),
  })
  const started = opened.world.now()
  await done
  expect(opened.world.now() - started).toBeGreaterThanOrEqual(20_000)
  expect(status(opened)).toBe('passed')
})

test('ends with Ctrl-C, and the step is as it was', async () => {
  const opened = await begun()
  const { done, desk } = await watch(opened, { 1000: put(opened, 'a.txt'), 2000: () => opened.interrupt() })
  await done
  expect(status(opened)).toBe('active')
  expect(opened.told('step.stuck')).toEqual([])
  expect(desk.isOpen()).toBe(false)
})

describe('what is asked in the other terminal', () => {
  /** The answer to one request, after which the learner does the step. */
  async function asked(...words: string[]) {
    const opened = await begun()
    opened.world.on(/make-both/, () => void [put(opened, 'a.txt')(), put(opened, 'b.txt')()])
    const { desk, done } = await watch(opened, {
      1000: () => void (answer = desk.ask('', words)),
      90000: () => void [put(opened, 'a.txt')(), put(opened, 'b.txt')()],
    })
    let answer: ReturnType<typeof desk.ask> | undefined
    await done
    return { opened, answer: await answer }
  }

  test('a hint, and then one too many', async () => {
    const { opened, answer } = await asked('hint')
    expect(answer).toMatchObject({ text: 'hint.shown', exit: 0 })
    expect(opened.told('hint.shown').map(({ text }) => text.en)).toEqual(['Make it'])
    expect(stepProgress(opened.session.progress, 'web', 'make')).toMatchObject({ hints: 1, status: 'passed' })
    // It went on after it.
    expect(opened.told('checks.started')).toHaveLength(2)
  })

  test('skip', async () => {
    const { opened, answer } = await asked('skip')
    expect(answer).toMatchObject({ exit: 0 })
    expect(status(opened)).toBe('skipped')
  })

  test('solve', async () => {
    const { opened, answer } = await asked('solve')
    expect(answer?.exit).toBe(0)
    expect(answer?.text).toContain('command.finished')
    expect(status(opened)).toBe('solved')
  })

  test('a solve that fails leaves the step to the learner', async () => {
    const opened = await begun()
    let answer: Promise<unknown> | undefined
    const { desk, done } = await watch(opened, {
      1000: () => void (answer = desk.ask('', ['solve'])),
      90000: () => void [put(opened, 'a.txt')(), put(opened, 'b.txt')()],
    })
    await done
    expect(await answer).toMatchObject({ exit: 1 })
    expect(status(opened)).toBe('passed')
  })
})
