import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFixture } from 'fs-fixture'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterReader, DockerReader } from '../../src/check/reader.ts'
import { members, processStart } from '../../src/world/processes.ts'
import { createReader } from '../../src/world/reader.ts'
import { until } from '../helpers/until.ts'

const env = { ...process.env, LANG: 'ko_KR.UTF-8', LC_MESSAGES: 'ko_KR.UTF-8', LANGUAGE: 'ko', PAGER: 'less' }
const reader = createReader(env, {} as DockerReader, {} as ClusterReader)

async function folder(content: Record<string, string> = {}): Promise<string> {
  const fixture = await createFixture(content)
  onTestFinished(() => fixture.rm())
  return realpathSync(fixture.path)
}

describe('file', () => {
  test('its text, mode, size and time', async () => {
    const path = join(await folder({ 한글: '안녕\n' }), '한글')
    const view = await reader.file(path)
    expect(view).toMatchObject({ path, type: 'file', mode: '0644', size: 7, text: '안녕\n' })
    expect(Math.abs(view!.modifiedAt - Date.now())).toBeLessThan(60_000)
  })

  test('no text where there is none to show', async () => {
    const at = await folder()
    writeFileSync(join(at, 'binary'), Buffer.from([0xff, 0xfe, 0]))
    writeFileSync(join(at, 'large'), '')
    truncateSync(join(at, 'large'), 1024 * 1024 + 1)
    execFileSync('mkfifo', [join(at, 'pipe')])
    mkdirSync(join(at, 'sub'))
    symlinkSync('sub', join(at, 'link'))
    symlinkSync('nowhere', join(at, 'dangling'))
    for (const [name, type] of Object.entries({
      binary: 'file',
      large: 'file',
      pipe: 'other',
      sub: 'directory',
      link: 'directory',
    })) {
      const view = await reader.file(join(at, name))
      expect(view?.type).toBe(type)
      expect(view).not.toHaveProperty('text')
    }
    for (const name of ['none', 'dangling', 'binary/below']) expect(await reader.file(join(at, name))).toBeNull()
    expect(await reader.list(at)).toEqual(['binary', 'dangling', 'large', 'link/', 'pipe', 'sub/'])
    expect(await reader.list(join(at, 'none'))).toBeNull()
    expect(await reader.list(join(at, 'binary'))).toBeNull()
  })

  test('what cannot be read could not be looked at', async () => {
    const at = await folder()
    symlinkSync('loop', join(at, 'loop'))
    const problem = { code: 'file.unreadable', evidence: { path: join(at, 'loop'), error: 'ELOOP' } }
    await expect(reader.file(join(at, 'loop'))).rejects.toMatchObject({ problem })
  })

  test('free space, also of a folder that is yet to be made', async () => {
    const at = await folder()
    expect(await reader.free(at)).toBeGreaterThan(0)
    expect(await reader.free(join(at, 'a', 'b'))).toBeGreaterThan(0)
  })
})

describe('run', () => {
  const options = { cwd: '/', timeoutMs: 5000 }

  test('a program without shell or terminal, in its own words', async () => {
    const argv = ['sh', '-c', 'cat; echo "$LC_ALL $LANGUAGE $PAGER $X $1"; pwd; echo err >&2; exit 3', 'sh', '$HOME *']
    expect(await reader.run(argv, { ...options, cwd: await folder(), env: { X: '1' } })).toEqual({
      exitCode: 3,
      stdout: expect.stringMatching(/^C\.UTF-8 C cat 1 \$HOME \*\n\/.*\n$/),
      stderr: 'err\n',
      timedOut: false,
    })
  })

  test('is given its input', async () => {
    expect((await reader.run(['cat'], { ...options, stdin: '입력' })).stdout).toBe('입력')
    expect((await reader.run(['true'], { ...options, stdin: 'x'.repeat(1_000_000) })).exitCode).toBe(0)
  })

  test('what takes too long is ended with all that it started', async () => {
    const at = await folder()
    const argv = ['sh', '-c', 'echo $$ > pid; trap "" TERM; sleep 60 & echo seen; wait; sleep 60']
    const from = performance.now()
    expect(await reader.run(argv, { cwd: at, timeoutMs: 200 })).toMatchObject({ timedOut: true, stdout: 'seen\n' })
    expect(performance.now() - from).toBeLessThan(2500)
    expect(await members(Number(readFileSync(join(at, 'pid'), 'utf8')))).toEqual([])
  })

  test('leaves nothing running', async () => {
    const { stdout } = await reader.run(['sh', '-c', 'sleep 60 & echo $!'], options)
    await until(async () => (await processStart(Number(stdout))) === null)
  })

  test('could not look', async () => {
    const at = await folder({ plain: '' })
    const run = (argv: string[], more = {}) => reader.run(argv, { ...options, ...more })
    await expect(run(['no-such-tool'])).rejects.toMatchObject({
      problem: { code: 'tool.missing', evidence: { tool: 'no-such-tool' } },
    })
    await expect(run([join(at, 'plain')])).rejects.toMatchObject({
      problem: { code: 'tool.unusable', evidence: { error: 'EACCES' } },
    })
    await expect(run(['true'], { cwd: join(at, 'gone') })).rejects.toMatchObject({
      problem: { code: 'folder.missing' },
    })
    await expect(run(['true'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      problem: { code: 'look.interrupted' },
    })
    await expect(run(['sleep', '60'], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      problem: { code: 'look.interrupted' },
    })
  })
})

describe('tool', () => {
  test('its path and version, asked once', async () => {
    const view = await reader.tool('node')
    expect(view).toMatchObject({ name: 'node', version: process.version.slice(1) })
    expect(existsSync(view!.path)).toBe(true)
    expect(await reader.tool('node')).toBe(view)
    expect(await reader.tool('no-such-tool')).toBeNull()
  })

  test.each([
    [
      'a stub of a known tool is none',
      'git',
      'echo "xcode-select: note: no developer tools were found" >&2; exit 1',
      null,
    ],
    [
      'a missing plugin is none',
      'docker-compose',
      `echo "docker: 'compose' is not a docker command." >&2; exit 1`,
      null,
    ],
    ['the plugin', 'docker-compose', 'echo "$1 $2 version v2.26.1"', { name: 'docker-compose', version: '2.26.1' }],
    ['an unknown tool that has no such option', 'frob', 'echo usage >&2; exit 2', { name: 'frob', version: '' }],
    ['a version on stderr', 'frob', 'echo "frob 1.2" >&2', { name: 'frob', version: '1.2' }],
  ])('%s', async (_, name, script, expected) => {
    const program = name === 'docker-compose' ? 'docker' : name
    const bin = await folder()
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    const view = await createReader({ PATH: bin }, {} as DockerReader, {} as ClusterReader).tool(name)
    if (expected) expect(view).toMatchObject({ ...expected, path: join(bin, program) })
    else expect(view).toBeNull()
  })
})
