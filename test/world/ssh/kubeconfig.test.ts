import { describe, expect, test } from 'vitest'
import { mergeConfigs } from '../../../src/world/kubernetes/config.ts'
import { parseConfig } from '../../../src/world/kubernetes/kubeconfig.ts'
import { wayTo } from '../../../src/world/ssh/kubeconfig.ts'

const data = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64')

const config = (cluster: object, user: object, namespace?: unknown) =>
  mergeConfigs([
    {
      file: '/home/coder/.kube/config',
      document: {
        'current-context': 'work',
        contexts: [
          { name: 'kind-lab', context: { cluster: 'c', user: 'u', namespace } },
          { name: 'work', context: { cluster: 'w', user: 'w' } },
        ],
        clusters: [
          { name: 'c', cluster: { server: 'https://127.0.0.1:34567', ...cluster } },
          { name: 'w', cluster: { server: 'https://work.example', 'insecure-skip-tls-verify': true } },
        ],
        users: [
          { name: 'u', user },
          { name: 'w', user: { exec: { command: 'gke-gcloud-auth-plugin' } } },
        ],
      },
    },
  ])

const way = (cluster: object = {}, user: object = {}) => wayTo(config(cluster, user), 'kind-lab')
const rewritten = (cluster: object = {}, user: object = {}) => JSON.parse(way(cluster, user).rewritten(4000))

describe('what is taken', () => {
  test('inline certificates and keys, and nothing else of the file', () => {
    const user = { 'client-certificate-data': data, 'client-key-data': data }
    const made = rewritten({ 'certificate-authority-data': data }, user)
    expect(made).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'kind-lab',
      contexts: [{ name: 'kind-lab', context: { cluster: 'it', user: 'it', namespace: 'default' } }],
      clusters: [{ name: 'it', cluster: { 'certificate-authority-data': data, server: 'https://127.0.0.1:4000' } }],
      users: [{ name: 'it', user }],
    })
    expect(parseConfig(way().rewritten(4000))).toEqual(rewritten())
  })

  test('a token; empty fields and those that say nothing are left out', () => {
    const user = { token: 'abc', exec: null, 'client-key': '', tokenFile: '' }
    const cluster = { extensions: [{ name: 'x', extension: {} }], 'insecure-skip-tls-verify': false, 'proxy-url': '' }
    expect(rewritten(cluster, user).users[0].user).toEqual({ token: 'abc' })
    expect(Object.keys(rewritten(cluster, user).clusters[0].cluster)).toEqual(['server'])
  })

  test.each([
    ['https://127.0.0.1:34567', '127.0.0.1', 34567, undefined, 'https://127.0.0.1:4000'],
    ['https://0.0.0.0:34567/', '0.0.0.0', 34567, '0.0.0.0', 'https://127.0.0.1:4000'],
    ['https://[::1]:6443', '::1', 6443, '::1', 'https://127.0.0.1:4000'],
    ['https://api.lab/k8s/c1/', 'api.lab', 443, 'api.lab', 'https://127.0.0.1:4000/k8s/c1'],
  ])('the server %s', (server, host, port, name, local) => {
    const found = way({ server })
    expect([found.host, found.port]).toEqual([host, port])
    const { cluster } = JSON.parse(found.rewritten(4000)).clusters[0]
    expect([cluster.server, cluster['tls-server-name']]).toEqual([local, name])
  })

  test('its own name for the certificate goes before the address', () => {
    expect(rewritten({ 'tls-server-name': 'kubernetes' }).clusters[0].cluster['tls-server-name']).toBe('kubernetes')
  })
})

describe('what is refused', () => {
  test.each<[reason: string, cluster: object, user: object]>([
    ['exec', {}, { exec: { command: '/bin/sh', args: ['-c', 'id'] } }],
    ['exec', {}, { exec: {}, token: 'abc' }],
    [
      'auth-provider',
      {},
      { 'auth-provider': { name: 'oidc', config: { 'idp-certificate-authority': '/etc/passwd' } } },
    ],
    ['client-certificate', {}, { 'client-certificate': '/home/teacher/.minikube/client.crt' }],
    ['client-key', {}, { 'client-key': '../../etc/shadow' }],
    ['tokenFile', {}, { tokenFile: '/home/teacher/.config/token' }],
    ['username', {}, { username: 'admin', password: 'x' }],
    ['as', {}, { as: 'system:admin' }],
    ['as-groups', {}, { 'as-groups': ['system:masters'] }],
    ['as-user-extra', {}, { 'as-user-extra': { a: ['b'] } }],
    ['something-new', {}, { 'something-new': 'x' }],
    ['token', {}, { token: { $file: '/etc/passwd' } }],
    ['token', {}, { token: 'x'.repeat(100_000) }],
    ['token', {}, { token: 'a\u0000b' }],
    ['certificate-authority', { 'certificate-authority': '/etc/ssl/ca.pem' }, {}],
    ['proxy-url', { 'proxy-url': 'socks5://evil.example:1080' }, {}],
    ['insecure-skip-tls-verify', { 'insecure-skip-tls-verify': true }, {}],
    ['tls-server-name', { 'tls-server-name': 'a\nb' }, {}],
    ['server', { server: 'http://127.0.0.1:8080' }, {}],
    ['server', { server: 'file:///etc/passwd' }, {}],
    ['server', { server: 'https://user:password@127.0.0.1:6443' }, {}],
    ['server', { server: 'not an address' }, {}],
    ['server', { server: 'https://a$(id)b:6443' }, {}],
    ['server', { server: 'https://-oProxyCommand:6443' }, {}],
  ])('%s: %j %j', (reason, cluster, user) => {
    expect(() => way(cluster, user)).toThrow(
      expect.objectContaining({ problem: { code: 'ssh.kubeconfig', evidence: { context: 'kind-lab', reason } } }),
    )
  })

  test('of another context it says nothing about this one', () => {
    expect(way({}, { token: 'abc' }).server).toBe('https://127.0.0.1:34567')
    expect(() => wayTo(config({}, {}), 'work')).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'ssh.kubeconfig' }) }),
    )
  })

  test('a context that is not there is as for any reader', () => {
    expect(() => wayTo(config({}, {}), 'other')).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'k8s.no-context' }) }),
    )
  })

  test('what the names of prototypes hold is no field', () => {
    const document = parseConfig('contexts: [{name: kind-lab, context: {cluster: __proto__, user: constructor}}]')
    const merged = mergeConfigs([{ file: '/c', document }])
    expect(() => wayTo(merged, 'kind-lab')).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'k8s.no-context' }) }),
    )
  })
})
