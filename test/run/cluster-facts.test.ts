import { expect, test } from 'vitest'
import type { Reader } from '../../src/check/reader.ts'
import { type AboutCluster, gatherClusterFacts } from '../../src/run/cluster-facts.ts'
import { contextView, type FakeCluster, fakeCluster, fakeContext } from '../helpers/fake-cluster.ts'

function setUp() {
  const asked: string[] = []
  const cluster = fakeCluster(
    () => 0,
    name => {
      if (name !== 'cluster config') asked.push(name.replace('cluster ', ''))
    },
  )
  const reader = { cluster: cluster.reader } as Reader
  return {
    asked,
    cluster,
    look: (about: Partial<AboutCluster>) => gatherClusterFacts(reader, { context: fakeContext, ...about }),
  }
}

/** A pod of a ReplicaSet; `restarts`: it does not stay up. */
function pod(cluster: FakeCluster, name: string, set: string, restarts = 0) {
  const ownerReferences = [{ kind: 'ReplicaSet', name: set, uid: set, controller: true }]
  const waiting = { reason: 'CrashLoopBackOff' }
  const containerStatuses = [{ name: 'c', restartCount: restarts, state: restarts > 0 ? { waiting } : {} }]
  cluster.put({
    kind: 'Pod',
    metadata: { name, ownerReferences },
    spec: { containers: [] },
    status: { containerStatuses },
  })
}

test('what is there to ask costs at most four requests', async () => {
  const { asked, cluster, look } = setUp()
  pod(cluster, 'web-1-a', 'web-1')
  pod(cluster, 'web-2-a', 'web-2', 3)
  const log = '/api/v1/namespaces/default/pods/web-2-a/log?container=c&tailLines=30&previous=true'
  cluster.answers.set(log, { status: 200, text: 'first\nlast\n' })
  const facts = await look({})
  expect(asked).toEqual(['Pod', 'Event', 'ReplicaSet', `get ${log}`])
  expect(facts.podLogs).toEqual({ 'web-2-a/c': { previous: ['first', 'last'] } })
})

test.each<[string, Partial<AboutCluster>, string[]]>([
  ['pods of one ReplicaSet need no other', {}, ['Pod', 'Event']],
  [
    'what is missing is looked for elsewhere',
    { sought: { kind: 'Deployment', name: 'web' } },
    ['Pod', 'Event', 'Deployment'],
  ],
  ['through a Service', { throughService: true }, ['Pod', 'Event', 'Service']],
])('%s', async (_, about, expected) => {
  const { asked, cluster, look } = setUp()
  pod(cluster, 'web-1-a', 'web-1')
  await look(about)
  expect(asked).toEqual(expected)
})

test('why there are no pods the ReplicaSets say', async () => {
  const { asked, look } = setUp()
  await look({})
  expect(asked).toEqual(['Pod', 'Event', 'ReplicaSet'])
})

test('other namespaces that have what was sought', async () => {
  const { cluster, look } = setUp()
  for (const namespace of ['shop', 'bank']) cluster.put({ kind: 'Deployment', metadata: { name: 'web', namespace } })
  cluster.put({
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'old', deletionTimestamp: '2026-01-01T00:00:00Z' },
  })
  expect((await look({ sought: { kind: 'Deployment', name: 'web' } })).elsewhere).toEqual(['shop', 'bank'])
})

test('without a namespace it is the one of the context', async () => {
  const { cluster, look } = setUp()
  cluster.config = { ...cluster.config, contexts: [contextView(fakeContext, { namespace: 'shop' })] }
  expect((await look({})).namespace).toBe('shop')
  expect((await look({ namespace: 'bank' })).namespace).toBe('bank')
})

test('nobody answers: the reason, and nothing else', async () => {
  const { cluster, look } = setUp()
  cluster.problem = { code: 'k8s.unreachable', evidence: {} }
  expect(await look({})).toEqual({
    context: fakeContext,
    namespace: 'default',
    config: cluster.config,
    problem: cluster.problem,
  })
})
