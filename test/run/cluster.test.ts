import { describe, expect, test } from 'vitest'
import { runCommand } from '../../src/run/act.ts'
import { clustersMadeBy, contextOf, guardLine, namespaceIn } from '../../src/run/cluster.ts'
import { gatherClusterFacts } from '../../src/run/cluster-facts.ts'
import { appeared } from '../../src/run/ledger.ts'
import { contextView } from '../helpers/fake-cluster.ts'
import { labYaml, look, type Opened, open } from '../helpers/session.ts'
import { type FakeWorld, fakeWorld } from '../helpers/world.ts'

const head = 'cluster: lab\nrequires: { tools: { docker: "*", kubectl: "*" } }'
const node = {
  labels: { 'io.x-k8s.kind.cluster': 'lab', 'io.x-k8s.kind.role': 'control-plane' },
  asked: { '6443/tcp': [{ host: '127.0.0.1', port: 6443 }] },
}

function withNode(world = fakeWorld()): FakeWorld {
  world.engine.run('lab-control-plane', 'kindest/node:v1', node)
  return world
}

function openChecks(checks: string, world = withNode()): Promise<Opened> {
  const lines = checks.trim().split('\n')
  return open(labYaml(`  - id: run\n    checks:\n${lines.map(line => `      ${line}\n`).join('')}`, head), { world })
}

function deployment(ready: number, replicas = 3) {
  const status = { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: ready }
  const metadata = { name: 'nginx', generation: 1 }
  return { kind: 'Deployment', metadata, spec: { replicas }, status: { ...status, availableReplicas: ready } }
}

const rollout = '- { id: up, check: k8s.rollout, name: nginx, within: 20s }'

describe('a check of the cluster', () => {
  test('that is true at once costs one request, and nobody watches', async () => {
    const opened = await openChecks(rollout)
    opened.world.cluster.put(deployment(3))
    expect((await look(opened)).verdicts).toEqual({ up: 'passed' })
    expect(opened.world.looks.get('cluster Deployment')).toBe(1)
    expect(opened.world.looks.get('cluster watch')).toBeUndefined()
  })

  test('wakes with a change, without a pause and without another request', async () => {
    const opened = await openChecks(rollout)
    const { world } = opened
    world.cluster.put(deployment(1))
    world.later(1234, () => {
      world.cluster.put(deployment(3))
      world.cluster.changed()
    })
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'passed', tookMs: 1234 })
    expect(world.looks.get('cluster Deployment')).toBe(1)
    expect(world.looks.get('cluster watch')).toBe(1)
  })

  test('twenty of them look once', async () => {
    const checks = Array.from({ length: 20 }, (_, i) =>
      i % 2
        ? `- { id: c${i}, check: k8s.rollout, name: nginx }`
        : `- { id: c${i}, check: k8s.object, kind: Deployment, name: nginx }`,
    )
    const opened = await openChecks(checks.join('\n'))
    opened.world.cluster.put(deployment(3))
    expect(new Set(Object.values((await look(opened)).verdicts))).toEqual(new Set(['passed']))
    expect(opened.world.looks.get('cluster Deployment')).toBe(1)
  })

  test('bears an outage: it is neither failed nor passed meanwhile', async () => {
    const opened = await openChecks(rollout)
    const { world } = opened
    world.cluster.put(deployment(1))
    const changed = (change: () => void) => () => {
      change()
      world.cluster.changed()
    }
    world.later(
      2000,
      changed(() => (world.cluster.problem = { code: 'k8s.unreachable', evidence: { server: 's' } })),
    )
    world.later(
      3000,
      changed(() => world.cluster.put(deployment(3))),
    )
    world.later(
      12_000,
      changed(() => (world.cluster.problem = null)),
    )
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'passed' })
    expect(results[0]!.tookMs).toBeGreaterThanOrEqual(12_000)
  })

  test('that nobody answers until the end is an error', async () => {
    const opened = await openChecks(rollout)
    opened.world.cluster.problem = { code: 'k8s.unreachable', evidence: { server: 'https://127.0.0.1:6443' } }
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'error', cause: { code: 'k8s.unreachable' }, tookMs: 20_000 })
  })

  test('gone is not what is only not ready', async () => {
    const opened = await openChecks('- { id: away, check: k8s.rollout, name: nginx, gone: true, within: 0s }')
    opened.world.cluster.put(deployment(0))
    expect((await look(opened)).verdicts).toEqual({ away: 'failed' })
  })
})

