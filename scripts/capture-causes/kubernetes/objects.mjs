import { deployment, line, nginx, podsReady, rollout } from './parts.mjs'

// Objects that are not where they are looked for, or are on their way out.

const config = (rest = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', ...rest } })
const object = (code, as, kind, name, more = {}) => ({ code, as, check: 'k8s.object', fields: { kind, name }, ...more })

export const objects = [
  {
    name: 'wrong-name',
    objects: [deployment({}, { name: 'ngnix' })],
    takes: [
      rollout('k8s.not-found', 'typo-rollout', 'nginx'),
      line('k8s.not-found', 'typo-delete', 'kubectl delete deployment nginx'),
      podsReady('k8s.not-found', 'typo-pods', 'app=nginx'),
      object('k8s.crd-missing', 'object', 'Certificate', 'web'),
    ],
  },
  {
    name: 'wrong-namespace',
    objects: [],
    before: [`kubectl create namespace $NS-shop`, `kubectl create deployment storefront --image=${nginx} -n $NS-shop`],
    after: ['kubectl delete namespace $NS-shop --wait=false'],
    takes: [
      rollout('k8s.not-found', 'namespace-rollout', 'storefront'),
      line('k8s.not-found', 'namespace-scale', 'kubectl scale deployment storefront --replicas=3'),
    ],
  },
  {
    name: 'nothing-there',
    takes: [rollout('k8s.not-found', 'nothing-rollout'), podsReady('k8s.not-found', 'nothing-pods')],
  },
  {
    name: 'held-back',
    objects: [config({ finalizers: ['example.com/hold'] })],
    before: ['kubectl delete configmap web --wait=false'],
    after: [`kubectl patch configmap web --type=merge -p '{"metadata":{"finalizers":[]}}'`],
    takes: [object('k8s.terminating', 'held-object', 'ConfigMap', 'web')],
  },
  {
    name: 'ending-namespace',
    objects: [config({ finalizers: ['example.com/hold'] })],
    files: { 'web.yaml': JSON.stringify(config({ name: 'other' })) },
    before: ['kubectl delete namespace $NS --wait=false', 'sleep 2'],
    after: [`kubectl patch configmap web --type=merge -p '{"metadata":{"finalizers":[]}}'`],
    takes: [
      line('k8s.terminating', 'namespace-apply', 'kubectl apply -f web.yaml'),
      { code: 'k8s.terminating', as: 'namespace-manifest', check: 'manifest', fields: { path: 'web.yaml' } },
    ],
  },
  {
    name: 'account',
    takes: [
      line(
        'k8s.forbidden',
        'service-account',
        'kubectl get pods --as=system:serviceaccount:$NS:default'.replace('$NS', 'account'),
      ),
    ],
  },
]
