import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configPaths, mergeConfigs, targetOf, viewOf } from '../../../src/world/kubernetes/config.ts'
import { parseConfig } from '../../../src/world/kubernetes/kubeconfig.ts'
import { credential, pluginEnvironment } from '../../../src/world/kubernetes/plugin.ts'

const parse = (file: string, text: string) => ({ file, document: parseConfig(text) })

describe('which files', () => {
  test.each([
    ['the one at home', undefined, ['/home/me/.kube/config']],
    ['an empty variable', '', ['/home/me/.kube/config']],
    ['several, twice the same', '/a:/b::/a', ['/a', '/b']],
  ])('%s', (_, KUBECONFIG, paths) => expect(configPaths({ KUBECONFIG }, '/home/me')).toEqual(paths))
})

const first = parse(
  '/one/config',
  `
apiVersion: v1
kind: Config
current-context: ""
contexts:
- name: lab
  context: {cluster: lab, user: me, namespace: shop}
- name: half
  context: {namespace: x}
clusters:
- name: lab
  cluster: {server: "https://127.0.0.1:1/", certificate-authority: ca.pem}
users:
- name: me
  user: {client-certificate: me.pem, client-key: /abs/me.key, exec: {command: ./login}}
`,
)
const second = parse(
  '/two/config',
  `
current-context: other
contexts:
- {name: lab, context: {cluster: other, user: other}}
- {name: other, context: {cluster: other, user: gone}}
- {name: 7, context: {cluster: lab, user: me}}
clusters: [{name: lab, cluster: {server: https://wrong}}, {name: other, cluster: {server: "https://[::1]:2"}}]
users:
`,
)

describe('several files', () => {
  const config = mergeConfigs([first, second, parse('/three/config', '')])

  test('of equal names the first wins, and paths are relative to their file', () => {
    expect(viewOf(config, cluster => (cluster['certificate-authority'] ? Buffer.from('pem') : null))).toEqual({
      current: 'other',
      files: ['/one/config', '/two/config', '/three/config'],
      contexts: [
        {
          name: 'lab',
          cluster: 'lab',
          user: 'me',
          namespace: 'shop',
          server: 'https://127.0.0.1:1',
          authority: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        { name: 'half', cluster: '', user: '', namespace: 'x', server: '', authority: '' },
        {
          name: 'other',
          cluster: 'other',
          user: 'gone',
          namespace: 'default',
          server: 'https://[::1]:2',
          authority: '',
        },
        {
          name: '7',
          cluster: 'lab',
          user: 'me',
          namespace: 'default',
          server: 'https://127.0.0.1:1',
          authority: expect.any(String),
        },
      ],
    })
    expect(config.clusters.get('lab')).toMatchObject({ 'certificate-authority': '/one/ca.pem' })
    expect(config.users.get('me')).toEqual({
      'client-certificate': '/one/me.pem',
      'client-key': '/abs/me.key',
      exec: { command: join('/one', 'login') },
    })
  })

  test.each([
    ['unknown', { context: 'unknown', known: 'lab, half, other, 7' }],
    ['half', { context: 'half', cluster: '' }],
    ['other', { context: 'other', user: 'gone' }],
  ])('a context that leads nowhere: %s', (context, evidence) => {
    expect(() => targetOf(config, context)).toThrow(
      expect.objectContaining({ problem: { code: 'k8s.no-context', evidence } }),
    )
  })

  test.each(['just words', '- a list', '42'])('a file that is no configuration: %s', text => {
    expect(() => mergeConfigs([parse('/f', text)])).toThrow(
      expect.objectContaining({
        problem: { code: 'k8s.bad-kubeconfig', evidence: { file: '/f', reason: expect.any(String) } },
      }),
    )
  })

  test('none at all', () => {
    expect(viewOf(mergeConfigs([]), () => null)).toEqual({ current: null, contexts: [], files: [] })
  })
})

describe('plugins', () => {
  test.each([
    ['a token', { status: { token: 't' } }, { Authorization: 'Bearer t' }],
    ['a certificate', { status: { clientCertificateData: 'c', clientKeyData: 'k' } }, {}],
    ['half a certificate', { status: { clientCertificateData: 'c' } }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_, answer, headers) => expect(credential(JSON.stringify(answer))?.secrets.headers).toEqual(headers))

  test('words that are no credential', () => expect(credential('log in first')).toBeNull())

  test('an end', () => {
    const status = { token: 't', expirationTimestamp: '2026-03-02T09:00:00Z' }
    expect(credential(JSON.stringify({ status }))?.expiresAt).toBe(Date.parse('2026-03-02T09:00:00Z'))
  })

  test('are told about the cluster only when they want to know', () => {
    const told = (exec: object) => JSON.parse(pluginEnvironment({ ...exec }, { server: 's' })['KUBERNETES_EXEC_INFO']!)
    expect(told({ apiVersion: 'client.authentication.k8s.io/v1beta1' })).toEqual({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      spec: { interactive: false },
    })
    expect(told({ provideClusterInfo: true }).spec.cluster).toEqual({ server: 's' })
    expect(pluginEnvironment({ env: [{ name: 'A', value: 'b' }] }, {})).toMatchObject({ A: 'b' })
  })
})
