import { deployment, line, nginx, onePod, pod, podsReady, rollout, shell, ticking } from './parts.mjs'

// Nothing is wrong: it only takes its time, or is as it should be.

/** A pull that takes its time: the node has not seen this image, which is big enough. */
const slowStart = deployment(
  { readinessProbe: { initialDelaySeconds: 30, httpGet: { path: '/', port: 80 } } },
  { replicas: 2 },
)

export const healthy = [
  {
    name: 'starting',
    objects: [pod({}, { initContainers: [] })],
    takes: [
      onePod('pod.starting', 'pod-at-once'),
      line('pod.starting', 'wait', 'kubectl wait --for=condition=Ready pod/web --timeout=0.1s'),
    ],
  },
  {
    name: 'rolling-out',
    objects: [slowStart],
    before: [`until kubectl get pods -o json | grep -q '"startedAt"'; do sleep 0.3; done`],
    takes: [
      rollout('rollout.in-progress', 'rollout'),
      podsReady('pod.starting', 'pods'),
      line('none', 'rollout-get', 'kubectl get pods'),
    ],
  },
  {
    name: 'updating',
    objects: [deployment({}, { replicas: 2, rest: { terminationGracePeriodSeconds: 20 } })],
    before: [
      'kubectl rollout status deployment/web --timeout=60s',
      `kubectl patch deployment web -p '{"spec":{"minReadySeconds":30,"template":{"metadata":{"labels":{"v":"2"}}}}}'`,
      'sleep 4',
    ],
    takes: [rollout('rollout.in-progress', 'update-rollout')],
  },
  {
    name: 'job-running',
    objects: [
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'import' },
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              terminationGracePeriodSeconds: 1,
              containers: [{ name: 'import', ...ticking }],
            },
          },
        },
      },
    ],
    until: `kubectl get pods -o json | grep -q '"startedAt"'`,
    takes: [
      {
        code: 'job.running',
        as: 'job',
        check: 'k8s.object',
        fields: { kind: 'Job', name: 'import' },
        expect: { status: { succeeded: 1 } },
      },
    ],
  },
  {
    name: 'job-done',
    objects: [
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'import' },
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'import', ...shell('echo done') }] } },
        },
      },
    ],
    until: 'kubectl wait --for=condition=Complete job/import --timeout=1s > /dev/null 2>&1',
    // The pod of a finished Job is no reason for what the check is about.
    takes: [
      {
        code: 'state.mismatch',
        as: 'job-done',
        check: 'k8s.object',
        fields: { kind: 'Job', name: 'import' },
        expect: { spec: { parallelism: 3 } },
      },
      line('none', 'job-done', 'kubectl get jobs,pods'),
    ],
  },
  {
    name: 'one-goes',
    objects: [deployment(shell(`trap '' TERM; sleep 60`), { rest: { terminationGracePeriodSeconds: 20 } })],
    before: [
      'kubectl rollout status deployment/web --timeout=60s',
      'kubectl delete pod -l app=web --wait=false',
      'kubectl rollout status deployment/web --timeout=60s',
    ],
    takes: [
      podsReady('state.mismatch', 'deleting-beside-ready', 'app=web', { ready: 2 }),
      line('none', 'deleting-beside-ready', 'kubectl rollout status deployment/web --timeout=5s'),
    ],
  },
  {
    name: 'more-wanted',
    objects: [deployment({ image: nginx })],
    before: ['kubectl rollout status deployment/web --timeout=60s'],
    takes: [{ ...rollout('state.mismatch', 'replicas'), expect: { spec: { replicas: 3 } } }],
  },
]
