import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const source = fileURLToPath(new URL('../../labs/apps/todo', import.meta.url))

/** What the labs tell a learner to type so that the page also works behind code-server's /proxy/3000/. */
const relativeUrls = 'sed -i.bak -E "s#([\'\\`])/items#\\1items#g" src/static/js/app.js'

interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

interface Program {
  child: ChildProcess
  stdout(): string
  /** Resolves with the match as soon as stdout has it, rejects if the program ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  exit: Promise<Exit>
}

interface App {
  url: string
  port: number
  stdout(): string
  stop(signal?: NodeJS.Signals): Promise<Exit>
}

interface Item {
  id: string
  name: string
  completed: boolean
}

let folder: string
let app: string
let database: string
let started: Program[] = []

// Every test has its own copy of the app, as a learner has.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-todo-'))
  app = join(folder, 'app')
  database = join(folder, 'etc', 'todos', 'todo.db')
  await cp(source, app, { recursive: true, filter: path => basename(path) !== 'node_modules' })
})

afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL')
  await Promise.all(started.map(program => program.exit))
  started = []
  await rm(folder, { recursive: true, force: true })
})

function launch(command: string, args: string[], extra: Record<string, string> = {}): Program {
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: '0', SQLITE_DB_LOCATION: database, ...extra }
  for (const name of Object.keys(env)) if (name.startsWith('MYSQL_') && !(name in extra)) delete env[name]
  for (const name of ['NODE_OPTIONS', 'FORCE_COLOR']) delete env[name]
  const child = spawn(command, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] })

  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })

  let ended = false
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      ended = true
      resolve({ code, signal, stdout, stderr })
      wake()
    })
  })

  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout)
        if (match) resolve(match)
        else if (ended) reject(new Error(`ended without saying ${pattern}:\n${stdout}${stderr}`))
        else return
        waiting.delete(look)
      }
      waiting.add(look)
      look()
    })

  const program: Program = { child, stdout: () => stdout, says, exit }
  started.push(program)
  return program
}

async function startApp(env: Record<string, string> = {}): Promise<App> {
  const program = launch(process.execPath, ['src/index.js'], env)
  const port = Number((await program.says(/^Listening on port (\d+)\n/m))[1])
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stdout: program.stdout,
    stop: (signal = 'SIGTERM') => {
      program.child.kill(signal)
      return program.exit
    },
  }
}

function send(method: string, url: string, body?: unknown): Promise<Response> {
  if (body === undefined) return fetch(url, { method })
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(url, { method, headers: { 'Content-Type': 'application/json' }, body: text })
}

async function list({ url }: App): Promise<Item[]> {
  return (await (await send('GET', `${url}/items`)).json()) as Item[]
}

async function add({ url }: App, name: string): Promise<Item> {
  const response = await send('POST', `${url}/items`, { name })
  expect(response.status).toBe(200)
  return (await response.json()) as Item
}

describe('package', () => {
  test('is what the labs look for, and has nothing to download', async () => {
    const manifest = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({ name: '101-app', license: 'MIT', dependencies: {}, devDependencies: {} })
    expect(await readFile(join(app, '.dockerignore'), 'utf8')).toBe('node_modules\nDockerfile\n')
  })

  test('installs without a network', async () => {
    const program = launch('npm', ['install', '--omit=dev', '--no-update-notifier'], {
      npm_config_registry: 'http://127.0.0.1:9',
    })
    expect(await program.exit).toMatchObject({ code: 0 })
  }, 30_000)

  test('its own specs pass', async () => {
    const { code, stdout } = await launch('npm', ['test', '--no-update-notifier']).exit
    expect(stdout).toMatch(/^(#|ℹ) pass [1-9]\d*$/m)
    expect(stdout).toMatch(/^(#|ℹ) fail 0$/m)
    expect(code).toBe(0)
  }, 30_000)
})

describe('starting and stopping', () => {
  test('says where the items are, then the port', async () => {
    const todo = await startApp()
    const lines = todo.stdout().trimEnd().split('\n')
    expect(lines[0]).toBe(`Using sqlite database at ${database}`)
    expect(lines.at(-1)).toBe(`Listening on port ${todo.port}`)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGUSR2'] as const)(
    '%s ends it with 0, also while a browser is connected',
    async signal => {
      const todo = await startApp()
      await list(todo) // fetch keeps its connection open
      expect(await todo.stop(signal)).toMatchObject({ code: 0, signal: null, stderr: '' })
    },
  )

  test('a taken port is an uncaught EADDRINUSE', async () => {
    const { port } = await startApp()
    const { code, stdout, stderr } = await launch(process.execPath, ['src/index.js'], { PORT: String(port) }).exit
    expect(code).toBe(1)
    // `:::` wherever the host has IPv6
    expect(stderr).toMatch(
      new RegExp(`^Error: listen EADDRINUSE: address already in use (:::|0\\.0\\.0\\.0:)${port}$`, 'm'),
    )
    expect(stdout).not.toContain('Listening')
  })

  test('a database that cannot be opened is one line and 1', async () => {
    await writeFile(join(folder, 'file'), '')
    const location = join(folder, 'file', 'todo.db')
    const { code, stderr } = await launch(process.execPath, ['src/index.js'], { SQLITE_DB_LOCATION: location }).exit
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: Cannot open the database at .*todo\.db: .+\n$/)
  })

  test('a file that is not ours is refused, and kept', async () => {
    const location = join(folder, 'notes.txt')
    await writeFile(location, 'not a database, and not JSON\n')
    const { code, stderr } = await launch(process.execPath, ['src/index.js'], { SQLITE_DB_LOCATION: location }).exit
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: Cannot open the database at .*notes\.txt: the file .*[Mm]ove .* away.*\n$/)
    expect(await readFile(location, 'utf8')).toBe('not a database, and not JSON\n')
  })

  test('MYSQL_HOST without mysql2 is one sentence and 1', async () => {
    const { code, stdout, stderr } = await launch(process.execPath, ['src/index.js'], { MYSQL_HOST: '127.0.0.1' }).exit
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Error: MYSQL_HOST is set, but the package mysql2 is not installed.*\n$/)
  })

  test('MYSQL_HOST_FILE alone does not select MySQL', async () => {
    const todo = await startApp({ MYSQL_HOST_FILE: '/run/secrets/host' })
    expect(todo.stdout()).toContain('Using sqlite database at')
  })
})

describe('routes', () => {
  test('add, list, change and remove', async () => {
    const todo = await startApp()
    expect(await list(todo)).toEqual([])

    const milk = await add(todo, '우유 <b>사기</b>')
    expect(milk).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: '우유 <b>사기</b>', completed: false })
    const bread = await add(todo, 'Bread')
    expect(await list(todo)).toEqual([milk, bread])

    const changed = await send('PUT', `${todo.url}/items/${milk.id}`, { name: 'Milk', completed: true })
    expect(changed.status).toBe(200)
    expect(await changed.json()).toEqual({ id: milk.id, name: 'Milk', completed: true })
    expect(await list(todo)).toEqual([{ id: milk.id, name: 'Milk', completed: true }, bread])

    expect((await send('DELETE', `${todo.url}/items/${milk.id}`)).status).toBe(200)
    expect((await send('DELETE', `${todo.url}/items/${milk.id}`)).status).toBe(200)
    expect(await list(todo)).toEqual([bread])
  })

  test.each([
    ['POST', '/items', '{', 400],
    ['POST', '/items', 'null', 400],
    ['POST', '/items', {}, 400],
    ['POST', '/items', { name: ' ' }, 400],
    ['POST', '/items', { name: 'x'.repeat(200_000) }, 413],
    ['PUT', '/items/unknown', { name: 'x', completed: true }, 404],
    ['PATCH', '/items', {}, 404],
    ['GET', '/nothing', undefined, 404],
    ['GET', '/..%2findex.js', undefined, 404],
    ['GET', '/%zz', undefined, 400],
  ])('%s %s is answered with an error, not a crash', async (method, path, body, status) => {
    const todo = await startApp()
    const response = await send(method, todo.url + path, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.any(String) })
    expect(await list(todo)).toEqual([])
  })

  test('the page and its files', async () => {
    const todo = await startApp()
    const page = await send('GET', `${todo.url}/`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = await page.text()
    expect(html).toContain('<title>Todo App</title>')

    const addresses = [...html.matchAll(/(?:href|src)="(?!data:)([^"]+)"/g)].map(match => match[1]!)
    expect(addresses.sort()).toEqual(['css/styles.css', 'js/app.js']) // relative: they work behind a prefix
    for (const address of addresses) expect((await send('GET', `${todo.url}/${address}`)).status).toBe(200)
  })

  test('the items are still there after a restart', async () => {
    const before = await startApp()
    const item = await add(before, 'Stay')
    await before.stop()
    expect(await list(await startApp())).toEqual([item])
  })
})

describe('what the labs edit in app.js', () => {
  const read = () => readFile(join(app, 'src/static/js/app.js'), 'utf8')
  const count = (text: string, part: string) => text.split(part).length - 1

  test('is there, in exactly these words', async () => {
    const script = await read()
    expect(count(script, "fetch('/items')")).toBe(1)
    expect(count(script, "fetch('/items', {")).toBe(1)
    expect(count(script, 'fetch(`/items/${item.id}`, {')).toBe(2)
    expect(count(script, '/items')).toBe(4)
    expect(count(script, 'Add Item')).toBe(1)
    expect(script).toMatch(/^ *<p class="text-center">No items yet! Add one above!<\/p>$/m)
  })

  test('the sed makes the four addresses relative, and a second run changes nothing', async () => {
    expect(await launch('bash', ['-c', relativeUrls]).exit).toMatchObject({ code: 0, stderr: '' })
    const once = await read()
    expect(once).not.toContain('/items')
    const addresses = [...once.matchAll(/fetch\((['`])(.+?)\1/g)].map(match => match[2]!.replace('${item.id}', '42'))
    const resolved = (base: string) => addresses.map(address => new URL(address, base).pathname)
    expect(resolved('http://localhost:3000/')).toEqual(['/items', '/items', '/items/42', '/items/42'])
    expect(resolved('http://host/proxy/3000/')).toEqual([
      '/proxy/3000/items',
      '/proxy/3000/items',
      '/proxy/3000/items/42',
      '/proxy/3000/items/42',
    ])

    expect(await launch('bash', ['-c', relativeUrls]).exit).toMatchObject({ code: 0, stderr: '' })
    expect(await read()).toBe(once)
  })

  test('an edit is served at once', async () => {
    const todo = await startApp()
    await writeFile(join(app, 'src/static/js/app.js'), (await read()).replace('No items yet!', '할 일이 없습니다!'))
    const response = await send('GET', `${todo.url}/js/app.js`)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toContain('할 일이 없습니다!')
  })
})
