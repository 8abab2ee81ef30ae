import { statSync } from 'node:fs'
import { join } from 'node:path'
import { createFixture } from 'fs-fixture'
import { expect, onTestFinished, test } from 'vitest'
import { createDesk } from '../../src/world/desk.ts'

async function socketPath(): Promise<string> {
  const fixture = await createFixture()
  onTestFinished(() => fixture.rm())
  return join(fixture.path, 'runner.sock')
}

test('asks and answers, Korean included, and only this user may', async () => {
  const path = await socketPath()
  const desk = createDesk()
  const open = await desk.open(path, async words => ({ text: `힌트: ${words.join(' ')}`, exit: 3 }))
  onTestFinished(() => open.close())
  expect(await desk.ask(path, ['hint', '지금'])).toEqual({ text: '힌트: hint 지금', exit: 3 })
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
})

test('nobody there', async () => {
  const path = await socketPath()
  expect(await createDesk().ask(path, ['hint'])).toBeNull()
  const open = await createDesk().open(path, async () => ({ text: '', exit: 0 }))
  open.close()
  expect(await createDesk().ask(path, ['hint'])).toBeNull()
})

test('a desk that a killed runner left is taken over', async () => {
  const path = await socketPath()
  const desk = createDesk()
  await desk.open(path, async () => ({ text: 'old', exit: 0 }))
  const open = await desk.open(path, async () => ({ text: 'new', exit: 0 }))
  onTestFinished(() => open.close())
  expect((await desk.ask(path, []))?.text).toBe('new')
})
