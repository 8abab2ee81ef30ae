import { deployment, event, rollout, service, ticking } from './parts.mjs'

// Autoscaling, and the metrics-server that it rests on.

const hpa = target => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
  },
})
const theHpa = (code, as) => ({
  code,
  as,
  check: 'k8s.object',
  fields: { kind: 'HorizontalPodAutoscaler', name: 'web' },
  expect: { status: { currentMetrics: { $notEmpty: true } } },
})

/** In the scene's own namespace; its image is on the nodes. `flags` more than those it cannot do without. */
const metricsServer = (namespace, flags) => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'metrics-server' } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'captures-metrics-server' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'metrics-server', namespace }],
  },
  deployment(
    {
      image: 'registry.k8s.io/metrics-server/metrics-server:v0.7.2',
      imagePullPolicy: 'IfNotPresent',
      args: [
        '--cert-dir=/tmp',
        '--secure-port=10250',
        '--kubelet-preferred-address-types=InternalIP',
        '--metric-resolution=15s',
        ...flags,
      ],
      ports: [{ containerPort: 10250 }],
      readinessProbe: { httpGet: { path: '/readyz', port: 10250, scheme: 'HTTPS' }, periodSeconds: 2 },
    },
    { name: 'metrics-server', rest: { serviceAccountName: 'metrics-server' } },
  ),
  service({ selector: { app: 'metrics-server' }, ports: [{ port: 443, targetPort: 10250 }] }, 'metrics-server'),
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      service: { name: 'metrics-server', namespace },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  },
]
// While its server is away, no namespace of the cluster can be deleted.
const after = [
  'kubectl delete apiservice v1beta1.metrics.k8s.io',
  'kubectl delete clusterrolebinding captures-metrics-server',
]

export const metrics = [
  {
    name: 'no-metrics',
    objects: [deployment({ resources: { requests: { cpu: '50m' } } }), hpa('web')],
    until: event('FailedGetResourceMetric'),
    takes: [theHpa('hpa.no-metrics', 'hpa')],
  },
  {
    name: 'hpa-target',
    objects: [hpa('wbe')],
    until: event('FailedGetScale'),
    takes: [theHpa('hpa.no-target', 'hpa')],
  },
  {
    name: 'untrusted-kubelet',
    alone: true,
    objects: metricsServer('untrusted-kubelet', []),
    until: `${event('Readiness probe failed')} && kubectl logs -l app=metrics-server | grep -q x509`,
    after,
    takes: [rollout('metrics.untrusted-kubelet', 'rollout', 'metrics-server')],
  },
  {
    name: 'no-request',
    alone: true,
    objects: [...metricsServer('no-request', ['--kubelet-insecure-tls']), deployment(ticking), hpa('web')],
    until: `kubectl get hpa web -o json | grep -q 'missing request for cpu'`,
    after,
    takes: [theHpa('hpa.no-request', 'hpa')],
  },
]
