import { chmodSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectTo } from '../../../src/world/kubernetes/connection.ts'
import { makeCertificates } from '../../helpers/certificates.ts'
import {
  apiServer,
  base64,
  certificates,
  clientUser,
  configFolder,
  configText,
  json,
  pods,
  problemOf,
  readerOf,
} from './api-server.ts'

const refused = { kind: 'Status', message: 'no' }

describe('requests', () => {
  test('200 at once need at most 8 handshakes, and are all GET', async () => {
    const server = await apiServer()
    server.put('web')
    const { reader } = readerOf(configText(server.port))
    const lists = await Promise.all(Array.from({ length: 200 }, () => reader.list(pods)))
    expect(lists.every(list => list?.[0]?.kind === 'Pod')).toBe(true)
    expect(server.handshakes()).toBeLessThanOrEqual(8)
    for (let i = 0; i < 50; i++) await reader.list(pods)
    expect(server.handshakes()).toBeLessThanOrEqual(8)
    expect([...server.methods]).toEqual(['GET'])
  })

  test('objects come as they were sent, and say what they are', async () => {
    const server = await apiServer()
    server.put('web', { spec: { _from: 1, unheard: { of: true } }, 안녕: '하세요' })
    const { reader } = readerOf(configText(server.port))
    expect(await reader.list(pods)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'default', resourceVersion: '2' },
        spec: { _from: 1, unheard: { of: true } },
        안녕: '하세요',
      },
    ])
  })

  test('a kind of its own is found by discovery, once; again when it was not there', async () => {
    const server = await apiServer()
    const { reader } = readerOf(configText(server.port))
    const widgets = { ...pods, kind: 'Widget' }
    server.on(/^\/apis$/, (_, response) =>
      json(response, 200, { groups: [{ preferredVersion: { groupVersion: 'lab/v1' } }] }),
    )
    expect(await reader.list(widgets)).toBeNull()
    const resources = [{ name: 'widgets', kind: 'Widget', namespaced: true, verbs: ['list'] }]
    server.on(/^\/apis\/lab\/v1$/, (_, response) => json(response, 200, { resources }))
    server.on(/\/namespaces\/default\/widgets$/, (_, response) =>
      json(response, 200, { items: [{ metadata: { name: 'w' } }], metadata: { resourceVersion: '1' } }),
    )
    expect(await reader.list(widgets)).toMatchObject([{ apiVersion: 'lab/v1', kind: 'Widget' }])
    const before = server.requests.length
    expect(await reader.list(widgets)).toHaveLength(1)
    expect(server.requests).toHaveLength(before + 1)
    expect(await reader.list({ ...widgets, apiVersion: 'lab/v2' })).toBeNull()
  })

  test('any path, any status', async () => {
    const server = await apiServer()
    const { reader } = readerOf(configText(server.port))
    server.on(/^\/readyz$/, (_, response) => response.writeHead(500, { 'x-why': 'etcd' }).end('준비 안 됨'))
    expect(await reader.get('lab', '/readyz')).toMatchObject({
      status: 500,
      text: '준비 안 됨',
      headers: { 'x-why': 'etcd' },
    })
    server.on(/^\/log$/, (_, response) => response.end('x'.repeat(3 * 2 ** 20)))
    expect((await reader.get('lab', '/log')).text).toHaveLength(2 ** 20)
    server.on(/^\/app$/, (_, response) => response.writeHead(401).end('who are you?'))
    expect(await reader.get('lab', '/app')).toMatchObject({ status: 401, text: 'who are you?' })
    expect(server.requests.filter(path => path === '/app')).toHaveLength(1)
    server.on(/^\/slow$/, () => {})
    const late = await problemOf(reader.get('lab', '/slow', { timeoutMs: 100 }))
    expect(late).toMatchObject({ code: 'k8s.unreachable', evidence: { reason: 'ETIMEDOUT' } })
  })

  test('proxies of the environment change nothing', async () => {
    const server = await apiServer()
    const proxy = {
      HTTPS_PROXY: 'http://127.0.0.1:9',
      https_proxy: 'http://127.0.0.1:9',
      ALL_PROXY: 'http://127.0.0.1:9',
    }
    const before = { ...process.env }
    Object.assign(process.env, proxy)
    onTestFinished(() => {
      process.env = before
    })
    expect(await readerOf(configText(server.port), proxy).reader.list(pods)).toEqual([])
  })
})

