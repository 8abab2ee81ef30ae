import { readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { CouldNotLook, type Problem } from '../../../src/lab/verdict.ts'
import { createDocker, type Docker } from '../../../src/world/docker/index.ts'
import { type FakeEngine, fakeEngine, frame, json } from './fake-engine.ts'

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`samples/${name}.json`, import.meta.url), 'utf8'))

/** Why looking failed; a test fails when it did not. */
async function problemOf(look: Promise<unknown>): Promise<Problem> {
  const error: unknown = await look.then(
    seen => new Error(`seen: ${JSON.stringify(seen)}`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof CouldNotLook) return error.problem
  throw error
}

const everything = (docker: Docker) => ({
  engine: () => docker.reader.engine(),
  containers: () => docker.reader.containers(),
  images: () => docker.reader.images(),
  image: () => docker.reader.image('alpine'),
  logs: () => docker.reader.logs('c1', { tail: 5 }),
})

describe('the version spoken', () => {
  test.each([
    ['1.41', '1.41'],
    ['1.60', '1.51'],
    ['1.51', '1.51'],
  ])('of an engine with %s is %s', async (theirs, spoken) => {
    const fake = await fakeEngine({ '/version': json({ Version: '20.10.24', Os: 'linux' }) }, theirs)
    const host = fake.socket
    expect(await fake.docker.reader.engine()).toEqual({
      running: true,
      version: '20.10.24',
      api: spoken,
      os: 'linux',
      host,
    })
    await fake.docker.reader.engine()
    expect(fake.asked).toEqual(['GET /_ping', `GET /v${spoken}/version`, `GET /v${spoken}/version`])
  })

  test.each<[string, string, RequestListener, Problem]>([
    [
      'an engine of long ago',
      '1.12',
      json({}),
      { code: 'engine.api-too-old', evidence: { ours: '1.40', theirs: '1.12' } },
    ],
    [
      'an engine that wants more than ours',
      '1.70',
      json({ message: 'client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade' }, 400),
      { code: 'engine.api-too-new', evidence: { ours: '1.51', theirs: '1.60' } },
    ],
    [
      'an engine that was replaced by an older one',
      '1.51',
      json({ message: 'client version 1.51 is too new. Maximum supported API version is 1.41' }, 400),
      { code: 'engine.api-too-old', evidence: { ours: '1.51', theirs: '1.41' } },
    ],
  ])('%s', async (_, api, answer, expected) => {
    const fake = await fakeEngine({ '/images/json': answer }, api)
    expect(await problemOf(fake.docker.reader.images())).toEqual(expected)
    await problemOf(fake.docker.reader.images())
    expect(fake.asked.filter(line => line === 'GET /_ping')).toHaveLength(2)
  })
})

describe('looking', () => {
  test('nothing is asked before the first call, and nothing but GET ever', async () => {
    const fake = await fakeEngine({
      '/version': json({}),
      '/containers/json': json([{ Id: 'c1' }]),
      '/containers/c1/json': json({ Id: 'c1', Config: { Tty: true } }),
      '/containers/c1/logs': (_request, response) => void response.end(''),
      '/images/json': json(null),
      '/images/alpine/json': json({ Id: 'i1' }),
      '/events': (_request, response) => response.flushHeaders(),
    })
    expect(fake.asked).toEqual([])
    await new Promise<void>(opened => fake.docker.reader.watch(opened, new AbortController().signal))
    for (const look of Object.values(everything(fake.docker))) await look()
    expect(new Set(fake.asked.map(line => line.split(' ')[0]))).toEqual(new Set(['GET']))
  })

  test('a container that vanished after the list is left out', async () => {
    const fake = await fakeEngine({
      '/containers/json': json([{ Id: 'c1' }, { Id: 'c2' }]),
      '/containers/c2/json': json(sample('20.10-container-running')),
    })
    expect((await fake.docker.reader.containers()).map(container => container.name)).toEqual(['hrdk-web'])
    expect(fake.asked).toContain('GET /v1.41/containers/json?all=1')
  })

  test.each([null, [], {}])('no containers and no images, said as %j', async nothing => {
    const fake = await fakeEngine({ '/containers/json': json(nothing), '/images/json': json(nothing) })
    expect(await fake.docker.reader.containers()).toEqual([])
    expect(await fake.docker.reader.images()).toEqual([])
  })

  test('Podman says who it is when it is asked for the version', async () => {
    const fake = await fakeEngine({
      '/_ping': (_request, response) =>
        void response.setHeader('Api-Version', '1.41').setHeader('Libpod-Api-Version', '5.4.0').end('OK'),
      '/images/json': json(sample('podman-images')),
    })
    expect((await fake.docker.reader.images())[0]?.tags).toEqual(['todo:latest', 'todo:2'])
  })

  test.each(['nope:1', 'Node:X', 'a//b', 'a b', '', '../containers/json', 'a/../b', 'x?y', '한글'])(
    'there is no image %j',
    async ref => {
      const fake = await fakeEngine({ '/images/Node:X/json': json({ message: 'invalid reference format' }, 400) })
      expect(await fake.docker.reader.image(ref)).toBeNull()
    },
  )

  test('an image by a name with slashes', async () => {
    const fake = await fakeEngine({ '/images/ghcr.io:443/a/b:1@sha256:00/json': json({ Id: 'i1' }) })
    expect(await fake.docker.reader.image('ghcr.io:443/a/b:1@sha256:00')).toMatchObject({ id: 'i1' })
  })

  test('more containers than sockets', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `c${index}`)
    let busy = 0
    let most = 0
    const answers = ids.map((id): [string, RequestListener] => [
      `/containers/${id}/json`,
      (_request, response) => {
        most = Math.max(most, ++busy)
        setImmediate(() => {
          busy--
          response.end(JSON.stringify({ Id: id }))
        })
      },
    ])
    const fake = await fakeEngine({ '/containers/json': json(ids.map(Id => ({ Id }))), ...Object.fromEntries(answers) })
    expect((await fake.docker.reader.containers()).map(container => container.id)).toEqual(ids)
    expect(most).toBeLessThanOrEqual(8)
  })
})

