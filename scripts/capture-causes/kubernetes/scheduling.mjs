import { cluster, deployment, event, line, nginx, onePod, pod, podsReady, rollout } from './parts.mjs'

// Pods that no node takes.

const big = requests => ({ resources: { requests } })
const stuck = (name, code, container, rest, more = {}) => ({
  name: `stuck-${name}`,
  objects: [deployment(container, { rest })],
  until: event('FailedScheduling'),
  takes: [rollout(code, `${name}-rollout`)],
  ...more,
})
const node = `${cluster}-control-plane`

export const scheduling = [
  stuck(
    'cpu',
    'pod.unschedulable.cpu',
    big({ cpu: '64' }),
    {},
    {
      takes: [
        rollout('pod.unschedulable.cpu', 'rollout'),
        podsReady('pod.unschedulable.cpu', 'pods'),
        line('pod.unschedulable.cpu', 'wait', 'kubectl wait --for=condition=Available deployment/web --timeout=1s'),
      ],
    },
  ),
  stuck('memory', 'pod.unschedulable.memory', big({ memory: '900Gi' })),
  stuck('gpu', 'pod.unschedulable.other', { resources: { limits: { 'nvidia.com/gpu': 1 } } }),
  stuck('selector', 'pod.unschedulable.affinity', {}, { nodeSelector: { disktype: 'ssd' } }),
  stuck(
    'anti-affinity',
    'pod.unschedulable.affinity',
    {},
    {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    },
    {
      objects: [
        deployment(
          {},
          {
            replicas: 2,
            rest: {
              affinity: {
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: [
                    { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
                  ],
                },
              },
            },
          },
        ),
      ],
    },
  ),
  stuck(
    'ports',
    'pod.unschedulable.ports',
    {},
    {},
    {
      objects: [deployment({ image: nginx, ports: [{ containerPort: 80, hostPort: 8765 }] }, { replicas: 2 })],
    },
  ),
  stuck(
    'pvc',
    'pod.unschedulable.pvc',
    {},
    {
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  ),
  {
    name: 'stuck-scheduler',
    objects: [pod({}, { schedulerName: 'defualt-scheduler' })],
    before: ['sleep 3'],
    takes: [onePod('pod.unschedulable.scheduler', 'pod')],
  },
  {
    name: 'stuck-node',
    objects: [pod({}, { nodeName: 'worker-7' })],
    before: ['sleep 3'],
    takes: [onePod('pod.unschedulable.node', 'pod')],
  },
  stuck(
    'taint',
    'pod.unschedulable.taint',
    {},
    {},
    {
      alone: true,
      objects: [],
      before: [`kubectl taint node ${node} dedicated=gpu:NoSchedule`, `kubectl create deployment web --image=${nginx}`],
      after: [`kubectl taint node ${node} dedicated-`],
    },
  ),
  stuck(
    'cordon',
    'pod.unschedulable.taint',
    {},
    {},
    {
      alone: true,
      objects: [],
      before: [`kubectl cordon ${node}`, `kubectl create deployment web --image=${nginx}`],
      after: [`kubectl uncordon ${node}`],
      takes: [rollout('pod.unschedulable.taint', 'cordon-rollout')],
    },
  ),
]
