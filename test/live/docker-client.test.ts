import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import type { ContainerView } from '../../src/lab/machine.ts'
import { createDocker } from '../../src/world/docker/index.ts'
import { live } from '../helpers/live.ts'

const image = 'alpine:3.22'
const prefix = `handrail-client-${process.pid}`

async function cli(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args)
  return stdout.trim()
}

/** ms since the epoch, with fractions. */
const now = () => performance.timeOrigin + performance.now()

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!

live('docker')('the real engine', () => {
  const { reader, hands, close } = createDocker(process.env, homedir())
  const made: string[] = []

  const run = async (...args: string[]) => {
    const id = await cli('run', '-d', '--name', `${prefix}-${made.length}`, ...args)
    made.push(id)
    return id
  }
  const see = async (id: string): Promise<ContainerView | undefined> =>
    (await reader.containers()).find(container => container.id === id)

  afterEach(async () => {
    for (const id of made.splice(0)) await hands.removeContainer(id)
  })
  afterAll(close)

  test('says who it is', async () => {
    const engine = await reader.engine()
    expect(engine).toMatchObject({
      running: true,
      os: 'linux',
      version: await cli('version', '-f', '{{.Server.Version}}'),
    })
    expect(engine.api).toMatch(/^1\.\d+$/)
  })

  test('a container: its state, ports and log', async () => {
    const id = await run(
      '-p',
      '127.0.0.1::80',
      '-e',
      'GREETING=안녕',
      image,
      'sh',
      '-c',
      'echo 시작; echo oops >&2; sleep 60',
    )
    const port = Number((await cli('port', id, '80/tcp')).split(':')[1])
    await vi.waitFor(async () => expect(await see(id)).toMatchObject({ state: 'running', ports: { '80/tcp': port } }))
    expect(await see(id)).toMatchObject({
      image,
      asked: { '80/tcp': [{ host: '127.0.0.1', port: 0 }] },
      command: ['sh', '-c', 'echo 시작; echo oops >&2; sleep 60'],
      env: { GREETING: '안녕' },
      networks: ['bridge'],
    })
    await vi.waitFor(async () => {
      const lines = await reader.logs(id, { tail: 10 })
      expect(lines?.map(({ stream, text }) => `${stream} ${text}`).sort()).toEqual(['stderr oops', 'stdout 시작'])
      for (const line of lines!) expect(Math.abs(line.at - Date.now())).toBeLessThan(60_000)
    })
  })

  test('the log of a container with a terminal, and a line longer than a frame', async () => {
    const tty = await run('-t', image, 'sh', '-c', 'echo 하나; echo two')
    const long = await run(image, 'sh', '-c', 'i=0; while [ $i -lt 9000 ]; do printf abcd; i=$((i+1)); done; echo')
    await cli('wait', tty, long)
    expect((await reader.logs(tty, { tail: 10 }))?.map(line => line.text)).toEqual(['하나', 'two'])
    expect((await reader.logs(long, { tail: 10 }))?.map(line => line.text)).toEqual(['abcd'.repeat(9000)])
    expect(await reader.logs(`${prefix}-none`, { tail: 10 })).toBeNull()
  })

  test('a death is seen at once', async () => {
    const told: number[] = []
    const read: number[] = []
    for (let round = 0; round < 7; round++) {
      const id = await run(image, 'sleep', '60')
      const since = String(Math.floor(Date.now() / 1000))
      const calls: { told: number; read: number; state: string | undefined }[] = []
      const stopping = new AbortController()
      await new Promise<void>(listening => {
        const changed = async () => {
          listening()
          const told = now()
          const state = (await see(id))?.state
          calls.push({ told, read: now(), state })
        }
        reader.watch(() => void changed(), stopping.signal)
      })
      await cli('kill', id)
      await vi.waitFor(() => expect(calls.at(-1)?.state).toBe('exited'))
      const only = ['--filter', `container=${id}`, '--filter', 'event=die', '--format', '{{.TimeNano}}']
      const died = await vi.waitFor(async () => {
        const time = await cli('events', '--since', since, '--until', '0s', ...only)
        expect(time).not.toBe('')
        return Number(time) / 1e6
      })
      const first = await vi.waitFor(() => {
        const call = calls.find(each => each.told >= died)
        expect(call).toBeDefined()
        return call!
      })
      stopping.abort()
      expect(first.state).toBe('exited')
      told.push(first.told - died)
      read.push(first.read - died)
    }
    const shown = (times: number[]) =>
      `${median(times).toFixed(1)} ms (${times.map(time => time.toFixed(1)).join(', ')})`
    process.stdout.write(`a death, from the engine's event: told after ${shown(told)}, read after ${shown(read)}\n`)
    expect(median(told)).toBeLessThan(100)
  })

  test('five containers are read quickly', async () => {
    for (let i = 0; i < 5; i++) await run(image, 'sleep', '60')
    await reader.containers()
    const took: number[] = []
    for (let i = 0; i < 50; i++) {
      const start = performance.now()
      const seen = await reader.containers()
      took.push(performance.now() - start)
      expect(seen.filter(container => made.includes(container.id))).toHaveLength(5)
    }
    process.stdout.write(`containers() with five of ours: ${median(took).toFixed(1)} ms\n`)
  })

  test('images: of a name, of nonsense, of nothing', async () => {
    await run(image, 'true')
    const found = await reader.image(image)
    expect(found?.tags).toContain(image)
    expect((await reader.images()).map(each => each.id)).toContain(found!.id)
    for (const ref of [`${prefix}:none`, 'Not:A:Ref', 'UPPER']) expect(await reader.image(ref)).toBeNull()
  })

  test('what is removed is gone, and removing it again is no error', async () => {
    const tag = `${prefix}:1`
    const volume = await cli('volume', 'create', `${prefix}-data`)
    const network = await cli('network', 'create', `${prefix}-net`)
    const container = await run('-v', `${volume}:/data`, '--network', network, image, 'sleep', '60')
    await cli('tag', image, tag)
    const before = await hands.snapshot()
    expect(before.containers[container]).toMatchObject({ name: `${prefix}-0` })
    expect(Math.abs(before.volumes[volume]!.createdAt - Date.now())).toBeLessThan(60_000)
    expect(before.networks[network]).toMatchObject({ name: `${prefix}-net` })
    expect(before.images[tag]).toBeDefined()
    expect(Object.values(before.networks).map(each => each.name)).not.toContain('bridge')

    await expect(hands.removeVolume(volume)).rejects.toThrow(/in use/)
    for (const still of [true, false]) {
      expect(await hands.removeContainer(container)).toBe(still)
      expect(await hands.removeVolume(volume)).toBe(still)
      expect(await hands.removeNetwork(network)).toBe(still)
      expect(await hands.removeImage(tag)).toBe(still)
    }
    const after = await hands.snapshot()
    for (const [kind, key] of [
      ['containers', container],
      ['volumes', volume],
      ['networks', network],
      ['images', tag],
    ] as const)
      expect(after[kind]).not.toHaveProperty([key])
    expect(await reader.image(image)).not.toBeNull()
  })

  test('through the CLI, as for ssh', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handrail-'))
    const real = await promisify(execFile)('sh', ['-c', 'command -v docker'])
    const host = process.env['DOCKER_HOST'] || (await reader.engine()).host.replace(/^\//, 'unix:///')
    await writeFile(join(folder, 'docker'), `#!/bin/sh\nDOCKER_HOST=${host} exec ${real.stdout.trim()} "$@"\n`)
    await chmod(join(folder, 'docker'), 0o755)
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, DOCKER_HOST: 'ssh://somebody@somewhere' }
    const far = createDocker(env, homedir())
    try {
      expect(await far.reader.engine()).toEqual({ ...(await reader.engine()), host: 'ssh://somebody@somewhere' })
      expect((await far.reader.images()).length).toBe((await reader.images()).length)
    } finally {
      far.close()
      await rm(folder, { recursive: true })
    }
  })
})