describe('logs', () => {
  const at = '2026-11-21T10:46:26.5Z'

  test('frames that come in pieces, cut within a header, a time and a character', async () => {
    const body = Buffer.concat([frame(1, `${at} 한글\n`), frame(2, `${at} 끝\n`)])
    const fake = await fakeEngine({
      '/containers/c1/json': json({ Config: { Tty: false } }),
      '/containers/c1/logs': (_request, response) => {
        for (const byte of body) response.write(Buffer.of(byte))
        response.end()
      },
    })
    expect(await fake.docker.reader.logs('c1', { tail: 7 })).toEqual([
      { stream: 'stdout', at: Date.parse(at), text: '한글' },
      { stream: 'stderr', at: Date.parse(at), text: '끝' },
    ])
    expect(fake.asked).toContain('GET /v1.41/containers/c1/logs?stdout=1&stderr=1&timestamps=1&tail=7')
  })

  test('of a container with a terminal', async () => {
    const fake = await fakeEngine({
      '/containers/c1/json': json({ Config: { Tty: true } }),
      '/containers/c1/logs': (_request, response) => void response.end(`${at} hi\r\n`),
    })
    expect(await fake.docker.reader.logs('c1', { tail: 7 })).toEqual([
      { stream: 'stdout', at: Date.parse(at), text: 'hi' },
    ])
  })

  test('of no container', async () => {
    const fake = await fakeEngine()
    expect(await fake.docker.reader.logs('c1', { tail: 7 })).toBeNull()
  })
})

