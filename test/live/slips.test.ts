import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { RunEvent } from '../../src/run/events.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, done, type Home, lab, labJson, newHome, root, takePort, typed } from './program.ts'

/** Lines that go wrong for real, as commands of a lab, and engines that do not answer. */

const prefix = `hrlive-${process.pid}`
const detached = 'docker run -d'

interface Check {
  readonly verdict: string
  readonly cause: { readonly code: string } | null
}

portForFile()
beforeAll(buildProgram)

live('docker')('mistakes in a command', () => {
  let home: Home
  const course = join(root, 'test/fixtures/live/mistakes')

  beforeAll(async () => {
    home = newHome('en')
    await done(home, `mkdir -p work/app empty/sub named && echo 'FROM node:24-alpine' > work/app/Dockerfile`, home.dir)
    await done(home, `cp work/app/Dockerfile named/Dockerfile.txt`, home.dir)
  })
  afterEach(async () => {
    await done(home, `docker ps -aq --filter name=${prefix} | xargs -r docker rm -f`, home.dir)
  })
  afterAll(() => home.remove())

  test.each<[string, string, string]>([
    ['the folder beside', `cd $HOME/work && docker build -t ${prefix} .`, 'build.wrong-folder'],
    ['no Dockerfile anywhere', `docker build -t ${prefix} .`, 'build.no-dockerfile'],
    ['Dockerfile.txt', `cd $HOME/named && docker build -t ${prefix} .`, 'build.no-dockerfile'],
    ['a folder that is not there', `cd $HOME/work && docker build -t ${prefix} appp`, 'build.folder-missing'],
    ['a capital in the tag', `cd $HOME/work && docker build -t Getting-Started app`, 'build.bad-tag'],
    ['no folder', `cd $HOME/work/app && docker build -t ${prefix}`, 'build.context-missing'],
    ['a slip in docker', 'dokcer ps', 'tool.missing'],
    ['a slip in the verb', 'docker biuld -t x .', 'docker.unknown-command'],
  ])('%s', async (_, line, code) => {
    for (const buildkit of ['1', '0'])
      expect(await causeOf(`export DOCKER_BUILDKIT=${buildkit}; ${line}`), buildkit).toBe(code)
  })

  test('a port that a container has', async () => {
    await done(home, `${detached} --name ${prefix}-web -p 127.0.0.1:3000:80 nginx:1.28-alpine`, home.dir)
    const line = `docker run -d --name ${prefix}-second -p 127.0.0.1:3000:80 nginx:1.28-alpine`
    expect(await causeOf(line)).toBe('port.taken-by-container')
  })

  test('a port that a process has', async () => {
    await takePort()
    const line = `docker run -d --name ${prefix}-second -p 127.0.0.1:3000:80 nginx:1.28-alpine`
    expect(await causeOf(line)).toBe('port.taken-by-process')
  })

  test('a name that another container has', async () => {
    await done(home, `docker create --name ${prefix}-web nginx:1.28-alpine`, home.dir)
    expect(await causeOf(`docker create --name ${prefix}-web nginx:1.28-alpine`)).toBe('container.name-taken')
  })

  /** What the run says of the line, as the lab's own command. */
  async function causeOf(line: string): Promise<string> {
    const options = [
      '--course',
      course,
      '--workspace',
      join(home.dir, line.includes('$HOME/work') ? 'work' : 'empty'),
      '--set',
      `line=${line}`,
    ]
    const { stdout, stderr } = await lab(home, 'run', 'typed', '--yes', '--json', ...options)
    const events = stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(each => JSON.parse(each) as RunEvent)
    const finished = events.find(each => each.event === 'command.finished')
    return finished?.event === 'command.finished' ? (finished.cause?.code ?? 'none') : `nothing: ${stdout}${stderr}`
  }
})

live('docker')('an engine that cannot be looked at', () => {
  test.each([
    ['a socket that is not there', 'unix:///nonexistent.sock'],
    ['an address where nobody listens', 'tcp://127.0.0.1:1'],
  ])('%s', async (_, host) => {
    const home = ownHome({ DOCKER_HOST: host })
    await expectError(home, 'engine.down')
    const started = await lab(home, 'run', 'todo-app', '--yes')
    expect(started, started.stderr).toMatchObject({ exit: 3 })
  })

  test.skipIf(process.getuid?.() !== 0)('a socket that one may not use', async () => {
    const home = ownHome({})
    await done(home, `chmod 755 "$HOME/.." && chown -R 65534:65534 "$HOME/.."`, home.dir)
    const as = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      join(root, 'bin/lab.js'),
    ]
    const line = (words: string) => `${as.join(' ')} ${words}`
    const checked = await typed(home, line('check todo-app build --json'), home.dir)
    expect(checked.exit, checked.stderr).toBe(3)
    const [first] = (JSON.parse(checked.stdout) as { checks: Check[] }).checks
    expect(first).toMatchObject({ verdict: 'error', cause: { code: 'engine.permission' } })
    const started = await typed(home, line('run todo-app --yes'), home.dir)
    expect(started, started.stderr).toMatchObject({ exit: 3 })
    expect(started.stderr).toContain('docker')
  })

  function ownHome(extra: Record<string, string>): Home {
    const home = newHome('en', extra)
    onTestFinished(() => home.remove())
    return home
  }

  async function expectError(home: Home, code: string): Promise<void> {
    for (const step of ['build', 'inside', 'run', 'ps']) {
      const { exit, document } = await labJson<{ checks: Check[] }>(home, 'check', 'todo-app', step)
      expect(document.checks[0]).toMatchObject({ verdict: 'error', cause: { code } })
      expect(exit).toBe(3)
    }
  }
})