describe('refusals', () => {
  test('403 says what is not allowed', async () => {
    const server = await apiServer()
    server.on(/pods/, (_, response) => json(response, 403, { kind: 'Status', message: 'pods is forbidden' }))
    const { reader } = readerOf(configText(server.port))
    expect(await problemOf(reader.list(pods))).toEqual({
      code: 'k8s.forbidden',
      evidence: { context: 'lab', verb: 'list', resource: 'pods', namespace: 'default', message: 'pods is forbidden' },
    })
  })

  test('429 is asked again when the server wants, but not for ever', async () => {
    const server = await apiServer()
    let busy = 2
    server.on(/pods/, (_, response) =>
      busy-- > 0
        ? json(response, 429, refused, { 'retry-after': '0' })
        : json(response, 200, { items: [], metadata: { resourceVersion: '1' } }),
    )
    const { reader } = readerOf(configText(server.port))
    expect(await reader.list(pods)).toEqual([])
    server.on(/pods/, (_, response) => json(response, 503, refused, { 'retry-after': '60' }))
    expect(await problemOf(reader.list(pods))).toEqual({
      code: 'k8s.error',
      evidence: { context: 'lab', status: 503, message: 'no' },
    })
    expect(server.lists()).toBe(4)
  })

  test('401: credentials are loaded anew once', async () => {
    const server = await apiServer({ requestCert: false, rejectUnauthorized: false })
    const files = configFolder()
    const tokenFile = files.write('token', 'old\n')
    const { reader } = readerOf(configText(server.port, {}, { tokenFile }))
    let valid = 'old'
    const seen: string[] = []
    server.on(/pods/, (request, response) => {
      seen.push(String(request.headers.authorization))
      if (request.headers.authorization !== `Bearer ${valid}`) json(response, 401, refused)
      else json(response, 200, { items: [], metadata: { resourceVersion: '1' } })
    })
    expect(await reader.list(pods)).toEqual([])
    files.write('token', 'new')
    valid = 'new'
    await Promise.all([reader.list(pods), reader.list(pods), reader.list(pods)])
    valid = 'nobody knows'
    seen.length = 0
    expect(await problemOf(reader.list(pods))).toEqual({ code: 'k8s.unauthorized', evidence: { context: 'lab' } })
    expect(seen).toEqual(['Bearer new', 'Bearer new'])
  })
})

describe('who is who', () => {
  test.each([
    [
      'an authority in a file beside it',
      { 'certificate-authority-data': undefined, 'certificate-authority': 'ca.pem' },
    ],
    ['another name', { server: 'https://127.0.0.1:PORT', 'tls-server-name': 'api.lab' }],
    ['another address', { server: 'https://127.0.0.1:PORT', 'tls-server-name': '::1' }],
    ['localhost', { server: 'https://localhost:PORT/' }],
    ['no questions asked', { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true }],
  ])('%s', async (_, change) => {
    const server = await apiServer()
    const cluster = JSON.parse(JSON.stringify(change).replace('PORT', String(server.port)))
    const text = configText(server.port, { ...change, ...cluster })
    const { reader, write } = readerOf(text)
    write('ca.pem', certificates().ca)
    expect(await reader.list(pods)).toEqual([])
  })

  test.each([
    ['name and password', { username: 'a', password: 'b' }, 'Basic YTpi'],
    ['a token', { token: 't' }, 'Bearer t'],
    ['a certificate in files', { 'client-certificate': 'c.pem', 'client-key': 'k.pem' }, undefined],
  ])('%s', async (_, user, header) => {
    const server = await apiServer({ rejectUnauthorized: header === undefined })
    let seen: string | undefined
    server.on(/readyz/, (request, response) => {
      seen = request.headers.authorization
      response.end()
    })
    const { reader, write } = readerOf(configText(server.port, {}, user))
    write('c.pem', certificates().client.cert)
    write('k.pem', certificates().client.key)
    expect((await reader.get('lab', '/readyz')).status).toBe(200)
    expect(seen).toBe(header)
  })

  test.each([
    [
      'the authority of another cluster',
      { 'certificate-authority-data': base64(makeCertificates().ca) },
      {},
      'k8s.certificate',
    ],
    ['another name', { 'tls-server-name': 'elsewhere' }, {}, 'k8s.certificate'],
    ['another address', { 'tls-server-name': '127.0.0.2' }, {}, 'k8s.certificate'],
    ['a damaged authority', { 'certificate-authority-data': base64('nothing') }, {}, 'k8s.certificate'],
    ['a damaged certificate', {}, { 'client-certificate-data': base64('nothing') }, 'k8s.certificate'],
    ['no certificate', {}, { 'client-certificate-data': undefined, 'client-key-data': undefined }, 'k8s.certificate'],
    ['a proxy of its own', { 'proxy-url': 'http://127.0.0.1:9' }, {}, 'k8s.error'],
    [
      'no such authority',
      { 'certificate-authority-data': '', 'certificate-authority': 'no' },
      {},
      'k8s.bad-kubeconfig',
    ],
    ['no such certificate', {}, { 'client-certificate-data': '', 'client-certificate': 'no' }, 'k8s.bad-kubeconfig'],
    ['no address', { server: 'nonsense' }, {}, 'k8s.unreachable'],
    ['nobody there', { server: 'https://127.0.0.1:1' }, {}, 'k8s.unreachable'],
    ['nobody there, over IPv6', { server: 'https://[::1]:1' }, {}, 'k8s.unreachable'],
  ])('cannot look: %s', async (_, cluster, user, code) => {
    const server = await apiServer()
    const { reader } = readerOf(configText(server.port, cluster, { ...clientUser(), ...user }))
    expect(await problemOf(reader.list(pods))).toMatchObject({ code })
  })
})

