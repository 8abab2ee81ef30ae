import {
  deployment,
  event,
  line,
  nginx,
  onePod,
  pod,
  podsReady,
  restarted,
  rollout,
  script,
  shell,
  ticking,
  waiting,
} from './parts.mjs'

// Containers that do not start, or do not stay.

const config = (name, container, as) => ({
  name: `config-${name}`,
  objects: [deployment(container)],
  until: waiting('CreateContainerConfigError'),
  takes: [rollout('pod.config-error', as ?? `${name}-rollout`)],
})
const mount = (name, volume) => ({
  name: `mount-${name}`,
  objects: [
    deployment(
      { volumeMounts: [{ name: 'it', mountPath: '/it' }] },
      { rest: { volumes: [{ name: 'it', ...volume }] } },
    ),
  ],
  until: event('FailedMount.*|MountVolume.SetUp failed for volume ..it'),
  takes: [rollout('pod.mount-failed', `${name}-rollout`)],
})
const crash = (name, container, takes) => ({
  name: `crash-${name}`,
  objects: [deployment(container)],
  until: waiting('CrashLoopBackOff'),
  takes: takes ?? [rollout('pod.crashloop', `${name}-rollout`)],
})

export const pods = [
  config('configmap', { envFrom: [{ configMapRef: { name: 'app-config' } }] }),
  config('secret', { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db-secret', key: 'password' } } }] }),
  {
    ...config('key', { env: [{ name: 'L', valueFrom: { configMapKeyRef: { name: 'app', key: 'LOG_LEVEL' } } }] }),
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app' }, data: { LOGLEVEL: 'debug' } },
      deployment({ env: [{ name: 'L', valueFrom: { configMapKeyRef: { name: 'app', key: 'LOG_LEVEL' } } }] }),
    ],
  },
  config('root', { securityContext: { runAsNonRoot: true } }),
  mount('configmap', { configMap: { name: 'site' } }),
  mount('secret', { secret: { secretName: 'web-tls' } }),
  mount('host-path', { hostPath: { path: '/etc/hostname', type: 'Directory' } }),
  {
    ...mount('key', {}),
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'site' }, data: { 'index.html': 'hello' } },
      deployment(
        { volumeMounts: [{ name: 'it', mountPath: '/it' }] },
        {
          rest: {
            volumes: [{ name: 'it', configMap: { name: 'site', items: [{ key: 'index.htm', path: 'index.html' }] } }],
          },
        },
      ),
    ],
  },
  {
    name: 'no-program',
    objects: [deployment({ command: ['ngnix', '-g', 'daemon off;'] })],
    until: waiting('RunContainerError|CrashLoopBackOff|StartError'),
    takes: [rollout('pod.start-failed', 'no-program-rollout'), podsReady('pod.start-failed', 'no-program-pods')],
  },
  {
    name: 'a-folder',
    objects: [pod({ command: ['/etc'] })],
    until: waiting('CrashLoopBackOff'),
    takes: [onePod('pod.start-failed', 'a-folder-pod', 'web', { status: { containerStatuses: [{ ready: true }] } })],
  },
  crash('exit-1', script(`console.log('Connecting to the database'); throw new Error('no database')`), [
    rollout('pod.crashloop', 'exit-1-rollout'),
    podsReady('pod.crashloop', 'exit-1-pods'),
    line('pod.crashloop', 'exit-1-rollout-status', 'kubectl rollout status deployment/web --timeout=1s'),
    line('pod.crashloop', 'exit-1-exec', 'kubectl exec deploy/web -- ls'),
  ]),
  crash('exit-127', shell('yran start'), [
    rollout('pod.crashloop', 'exit-127-rollout'),
    podsReady('pod.crashloop', 'exit-127-restarts', 'app=web', { restarts: 0 }),
  ]),
  crash('exit-0', shell('echo done')),
  crash('read-only', { securityContext: { readOnlyRootFilesystem: true } }),
  {
    ...crash('same-port', {}),
    objects: [deployment({}, { rest: { containers: [{ name: 'sidecar', image: nginx }] } })],
  },
  {
    ...crash('no-shebang', {}),
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'start' }, data: { 'run.sh': 'sleep 3600\n' } },
      deployment(
        { command: ['/start/run.sh'], volumeMounts: [{ name: 'start', mountPath: '/start' }] },
        { rest: { volumes: [{ name: 'start', configMap: { name: 'start', defaultMode: 0o755 } }] } },
      ),
    ],
    until: waiting('CrashLoopBackOff'),
  },
  {
    name: 'oom',
    objects: [
      deployment(
        script('const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 20)', {
          resources: { limits: { memory: '80Mi' } },
        }),
      ),
    ],
    // Between two restarts it is Ready.
    until: `${waiting('OOMKilled')} && ${waiting('CrashLoopBackOff')}`,
    takes: [rollout('pod.oom', 'rollout'), podsReady('pod.oom', 'pods')],
  },
  {
    name: 'init-failing',
    objects: [
      deployment({}, { rest: { initContainers: [{ name: 'prepare', ...shell('echo "no such table"; exit 3') }] } }),
    ],
    until: restarted('[1-9]'),
    takes: [rollout('pod.init-failed', 'rollout')],
  },
  {
    name: 'init-waiting',
    objects: [
      deployment(
        {},
        { rest: { initContainers: [{ name: 'wait-for-db', ...shell('echo waiting for db; sleep 3600') }] } },
      ),
    ],
    until: event('Started container wait-for-db'),
    takes: [
      rollout('pod.init-waiting', 'rollout'),
      line('pod.init-waiting', 'logs', 'kubectl logs deployment/web -c web'),
    ],
  },
  {
    name: 'hook',
    objects: [deployment({ lifecycle: { postStart: { exec: { command: ['sh', '-c', 'exit 1'] } } } })],
    until: event('FailedPostStartHook'),
    takes: [rollout('pod.hook-failed', 'rollout')],
  },
  {
    name: 'evicted',
    objects: [
      pod(
        shell('dd if=/dev/zero of=/tmp/big bs=1M count=40; sleep 3600', {
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        }),
        {
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '10Mi' } }],
        },
      ),
    ],
    until: waiting('Evicted'),
    takes: [onePod('pod.evicted', 'pod')],
  },
  {
    name: 'ended',
    objects: [
      pod(shell('echo "config missing"; exit 2'), { restartPolicy: 'Never' }),
      pod(shell('echo done'), { restartPolicy: 'Never' }, 'task'),
    ],
    until: `kubectl get pods -o json | grep -q '"phase": "Failed"' && kubectl get pods -o json | grep -q '"phase": "Succeeded"'`,
    takes: [
      onePod('pod.failed', 'pod'),
      onePod('pod.completed', 'pod', 'task'),
      line('pod.completed', 'exec', 'kubectl exec task -- ls'),
    ],
  },
  {
    name: 'running',
    objects: [pod(), pod(ticking, {}, 'other')],
    before: ['kubectl wait --for=condition=Ready pod --all --timeout=60s'],
    takes: [
      line('pod.no-such-container', 'logs', 'kubectl logs web -c app'),
      line('pod.not-restarted', 'logs', 'kubectl logs web --previous'),
      line('pod.command-not-in-image', 'exec', 'kubectl exec web -- zsh'),
      line('k8s.not-found', 'pod-get', 'kubectl get pod wep'),
      line('k8s.not-found', 'pod-logs', 'kubectl logs nginx'),
      line('dns.unknown-name', 'exec', 'kubectl exec web -- curl -sS http://backend/'),
      line('svc.no-labels', 'expose', 'kubectl label pod web app- > /dev/null; kubectl expose pod web --port=80'),
    ],
  },
]
