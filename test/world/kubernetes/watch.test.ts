import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { inNode } from '../../helpers/in-node.ts'
import { until } from '../../helpers/until.ts'
import { apiServer, configFolder, configText, json, line, pods, problemOf, readerOf } from './api-server.ts'

/** A server with a Pod `web`, and a live look that has listed Pods and watches them. */
async function watched() {
  const server = await apiServer()
  server.put('web')
  const { reader } = readerOf(configText(server.port))
  const live = reader.live()
  const changed = vi.fn()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  await live.list(pods)
  live.watch(changed, stopping.signal)
  await until(() => server.watches.size === 1 && changed.mock.calls.length === 1)
  const names = async () => (await live.list(pods))?.map(({ metadata }) => metadata.name)
  const calls = (count: number) => vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(count), { interval: 1 })
  return { server, live, changed, stopping, names, calls }
}

describe('a watch', () => {
  test('keeps the picture up: 100 lists cost one request', async () => {
    const { server, live, names, calls } = await watched()
    for (let i = 0; i < 100; i++) await live.list(pods)
    server.put('db', { status: { phase: 'Pending' } })
    await calls(2)
    expect(await names()).toEqual(['web', 'db'])
    server.put('db', { status: { phase: 'Running' } })
    await calls(3)
    expect((await live.list(pods))![1]).toMatchObject({ apiVersion: 'v1', status: { phase: 'Running' } })
    server.remove('web')
    await calls(4)
    expect(await names()).toEqual(['db'])
    expect([server.lists(), server.watched()]).toEqual([1, 1])
    expect(server.requests[1]).toContain('allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion=2')
  })

  test('lists that begin later are watched too, each by one watch', async () => {
    const { server, live, calls } = await watched()
    const nodes = { context: 'lab', kind: 'Node' }
    server.on(/nodes$/, (_, response) => json(response, 200, { items: [], metadata: { resourceVersion: '1' } }))
    server.on(/nodes\?/, (_, response) => response.writeHead(200).flushHeaders())
    await live.list(nodes)
    await calls(2)
    await live.list({ ...nodes, namespace: 'ignored' })
    await Promise.all([live.list(nodes), live.list(nodes)])
    expect(server.requests.filter(path => path.includes('nodes'))).toHaveLength(2)
  })

  test('bears lines and characters that come in pieces, several at once, and bookmarks', async () => {
    const { server, names, changed, calls } = await watched()
    const event = (name: string, version: string) =>
      line({ type: 'ADDED', object: { metadata: { name, namespace: 'default', resourceVersion: version } } })
    const bytes = Buffer.from(event('한글', '3'))
    const [watch] = server.watches
    for (const at of [0, 1, bytes.indexOf('한글') + 1, bytes.length - 1]) {
      const end = [1, bytes.indexOf('한글') + 1, bytes.length - 1, bytes.length].find(each => each > at)
      await new Promise<void>(sent => watch!.write(bytes.subarray(at, end), () => setImmediate(sent)))
    }
    await calls(2)
    watch!.write(event('a', '4') + event('b', '5'))
    server.bookmark()
    await calls(3)
    expect(await names()).toEqual(['web', '한글', 'a', 'b'])
    expect(changed).toHaveBeenCalledTimes(3)
  })

  test('goes on from the last version after an end, also one that only a bookmark told', async () => {
    const { server, names, calls } = await watched()
    server.put('db')
    server.bookmark()
    await calls(2)
    server.end()
    await until(() => server.watched() === 2)
    await calls(4)
    expect(server.requests.at(-1)).toContain('resourceVersion=4')
    expect(await names()).toEqual(['web', 'db'])
    expect(server.lists()).toBe(1)
  })

  test.each(['as a status', 'as an event'])('lists anew when the server forgot, %s', async how => {
    const { server, names, changed } = await watched()
    server.on(/watch=true&.*resourceVersion=2$/, (_, response) => {
      const gone = { kind: 'Status', code: 410, message: 'too old resource version' }
      if (how === 'as a status') json(response, 410, gone)
      else response.writeHead(200).write(line({ type: 'ERROR', object: gone }))
    })
    const before = changed.mock.calls.length
    server.end()
    await until(() => server.watched() === 2)
    server.put('db')
    server.remove('web')
    await until(() => changed.mock.calls.length > before && server.watches.size === 1)
    await vi.waitFor(async () => expect(await names()).toEqual(['db']))
    expect(server.lists()).toBeGreaterThan(1)
  })

  test('that is refused leaves lists to the server', async () => {
    const server = await apiServer()
    server.on(/watch=true/, (_, response) => json(response, 403, { kind: 'Status', message: 'no watching' }))
    const { reader } = readerOf(configText(server.port))
    const live = reader.live()
    const changed = vi.fn()
    const stopping = new AbortController()
    onTestFinished(() => stopping.abort())
    expect(await live.list(pods)).toEqual([])
    live.watch(changed, stopping.signal)
    await until(() => changed.mock.calls.length > 1)
    server.put('web')
    expect(await live.list(pods)).toHaveLength(1)
  })
})

