import { beforeAll, describe, expect, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, lab, newHome } from './program.ts'

/** Every step of every lab can be taken back, is then undone, and can be done again. */

const steps = {
  'first-steps': ['get', 'start', 'add', 'twice', 'stop', 'needs'],
  'todo-app': ['clone', 'dockerfile', 'relative', 'build', 'inside', 'run', 'add', 'ps', 'logs'],
  'todo-update': ['edit', 'build', 'conflict', 'leftover', 'remove', 'run'],
}

portForFile()
beforeAll(buildProgram)

/** `needed`: labs whose end state it starts from. */
function resets(id: keyof typeof steps, ...needed: string[]) {
  const home = newHome('en')
  beforeAll(async () => {
    for (const each of [...needed, id]) expect(await lab(home, 'run', each, '--yes')).toMatchObject({ exit: 0 })
    return async () => {
      for (const each of [id, ...needed]) await lab(home, 'clean', each, '--yes')
      home.remove()
    }
  })

  test.each(steps[id].toReversed())('%s', async step => {
    const reset = await lab(home, 'reset', step, id, '--yes')
    expect(reset, reset.stderr).toMatchObject({ exit: 0 })
    const check = await lab(home, 'check', id, step, '--json')
    expect(JSON.parse(check.stdout)).toMatchObject({ step, passed: false })
    const there = await lab(home, 'goto', step, id)
    expect(there, there.stderr).toMatchObject({ exit: 0 })
    const again = await lab(home, 'run', id, '--yes')
    expect(again, again.stderr).toMatchObject({ exit: 0 })
  })
}

describe('first-steps', () => resets('first-steps'))
live('docker')('todo-app', () => resets('todo-app'))
live('docker')('todo-update', () => resets('todo-update', 'todo-app'))
