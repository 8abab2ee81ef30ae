import { describe, expect, test } from 'vitest'
import type { FailedCheck, Situation } from '../../src/causes/cause.ts'
import { causes, diagnose } from '../../src/causes/index.ts'
import { podsOf } from '../../src/causes/pods.ts'
import type { KubeObject, Pod } from '../../src/lab/cluster.ts'
import type { Json } from '../../src/lab/lab.ts'

const metadata = (name: string, rest: object = {}) => ({
  name,
  namespace: 'default',
  uid: `uid-${name}`,
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...rest,
})
const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ kind, name, uid: `uid-${name}`, controller: true }],
})
const pod = (name: string, rest: object = {}, status: object = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, rest),
    spec: { containers: [{ name: 'c' }] },
    status,
  }) as Pod
const podOf = (hash: string, rest: object = {}, status: object = {}) =>
  pod(
    `web-${hash}-x`,
    { labels: { app: 'web', 'pod-template-hash': hash }, ...ownedBy('ReplicaSet', `web-${hash}`), ...rest },
    status,
  )
const set = (hash: string, revision: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    ...metadata(`web-${hash}`, ownedBy('Deployment', 'web')),
    labels: { app: 'web', 'pod-template-hash': hash },
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
  },
})
const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('web') }
const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
const later = { creationTimestamp: '2026-01-01T00:01:00Z' }
const gone = { deletionTimestamp: '2026-01-01T00:02:00Z' }

const notRolledOut = [{ path: '', expected: 'Deployment web: rolled out', seen: '1/2 ready' }]
const check = (kind: string, fields: Record<string, Json>, objects: readonly object[], differences = notRolledOut) => ({
  kind,
  fields,
  seen: { objects } as unknown as Json,
  differences,
})
const situation = (more: Partial<Situation>, pods: readonly Pod[], replicaSets?: readonly KubeObject[]): Situation => ({
  facts: {
    workspace: '/w',
    cluster: { context: 'kind-kind', namespace: 'default', pods, ...(replicaSets ? { replicaSets } : {}) },
  },
  ...more,
})
const named = (found: readonly Pod[]) => found.map(each => each.metadata.name)
const rollout = check('k8s.rollout', { name: 'web' }, [deployment])
const typed = (line: string) => ({ command: { line, exit: 1, stdout: '', stderr: '', timedOut: false, cwd: '/w' } })

describe('the pods that a failure is about', () => {
  const old = podOf('1111')
  const fresh = podOf('2222', later)
  const other = pod('api-1', ownedBy('ReplicaSet', 'api-3333'))
  const sets = [set('1111', 1), set('2222', 2)]

  test.each<[string, FailedCheck, readonly Pod[], readonly KubeObject[] | undefined, readonly string[]]>([
    ['of a Deployment those of its newest ReplicaSet', rollout, [old, fresh, other], sets, ['web-2222-x']],
    ['by revision, not by age', rollout, [old, fresh], [set('1111', 3), set('2222', 2)], ['web-1111-x']],
    ['without ReplicaSets those of the newest pod', rollout, [old, fresh, other], undefined, ['web-2222-x']],
    ['never one that is being deleted', rollout, [podOf('2222', { ...later, ...gone })], sets, []],
    [
      'of a selector, newest ReplicaSet only',
      check('k8s.pods', { selector: 'app=web' }, [old, fresh], [{ path: 'ready', expected: '2', seen: '0' }]),
      [],
      sets,
      ['web-2222-x'],
    ],
    [
      'none where a spec differs',
      check(
        'k8s.object',
        { kind: 'Deployment', name: 'web' },
        [deployment],
        [{ path: 'spec.replicas', expected: '3', seen: '1' }],
      ),
      [fresh],
      sets,
      [],
    ],
    [
      'of a Service those that its selector fits',
      {
        ...check('k8s.service', { name: 'web' }, []),
        seen: {
          objects: [
            { apiVersion: 'v1', kind: 'Service', metadata: metadata('web'), spec: { selector: { app: 'web' } } },
          ],
          slices: [],
          pods: [old, other],
        } as unknown as Json,
      },
      [],
      undefined,
      ['web-1111-x'],
    ],
  ])('%s', (_, failed, pods, replicaSets, expected) => {
    expect(named(podsOf(situation({ check: failed }, pods, replicaSets)))).toEqual(expected)
  })

  test('the least ready first', () => {
    const pods = [podOf('2222', later, ready), podOf('2222', { name: 'web-2222-y' })]
    expect(named(podsOf(situation({ check: rollout }, pods, sets)))).toEqual(['web-2222-y', 'web-2222-x'])
  })

  test('a pod that ended and was replaced tells of the past', () => {
    const pods = [podOf('2222', { name: 'web-2222-y' }, { phase: 'Failed', reason: 'Evicted' }), fresh]
    expect(named(podsOf(situation({ check: rollout }, pods, sets)))).toEqual(['web-2222-x'])
  })

  test.each([
    ['kubectl rollout status deployment/web', ['web-2222-x']],
    ['kubectl rollout status deployment web --timeout 5s', ['web-2222-x']],
    ['k wait --for=condition=Ready pod -l app=web', ['web-2222-x']],
    ['kubectl logs api-1', ['api-1']],
    ['kubectl -n default logs deploy/web -c c', ['web-2222-x']],
    ['kubectl exec -it api-1 -- sh', ['api-1']],
    ['kubectl apply -f web.yaml', []],
    ['docker logs api-1', []],
  ])('of the line `%s`', (line, expected) => {
    expect(named(podsOf(situation(typed(line), [old, fresh, other], sets)))).toEqual(expected)
  })
})

test('what is in the cluster is no reason for a line that succeeded', () => {
  const crashing = {
    containerStatuses: [{ name: 'c', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
  }
  const { command } = typed('kubectl get pods')
  expect(diagnose(situation({ command: { ...command, exit: 0 } }, [pod('web', {}, crashing)]))).toBeNull()
})

test('what only takes time never ends a wait', () => {
  const progress =
    /^(rollout\.in-progress|pod\.starting|pod\.init-waiting|job\.running|svc\.pods-not-ready|pvc\..*waiting.*)$/
  const found = causes.filter(cause => progress.test(cause.code))
  expect(found).toHaveLength(6)
  expect(found.filter(cause => cause.final)).toEqual([])
})
