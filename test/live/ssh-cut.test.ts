import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { connectSsh, type SshTarget } from '../../src/world/ssh/index.ts'
import { live } from '../helpers/live.ts'
import { serveTcp } from '../helpers/serve.ts'
import { until } from '../helpers/until.ts'
import { closedPort, codeOf, env, makeKey, running, sshScene } from './sshd.ts'

live('docker', 'sshd')('connections over ssh', () => {
  const scene = sshScene()

  test('where it is', async () => {
    expect(scene.machine.home).toBe(userInfo().homedir)
    const { stdout } = await promisify(execFile)('ssh-keygen', ['-lf', join(scene.sshd.folder, 'host.pub')])
    expect(scene.machine.hostKey).toBe(stdout.split(' ')[1])
    expect(await scene.machine.alive()).toBe(true)
  })

  describe('no connection', () => {
    const attempt = (change: Partial<SshTarget>) =>
      connectSsh({ ...scene.sshd.target, ...change }, { signal: new AbortController().signal, env })

    test('the key of another host', async () => {
      const other = join(scene.sshd.folder, 'other host')
      makeKey(other)
      const known = join(scene.sshd.folder, 'known others')
      const { stdout } = await promisify(execFile)('cut', ['-d', ' ', '-f', '1,2', `${other}.pub`])
      writeFileSync(known, `[127.0.0.1]:${scene.sshd.target.port} ${stdout}`)
      expect(await codeOf(attempt({ knownHosts: known }))).toBe('ssh.host-key')
    })

    test('a host nobody has enrolled', async () => {
      const empty = join(scene.sshd.folder, 'empty')
      writeFileSync(empty, '')
      expect(await codeOf(attempt({ knownHosts: empty }))).toBe('ssh.host-key')
      expect(await codeOf(attempt({ knownHosts: join(scene.sshd.folder, 'no such file') }))).toBe('ssh.host-key')
    })

    test('a key that is not let in, and none', async () => {
      expect(await codeOf(attempt({ identityFile: join(scene.sshd.folder, 'other') }))).toBe('ssh.auth')
      expect(await codeOf(attempt({ identityFile: join(scene.sshd.folder, 'none') }))).toBe('ssh.auth')
    })

    test('nobody there, or somebody who says nothing', async () => {
      expect(await codeOf(attempt({ port: await closedPort() }))).toBe('ssh.unreachable')
      const silent = await serveTcp(() => {})
      const start = performance.now()
      expect(await codeOf(attempt({ port: silent, connectTimeoutMs: 1000 }))).toBe('ssh.unreachable')
      expect(performance.now() - start).toBeLessThan(3000)
    })

    test('no client here', async () => {
      const asked = connectSsh(scene.sshd.target, { signal: new AbortController().signal, env: { PATH: '/nowhere' } })
      expect(await codeOf(asked)).toBe('ssh.missing')
    })

    test('the roster names no host', async () => {
      expect(await codeOf(attempt({ host: '-oProxyCommand=id' }))).toBe('ssh.bad-target')
    })
  })

  describe('the connection is cut', () => {
    const cut = async (signal: NodeJS.Signals) => {
      const known = new Set(scene.sshd.sessions())
      const fresh = await scene.connected()
      await fresh.reader.docker.engine()
      const ours = scene.sshd.sessions().filter(pid => !known.has(pid))
      expect(ours.length).toBeGreaterThan(0)
      const web = await serveTcp(() => {})
      return { fresh, web, now: () => ours.forEach(pid => void process.kill(pid, signal)) }
    }

    test('in the middle of a look and before the next', async () => {
      const { fresh, web, now } = await cut('SIGKILL')
      const { reader } = fresh
      const asked = [
        reader.run(['sleep', '7533'], { cwd: '/', timeoutMs: 60_000 }),
        reader.http({ url: `http://127.0.0.1:${web}/`, timeoutMs: 20_000 }),
      ]
      await until(async () => (await running('sleep 7533')).length > 0)
      const codes = Promise.all(asked.map(codeOf))
      now()
      expect(await codes).toEqual(['ssh.lost', 'ssh.lost'])
      const later = [
        reader.file('/'),
        reader.http({ url: `http://127.0.0.1:${web}/` }),
        reader.connect('127.0.0.1', web, 1000),
        reader.docker.containers(),
        reader.listeners(),
      ]
      expect(await Promise.all(later.map(codeOf))).toEqual(later.map(() => 'ssh.lost'))
      expect(await fresh.alive()).toBe(false)
      await promisify(execFile)('pkill', ['-f', 'sleep 7533']).catch(() => {})
    })

    test('without a word: nothing hangs', async () => {
      const { fresh, web, now } = await cut('SIGSTOP')
      const start = performance.now()
      now()
      const looks = [
        fresh.reader.file('/'),
        fresh.reader.http({ url: `http://127.0.0.1:${web}/`, timeoutMs: 1000 }),
        fresh.reader.docker.containers(),
      ]
      for (const code of await Promise.all(looks.map(codeOf))) expect(code).toBe('ssh.lost')
      expect(performance.now() - start).toBeLessThan(45_000)
      await fresh.close()
    })

    test('by whoever grades', async () => {
      const controller = new AbortController()
      const made = await connectSsh(scene.sshd.target, { signal: controller.signal, env })
      const web = await serveTcp(() => {})
      const asked = Promise.all([
        codeOf(made.reader.run(['sleep', '7534'], { cwd: '/', timeoutMs: 60_000 })),
        codeOf(made.reader.http({ url: `http://127.0.0.1:${web}/`, timeoutMs: 60_000 })),
      ])
      await until(async () => (await running('sleep 7534')).length > 0)
      controller.abort()
      expect(await asked).toEqual(['look.interrupted', 'look.interrupted'])
      await made.close()
      await until(async () => (await running('sleep 7534')).length === 0)
    })
  })
})