describe('an outage', () => {
  test('is no answer, never an old one; and what happened meanwhile is seen', async () => {
    const { server, live, names, changed } = await watched()
    server.put('db')
    await vi.waitFor(async () => expect(await names()).toEqual(['web', 'db']))
    server.stop()
    await until(async () => (await live.list(pods).catch(() => null)) === null)
    expect(await problemOf(live.list(pods))).toMatchObject({
      code: 'k8s.unreachable',
      evidence: { reason: 'ECONNREFUSED' },
    })
    server.remove('web')
    server.forget()
    const before = changed.mock.calls.length
    await server.start()
    await until(() => server.watches.size === 1 && changed.mock.calls.length > before)
    expect(await names()).toEqual(['db'])
  })

  test('of a server that only falls silent is noticed when somebody looks', async () => {
    const { server, live, names } = await watched()
    server.on(/./, () => {})
    const problem = await until(
      () =>
        live.list(pods).then(
          () => null,
          error => error.problem,
        ),
      15_000,
    )
    expect(problem).toMatchObject({ code: 'k8s.unreachable', evidence: { reason: 'ETIMEDOUT' } })
    server.asBefore()
    server.put('db')
    await vi.waitFor(async () => expect(await names()).toEqual(['web', 'db']), 10_000)
  })

  test('from the beginning: the list is watched once somebody answers', async () => {
    const server = await apiServer()
    server.stop()
    const { reader } = readerOf(configText(server.port))
    const live = reader.live()
    const changed = vi.fn()
    const stopping = new AbortController()
    onTestFinished(() => stopping.abort())
    live.watch(changed, stopping.signal)
    expect(await problemOf(live.list(pods))).toMatchObject({ code: 'k8s.unreachable' })
    await server.start()
    await until(() => changed.mock.calls.length > 0)
    expect(await live.list(pods)).toEqual([])
    expect(server.lists()).toBe(1)
  })
})

describe('the end', () => {
  test('aborting ends every watch', async () => {
    const { server, stopping, changed } = await watched()
    stopping.abort()
    await until(() => server.watches.size === 0)
    const before = changed.mock.calls.length
    server.put('db')
    expect(server.watched()).toBe(1)
    expect(changed).toHaveBeenCalledTimes(before)
  })

  test.each(['stopping.abort()', 'kubernetes.close()', ''])('no handle keeps the process alive: %s', async end => {
    const server = await apiServer()
    const KUBECONFIG = configFolder().write('config', configText(server.port))
    const child = await inNode(`
      import { createKubernetes } from './src/world/kubernetes/index.ts'
      const kubernetes = createKubernetes({ KUBECONFIG: ${JSON.stringify(KUBECONFIG)} }, '/')
      const live = kubernetes.reader.live()
      const stopping = new AbortController()
      const pods = ${JSON.stringify(pods)}
      await live.list(pods)
      await new Promise(opened => {
        const busy = setTimeout(opened, 10000)
        live.watch(() => { clearTimeout(busy); opened() }, stopping.signal)
      })
      ${end}
    `)
    const began = performance.now()
    const code = await new Promise(resolve => child.once('exit', resolve))
    expect(code).toBe(0)
    expect(performance.now() - began).toBeLessThan(8000)
    expect(server.watched()).toBe(1)
  })
})
