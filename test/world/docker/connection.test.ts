import { createHash } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createDocker } from '../../../src/world/docker/index.ts'
import { fakeEngine, json } from './fake-engine.ts'

const idOf = (name: string) => createHash('sha256').update(name).digest('hex')

/** What `docker context create` and `docker context use` leave. */
async function useContext(home: string, name: string, host: string): Promise<void> {
  const folder = join(home, '.docker/contexts/meta', idOf(name))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }))
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ currentContext: name }))
}

test('a connection is kept and used again', async () => {
  const ports = new Set<unknown>()
  const fake = await fakeEngine({
    '/images/json': (request, response) => {
      ports.add(request.socket)
      response.end('[]')
    },
  })
  for (let i = 0; i < 5; i++) await fake.docker.reader.images()
  expect(ports.size).toBe(1)
})

test('a kept connection that the engine has closed is no problem', async () => {
  const fake = await fakeEngine({ '/images/json': json([]) })
  for (let i = 0; i < 5; i++) {
    expect(await fake.docker.reader.images()).toEqual([])
    await fake.stop()
    await fake.start()
  }
})

test('tcp', async () => {
  const server = createServer((request, response) => {
    response.setHeader('Api-Version', '1.41').end(JSON.stringify([{ Id: request.headers.host }]))
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const docker = createDocker({ DOCKER_HOST: `tcp://${address}` }, '/nowhere')
  onTestFinished(() => {
    docker.close()
    server.close()
  })
  expect(await docker.reader.images()).toMatchObject([{ id: address }])
})

test('another context is followed at once', async () => {
  const one = await fakeEngine({ '/images/json': json([{ Id: 'one' }]) })
  const two = await fakeEngine({ '/images/json': json([{ Id: 'two' }]) })
  await useContext(one.home, 'one', `unix://${one.socket}`)
  const docker = createDocker({}, one.home)
  onTestFinished(() => docker.close())
  expect(await docker.reader.images()).toMatchObject([{ id: 'one' }])
  await useContext(one.home, '둘', `unix://${two.socket}`)
  expect(await docker.reader.images()).toMatchObject([{ id: 'two' }])
  await two.stop()
  await expect(docker.reader.images()).rejects.toMatchObject({
    problem: {
      code: 'engine.wrong-context',
      evidence: { context: '둘', socket: two.socket, source: 'docker context' },
    },
  })
})

/** A `docker` of our own: what `docker system dial-stdio` does, without ssh. */
async function fakeCli(home: string, script: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(home, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'docker'), `#!${process.execPath}\n${script}`)
  await chmod(join(bin, 'docker'), 0o755)
  return { PATH: bin, DOCKER_HOST: 'ssh://ann@host' }
}

test('ssh goes through the CLI', async () => {
  const fake = await fakeEngine({ '/images/json': json([{ Id: 'i1' }]) })
  const env = await fakeCli(
    fake.home,
    `if (process.argv.slice(2).join(' ') !== 'system dial-stdio' || process.env.DOCKER_HOST !== 'ssh://ann@host') process.exit(9)
     const socket = require('net').connect(${JSON.stringify(fake.socket)})
     process.stdin.pipe(socket).pipe(process.stdout)`,
  )
  const docker = createDocker(env, fake.home)
  onTestFinished(() => docker.close())
  for (let i = 0; i < 3; i++) expect(await docker.reader.images()).toMatchObject([{ id: 'i1' }])
})

test.each([
  ['ssh cannot connect', `console.error('ssh: no route to host'); process.exit(255)`, 'ssh: no route to host'],
  ['the CLI says nothing', `process.exit(1)`, 'docker system dial-stdio ended'],
])('%s', async (_, script, message) => {
  const fake = await fakeEngine()
  const docker = createDocker(await fakeCli(fake.home, script), fake.home)
  onTestFinished(() => docker.close())
  await expect(docker.reader.images()).rejects.toMatchObject({
    problem: { code: 'engine.down', evidence: { socket: 'ssh://ann@host', source: 'DOCKER_HOST', message } },
  })
})

test('ssh without a docker CLI', async () => {
  const docker = createDocker({ PATH: '/nowhere', DOCKER_HOST: 'ssh://ann@host' }, '/nowhere')
  onTestFinished(() => docker.close())
  await expect(docker.reader.images()).rejects.toMatchObject({ problem: { code: 'engine.down' } })
})

test('an answer that is longer than may be counts as none', async () => {
  const fake = await fakeEngine({ '/images/json': json([{ Id: 'x'.repeat(5000) }]) })
  const env = { DOCKER_HOST: `unix://${fake.socket}` }
  const limited = createDocker(env, '/nowhere', { limitBytes: 2000 })
  onTestFinished(() => limited.close())
  await expect(limited.reader.images()).rejects.toMatchObject({
    problem: { code: 'engine.error', evidence: { message: 'an answer of more than 2000 bytes' } },
  })
  expect((await fake.docker.reader.images()).length).toBe(1)
})
