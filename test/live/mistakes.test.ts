import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/text/index.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { buildProgram, done, type Home, lab, labJson, newHome, root, takePort, typed } from './program.ts'
import { expectFreshEngine } from './snapshot.ts'
import { menu, openTerminal } from './terminal.ts'

/** Mistakes made for real: each is told apart from the others, and nobody is handed the answer. */

const prefix = `hrlive-${process.pid}`
const image = 'getting-started'
const detached = 'docker run -d'

interface Check {
  readonly id: string
  readonly verdict: string
  readonly cause: { readonly code: string; readonly message: string } | null
}

/** What the text of a step tells to type, and the heart of it. */
const answers: Readonly<Record<string, readonly string[]>> = {
  build: ['docker build -t getting-started', '-t getting-started .'],
  inside: ['docker run --name peek getting-started ls -a'],
  run: ['docker run -d -p', '127.0.0.1:3000:3000', '-p 3000:3000'],
}

portForFile()
beforeAll(buildProgram)

live('docker')('mistakes in todo-app', () => {
  beforeAll(expectFreshEngine)
  let home: Home
  let app = ''

  beforeAll(async () => {
    home = newHome('en')
    app = join(home.workspace, 'getting-started-app')
    await begin(home)
    await done(home, `cp -R "${root}/labs/apps/todo" getting-started-app`)
    await expectPassed('clone')
    // In small letters, with more in it than the lab asks for.
    const content = readFileSync(join(root, 'labs/todo-app/solution/Dockerfile'), 'utf8')
    writeFileSync(join(app, 'Dockerfile'), content.replace('FROM', '# mine\nfrom').replace('EXPOSE', 'ENV A=b\nEXPOSE'))
    await expectPassed('dockerfile')
    changeScript("'items", '`items')
    await expectPassed('relative')
  })

  afterEach(async () => {
    const made = [`--filter ancestor=${image}`, `--filter name=${prefix}`]
    for (const filter of made) await done(home, `docker ps -aq ${filter} | xargs -r docker rm -f`)
  })

  afterAll(async () => {
    expect(await lab(home, 'clean', 'todo-app', '--yes')).toMatchObject({ exit: 0 })
    await typed(home, `docker image rm -f ${image} getting-strated ${prefix}:stale`, home.dir)
    home.remove()
  })

  describe('build', () => {
    test('not built yet', () => expectCause('build', 'image', 'image.missing'))

    test('built under nearly that name', async () => {
      await done(home, 'docker build -t getting-strated getting-started-app')
      const { cause } = await expectCause('build', 'image', 'image.missing')
      expect(cause).toMatchObject({ evidence: { near: expect.stringContaining('getting-strated') } })
    })

    test('built before app.js was changed', async () => {
      changeScript("'/items", '`/items')
      await done(home, 'docker build -t getting-started getting-started-app')
      changeScript("'items", '`items')
      await expectCause('build', 'content', 'image.stale')
    })

    test('another image has the name', async () => {
      await done(home, 'docker tag node:24-alpine getting-started')
      await expectCause('build', 'image', /^(image\.stale|state\.mismatch)$/)
    })

    test('in a way of one’s own', async () => {
      await done(
        home,
        'cd getting-started-app && docker image build --tag getting-started:latest --file ./Dockerfile .',
      )
      await expectPassed('build')
    })
  })

  describe('inside', () => {
    test('ended with an error', async () => {
      await typed(home, `docker run --name peek ${image} ls nowhere`)
      await expectCause('inside', 'peek', 'container.exited')
    })

    test('a command that is not in the image', async () => {
      await typed(home, `docker run --name peek ${image} lss -a`)
      await expectCause('inside', 'peek', 'command.not-in-image')
    })

    test('another name', async () => {
      await done(home, `docker run --name ${prefix}-peak ${image} ls -a`)
      await expectCause('inside', 'peek', 'container.missing')
    })

    test('the app instead of ls', async () => {
      await done(home, `docker run -d --name peek ${image}`)
      await expectCause('inside', 'peek', /./)
    })
  })

  describe('run', () => {
    test('not run yet', () => expectCause('run', 'up', 'container.missing'))

    test('a container has the port', async () => {
      await done(home, `${detached} --name ${prefix}-web -p 127.0.0.1:3000:80 nginx:1.28-alpine`)
      expect((await typed(home, `${detached} -p 127.0.0.1:3000:3000 ${image}`)).exit).toBe(125)
      await expectCause('run', 'up', 'port.taken-by-container')
    })

    test('a process has the port', async () => {
      await takePort()
      expect((await typed(home, `${detached} -p 127.0.0.1:3000:3000 ${image}`)).exit).toBe(125)
      await expectCause('run', 'up', 'port.taken-by-process')
    })

    test.each<[string, string, string | RegExp]>([
      ['stopped', 'docker stop', /^container\.(killed|exited)$/],
      ['killed', 'docker kill', 'container.killed'],
      ['paused', 'docker pause', /./],
      ['only created', 'docker rm -f $id && docker create', 'container.not-started'],
    ])('%s', async (what, command, code) => {
      const id = await done(home, `${detached} -p 127.0.0.1:3000:3000 ${image}`)
      if (what === 'only created')
        await done(home, `docker rm -f ${id} && docker create -p 127.0.0.1:3000:3000 ${image}`)
      else
        await done(
          home,
          `curl -s --max-time 5 --retry 20 --retry-delay 0 --retry-all-errors -o /dev/null http://127.0.0.1:3000/ && ${command} ${id}`,
        )
      await expectCause('run', 'up', code)
    })

    test.each<[string, string, string, string | RegExp]>([
      ['published the wrong way round', '-p 127.0.0.1:3000:80', 'up', 'port.wrong-way-round'],
      ['published the wrong way round, other numbers', '-p 127.0.0.1:3000:8080', 'up', 'port.wrong-way-round'],
      ['to a port that the app does not use', '-p 127.0.0.1:8080:80', 'up', 'app.listens-elsewhere'],
      ['not published', '', 'up', 'port.not-published'],
      ['the app listens on another port', '-e PORT=8080 -p 127.0.0.1:3000:3000', 'web', 'app.listens-elsewhere'],
    ])('%s', async (_, options, check, code) => {
      await done(home, `${detached} ${options} ${image}`)
      await expectCause('run', check, code)
    })

    test.each<[string, string, string]>([
      ['ends at once', `${image} node -e "process.exit(1)"`, 'container.exited'],
      ['a file that is not in the image', `${image} node src/main.js`, 'container.module-missing'],
      [
        'without memory',
        `--memory 6m ${image} node -e "for(const a=[];;)a.push(new Array(1e6).fill(1))"`,
        'container.killed',
      ],
    ])('%s', async (_, words, code) => {
      const id = await done(home, `${detached} -p 127.0.0.1:3000:3000 ${words}`)
      await done(home, `docker wait ${id}`)
      await expectCause('run', 'up', code)
    })

    test('the option after the image', async () => {
      await typed(home, `${detached} ${image} -p 3000:3000`)
      await expectCause('run', 'up', /^(command\.not-in-image|port\.not-published|container\.exited)$/)
    })

    test('in ways of one’s own', async () => {
      await done(home, `docker container run --name peek ${image} ls -a`)
      await expectPassed('inside')
      await done(home, `docker container run --detach --name ${prefix}-mine --publish 127.0.0.1:8081:3000 ${image}`)
      await expectPassed('run')
      await done(home, `curl -s http://127.0.0.1:8081/items -H 'Content-Type: application/json' -d '{"name":"tea"}'`)
      await expectPassed('add')
    })
  })

  async function expectPassed(step: string): Promise<void> {
    const { exit, document } = await labJson<{ step: string }>(home, 'check', 'todo-app', step)
    expect(document).toMatchObject({ step, passed: true })
    expect(exit).toBe(0)
  }

  /** The check fails for that reason; those after it are not blamed. Both languages say it without the answer. */
  async function expectCause(step: string, id: string, code: string | RegExp): Promise<Check> {
    const { exit, document } = await labJson<{ checks: Check[] }>(home, 'check', 'todo-app', step)
    const check = document.checks.find(each => each.id === id)!
    const all = JSON.stringify(document, null, 1)
    expect(check.cause?.code ?? 'none', all).toMatch(typeof code === 'string' ? new RegExp(`^${code}$`) : code)
    expect(check.verdict).toBe('failed')
    expect(exit).toBe(1)
    for (const language of ['ko', 'en'] as const) {
      const { stdout, stderr } = await lab(home, 'check', 'todo-app', step, '--lang', language)
      expect(stdout + stderr).toContain(messages(language).whatHappened)
      for (const answer of answers[step] ?? []) expect(stdout + stderr).not.toContain(answer)
    }
    return check
  }

  /** Writes the requests of the app's script anew, each with this beginning. */
  function changeScript(quoted: string, backticked: string): void {
    const file = join(app, 'src/static/js/app.js')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/'\/?items(?=')/g, quoted).replace(/`\/?items(?=\/)/g, backticked))
  }
})

/** Opens the lab and leaves it at once. */
async function begin(home: Home): Promise<void> {
  const terminal = openTerminal(home, ['run', 'todo-app'])
  await terminal.next(menu)
  terminal.type('q')
  expect((await terminal.end()).exit).toBe(0)
}
