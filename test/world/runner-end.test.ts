import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { endGroup, members } from '../../src/world/processes.ts'
import { inNode } from '../helpers/in-node.ts'
import { until } from '../helpers/until.ts'

/** A runner of its own that does `then` with its shell; gives the process group that it prints. */
async function runner(then: string) {
  const folder = mkdtempSync(join(tmpdir(), 'runner-end-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const child = await inNode(`
    import { createShell } from './src/world/shell.ts'
    const folder = ${JSON.stringify(folder)}
    process.env['TMPDIR'] = folder
    const shell = createShell(process.env)
    const signal = new AbortController().signal
    const options = { state: { cwd: folder, env: {} }, timeoutMs: 60_000, signal, onOutput() {} }
    const print = (text: unknown) => void process.stdout.write(String(text))
    ${then}`)
  const [group] = await once(child.stdout!, 'data')
  onTestFinished(async () => void (await endGroup(Number(group)).catch(() => {})))
  return { folder, child, group: Number(group) }
}

test('what runs in the background outlives the runner, which does not wait for it', async () => {
  const { folder, child, group } = await runner(`
    const background = { log: folder + '/bg.log' }
    const line = 'while [ ! -e stop ]; do echo beat; sleep 0.05; done; echo done'
    print((await shell.run(line, { ...options, background })).group)`)
  if (child.exitCode === null) await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  const log = () => readFileSync(join(folder, 'bg.log'), 'utf8')
  const { length } = log()
  await until(() => log().length > length)
  expect(await members(group)).not.toEqual([])
  expect(await endGroup(group)).toBe(true)
  expect(log()).not.toContain('done')
})

test('what runs in the foreground does not outlive the runner', async () => {
  const { child, group } = await runner(`
    process.on('SIGTERM', () => process.exit(7))
    await shell.run('trap "" TERM; sleep 60 & sleep 60', { ...options, onStart: print })`)
  expect(await members(group)).not.toEqual([])
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(7)
  await until(async () => (await members(group)).length === 0)
})

test('a line whose runner is killed before it was told to begin never begins', async () => {
  const { folder, child, group } = await runner(`
    const onStart = async (group: number) => {
      print(group)
      await new Promise(resolve => setTimeout(resolve, 60_000))
    }
    await shell.run('echo > begun', { ...options, onStart })`)
  child.kill('SIGKILL')
  await until(async () => (await members(group)).length === 0)
  expect(() => readFileSync(join(folder, 'begun'))).toThrow('ENOENT')
})