describe('the configuration', () => {
  test('is read anew when it changes: another server, no context, broken, gone', async () => {
    const [one, two] = [await apiServer(), await apiServer()]
    two.put('web')
    const { reader, write, folder } = readerOf(configText(one.port))
    expect(await reader.list(pods)).toEqual([])
    const before = await reader.config()
    expect(before).toMatchObject({ current: null, contexts: [{ name: 'lab' }], files: [`${folder}/config`] })
    expect(await reader.config()).toBe(before)
    write('config', `${configText(two.port)} `)
    expect(await reader.list(pods)).toHaveLength(1)
    write('config', 'contexts: []')
    expect(await problemOf(reader.list(pods))).toEqual({
      code: 'k8s.no-context',
      evidence: { context: 'lab', known: '' },
    })
    const file = write('config', 'contexts: [\n')
    expect(await problemOf(reader.config())).toEqual({
      code: 'k8s.bad-kubeconfig',
      evidence: { file, reason: expect.stringMatching(/unexpected end/) },
    })
    write('config', '')
    expect(await reader.config()).toEqual({ current: null, contexts: [], files: [file] })
  })
})

describe('plugins', () => {
  async function withPlugin(script: string) {
    const server = await apiServer({ requestCert: false, rejectUnauthorized: false })
    const seen: string[] = []
    server.on(/pods/, (request, response) => {
      seen.push(String(request.headers.authorization))
      if (request.headers.authorization === 'Bearer 1') json(response, 401, refused)
      else json(response, 200, { items: [], metadata: { resourceVersion: '1' } })
    })
    const exec = { command: './login', args: ['now'], env: [{ name: 'WHO', value: 'me' }] }
    const files = readerOf(configText(server.port, {}, { exec }))
    chmodSync(files.write('login', `#!/bin/sh\ncd ${files.folder}\n${script}\n`), 0o755)
    return { ...files, seen }
  }

  test('are run once, and once more when what they gave is refused', async () => {
    const { reader, seen } = await withPlugin(
      `echo x >> runs; [ "$WHO $1" = "me now" ] || exit 1
echo "{\\"status\\":{\\"token\\":\\"$(grep -c x runs)\\"}}"`,
    )
    expect(await reader.list(pods)).toEqual([])
    expect(await reader.list(pods)).toEqual([])
    expect(seen).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 2'])
  })

  test.each([
    ['fails', 'echo first >&2; echo "not logged in" >&2; exit 3', 'not logged in'],
    ['talks', 'echo hello', 'not an ExecCredential'],
  ])('one that %s', async (_, script, reason) => {
    const { reader, folder } = await withPlugin(script)
    expect(await problemOf(reader.list(pods))).toEqual({
      code: 'k8s.plugin-failed',
      evidence: { command: `${folder}/login`, reason },
    })
  })

  test('one that is not there', async () => {
    const { reader } = readerOf(configText(1, {}, { exec: { command: 'no-such-plugin' } }))
    expect(await problemOf(reader.list(pods))).toEqual({
      code: 'k8s.plugin-failed',
      evidence: { command: 'no-such-plugin', reason: 'tool.missing' },
    })
  })
})

test('a stream that falls silent counts as ended', async () => {
  const server = await apiServer()
  const credentials = { ca: null, verify: false, serverName: '', expiresAt: 0, headers: {}, ...certificates().client }
  const target = { context: 'lab', server: `https://127.0.0.1:${server.port}`, cluster: {}, user: {} }
  const connection = connectTo(target, credentials)
  const { signal } = new AbortController()
  const quiet = { timeoutMs: 5000, silenceMs: 100, signal, opened: () => {}, received: () => {} }
  const watch = '/api/v1/namespaces/default/pods?watch=true&resourceVersion=1'
  expect(await connection.follow(watch, quiet)).toMatchObject({ status: 200 })
  await expect.poll(() => server.watches.size).toBe(0)
})
