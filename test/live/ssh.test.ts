import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterReader } from '../../src/check/reader.ts'
import { createDocker } from '../../src/world/docker/index.ts'
import { createReader } from '../../src/world/reader.ts'
import { connectSsh, type SshMachine, type SshTarget } from '../../src/world/ssh/index.ts'
import { live } from '../helpers/live.ts'
import { serveHttp, serveTcp } from '../helpers/serve.ts'
import { until } from '../helpers/until.ts'
import { apiServer, configFolder, configText, pods } from '../world/kubernetes/api-server.ts'
import { makeKey, type Sshd, startSshd } from './sshd.ts'

const port = 20_000 + (process.pid % 10_000)

/** A variable of ours that no process there may see. */
const env = { ...process.env, HANDRAIL_SECRET: 'hidden' }

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  await promise.then(
    () => 'no error',
    error => error.problem?.code ?? String(error),
  )

const evidenceOf = async (promise: Promise<unknown>) =>
  await promise.then(
    () => null,
    error => error.problem?.evidence as Record<string, string | number> | undefined,
  )

/** Command lines of living processes that contain a text. */
async function running(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'args='])
  return stdout.split('\n').filter(line => line.includes(text) && !line.startsWith('ps '))
}

const privateFolders = () => readdirSync(tmpdir()).filter(name => name.startsWith('handrail-ssh-'))