describe('the guard', () => {
  test.each<[about: string, prepare: (world: FakeWorld) => void, code: string]>([
    [
      'the context leads elsewhere than to the kind cluster',
      world => {
        const contexts = [contextView('kind-lab', { server: 'https://10.0.0.9:443' })]
        world.cluster.config = { ...world.cluster.config, contexts }
      },
      'k8s.other-cluster',
    ],
    [
      'the cluster is gone and its context is left',
      world => void world.engine.remove('lab-control-plane'),
      'k8s.cluster-missing',
    ],
  ])('%s: nothing is asked', async (_, prepare, code) => {
    const opened = await openChecks(rollout.replace('20s', '0s'))
    prepare(opened.world)
    opened.world.cluster.put(deployment(3))
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'error', cause: { code } })
    expect(opened.world.looks.get('cluster Deployment')).toBeUndefined()
  })

  test('another current context does not matter to checks', async () => {
    const opened = await openChecks(rollout)
    const { cluster } = opened.world
    cluster.config = {
      ...cluster.config,
      current: 'production',
      contexts: [...cluster.config.contexts, contextView('production')],
    }
    cluster.put(deployment(3))
    expect((await look(opened)).verdicts).toEqual({ up: 'passed' })
  })

  test('but a line of kubectl is not run then', async () => {
    const lines =
      '  - id: run\n    commands:\n      - { id: apply, run: kubectl apply -f x.yaml }\n      - { id: see, run: docker ps }\n'
    const opened = await open(labYaml(lines, head), { world: withNode() })
    const { world, session, lab } = opened
    world.cluster.config = { ...world.cluster.config, current: 'production' }
    const step = lab.steps[0]!
    const state = { cwd: '/w', env: {} }
    const [apply, see] = step.commands
    expect(await runCommand(session, step, apply!, apply!.run, state)).toMatchObject({
      ok: false,
      cause: { code: 'k8s.wrong-context' },
    })
    expect(await runCommand(session, step, see!, see!.run, state)).toMatchObject({ ok: true })
    expect(world.ran.map(each => each.line)).toEqual(['docker ps'])
    expect(opened.told('warning')[0]).toMatchObject({ code: 'k8s.wrong-context' })
  })

  test.each<[line: string, runs: boolean]>([
    ['kubectl apply -f web.yaml', false],
    ['cd app && kubectl get pods', false],
    ['kubectl --context kind-lab apply -f web.yaml', true],
    ['kubectl --context=kind-lab delete pod web', true],
    ['kubectl --context other get pods', false],
    ['kubectl --context kind-lab get pods; kubectl get pods', false],
    ['kubectl config get-contexts', true],
    ['kubectl version --client', true],
    ['kind get clusters', true],
    ['docker ps', true],
    ['helm install web ./chart', false],
    ['helm --kube-context kind-lab list', true],
    ['echo "kubectl apply"', true],
    ['k delete pod web', false],
    ['kubecolor get pods', false],
    ['until kubectl get pod web; do sleep 1; done', false],
    ['timeout 5 kubectl wait pod/web --for=delete', false],
    ['kubectl exec "$(kubectl --context kind-lab get pod -o name)" -- ls', false],
    ['POD=$(kubectl get pod -o name)', false],
    ['kubectl -n config get pods', false],
    ['kubectl exec web -- psql --client', false],
    ['kubectl exec web -- env --context kind-lab', false],
    ['command -v kubectl', true],
  ])('%s', (line, runs) => {
    expect(guardLine(line, 'kind-lab', 'production') === null).toBe(runs)
    expect(guardLine(line, 'kind-lab', 'kind-lab')).toBeNull()
  })
})

