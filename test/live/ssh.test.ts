import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { promisify } from 'node:util'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterReader } from '../../src/check/reader.ts'
import { createDocker } from '../../src/world/docker/index.ts'
import { createReader } from '../../src/world/reader.ts'
import { live } from '../helpers/live.ts'
import { serveHttp, serveTcp } from '../helpers/serve.ts'
import { until } from '../helpers/until.ts'
import { closedPort, codeOf, running, sshScene, startSshd } from './sshd.ts'

live('docker', 'sshd')('the network and the engine over ssh', () => {
  const scene = sshScene()
  const docker = createDocker(process.env, homedir())
  const here = createReader(process.env, docker.reader, {} as ClusterReader)
  afterAll(docker.close)

  describe('the network there', () => {
    test('a page', async () => {
      const web = await serveHttp((request, response) => {
        let body = ''
        request.on('data', chunk => (body += chunk))
        request.on('end', () => response.writeHead(201, { 'x-y': 'z' }).end(`${request.method} ${body} 안녕`))
      })
      const request = { url: `http://127.0.0.1:${web}/a?b`, method: 'POST', body: '{"a":1}' }
      const { tookMs: _, ...seen } = await scene.machine.reader.http(request)
      const { tookMs: __, ...near } = await here.http(request)
      const undated = (view: typeof seen) => ({ ...view, headers: { ...view.headers, date: '' } })
      expect(undated(seen)).toEqual(undated(near))
      expect(await scene.machine.reader.connect('127.0.0.1', web, 3000)).toEqual(
        await here.connect('127.0.0.1', web, 3000),
      )
      expect(await scene.machine.reader.connect('localhost', web, 3000)).toEqual(
        await here.connect('localhost', web, 3000),
      )
    })

    test('a server that closes without a word, one that says nothing, nobody', async () => {
      const closes = await serveTcp(socket => void socket.once('data', () => socket.end()))
      expect((await scene.machine.reader.http({ url: `http://127.0.0.1:${closes}/` })).error).toBe('EMPTY')
      const silent = await serveTcp(() => {})
      const url = `http://127.0.0.1:${silent}/`
      expect((await scene.machine.reader.http({ url, timeoutMs: 500 })).error).toBe('ETIMEDOUT')
      expect(await scene.machine.reader.connect('127.0.0.1', silent, 3000)).toMatchObject({ open: true })
      const closed = await closedPort()
      expect((await scene.machine.reader.http({ url: `http://127.0.0.1:${closed}/` })).error).toBe('ECONNREFUSED')
      expect((await scene.machine.reader.http({ url: 'http://no-such-host.invalid/' })).error).toBe('ENOTFOUND')
      const refused = { host: '127.0.0.1', port: closed, open: false, answering: [], error: 'ECONNREFUSED' }
      expect(await scene.machine.reader.connect('127.0.0.1', closed, 3000)).toEqual(refused)
      expect(await scene.machine.reader.connect('localhost', closed, 3000)).toEqual({ ...refused, host: 'localhost' })
      await until(async () => (await running('-W 127.0.0.1')).length === 0)
    })

    test('where the server forwards nothing, nobody knows', async () => {
      const strict = await startSshd('DisableForwarding yes')
      onTestFinished(() => strict.stop())
      const { reader } = await scene.connected(strict.target)
      expect(await codeOf(reader.http({ url: `http://127.0.0.1:${scene.sshd.target.port}/` }))).toBe('ssh.forwarding')
      expect(await codeOf(reader.connect('127.0.0.1', scene.sshd.target.port!, 3000))).toBe('ssh.forwarding')
      expect(await codeOf(reader.docker.containers())).toBe('ssh.forwarding')
      expect((await reader.file('/'))?.type).toBe('directory')
    })
  })

  test('the engine: containers, images, a file in one, its name', async () => {
    const name = `handrail-ssh-${process.pid}`
    const cli = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim()
    const id = await cli('run', '-d', '--name', name, 'alpine:3.22', 'sh', '-c', 'echo 안녕; sleep 60')
    try {
      const { reader, probe } = scene.machine
      await until(async () => (await reader.docker.logs(id, { tail: 5 }))?.length === 1)
      const find = async (from: typeof reader) => (await from.docker.containers()).find(each => each.id === id)
      expect(await find(reader)).toEqual(await find(here))
      expect(await reader.docker.images()).toEqual(await here.docker.images())
      const image = await reader.docker.image('alpine:3.22')
      expect(image).toEqual(await here.docker.image('alpine:3.22'))
      const passwd = await probe.imageFile(image!.id, '/etc/passwd')
      expect(passwd?.text).toContain('root:')
      expect(passwd).toEqual(await docker.probe.imageFile(image!.id, '/etc/passwd'))
      expect(await probe.imageFile(image!.id, '/no/such')).toBeNull()
      expect(await reader.docker.engine()).toEqual({ ...(await here.docker.engine()), host: '/var/run/docker.sock' })
      const small = await scene.connected({ limitBytes: 500 })
      expect(await codeOf(small.reader.docker.containers())).toBe('engine.error')
    } finally {
      await cli('rm', '-f', name)
    }
  })
})
