import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { endGroup, members, parsePs, parseStat, processStart } from '../../src/world/processes.ts'
import { inNode } from '../helpers/in-node.ts'
import { until } from '../helpers/until.ts'

test.each([
  ['4242 (node) S 1 4240 4240 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 11 0 98765 1 2', { group: 4240, start: 'b/98765' }],
  ['7 (a) b ) (c) R 1 9 9 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 11 0 5 1 2', { group: 9, start: 'b/5' }],
  ['7 (gone) Z 1 9 9 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 11 0 5 1 2', null],
])('/proc/PID/stat: %s', (stat, expected) => {
  const parsed = parseStat(7, stat, 'b')
  expect(parsed).toEqual(expected && { pid: 7, ...expected })
})

test('ps of macOS', () => {
  const text =
    '    1     1 Ss   Mon Nov 16 09:01:02 2026    \n  501   500 S+   Tue Nov 17 10:11:12 2026    \n  502   500 Z    Tue Nov 17 10:11:13 2026\n'
  expect(parsePs(text)).toEqual([
    { pid: 1, group: 1, start: 'Mon Nov 16 09:01:02 2026' },
    { pid: 501, group: 500, start: 'Tue Nov 17 10:11:12 2026' },
  ])
})

test('the start of a process stays the same', async () => {
  const start = await processStart(process.pid)
  expect(start).toMatch(/\S/)
  expect(await processStart(process.pid)).toBe(start)
  expect(await processStart(2 ** 22 + 1)).toBeNull()
})

test('a group without its leader is ended all the same', async () => {
  const child = spawn('sh', ['-c', 'sleep 60 & sleep 60 & read _'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const group = child.pid!
  onTestFinished(async () => void (await endGroup(group)))
  const start = await processStart(group)
  child.stdin!.end()
  await once(child, 'exit')
  const left = await members(group)
  expect(left).toHaveLength(2)
  expect(await endGroup(group, `another boot/${start!.split('/').at(-1)}`)).toBe(false)
  expect(await members(group)).toEqual(left)
  expect(await endGroup(group, start!)).toBe(true)
  expect(await members(group)).toEqual([])
})

test.each([0, 1, -1, -5, 1.5, Number.NaN])('%d is refused: it would mean ourselves, or everything', async group => {
  await expect(endGroup(group)).rejects.toThrow(RangeError)
})

test('our own group is not ended', async () => {
  const child = await inNode(`import { endGroup, members } from './src/world/processes.ts'
    process.stdout.write((await members(process.pid)).length + ' ' + (await endGroup(process.pid)))`)
  let said = ''
  child.stdout!.on('data', data => (said += data))
  await once(child, 'close')
  expect(said).toBe('1 false')
})

test('an ended process that nobody has asked about does not live', async () => {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = await once(parent.stdout, 'data')
  await until(async () => (await processStart(Number(line))) === null)
})