describe('could not look', () => {
  const all = (answer: RequestListener) => ({
    '/version': answer,
    '/containers/json': answer,
    '/images/json': answer,
    '/images/alpine/json': answer,
    '/containers/c1/json': answer,
    '/containers/c1/logs': answer,
  })
  const failing: [string, RequestListener, object][] = [
    [
      '500',
      json({ message: 'disk gone' }, 500),
      { code: 'engine.error', evidence: { status: 500, message: 'disk gone' } },
    ],
    [
      'garbage',
      (_request, response) => void response.end('<html>'),
      { code: 'engine.error', evidence: { status: 200, message: 'the answer is not JSON: <html>' } },
    ],
    [
      'cut in the middle',
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': 100 })
        response.write('[', () => response.destroy())
      },
      { code: 'engine.error', evidence: { status: 0 } },
    ],
    ['no answer', () => {}, { code: 'engine.timeout', evidence: { seconds: 0.2 } }],
    [
      'an answer that never ends',
      (_request, response) => void response.write('['),
      { code: 'engine.timeout', evidence: { seconds: 0.2 } },
    ],
  ]
  test.each(failing)('%s', async (_, answer, expected) => {
    const fake = await fakeEngine(all(answer), '1.41', 200)
    for (const look of Object.values(everything(fake.docker))) expect(await problemOf(look())).toMatchObject(expected)
  })

  test.each([
    ['no engine at all', (_request, response) => void response.end('hello'), 200, 'hello'],
    ['a proxy that is broken', json({ message: 'bad gateway' }, 502), 502, 'bad gateway'],
  ] as [string, RequestListener, number, string][])('%s', async (_, answer, status, message) => {
    const fake = await fakeEngine({ '/_ping': answer })
    expect(await problemOf(fake.docker.reader.containers())).toEqual({
      code: 'engine.error',
      evidence: { status, message },
    })
  })

  test('engine not running, and found again as soon as it is', async () => {
    const fake = await fakeEngine({ '/images/json': json([]) })
    await fake.docker.reader.images()
    await fake.stop()
    const down = { code: 'engine.down', evidence: { socket: fake.socket, source: 'DOCKER_HOST' } }
    expect(await problemOf(fake.docker.reader.images())).toEqual(down)
    await fake.start()
    expect(await fake.docker.reader.images()).toEqual([])
  })

  test('no socket, no Docker in sight', async () => {
    const docker = createDocker({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, '/nowhere')
    expect(await problemOf(docker.reader.engine())).toEqual({
      code: 'engine.down',
      evidence: { socket: '/nowhere/docker.sock', source: 'DOCKER_HOST' },
    })
  })

  test('nobody at the port', async () => {
    const docker = createDocker({ DOCKER_HOST: 'tcp://127.0.0.1:1' }, '/nowhere')
    expect(await problemOf(docker.reader.engine())).toEqual({
      code: 'engine.down',
      evidence: { socket: 'tcp://127.0.0.1:1', source: 'DOCKER_HOST' },
    })
  })

  test('the context does not exist', async () => {
    const docker = createDocker({ DOCKER_CONTEXT: 'gone' }, '/nowhere')
    expect(await problemOf(docker.reader.engine())).toMatchObject({
      code: 'engine.wrong-context',
      evidence: { context: 'gone', socket: '' },
    })
  })

  test('the socket is not ours to use', async () => {
    const fake = await fakeEngine()
    const { user, problem } = await unprivileged(fake, async () => ({
      user: userInfo().username,
      problem: await problemOf(fake.docker.reader.engine()),
    }))
    expect(problem).toEqual({ code: 'engine.permission', evidence: { socket: fake.socket, user } })
  })
})

/** Root may use every socket, so it becomes nobody for a moment; others only lose the right to this one. */
async function unprivileged<T>({ socket }: FakeEngine, work: () => Promise<T>): Promise<T> {
  await chmod(socket, 0)
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    if (root) process.seteuid?.(0)
  }
}
