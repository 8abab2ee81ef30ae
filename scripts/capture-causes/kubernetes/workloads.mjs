import { deployment, event, line, nginx, podsReady, rollout, shell, ticking } from './parts.mjs'

// Controllers that do not make their pods, or never get them ready.

const limited = (name, object, container, as, takes) => ({
  name: `limit-${name}`,
  objects: [object, deployment(container, { replicas: 3 })],
  until: event('FailedCreate'),
  takes: takes ?? [rollout('deploy.replicafailure', as)],
})
const job = (spec, container, rest = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'import' },
  spec: {
    ...spec,
    template: {
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'import', ...container }],
        ...rest,
      },
    },
  },
})
const theJob = (code, as, expect = { status: { succeeded: 1 } }) => ({
  code,
  as,
  check: 'k8s.object',
  fields: { kind: 'Job', name: 'import' },
  expect,
})
const jobCondition = reason => `kubectl get job import -o json | grep -q '"reason": "${reason}"'`
export const workloads = [
  limited(
    'quota',
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard: { pods: '2' } } },
    {},
    'quota-rollout',
    [
      rollout('deploy.replicafailure', 'quota-rollout'),
      podsReady('deploy.replicafailure', 'quota-pods', 'app=web', { total: 3 }),
      line('deploy.replicafailure', 'quota-rollout-status', 'kubectl rollout status deployment/web --timeout=1s'),
      line('k8s.not-allowed', 'quota', 'kubectl run extra --image=nginx:1.28-alpine'),
    ],
  ),
  limited(
    'quota-requests',
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'compute' }, spec: { hard: { 'requests.cpu': '1' } } },
    {},
    'quota-requests-rollout',
    [
      rollout('deploy.replicafailure', 'quota-requests-rollout'),
      podsReady('deploy.replicafailure', 'quota-requests-pods', 'app=web', { ready: 3 }),
    ],
  ),
  limited(
    'range',
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'limits' },
      spec: { limits: [{ type: 'Container', max: { memory: '128Mi' } }] },
    },
    { resources: { limits: { memory: '256Mi' } } },
    'limit-range-rollout',
  ),
  {
    name: 'limit-security',
    before: [
      'kubectl label namespace $NS pod-security.kubernetes.io/enforce=restricted',
      `kubectl create deployment web --image=${nginx}`,
    ],
    until: event('FailedCreate'),
    takes: [
      rollout('deploy.replicafailure', 'pod-security-rollout'),
      line('k8s.not-allowed', 'pod-security', `kubectl run extra --image=${nginx}`),
    ],
  },
  {
    name: 'no-account',
    objects: [deployment({}, { rest: { serviceAccountName: 'deployer' } })],
    until: event('FailedCreate'),
    takes: [rollout('deploy.no-service-account', 'rollout'), podsReady('deploy.no-service-account', 'pods')],
  },
  {
    name: 'no-priority',
    objects: [deployment({}, { rest: { priorityClassName: 'urgent' } })],
    until: event('FailedCreate'),
    takes: [rollout('deploy.replicafailure', 'priority-class-rollout')],
  },
  {
    name: 'paused',
    objects: [deployment()],
    before: [
      'kubectl rollout status deployment/web --timeout=60s',
      'kubectl rollout pause deployment/web',
      'kubectl set image deployment/web web=nginx:1.28',
    ],
    until: `kubectl get deployment web -o json | grep -q DeploymentPaused`,
    takes: [rollout('deploy.paused', 'rollout')],
  },
  {
    name: 'to-zero',
    objects: [deployment({}, { replicas: 0 })],
    until: `kubectl get deployment web -o json | grep -q observedGeneration`,
    takes: [
      { ...rollout('deploy.scaled-to-zero', 'rollout'), expect: { status: { readyReplicas: 3 } } },
      podsReady('deploy.scaled-to-zero', 'pods'),
    ],
  },
  {
    name: 'deadline',
    objects: [
      deployment(
        {},
        { spec: { progressDeadlineSeconds: 5 }, rest: { initContainers: [{ name: 'wait', ...shell('sleep 3600') }] } },
      ),
    ],
    until: `kubectl get deployment web -o json | grep -q ProgressDeadlineExceeded`,
    takes: [
      rollout('deploy.progress-deadline', 'rollout'),
      line('deploy.progress-deadline', 'rollout-status', 'kubectl rollout status deployment/web'),
    ],
  },
  {
    name: 'undo',
    objects: [deployment()],
    before: ['kubectl rollout status deployment/web --timeout=60s'],
    takes: [
      line('deploy.no-revision', 'undo', 'kubectl rollout undo deployment/web'),
      line('deploy.no-revision', 'to-revision', 'kubectl rollout undo deployment/web --to-revision=7'),
      line('pod.no-such-container', 'set-image', 'kubectl set image deployment/web nginx=nginx:1.28'),
    ],
  },
  {
    name: 'job-failed',
    objects: [job({ backoffLimit: 0 }, shell('echo "no such file: data.csv"; exit 4'))],
    until: jobCondition('BackoffLimitExceeded'),
    takes: [
      theJob('job.failed', 'backoff'),
      line('job.failed', 'wait', 'kubectl wait --for=condition=Complete job/import --timeout=1s'),
    ],
  },
  {
    name: 'job-deadline',
    objects: [job({ activeDeadlineSeconds: 2 }, ticking)],
    until: jobCondition('DeadlineExceeded'),
    takes: [theJob('job.failed', 'deadline')],
  },
  {
    name: 'cron-suspended',
    objects: [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'backup' },
        spec: { schedule: '* * * * *', suspend: true, jobTemplate: { spec: job({}, ticking).spec } },
      },
      job({ suspend: true }, ticking),
    ],
    takes: [
      {
        code: 'job.suspended',
        as: 'cronjob',
        check: 'k8s.object',
        fields: { kind: 'CronJob', name: 'backup' },
        expect: { status: { lastScheduleTime: { $notEmpty: true } } },
      },
      theJob('job.suspended', 'job'),
    ],
  },
  {
    name: 'daemons',
    objects: [
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent' },
        spec: {
          selector: { matchLabels: { app: 'agent' } },
          template: {
            metadata: { labels: { app: 'agent' } },
            spec: { nodeSelector: { disktype: 'ssd' }, containers: [{ name: 'agent', ...ticking }] },
          },
        },
      },
    ],
    until: `kubectl get daemonset agent -o json | grep -q observedGeneration`,
    takes: [
      {
        code: 'daemonset.no-node',
        as: 'rollout',
        check: 'k8s.rollout',
        fields: { kind: 'DaemonSet', name: 'agent' },
        expect: { status: { numberReady: 1 } },
      },
    ],
  },
  {
    name: 'ordered',
    objects: [
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          replicas: 3,
          serviceName: 'db',
          selector: { matchLabels: { app: 'db' } },
          template: {
            metadata: { labels: { app: 'db' } },
            spec: {
              containers: [
                {
                  name: 'db',
                  image: nginx,
                  readinessProbe: { periodSeconds: 1, httpGet: { path: '/ready', port: 80 } },
                },
              ],
            },
          },
        },
      },
    ],
    until: event('Readiness probe failed'),
    takes: [
      {
        code: 'pod.not-ready.probe',
        as: 'statefulset-rollout',
        check: 'k8s.rollout',
        fields: { kind: 'StatefulSet', name: 'db' },
      },
    ],
  },
]
