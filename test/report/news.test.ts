import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Difference, FoundCause } from '../../src/lab/verdict.ts'
import { createNews, lasting, type News } from '../../src/report/news.ts'
import { createPlainView } from '../../src/report/plain.ts'
import { createTtyView } from '../../src/report/tty.ts'
import type { Happening } from '../../src/run/events.ts'
import { openFixture } from '../helpers/played-lab.ts'
import { paper, scene } from './screen.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const wrong: Difference = { path: 'state', expected: 'running', seen: 'exited' }

function cause(code: string): FoundCause {
  const text = { ko: code, en: code }
  return { code, evidence: {}, message: text, advice: text, final: false }
}

const result = { step: 'run', kind: 'x', verdict: 'passed', cause: null, differences: [], subject: '' } as const

const started = (watching = true): Happening => ({
  event: 'checks.started',
  watching,
  checks: ['up', 'web'].map(id => ({ id, kind: 'x', title: { ko: id, en: id } })),
})
const waits = (check: string, code: string | null, differences = [wrong]): Happening => ({
  event: 'check.waiting',
  check,
  cause: code === null ? null : cause(code),
  differences,
})
const passes = (id: string): Happening => ({
  event: 'check.finished',
  result: { ...result, id, title: { ko: id, en: id }, tookMs: 1, captures: {} },
})

/** What is said of these events; a number is time that passes, ms. */
function said(...happenings: (Happening | number)[]): string[] {
  const all: News[] = []
  const news = createNews(each => void all.push(each))
  for (const each of happenings) {
    if (typeof each === 'number') vi.advanceTimersByTime(each)
    else news({ at: 1, lab: 'web', step: 'run', ...each })
  }
  return all.map(({ title, cause: found }) => `${title.en} ${found.code}`)
}

test.each<[string, (Happening | number)[], string[]]>([
  ['what fails before anything was done is none', [started(), waits('up', 'missing'), lasting * 5], []],
  ['a new cause is', [started(), waits('up', 'missing'), waits('up', 'exited'), lasting], ['up exited']],
  [
    'what passes in a moment is none',
    [started(), waits('up', 'a'), waits('up', 'b'), lasting - 1, passes('up'), 9999],
    [],
  ],
  [
    'of causes that follow each other quickly, the last is',
    [started(), waits('up', 'a'), waits('up', 'b'), 500, waits('up', 'c'), lasting],
    ['up c'],
  ],
  [
    'the same cause is said once',
    [started(), waits('up', 'a'), waits('up', 'b'), lasting, waits('up', null), 10, waits('up', 'b'), lasting],
    ['up b'],
  ],
  [
    'the first look at a check that waited for another is news',
    [started(), waits('up', 'a'), passes('up'), waits('web', 'refused'), lasting],
    ['web refused'],
  ],
  [
    'what could not be looked at is told at once',
    [started(), waits('up', 'engine.down', []), lasting],
    ['up engine.down'],
  ],
  [
    'after a hint the step goes on, and nothing is said again',
    [started(), waits('up', 'a'), waits('up', 'b'), lasting, started(), waits('up', 'b'), lasting],
    ['up b'],
  ],
  ['a try of the tool has none', [started(false), waits('up', 'a'), waits('up', 'b'), lasting], []],
  [
    'none comes after the step',
    [
      started(),
      waits('up', 'a'),
      waits('up', 'b'),
      { event: 'step.finished', status: 'passed', already: false },
      lasting,
    ],
    [],
  ],
])('%s', (_, happenings, expected) => {
  expect(said(...happenings)).toEqual(expected)
})

describe('on the screen', () => {
  const happenings = [started(), waits('up', 'a'), waits('up', 'the app has ended')]

  test.each(['plain', 'live'])('%s', async kind => {
    const { lab } = await openFixture()
    const teller = paper('en')
    const view = kind === 'plain' ? { listen: createPlainView(teller, scene(lab)) } : createTtyView(teller, scene(lab))
    for (const happening of happenings) view.listen({ at: 1, lab: 'web', step: 'run', ...happening })
    await vi.advanceTimersByTimeAsync(lasting)
    if ('settled' in view) await view.settled()
    expect(teller.text()).toContain('… up\n    expected   state running\n    seen       exited\n')
    expect(teller.text()).toContain('why        the app has ended\n')
  })
})
