import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterReader, DockerReader } from '../../src/check/reader.ts'
import { createReader } from '../../src/world/reader.ts'
import { connectSsh } from '../../src/world/ssh/index.ts'
import { live } from '../helpers/live.ts'
import { serveTcp } from '../helpers/serve.ts'
import { until } from '../helpers/until.ts'
import { codeOf, env, problemOf, running, sshScene, startSshd } from './sshd.ts'

live('sshd')('files and programs over ssh', () => {
  const scene = sshScene()
  const here = createReader(process.env, {} as DockerReader, {} as ClusterReader)

  describe('files are as they are for a reader on that machine', () => {
    let folder: string
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
      folder = mkdtempSync(join(tmpdir(), "handrail odd '명령' "))
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
      expect(await scene.machine.reader.file(path)).toEqual(await here.file(path))
    })

    test.each(['', 'dir ectory', 'to dir', 'bare', 'missing', 'a b', 'a b/below'])('list %j', async name => {
      const path = join(folder, name)
      expect(await scene.machine.reader.list(path)).toEqual(await here.list(path))
    })

    test.each(['loop', 'x'.repeat(300)])('what cannot be looked at: %j', async name => {
      const path = join(folder, name)
      const seen = (await problemOf(here.file(path)))?.evidence
      expect(seen?.['error']).toMatch(/^E[A-Z]+$/)
      expect((await problemOf(scene.machine.reader.file(path)))?.evidence).toEqual(seen)
    })

    test('of /proc, and devices', async () => {
      expect((await scene.machine.reader.file('/proc/sys/kernel/ostype'))?.text).toBe('Linux\n')
      expect(await scene.machine.reader.file('/dev/zero')).toMatchObject({ type: 'other' })
    })

    test('more than may come is not taken', async () => {
      const small = await scene.connected({ limitBytes: 100_000 })
      expect(await codeOf(small.reader.file(join(folder, 'just')))).toBe('ssh.limit')
      expect(await small.reader.file(join(folder, 'a b'))).toEqual(await here.file(join(folder, 'a b')))
    })
  })

  describe('programs', () => {
    const run = (argv: string[], timeoutMs = 5000, more = {}) =>
      scene.machine.reader.run(argv, { cwd: '/', timeoutMs, ...more })

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
      expect((await problemOf(asked))?.evidence).toEqual({ host: '127.0.0.1', bytes: 1024 * 1024 })
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
        expect(await scene.machine.reader.tool(name)).toEqual(await here.tool(name))
      const [there, near] = await Promise.all([scene.machine.reader.free('/no/such'), here.free('/no/such')])
      expect(Math.abs(there! - near!)).toBeLessThan(200_000_000)
      const listener = await serveTcp(() => {})
      const seen = await scene.machine.reader.listeners()
      expect(seen).toContainEqual({ address: '127.0.0.1', port: listener })
      expect(seen).toContainEqual({ address: '127.0.0.1', port: scene.sshd.target.port })
    })
  })

  describe('a login', () => {
    const forced = async (line: string) => {
      const other = await startSshd(`ForceCommand ${line}`)
      onTestFinished(() => other.stop())
      return other.target
    }

    test('that talks before it runs anything', async () => {
      const { reader, home } = await scene.connected(
        await forced('echo Welcome; echo hint >&2; echo "${HANDRAIL_SECRET-}"; eval "$SSH_ORIGINAL_COMMAND"; echo Bye'),
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

    test('that takes its time: a program has its own', async () => {
      const { reader } = await scene.connected(await forced('sleep 2; eval "$SSH_ORIGINAL_COMMAND"'))
      const seen = await reader.run(['echo', 'done'], { cwd: '/', timeoutMs: 1000 })
      expect(seen).toMatchObject({ exitCode: 0, stdout: 'done\n', timedOut: false })
    })

    test('that comes to no end is no machine that is gone', async () => {
      const asked = connectSsh(await forced('cat'), { signal: new AbortController().signal, env })
      expect((await problemOf(asked))?.evidence).toEqual({ host: '127.0.0.1', seconds: 20 })
    })

    test('whose shell somebody ends between two looks', async () => {
      const { reader } = await scene.connected()
      await promisify(execFile)('pkill', ['-9', '-f', '^/bin/sh -s'])
      expect(await reader.file('/etc/passwd')).toEqual(await here.file('/etc/passwd'))
    })

    test('to a server that lets one session run at a time', async () => {
      const other = await startSshd('MaxSessions 1')
      onTestFinished(() => other.stop())
      const { reader } = await scene.connected(other.target)
      const run = (word: string) => reader.run(['echo', word], { cwd: '/', timeoutMs: 5000 })
      const all = await Promise.all([run('a'), run('b'), reader.file('/etc/hostname'), run('c')])
      expect(all).toMatchObject([{ stdout: 'a\n' }, { stdout: 'b\n' }, { type: 'file' }, { stdout: 'c\n' }])
    })

    test('that runs nothing', async () => {
      const target = await forced('/usr/sbin/nologin')
      const asked = connectSsh(target, { signal: new AbortController().signal, env })
      expect((await problemOf(asked))?.evidence).toEqual({
        host: '127.0.0.1',
        reason: 'This account is currently not available.',
      })
    })
  })
})
