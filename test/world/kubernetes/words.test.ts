import { describe, expect, test } from 'vitest'
import { afterEvent, pictureOf } from '../../../src/world/kubernetes/picture.ts'
import { messageOf, noAnswer, refusal, retryAfter } from '../../../src/world/kubernetes/problem.ts'
import {
  builtInResource,
  listPath,
  preferredVersions,
  resourcesIn,
  watchPath,
} from '../../../src/world/kubernetes/resources.ts'

describe('where a list is', () => {
  test.each([
    ['Pod', undefined, 'shop', '/api/v1/namespaces/shop/pods'],
    ['Pod', undefined, undefined, '/api/v1/pods'],
    ['Pod', undefined, '', '/api/v1/pods'],
    ['Node', undefined, 'shop', '/api/v1/nodes'],
    ['Deployment', undefined, 'a/b', '/apis/apps/v1/namespaces/a%2Fb/deployments'],
    ['Event', undefined, 'shop', '/api/v1/namespaces/shop/events'],
    ['Event', 'events.k8s.io/v1', 'shop', '/apis/events.k8s.io/v1/namespaces/shop/events'],
    ['CustomResourceDefinition', undefined, undefined, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'],
  ])('%s of %s in %s', (kind, apiVersion, namespace, path) => {
    expect(listPath(builtInResource(kind, apiVersion)!, namespace)).toBe(path)
  })

  test('what not every cluster has', () => {
    expect(builtInResource('Widget')).toBeUndefined()
    expect(builtInResource('Ingress', 'extensions/v1beta1')).toBeUndefined()
  })

  test('a watch goes on from a version', () => {
    expect(watchPath('/api/v1/pods', '12')).toBe(
      '/api/v1/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion=12',
    )
  })

  test('discovery', () => {
    const resources = [
      { name: 'widgets', kind: 'Widget', namespaced: true, verbs: ['get', 'list'] },
      { name: 'widgets/status', kind: 'Widget', namespaced: true, verbs: ['get', 'list'] },
      { name: 'reviews', kind: 'Review', namespaced: false, verbs: ['create'] },
    ]
    const found = [{ apiVersion: 'lab/v1', kind: 'Widget', name: 'widgets', namespaced: true }]
    expect(resourcesIn('lab/v1', { resources })).toEqual(found)
    expect(resourcesIn('lab/v1', null)).toEqual([])
    expect(preferredVersions({ groups: [{ preferredVersion: { groupVersion: 'lab/v1' } }, {}] })).toEqual(['lab/v1'])
  })
})

describe('a picture', () => {
  const pod = (name: string, version: string, more = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', resourceVersion: version },
    ...more,
  })
  const [a, b] = [pod('a', '1'), pod('b', '2')]
  const picture = pictureOf(
    { metadata: { resourceVersion: '5' }, items: [{ metadata: a.metadata }, { metadata: b.metadata }] },
    builtInResource('Pod')!,
  )

  test('items say what they are', () => expect(picture).toEqual({ version: '5', objects: [a, b] }))

  const changed = pod('a', '6', { status: { phase: 'Running' } })
  test.each([
    ['ADDED', pod('c', '6'), [a, b, pod('c', '6')]],
    ['ADDED', changed, [changed, b]],
    ['MODIFIED', changed, [changed, b]],
    ['DELETED', pod('a', '6'), [b]],
    ['DELETED', pod('c', '6'), [a, b]],
  ])('%s %j', (type, object, objects) =>
    expect(afterEvent(picture, { type, object })).toEqual({ version: '6', objects }),
  )

  test('a bookmark changes only the version', () => {
    const after = afterEvent(picture, { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } })
    expect(after?.version).toBe('9')
    expect(after?.objects).toBe(picture.objects)
  })

  test.each([
    ['too old', { type: 'ERROR', object: { kind: 'Status', code: 410, metadata: {} } }],
    ['broken line', null],
    ['no object', { type: 'ADDED' }],
  ])('%s: all must be listed anew', (_, event) => expect(afterEvent(picture, event)).toBeNull())

  test('the same names in two namespaces are two objects', () => {
    const other = { ...pod('a', '6'), metadata: { name: 'a', namespace: 'other', resourceVersion: '6' } }
    expect(afterEvent(picture, { type: 'ADDED', object: other })?.objects).toHaveLength(3)
  })
})

describe('why there is no answer', () => {
  test.each([
    ['ECONNREFUSED', 'k8s.unreachable'],
    ['ETIMEDOUT', 'k8s.unreachable'],
    ['ENOTFOUND', 'k8s.unreachable'],
    ['ECONNRESET', 'k8s.unreachable'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'k8s.certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'k8s.certificate'],
    ['CERT_HAS_EXPIRED', 'k8s.certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'k8s.certificate'],
    ['EPROTO', 'k8s.certificate'],
    ['ERR_OSSL_PEM_NO_START_LINE', 'k8s.certificate'],
    ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'k8s.certificate'],
  ])('%s', (reason, code) => {
    const { problem } = noAnswer('lab', 'https://s', Object.assign(new Error('x'), { code: reason }))
    expect(problem).toEqual({ code, evidence: { context: 'lab', server: 'https://s', reason } })
  })

  const status = JSON.stringify({ kind: 'Status', message: 'pods is forbidden' })
  test.each([
    [401, status, 'k8s.unauthorized', { context: 'lab' }],
    [
      403,
      status,
      'k8s.forbidden',
      { context: 'lab', verb: 'list', resource: 'pods', namespace: 'a', message: 'pods is forbidden' },
    ],
    [500, 'oops', 'k8s.error', { context: 'lab', status: 500, message: 'oops' }],
  ])('%i', (code, body, name, evidence) => {
    const { problem } = refusal('lab', code, body, { verb: 'list', resource: 'pods', namespace: 'a' })
    expect(problem).toEqual({ code: name, evidence })
  })

  test('a page instead of a Status', () => expect(messageOf(`<html>${'x'.repeat(500)}`)).toHaveLength(200))

  const now = Date.parse('2026-03-02T09:00:00Z')
  test.each([
    [429, '2', 2000],
    [503, '0', 0],
    [503, 'Mon, 02 Mar 2026 09:00:03 GMT', 3000],
    [503, undefined, null],
    [429, 'soon', null],
    [500, '2', null],
  ])('%i with Retry-After %s', (code, header, ms) => expect(retryAfter(code, header, now)).toBe(ms))
})
