import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { createServer, connect as open, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { connect } from '../../src/world/connect.ts'
import { httpView } from '../../src/world/http.ts'
import { makeCertificates } from '../helpers/certificates.ts'
import { serveHttp, serveTcp } from '../helpers/serve.ts'

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const onRequest = (act: (socket: Socket) => void) => (socket: Socket) => void socket.once('data', () => act(socket))

describe('an answer', () => {
  test('Korean text, headers, status', async () => {
    const port = await serveHttp((_, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('없어요')
    })
    const url = `http://127.0.0.1:${port}/items`
    const view = await httpView({ url })
    expect(view).toMatchObject({ url, status: 404, text: '없어요', headers: { 'set-cookie': 'a=1, b=2' } })
    expect(view.error).toBeUndefined()
    expect(Number.isInteger(view.tookMs)).toBe(true)
  })

  test.each([
    ['text/html; charset=euc-kr', Buffer.from([0xc7, 0xd1]), '한'],
    ['text/html; charset=no-such', Buffer.from('한'), '한'],
    ['', Buffer.from('한'), '한'],
  ])('in %j', async (type, body, text) => {
    const port = await serveHttp(
      (_, response) => void response.writeHead(200, type ? { 'content-type': type } : {}).end(body),
    )
    expect(await httpView({ url: `http://localhost:${port}` })).toMatchObject({ status: 200, text })
  })

  test('method, headers and body are sent', async () => {
    const port = await serveHttp(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      response.end(`${request.method} ${request.headers['x-a']} ${request.headers['content-length']} ${body}`)
    })
    const request = { url: `http://127.0.0.1:${port}`, method: 'POST', headers: { 'X-A': '1' }, body: '우유' }
    expect((await httpView(request)).text).toBe('POST 1 6 우유')
  })

  test('HEAD has no body', async () => {
    const port = await serveHttp((_, response) => void response.setHeader('content-length', 5).end())
    expect(await httpView({ url: `http://127.0.0.1:${port}`, method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  test('redirects are not followed', async () => {
    const port = await serveHttp((_, response) => void response.writeHead(302, { location: '/next' }).end())
    const view = await httpView({ url: `http://127.0.0.1:${port}` })
    expect(view).toMatchObject({ status: 302, headers: { location: '/next' } })
  })

  test('each request has a connection of its own', async () => {
    const ports = new Set<number | undefined>()
    const port = await serveHttp((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    for (let i = 0; i < 3; i++) await httpView({ url: `http://127.0.0.1:${port}` })
    expect(ports.size).toBe(3)
  })

  test('no proxy is asked', async () => {
    const proxy = `http://127.0.0.1:${await closedPort()}`
    for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy']) vi.stubEnv(name, proxy)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    onTestFinished(() => void vi.unstubAllEnvs())
    const port = await serveHttp((_, response) => void response.end('direct'))
    expect((await httpView({ url: `http://127.0.0.1:${port}` })).text).toBe('direct')
  })

  test('of endless length is cut', async () => {
    const port = await serveHttp((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    })
    const view = await httpView({ url: `http://127.0.0.1:${port}` })
    expect(view.status).toBe(200)
    expect(view.error).toBeUndefined()
    expect(view.text).toHaveLength(1024 * 1024)
  })
})

describe('what goes wrong is in the view', () => {
  test.each<[string, (socket: Socket) => void, object]>([
    ['closed without a byte', socket => socket.end(), { error: 'EMPTY', text: '', headers: {} }],
    ['reset', socket => socket.resetAndDestroy(), { error: 'ECONNRESET' }],
    ['cut off in the headers', socket => socket.end('HTTP/1.1 200 OK\r\nA: '), { error: 'ECONNRESET' }],
    ['no HTTP', socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), { error: 'HPE_INVALID_CONSTANT' }],
    ['never an answer', () => {}, { error: 'ETIMEDOUT' }],
    [
      'cut off in the body',
      socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      { status: 200, text: 'half', error: 'ECONNRESET' },
    ],
    [
      'an answer that does not end',
      socket => socket.write('HTTP/1.1 200 OK\r\n\r\nevents'),
      { status: 200, text: 'events', error: 'ETIMEDOUT' },
    ],
  ])('%s', async (_, act, expected) => {
    const port = await serveTcp(onRequest(act))
    const view = await httpView({ url: `http://127.0.0.1:${port}`, timeoutMs: 300 })
    expect(view).toMatchObject(expected)
    expect('status' in view).toBe('status' in expected)
    expect(view.tookMs).toBeLessThan(2000)
  })

  test('nobody listens', async () => {
    const port = await closedPort()
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await httpView({ url: `http://${host}:${port}` })).toMatchObject({ error: 'ECONNREFUSED' })
  })

  test('no such host', async () => {
    expect((await httpView({ url: 'http://no-such-host.invalid/' })).error).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/)
  })

  test('TLS where there is none', async () => {
    const port = await serveHttp((_, response) => void response.end())
    const view = await httpView({ url: `https://127.0.0.1:${port}` })
    expect(view.status).toBeUndefined()
    expect(view.error).toMatch(/SSL|EPROTO/)
  })

  test.each([
    { url: 'not a url' },
    { url: 'ftp://127.0.0.1' },
    { url: 'http://127.0.0.1:1', headers: { 'a b': '1' } },
    { url: 'http://127.0.0.1:1', method: 'GE T' },
  ])('a request that cannot be sent: %j', async request => {
    await expect(httpView(request)).rejects.toMatchObject({
      problem: { code: 'http.bad-request', evidence: { url: request.url } },
    })
  })
})

describe('connect', () => {
  test('says which addresses answer', async () => {
    const v4 = await serveTcp(socket => socket.end())
    expect(await connect('127.0.0.1', v4, 1000)).toEqual({
      host: '127.0.0.1',
      port: v4,
      open: true,
      answering: ['127.0.0.1'],
    })
    expect(await connect('localhost', v4, 1000)).toMatchObject({ open: true, answering: ['127.0.0.1'] })
    const v6 = await serveTcp(socket => socket.end(), '::1').catch(() => 0)
    if (v6)
      expect(await connect('localhost', v6, 1000)).toEqual({
        host: 'localhost',
        port: v6,
        open: true,
        answering: ['::1'],
      })
    if (v6) expect(await connect('[::1]', v6, 1000)).toMatchObject({ open: true, answering: ['::1'] })
  })

  test('says why none does', async () => {
    const port = await closedPort()
    for (const host of ['localhost', '127.0.0.1'])
      expect(await connect(host, port, 1000)).toEqual({ host, port, open: false, answering: [], error: 'ECONNREFUSED' })
    expect((await connect('no-such-host.invalid', 80, 3000)).error).toMatch(/^(ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/)
  })
})

describe('by a connection that somebody else opens', () => {
  const dialled: unknown[] = []
  const dial = (host: string, port: number) => {
    dialled.push([host, port])
    return open({ host: '127.0.0.1', port: there })
  }
  let there = 0

  test.each([
    ['http://student.invalid/a', ['student.invalid', 80]],
    ['http://[::1]:3000/', ['::1', 3000]],
  ])('%s', async (url, to) => {
    there = await serveHttp((request, response) => void response.end(`${request.headers.host}${request.url}`))
    const view = await httpView({ url }, dial)
    expect(view).toMatchObject({ status: 200, text: url.slice('http://'.length) })
    expect(dialled.at(-1)).toEqual(to)
  })

  test('https: the certificate is compared with the name of the URL', async () => {
    const { server: own, ca } = makeCertificates()
    const server = createTlsServer({ ...own, ca }, (_, response) => void response.end('ok')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    there = (server.address() as { port: number }).port
    const near = await httpView({ url: `https://127.0.0.1:${there}/` })
    expect(near.error).toMatch(/CERT|UNABLE/)
    expect((await httpView({ url: `https://127.0.0.1:${there}/` }, dial)).error).toBe(near.error)
    expect(dialled.at(-1)).toEqual(['127.0.0.1', there])
  })

  test.each(['http', 'https'])('whose error is the error of the view: %s', async scheme => {
    const error = Object.assign(new Error('no'), { code: 'EHOSTUNREACH' })
    const broken = () => {
      const stream = new Duplex({ read() {}, write() {} })
      setImmediate(() => stream.destroy(error))
      return stream
    }
    expect((await httpView({ url: `${scheme}://student.invalid/` }, broken)).error).toBe('EHOSTUNREACH')
  })
})