test('the namespace of a line', () => {
  expect(namespaceIn('kubectl get pods -n shop')).toBe('shop')
  expect(namespaceIn('kubectl --namespace=shop get pods')).toBe('shop')
  expect(namespaceIn('k get pods -nshop')).toBe('shop')
  expect(namespaceIn('kubectl get pods')).toBeUndefined()
  expect(namespaceIn('kubectl logs web | tail -n 5')).toBeUndefined()
  expect(namespaceIn('kubectl exec web -- head -n 5 /etc/hosts')).toBeUndefined()
})

test('the context is that of the kind cluster, unless the learner named another', async () => {
  const { session } = await openChecks(rollout)
  expect(contextOf(session)).toBe('kind-lab')
  const context = { name: 'minikube', server: 'https://192.168.49.2:8443', authority: 'a' }
  expect(contextOf({ ...session, progress: { ...session.progress, context } })).toBe('minikube')
})

test('the containers of a kind cluster are one entry of the ledger', () => {
  const nothing = { containers: {}, images: {}, volumes: {}, networks: {} }
  const containers = {
    a: { name: 'lab-control-plane', createdAt: 5, cluster: 'lab' },
    b: { name: 'lab-worker', createdAt: 6, cluster: 'lab' },
  }
  const owner = { lab: 'web', step: 'create' }
  const [before, after] = [nothing, { ...nothing, containers }].map(docker => ({ docker, paths: [] }))
  const during = (line: string) => appeared(owner, before!, after!, { line, from: 0, to: 10 })
  expect(during('kind create cluster --name lab')).toEqual([{ ...owner, kind: 'cluster', name: 'lab' }])
  // Somebody else was making one at that time.
  expect(during('docker build -t app .')).toEqual([])
})

test.each([
  ['kind create cluster --name lab --config kind.yaml', ['lab']],
  ['cd x && kind create cluster --config kind.yaml --name=other', ['other']],
  ['kind create cluster', []],
  ['kind delete cluster --name lab', []],
  ['kind create cluster -n lab', ['lab']],
  ['time kind create cluster --name lab', ['lab']],
  ['kind get clusters --name lab', []],
])('a cluster that a line names is made by it: %s', (line, expected) => {
  expect(clustersMadeBy(line)).toEqual(expected)
})

describe('what else is true in the cluster', () => {
  test('takes at most four requests', async () => {
    const world = withNode()
    const owner = (set: string) => [{ kind: 'ReplicaSet', name: set, uid: set, controller: true }]
    const crashed = { name: 'web', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } }
    for (const set of ['web-1', 'web-2'])
      world.cluster.put({
        kind: 'Pod',
        metadata: { name: `${set}-x`, ownerReferences: owner(set) },
        spec: { containers: [{ name: 'web' }] },
        status: { phase: 'Running', containerStatuses: [crashed] },
      })
    world.cluster.put({ kind: 'Event', metadata: { name: 'e' }, reason: 'BackOff' })
    const path = '/api/v1/namespaces/default/pods/web-1-x/log?container=web&tailLines=30&previous=true'
    world.cluster.answers.set(path, { status: 200, text: 'no database\n' })
    const facts = await gatherClusterFacts(world.reader, { context: 'kind-lab', namespace: 'default' })
    expect(facts).toMatchObject({
      pods: [{}, {}],
      events: [{}],
      podLogs: { 'web-1-x/web': { previous: ['no database'] } },
    })
    const requests = [...world.looks].filter(([name]) => name.startsWith('cluster ') && name !== 'cluster config')
    expect(requests.reduce((sum, [, times]) => sum + times, 0)).toBeLessThanOrEqual(4)
  })

  test('says why nobody answered', async () => {
    const world = withNode()
    world.cluster.problem = { code: 'k8s.unauthorized', evidence: { server: 's' } }
    const facts = await gatherClusterFacts(world.reader, { context: 'kind-lab', namespace: 'default' })
    expect(facts).toMatchObject({ problem: { code: 'k8s.unauthorized' } })
  })
})
