import { expect, test } from 'vitest'
import { type Clocked, decide, type Timing } from '../../src/check/timing.ts'

/** Samples as `time:value` with + (holds), - (does not), ? (could not look); the verdict with the time it was reached. */
function play(timing: Timing, samples: string): string {
  let state: Clocked = { startedAt: 0 }
  for (const sample of samples.split(' ')) {
    const [at = '', value = '', since] = sample.split(':')
    const holds = value === '+' ? true : value === '-' ? false : null
    const decision = decide(timing, state, {
      at: Number(at),
      holds,
      ...(since === undefined ? {} : { heldSince: Number(since) }),
    })
    if ('verdict' in decision) return `${decision.verdict}@${at}`
    state = decision.state
  }
  return 'pending'
}

test.each<[about: string, timing: Timing, samples: string, verdict: string]>([
  ['one look, true', { within: 0, for: 0 }, '0:+', 'passed@0'],
  ['one look, false', { within: 0, for: 0 }, '0:-', 'failed@0'],
  ['one look, blind', { within: 0, for: 0 }, '0:?', 'error@0'],
  ['eventually', { within: 100, for: 0 }, '0:- 50:- 99:+', 'passed@99'],
  ['too late', { within: 100, for: 0 }, '0:- 50:- 100:-', 'failed@100'],
  ['blind for a while', { within: 100, for: 0 }, '0:? 50:? 80:+', 'passed@80'],
  ['blind until the deadline', { within: 100, for: 0 }, '0:- 50:? 100:?', 'error@100'],
  ['seen false after the outage', { within: 100, for: 0 }, '0:? 50:? 100:-', 'failed@100'],
  ['stable', { within: 100, for: 50 }, '0:- 90:+ 120:+ 140:+', 'passed@140'],
  ['broken once, then stable', { within: 100, for: 50 }, '0:+ 40:- 60:+ 110:+', 'passed@110'],
  ['broken after the deadline', { within: 100, for: 50 }, '90:+ 130:-', 'failed@130'],
  [
    'could not look meanwhile: the window begins anew',
    { within: 100, for: 50 },
    '0:+ 30:? 60:+ 100:+ 110:+',
    'passed@110',
  ],
  ['consistently', { within: 0, for: 50 }, '0:+ 20:+ 50:+', 'passed@50'],
  ['consistently, broken', { within: 0, for: 50 }, '0:+ 20:-', 'failed@20'],
  ['not yet decided', { within: 100, for: 50 }, '0:- 60:+', 'pending'],
  ['the object says since when', { within: 0, for: 50 }, '1000:+:900', 'passed@1000'],
  ['the object says that it is new', { within: 0, for: 50 }, '1000:+:990 1040:+:990', 'passed@1040'],
])('%s', (_, timing, samples, verdict) => {
  expect(play(timing, samples)).toBe(verdict)
})

test('says when to decide again', () => {
  expect(decide({ within: 100, for: 0 }, { startedAt: 10 }, { at: 20, holds: false })).toMatchObject({ wakeAt: 110 })
  expect(decide({ within: 100, for: 30 }, { startedAt: 10 }, { at: 20, holds: true })).toMatchObject({ wakeAt: 50 })
})
