import { readdirSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { built, learner } from '../helpers/lab.ts'
import { portForFile } from '../helpers/locks.ts'

beforeAll(built, 60_000)
portForFile()

test('the first lab runs by itself and leaves nothing', async () => {
  const home = learner()
  const { exit, stdout, stderr } = await home.lab('run', 'first-steps', '--yes', '--json')
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  expect(events[0]).toMatchObject({ event: 'lab.opened', lab: 'first-steps', resumed: false })
  expect(events.at(-1)).toMatchObject({ event: 'lab.finished', again: false })
  expect(events.filter(({ event }) => event === 'check.finished').map(({ result }) => result)).toEqual(
    Array(9).fill(expect.objectContaining({ verdict: 'passed' })),
  )

  expect((await home.lab('clean', 'first-steps', '--yes')).exit).toBe(0)
  expect(readdirSync(home.home)).toEqual(['state'])
})