live('docker', 'sshd')('a machine over ssh', () => {
  let sshd: Sshd
  let machine: SshMachine
  const docker = createDocker(process.env, homedir())
  const here = createReader(process.env, docker.reader, {} as ClusterReader)
  const before = privateFolders()

  const connected = async (change: Partial<SshTarget> = {}) => {
    const made = await connectSsh({ ...sshd.target, ...change }, { signal: new AbortController().signal, env })
    onTestFinished(() => made.close())
    return made
  }

  beforeAll(async () => {
    sshd = await startSshd(port)
    machine = await connectSsh(sshd.target, { signal: new AbortController().signal, env })
  })
  afterAll(async () => {
    await machine?.close()
    docker.close()
    await sshd?.stop()
    expect(privateFolders()).toEqual(before)
    expect(await running('handrail-sshd-')).toEqual([])
  })

  test('where it is', async () => {
    expect(machine.home).toBe(userInfo().homedir)
    const { stdout } = await promisify(execFile)('ssh-keygen', ['-lf', join(sshd.folder, 'host.pub')])
    expect(machine.hostKey).toBe(stdout.split(' ')[1])
    expect(await machine.alive()).toBe(true)
  })

  describe('files are as they are for a reader on that machine', () => {
    const folder = mkdtempSync(join(tmpdir(), "handrail odd '명령' "))
    const odd = [
      'a b',
      "it's",
      '"$(id)"',
      '`id`',
      'new\nline',
      '한글.txt',
      '-n',
      '--',
      '*',
      '\\',
      '.hidden',
      '..a',
      "'",
    ]
    beforeAll(() => {
      for (const name of odd) writeFileSync(join(folder, name), `${name} 안녕\n`)
      writeFileSync(join(folder, 'empty'), '')
      writeFileSync(join(folder, 'binary'), Buffer.from([0, 255, 10, 13, 0]))
      writeFileSync(join(folder, 'nul'), 'a\0b\r\n\n')
      writeFileSync(join(folder, 'bom'), '\ufeffx')
      writeFileSync(join(folder, 'just'), 'x'.repeat(1024 * 1024))
      writeFileSync(join(folder, 'more'), 'x'.repeat(1024 * 1024 + 1))
      mkdirSync(join(folder, 'dir ectory/inner'), { recursive: true })
      mkdirSync(join(folder, 'bare'))
      chmodSync(join(folder, 'empty'), 0o4711)
      symlinkSync('dir ectory', join(folder, 'to dir'))
      symlinkSync('a b', join(folder, 'to file'))
      symlinkSync('nowhere', join(folder, 'broken'))
      symlinkSync('loop', join(folder, 'loop'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    test.each([
      ...odd,
      ...['empty', 'binary', 'nul', 'bom', 'just', 'more', 'dir ectory', 'to dir', 'to file', 'broken'],
      ...['missing', 'a b/below', '.', 'x'.repeat(200)],
    ])('%j', async name => {
      const path = join(folder, name)
      expect(await machine.reader.file(path)).toEqual(await here.file(path))
    })

    test.each(['', 'dir ectory', 'to dir', 'bare', 'missing', 'a b', 'a b/below'])('list %j', async name => {
      const path = join(folder, name)
      expect(await machine.reader.list(path)).toEqual(await here.list(path))
    })

    test.each(['loop', 'x'.repeat(300)])('what cannot be looked at: %j', async name => {
      const path = join(folder, name)
      const seen = await evidenceOf(here.file(path))
      expect(seen?.['error']).toMatch(/^E[A-Z]+$/)
      expect(await evidenceOf(machine.reader.file(path))).toEqual(seen)
    })

    test('of /proc, and devices', async () => {
      expect((await machine.reader.file('/proc/sys/kernel/ostype'))?.text).toBe('Linux\n')
      expect(await machine.reader.file('/dev/zero')).toMatchObject({ type: 'other' })
    })

    test('more than may come is not taken', async () => {
      const small = await connected({ limitBytes: 100_000 })
      expect(await codeOf(small.reader.file(join(folder, 'just')))).toBe('ssh.limit')
      expect(await small.reader.file(join(folder, 'a b'))).toEqual(await here.file(join(folder, 'a b')))
    })
  })

  describe('programs', () => {
    const run = (argv: string[], timeoutMs = 5000, more = {}) =>
      machine.reader.run(argv, { cwd: '/', timeoutMs, ...more })

    test('words, folder, variables, input, both streams and the exit code', async () => {
      const words = ["it's", '$HOME', 'a\nb', '', '-x', '한글', '\\', '"', '*']
      const seen = await run(['/usr/bin/printf', '%s|', ...words])
      expect(seen).toEqual({ exitCode: 0, stdout: `${words.join('|')}|`, stderr: '', timedOut: false })
      const script = 'cat; pwd; echo "$GREETING" >&2; exit 255'
      const more = { cwd: tmpdir(), env: { GREETING: '안녕 $x' }, stdin: 'in\n' }
      expect(await run(['sh', '-c', script], 5000, more)).toMatchObject({
        exitCode: 255,
        stdout: `in\n${tmpdir()}\n`,
        stderr: '안녕 $x\n',
      })
    })

    test('get none of our variables', async () => {
      const { stdout } = await run(['/usr/bin/env'])
      expect(stdout).not.toMatch(/HANDRAIL|SSH_|hidden/)
      const names = stdout.trim().split('\n')
      expect(names.map(line => line.split('=')[0]).sort()).toEqual(['HOME', 'LANGUAGE', 'LC_ALL', 'PATH'])
    })

    test('that are not there', async () => {
      expect(await codeOf(run(['no-such-program']))).toBe('tool.missing')
      expect(await codeOf(run(['/no/such/program']))).toBe('tool.missing')
      expect(await codeOf(run(['true'], 5000, { cwd: '/no/such/folder' }))).toBe('folder.missing')
    })

    test('one that hangs ends at its time, there too', async () => {
      const start = performance.now()
      const seen = await run(['sh', '-c', 'echo begun; trap "" TERM; sleep 7531; echo never'], 700)
      expect(seen).toMatchObject({ timedOut: true, stdout: 'begun\n' })
      expect(performance.now() - start).toBeLessThan(6000)
      await until(async () => (await running('sleep 7531')).length === 0)
    })

    test('one that is no longer wanted ends', async () => {
      const controller = new AbortController()
      const asked = run(['sleep', '7532'], 60_000, { signal: controller.signal })
      await until(async () => (await running('sleep 7532')).length > 0)
      controller.abort()
      expect(await codeOf(asked)).toBe('look.interrupted')
      await until(async () => (await running('sleep 7532')).length === 0)
    })

    test('1 GB of output is cut at the cap', async () => {
      const memory = process.memoryUsage().rss
      const start = performance.now()
      const asked = run(['head', '-c', '1000000000', '/dev/zero'], 30_000)
      expect(await evidenceOf(asked)).toEqual({ host: '127.0.0.1', bytes: 1024 * 1024 })
      expect(performance.now() - start).toBeLessThan(10_000)
      expect(process.memoryUsage().rss - memory).toBeLessThan(200_000_000)
      await until(async () => (await running('head -c 1000000000')).length === 0)
    })

    test('many at once', async () => {
      const numbers = Array.from({ length: 30 }, (_, i) => String(i))
      const seen = await Promise.all(numbers.map(number => run(['echo', number], 20_000)))
      expect(seen.map(each => each.stdout.trim())).toEqual(numbers)
    })

    test('tools, free space, listeners are as for a reader on that machine', async () => {
      for (const name of ['git', 'docker', 'no-such-tool', 'code-server'])
        expect(await machine.reader.tool(name)).toEqual(await here.tool(name))
      const [there, near] = await Promise.all([machine.reader.free('/no/such'), here.free('/no/such')])
      expect(Math.abs(there! - near!)).toBeLessThan(200_000_000)
      const listener = await serveTcp(() => {})
      const seen = await machine.reader.listeners()
      expect(seen).toContainEqual({ address: '127.0.0.1', port: listener })
      expect(seen).toContainEqual({ address: '127.0.0.1', port })
    })
  })

  describe('a login', () => {
    const forced = async (number: number, line: string) => {
      const other = await startSshd(port + number, `ForceCommand ${line}`)
      onTestFinished(() => other.stop())
      return other.target
    }

    test('that talks before it runs anything', async () => {
      const { reader, home } = await connected(
        await forced(
          2,
          'echo Welcome; echo hint >&2; echo "${HANDRAIL_SECRET-}"; eval "$SSH_ORIGINAL_COMMAND"; echo Bye',
        ),
      )
      expect(home).toBe(userInfo().homedir)
      expect(await reader.file('/etc/passwd')).toEqual(await here.file('/etc/passwd'))
      const script = 'echo a; echo b >&2; exit 3'
      expect(await reader.run(['/bin/sh', '-c', script], { cwd: '/', timeoutMs: 5000 })).toEqual({
        exitCode: 3,
        stdout: 'a\n',
        stderr: 'b\n',
        timedOut: false,
      })
    })

    test('that runs nothing', async () => {
      const target = await forced(3, '/usr/sbin/nologin')
      const asked = connectSsh(target, { signal: new AbortController().signal, env })
      expect(await evidenceOf(asked)).toEqual({ host: '127.0.0.1', reason: 'This account is currently not available.' })
    })
  })

  describe('the network there', () => {
    test('a page', async () => {
      const web = await serveHttp((request, response) => {
        let body = ''
        request.on('data', chunk => (body += chunk))
        request.on('end', () => response.writeHead(201, { 'x-y': 'z' }).end(`${request.method} ${body} 안녕`))
      })
      const request = { url: `http://127.0.0.1:${web}/a?b`, method: 'POST', body: '{"a":1}' }
      const { tookMs: _, ...seen } = await machine.reader.http(request)
      const { tookMs: __, ...near } = await here.http(request)
      const undated = (view: typeof seen) => ({ ...view, headers: { ...view.headers, date: '' } })
      expect(undated(seen)).toEqual(undated(near))
      expect(await machine.reader.connect('127.0.0.1', web, 3000)).toEqual(await here.connect('127.0.0.1', web, 3000))
      expect(await machine.reader.connect('localhost', web, 3000)).toEqual(await here.connect('localhost', web, 3000))
    })

    test('a server that closes without a word, one that says nothing, nobody', async () => {
      const closes = await serveTcp(socket => void socket.once('data', () => socket.end()))
      expect((await machine.reader.http({ url: `http://127.0.0.1:${closes}/` })).error).toBe('EMPTY')
      const silent = await serveTcp(() => {})
      const url = `http://127.0.0.1:${silent}/`
      expect((await machine.reader.http({ url, timeoutMs: 500 })).error).toBe('ETIMEDOUT')
      expect(await machine.reader.connect('127.0.0.1', silent, 3000)).toMatchObject({ open: true })
      const closed = await closedPort()
      expect((await machine.reader.http({ url: `http://127.0.0.1:${closed}/` })).error).toBe('ECONNREFUSED')
      expect((await machine.reader.http({ url: 'http://no-such-host.invalid/' })).error).toBe('ENOTFOUND')
      const refused = { host: '127.0.0.1', port: closed, open: false, answering: [], error: 'ECONNREFUSED' }
      expect(await machine.reader.connect('127.0.0.1', closed, 3000)).toEqual(refused)
      expect(await machine.reader.connect('localhost', closed, 3000)).toEqual({ ...refused, host: 'localhost' })
      await until(async () => (await running('-W 127.0.0.1')).length === 0)
    })

    test('where the server forwards nothing, nobody knows', async () => {
      const strict = await startSshd(port + 1, 'DisableForwarding yes')
      onTestFinished(() => strict.stop())
      const { reader } = await connected(strict.target)
      expect(await codeOf(reader.http({ url: `http://127.0.0.1:${port}/` }))).toBe('ssh.forwarding')
      expect(await codeOf(reader.connect('127.0.0.1', port, 3000))).toBe('ssh.forwarding')
      expect(await codeOf(reader.docker.containers())).toBe('ssh.forwarding')
      expect((await reader.file('/'))?.type).toBe('directory')
    })
  })

  describe('an API server there', () => {
    const machineWith = async (text: string, limitBytes = 1024 * 1024) => {
      const { write } = configFolder()
      return await connected({ kubeconfig: write('a config', text), limitBytes })
    }
    const problemOf = async (promise: Promise<unknown>) =>
      await promise.then(
        () => null,
        error => error.problem as unknown,
      )

    test('answers; what is shown is what is written there', async () => {
      const server = await apiServer()
      server.put('web')
      const { reader } = await machineWith(configText(server.port))
      const config = await reader.cluster.config()
      expect(config.contexts).toMatchObject([{ name: 'lab', server: `https://127.0.0.1:${server.port}` }])
      expect(config.contexts[0]?.authority).toMatch(/^[0-9a-f]{16}$/)
      expect((await reader.cluster.list(pods))?.map(each => each.metadata.name)).toEqual(['web'])
      const look = reader.cluster.live()
      let woken = 0
      const stopping = new AbortController()
      await look.list(pods)
      look.watch(() => woken++, stopping.signal)
      await until(() => server.watches.size > 0)
      const before = woken
      server.put('second')
      await until(() => woken > before)
      expect((await look.list(pods))?.length).toBe(2)
      stopping.abort()
      expect([...server.methods]).toEqual(['GET'])
    })

    test('is asked anew where its kubeconfig was written anew', async () => {
      const [first, second] = [await apiServer(), await apiServer()]
      first.put('one')
      second.put('two')
      const { write } = configFolder()
      const kubeconfig = write('config', configText(first.port))
      const { reader } = await connected({ kubeconfig })
      expect((await reader.cluster.list(pods))?.[0]?.metadata.name).toBe('one')
      write('config', configText(second.port))
      await reader.cluster.config()
      expect((await reader.cluster.list(pods))?.[0]?.metadata.name).toBe('two')
    })

    test.each([
      ['by its own name', { 'tls-server-name': 'api.lab' }, null],
      ['by an address', { 'tls-server-name': '::1' }, null],
      ['as localhost', { server: 'https://localhost:PORT' }, null],
      ['not by another name', { 'tls-server-name': 'elsewhere' }, 'k8s.certificate'],
      ['not by another address', { 'tls-server-name': '127.0.0.2' }, 'k8s.certificate'],
      [
        'not by the address that it listens on, where its certificate has another',
        { server: 'https://127.0.0.3:PORT' },
        'k8s.certificate',
      ],
      ['not as somebody else', { 'proxy-url': 'http://127.0.0.1:9' }, 'ssh.kubeconfig'],
    ])('is believed %s', async (_, change, code) => {
      const server = await apiServer({}, '0.0.0.0')
      const cluster = JSON.parse(JSON.stringify(change).replace('PORT', String(server.port)))
      const { reader } = await machineWith(configText(server.port, cluster))
      const problem = (await problemOf(reader.cluster.list(pods))) as { code: string } | null
      expect(problem?.code ?? null).toBe(code)
    })

    test('is not there, or says too much', async () => {
      const closed = await closedPort()
      const server = `https://127.0.0.1:${closed}`
      const { reader } = await machineWith(configText(closed))
      expect(await problemOf(reader.cluster.list(pods))).toMatchObject({
        code: 'k8s.unreachable',
        evidence: { context: 'lab', server },
      })
      const talks = await apiServer()
      talks.put('web', { spec: { text: 'x'.repeat(20_000) } })
      const small = await machineWith(configText(talks.port), 10_000)
      expect(await problemOf(small.reader.cluster.list(pods))).toMatchObject({ code: 'k8s.error' })
    })

    test('of a kubeconfig that is none, or is not there', async () => {
      const broken = await machineWith('a: [')
      expect(await codeOf(broken.reader.cluster.config())).toBe('k8s.bad-kubeconfig')
      const { reader } = await connected({ kubeconfig: '/no/such/config' })
      expect(await reader.cluster.config()).toEqual({ current: null, contexts: [], files: [] })
      expect(await codeOf(reader.cluster.list(pods))).toBe('k8s.no-context')
    })
  })

  test('the engine: containers, images, a file in one, its name', async () => {
    const name = `handrail-ssh-${process.pid}`
    const cli = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim()
    const id = await cli('run', '-d', '--name', name, 'alpine:3.22', 'sh', '-c', 'echo 안녕; sleep 60')
    try {
      const { reader, probe } = machine
      await until(async () => (await reader.docker.logs(id, { tail: 5 }))?.length === 1)
      const find = async (from: typeof reader) => (await from.docker.containers()).find(each => each.id === id)
      expect(await find(reader)).toEqual(await find(here))
      expect(await reader.docker.images()).toEqual(await here.docker.images())
      const image = await reader.docker.image('alpine:3.22')
      expect(image).toEqual(await here.docker.image('alpine:3.22'))
      expect((await probe.imageFile(image!.id, '/etc/alpine-release'))?.text).toMatch(/^3\.22/)
      expect(await reader.docker.engine()).toEqual({ ...(await here.docker.engine()), host: '/var/run/docker.sock' })
    } finally {
      await cli('rm', '-f', name)
    }
    const small = await connected({ limitBytes: 500 })
    expect(await codeOf(small.reader.docker.containers())).toBe('engine.error')
  })

  describe('no connection', () => {
    const attempt = (change: Partial<SshTarget>) =>
      connectSsh({ ...sshd.target, ...change }, { signal: new AbortController().signal, env })

    test('the key of another host', async () => {
      const other = join(sshd.folder, 'other host')
      makeKey(other)
      const known = join(sshd.folder, 'known others')
      const { stdout } = await promisify(execFile)('cut', ['-d', ' ', '-f', '1,2', `${other}.pub`])
      writeFileSync(known, `[127.0.0.1]:${port} ${stdout}`)
      expect(await codeOf(attempt({ knownHosts: known }))).toBe('ssh.host-key')
    })

    test('a host nobody has enrolled', async () => {
      const empty = join(sshd.folder, 'empty')
      writeFileSync(empty, '')
      expect(await codeOf(attempt({ knownHosts: empty }))).toBe('ssh.host-key')
      expect(await codeOf(attempt({ knownHosts: join(sshd.folder, 'no such file') }))).toBe('ssh.host-key')
    })

    test('a key that is not let in, and none', async () => {
      expect(await codeOf(attempt({ identityFile: join(sshd.folder, 'other') }))).toBe('ssh.auth')
      expect(await codeOf(attempt({ identityFile: join(sshd.folder, 'none') }))).toBe('ssh.auth')
    })

    test('nobody there, or somebody who says nothing', async () => {
      expect(await codeOf(attempt({ port: await closedPort() }))).toBe('ssh.unreachable')
      const silent = await serveTcp(() => {})
      const start = performance.now()
      expect(await codeOf(attempt({ port: silent, connectTimeoutMs: 1000 }))).toBe('ssh.unreachable')
      expect(performance.now() - start).toBeLessThan(3000)
    })

    test('no client here', async () => {
      const asked = connectSsh(sshd.target, { signal: new AbortController().signal, env: { PATH: '/nowhere' } })
      expect(await codeOf(asked)).toBe('ssh.missing')
    })

    test('the roster names no host', async () => {
      expect(await codeOf(attempt({ host: '-oProxyCommand=id' }))).toBe('ssh.bad-target')
    })
  })

  describe('the connection is cut', () => {
    const cut = async (signal: NodeJS.Signals) => {
      const known = new Set(sshd.sessions())
      const fresh = await connected()
      await fresh.reader.docker.engine()
      const ours = sshd.sessions().filter(pid => !known.has(pid))
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
      expect(performance.now() - start).toBeLessThan(25_000)
      await fresh.close()
    })

    test('by whoever grades', async () => {
      const controller = new AbortController()
      const made = await connectSsh(sshd.target, { signal: controller.signal, env })
      const asked = codeOf(made.reader.run(['sleep', '7534'], { cwd: '/', timeoutMs: 60_000 }))
      await until(async () => (await running('sleep 7534')).length > 0)
      controller.abort()
      expect(await asked).toBe('look.interrupted')
      await made.close()
      await until(async () => (await running('sleep 7534')).length === 0)
    })
  })
})

async function closedPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
