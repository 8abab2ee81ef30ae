import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Progress } from '../../src/lab/progress.ts'
import { messages } from '../../src/text/index.ts'
import { live } from '../helpers/live.ts'
import { portForFile } from '../helpers/locks.ts'
import { until } from '../helpers/until.ts'
import { camera, type EditorTerminal, openBrowser, openTerminalIn } from './browser.ts'
import { openCodeServer, prompt } from './code-server.ts'
import { buildProgram, type Home, lab, newHome, recorded, root, testHome } from './program.ts'
import { appRepository, type Repository } from './repository.ts'
import { expectFreshEngine, snapshot } from './snapshot.ts'
import { menu } from './terminal.ts'

/** A learner in code-server does todo-app by typing, in the browser that also opens the app. */

portForFile()
beforeAll(buildProgram)

const dockerfile = readFileSync(join(root, 'labs/todo-app/solution/Dockerfile'), 'utf8').trim().split('\n')
const items = { ko: '우유 사기', en: 'Walk the dog' } as const

live(
  'docker',
  'code-server',
  'chromium',
)('todo-app in code-server, typed', () => {
  beforeAll(expectFreshEngine)
  let repository: Repository
  beforeAll(async () => {
    repository = await appRepository()
  })
  afterAll(() => repository.remove())
  // The first start on a machine installs it.
  beforeAll(async () => {
    const home = newHome()
    await (await openCodeServer(home, home.dir)).stop()
    home.remove()
  }, 300_000)

  test.each(['ko', 'en'] as const)('from the first command to the last: %s', async language => {
    const home = testHome(language, repository.env)
    const look = async () => ({ ...(await snapshot(home, { engine: true })), files: [], processes: [] })
    const before = await look()
    const server = await openCodeServer(home, root)
    onTestFinished(() => server.stop())
    const browser = await openBrowser(home)
    onTestFinished(() => browser.close())
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const shot = camera(home, language)
    const page = await context.newPage()
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') await shot(page, 'failed')
    })
    await page.goto(server.url)
    const terminal = await openTerminalIn(page)
    const say = messages(language)

    const enter: Enter = (line, next = prompt, at = prompt) => terminal.enter(line, at, next)

    await enter('npx lab run todo-app', new RegExp(menu))
    await shot(page, 'menu')
    await terminal.type('t')
    await terminal.last(prompt)
    await shot(page, 'shell')

    await enter('git clone https://github.com/docker/getting-started-app.git getting-started-app')
    await passed(home, 'clone')
    await enter('cd getting-started-app')
    await enter('ls -a')
    await shot(page, 'cloned')

    if (language === 'ko') await writeInTerminal(enter)
    else await writeInEditor(page, terminal, enter)
    await passed(home, 'dockerfile')
    await shot(page, 'dockerfile')

    await enter(`sed -i.bak -E "s#(['\\\`])/items#\\1items#g" src/static/js/app.js`)
    await passed(home, 'relative')
    await enter('grep -n items src/static/js/app.js')
    await shot(page, 'relative')
    await enter('docker build -t getting-started .')
    await passed(home, 'build')
    await enter('docker image ls getting-started')
    await shot(page, 'built')
    await enter('docker run --name peek getting-started ls -a')
    await enter('docker ps -a --filter name=peek')
    await passed(home, 'inside')
    await shot(page, 'inside')
    await enter('docker run -d -p 127.0.0.1:3000:3000 getting-started')
    await passed(home, 'run')
    await terminal.last(prompt)
    await shot(page, 'runs')

    const [address = ''] = await terminal.find(/http\S+\/proxy\/3000\//)
    expect(address).toBe(`${server.origin}/proxy/3000/`)
    await shot(page, 'address')
    const app = await context.newPage()
    await app.goto(address)
    await app.getByPlaceholder('New item').fill(items[language])
    await app.getByPlaceholder('New item').press('Enter')
    await app.locator('#items li', { hasText: items[language] }).waitFor()
    await shot(app, 'app')
    await passed(home, 'add')
    await page.bringToFront()
    await terminal.focus()
    await shot(page, 'added')
    await enter('curl -s http://127.0.0.1:3000/items')
    await terminal.shows(new RegExp(`"name":"${items[language]}"`))
    await shot(page, 'items')

    await enter('docker ps')
    await enter('docker ps -a')
    await enter('docker rm peek')
    await passed(home, 'ps')
    await shot(page, 'tidy')
    const [, container] = await terminal.find(/docker logs ([a-z_]+\d*)/)
    await enter(`docker logs ${container}`)
    await enter(`docker restart ${container}`)
    await passed(home, 'logs')
    await terminal.find(new RegExp(say.finished('@', '@').split('@')[1]!))
    await shot(page, 'end')
    await enter('curl -s --retry 5 --retry-all-errors http://127.0.0.1:3000/items')
    await terminal.shows(new RegExp(`"name":"${items[language]}"`))
    await enter(`docker logs ${container}`)
    await terminal.shows(/(Listening on port[\s\S]*){2}/)
    await shot(page, 'again')
    await app.reload()
    await app.locator('#items li', { hasText: items[language] }).waitFor()

    expect(new Set(Object.values(statuses(home)))).toEqual(new Set(['passed']))
    const cleaned = await lab(home, 'clean', '--yes')
    expect(cleaned, cleaned.stderr).toMatchObject({ exit: 0 })
    expect(await look()).toEqual(before)
  })
})

type Enter = (line: string, next?: RegExp, at?: RegExp) => Promise<void>

async function writeInTerminal(enter: Enter): Promise<void> {
  const more = /^>$/
  await enter("cat > Dockerfile <<'END'", more)
  for (const line of dockerfile) await enter(line, more, more)
  await enter('END', prompt, more)
}

async function writeInEditor(page: Page, terminal: EditorTerminal, enter: Enter): Promise<void> {
  await enter('code-server -r Dockerfile')
  const editor = page.locator('.editor-group-container.active .monaco-editor').first()
  await editor.waitFor()
  await editor.click()
  await page.keyboard.type(dockerfile.join('\n'))
  await page.keyboard.press('Control+s')
  await terminal.focus()
}

async function passed(home: Home, step: string): Promise<void> {
  await until(() => statuses(home)[step] === 'passed', 90_000).catch(error => {
    const events = recorded(home).filter(each => ['typed', 'check.finished'].includes(each.event))
    throw new Error(`${step}: ${(error as Error).message}; ${JSON.stringify(events.slice(-4), null, 1)}`)
  })
}

function statuses(home: Home): Record<string, string> {
  const progress = JSON.parse(readFileSync(join(home.state, 'progress.json'), 'utf8')) as Progress
  const steps = Object.entries(progress.labs['todo-app']!.steps)
  return Object.fromEntries(steps.map(([id, { status }]) => [id, status]))
}
