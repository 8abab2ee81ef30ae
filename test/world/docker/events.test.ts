import type { ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventReader, matters } from '../../../src/world/docker/events.ts'
import { fakeEngine } from './fake-engine.ts'

const event = (Action: string) => `${JSON.stringify({ Type: 'container', Action, Actor: { ID: 'c1' } })}\n`

/** Those for which the process stays alive. */
const openPipes = () => process.getActiveResourcesInfo().filter(name => name === 'PipeWrap').length

/** A fake engine whose event stream the test holds in its hand, and a watch on it. */
async function watched(timeoutMs?: number) {
  const streams: ServerResponse[] = []
  const fake = await fakeEngine(
    {
      '/events': (_request, response) => {
        streams.push(response)
        response.flushHeaders()
      },
      '/images/json': () => {},
    },
    '1.41',
    timeoutMs,
  )
  const changed = vi.fn()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const watch = () => fake.docker.reader.watch(changed, stopping.signal)
  const calls = (count: number) => vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(count), { interval: 1 })
  return { fake, streams, changed, stopping, watch, calls }
}

describe('watching', () => {
  test('calls once when it listens, then for each event, whole or in pieces', async () => {
    const { fake, streams, watch, calls } = await watched()
    watch()
    await calls(1)
    streams[0]!.write(event('start'))
    await calls(2)
    streams[0]!.write(event('die').slice(0, 20))
    streams[0]!.write(event('die').slice(20))
    await calls(3)
    const url = new URL(`http://engine${fake.asked.at(-1)!.slice('GET '.length)}`)
    expect(JSON.parse(url.searchParams.get('filters')!)).toEqual({ type: ['container', 'image', 'volume', 'network'] })
  })

  test('a quiet stream is left alone however short the time-out', async () => {
    const { fake, streams, watch, calls } = await watched(50)
    watch()
    await calls(1)
    // A request that does time out shows that the time has passed.
    await expect(fake.docker.reader.images()).rejects.toMatchObject({ problem: { code: 'engine.timeout' } })
    streams[0]!.write(event('die'))
    await calls(2)
    expect(streams).toHaveLength(1)
  })

  test('a stream that was cut is opened again, and counts as a change', async () => {
    const { streams, watch, calls } = await watched()
    watch()
    await calls(1)
    streams[0]!.destroy()
    await calls(2)
    streams[1]!.end()
    await calls(3)
    streams[2]!.write(event('die'))
    await calls(4)
  })

  test('an engine that goes away and comes back', async () => {
    const { fake, streams, watch, calls } = await watched()
    watch()
    await calls(1)
    await fake.stop()
    await fake.start()
    await calls(2)
    streams[1]!.write(event('die'))
    await calls(3)
  })

  test('no engine yet', async () => {
    const { fake, watch, calls } = await watched()
    await fake.stop()
    watch()
    await fake.start()
    await calls(1)
  })

  test('ends with its signal: no call afterwards, no stream left', async () => {
    const { fake, streams, changed, stopping, watch, calls } = await watched()
    watch()
    await calls(1)
    const closed = new Promise(resolve => streams[0]!.once('close', resolve))
    stopping.abort()
    await closed
    const asked = fake.asked.length
    expect(await fake.docker.reader.image('nope')).toBeNull()
    expect(fake.asked.slice(asked)).toEqual(['GET /v1.41/images/nope/json'])
    expect(changed).toHaveBeenCalledTimes(1)
  })

  test('does not keep the process alive', async () => {
    const { watch, calls } = await watched()
    const before = openPipes()
    watch()
    await calls(1)
    expect(openPipes()).toBe(before)
  })
})

test('events are read as they come, in pieces of any size', () => {
  const bytes = Buffer.from(`${event('시작')}\n${event('b')}nonsense\n${event('c')}`)
  const read = eventReader()
  const events = [...bytes].flatMap(byte => read(Buffer.of(byte)))
  expect(events.map(each => (each as { Action: string } | null)?.Action)).toEqual(['시작', 'b', undefined, 'c'])
  expect(eventReader()(bytes)).toEqual(events)
})

test.each([
  [{ Action: 'die' }, true],
  [{ Action: 'health_status: healthy' }, true],
  [{ Action: 'exec_create: /bin/sh -c true' }, false],
  [{ Action: 'exec_die' }, false],
  [{ Action: 'tag' }, true],
  [{ status: 'exec_start: x' }, false],
  [{ status: 'untag' }, true],
  [null, true],
])('%j matters: %s', (raw, expected) => {
  expect(matters(raw)).toBe(expected)
})
