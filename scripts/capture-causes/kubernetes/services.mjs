import { cluster, deployment, event, line, node, nodePort, script, service } from './parts.mjs'

// Services and Ingresses that lead nowhere.

const ready = 'kubectl rollout status deployment/web --timeout=90s'
const theService = (code, as, expect) => ({
  code,
  as,
  check: 'k8s.service',
  fields: { name: 'web' },
  ...(expect ? { expect } : {}),
})
const through = (code, as, fields = {}) => ({ code, as, check: 'k8s.http', fields: { service: 'web', ...fields } })
const mapped = { type: 'NodePort', ports: [{ port: 80, nodePort: nodePort.node }] }
/** From outside, through the NodePort that the cluster maps. */
const outside = (code, as, url = `http://127.0.0.1:${nodePort.host}/`) => ({
  code,
  as,
  check: 'http',
  fields: { url },
  expect: { status: 200 },
  ports: [Number(new URL(url).port)],
})
const settled = 'sleep 2'

export const services = [
  {
    name: 'other-labels',
    objects: [deployment(), service({ ...mapped, selector: { app: 'wbe' } })],
    before: [ready, settled],
    alone: true,
    after: ['kubectl delete service web'],
    takes: [
      theService('svc.no-selector-match', 'typo-service'),
      through('svc.no-selector-match', 'typo-http'),
      outside('svc.no-selector-match', 'typo-node-port'),
    ],
  },
  {
    name: 'other-key',
    objects: [deployment(), service({ selector: { 'app.kubernetes.io/name': 'web' } })],
    before: [ready, settled],
    takes: [theService('svc.no-selector-match', 'key-service')],
  },
  {
    name: 'no-pods',
    objects: [service()],
    before: [settled],
    takes: [theService('svc.no-selector-match', 'no-pods-service')],
  },
  {
    name: 'no-selector',
    objects: [deployment(), service({ selector: undefined })],
    before: [ready],
    takes: [theService('svc.no-endpoints', 'service'), through('svc.no-endpoints', 'http')],
  },
  {
    name: 'not-ready-yet',
    objects: [
      deployment({ readinessProbe: { initialDelaySeconds: 600, httpGet: { path: '/', port: 80 } } }),
      service(mapped),
    ],
    alone: true,
    after: ['kubectl delete service web'],
    before: [`until kubectl get pods -o json | grep -q '"startedAt"'; do sleep 0.3; done`, settled],
    takes: [
      theService('svc.pods-not-ready', 'starting-service'),
      through('svc.pods-not-ready', 'starting-http'),
      outside('svc.pods-not-ready', 'starting-node-port'),
    ],
  },
  {
    name: 'behind-probe',
    objects: [deployment({ readinessProbe: { periodSeconds: 1, httpGet: { path: '/healthz', port: 80 } } }), service()],
    until: event('Readiness probe failed'),
    takes: [theService('pod.not-ready.probe', 'behind-service'), through('pod.not-ready.probe', 'behind-http')],
  },
  {
    name: 'port-name',
    objects: [
      deployment({ ports: [{ name: 'http', containerPort: 80 }] }),
      service({ ports: [{ port: 80, targetPort: 'web' }] }),
    ],
    before: [ready, settled],
    takes: [theService('svc.port-mismatch', 'name-service'), through('svc.port-mismatch', 'name-http')],
  },
  {
    name: 'port-number',
    objects: [
      deployment({ ports: [{ containerPort: 80 }] }),
      service({ ...mapped, ports: [{ ...mapped.ports[0], targetPort: 8080 }] }),
    ],
    before: [ready, settled],
    alone: true,
    after: ['kubectl delete service web'],
    takes: [through('svc.port-mismatch', 'number-http'), outside('svc.port-mismatch', 'number-node-port')],
  },
  {
    name: 'only-inside',
    objects: [
      deployment(script(`require('http').createServer((q, s) => s.end('hi')).listen(3000, '127.0.0.1')`)),
      service({ ports: [{ port: 80, targetPort: 3000 }] }),
    ],
    before: [ready, settled],
    takes: [through('svc.refused', 'loopback-http')],
  },
  {
    name: 'no-such-port',
    objects: [deployment(), service()],
    before: [ready, settled],
    takes: [
      through('svc.no-such-port', 'http', { port: 8080 }),
      { ...through('k8s.not-found', 'service-http'), fields: { service: 'wep' } },
    ],
  },
  {
    name: 'not-mapped',
    objects: [deployment(), service({ type: 'NodePort', ports: [{ port: 80, nodePort: 31234 }] })],
    before: [ready],
    takes: [
      outside('svc.node-port-not-mapped', 'http', 'http://127.0.0.1:31234/'),
      line('svc.node-port-not-mapped', 'curl', 'curl -s localhost:31234'),
    ],
  },
  {
    // A port with a slip in it, beside a container of another lab.
    name: 'port-slip',
    objects: [deployment(), service(mapped)],
    before: [
      ready,
      `docker tag ${node} ${cluster}-todo-app:1.0`,
      `docker run -d --name ${cluster}-web -p 47386:3000 ${cluster}-todo-app:1.0 node -e 'setInterval(() => {}, 9000)'`,
    ],
    takes: [line('http.refused', 'slip', `curl http://127.0.0.1:${String(nodePort.host).replace('0', '')}/`)],
    after: [`docker rm -f ${cluster}-web`, `docker rmi ${cluster}-todo-app:1.0`],
  },
  {
    name: 'not-taken',
    alone: true,
    objects: [deployment(), service({ type: 'NodePort', ports: [{ port: 80, nodePort: 31235 }] })],
    before: [ready],
    takes: [outside('svc.no-node-port', 'http')],
  },
  {
    name: 'balancer',
    objects: [deployment(), service({ type: 'LoadBalancer' })],
    before: [ready, settled],
    takes: [
      theService('svc.no-load-balancer', 'service', { status: { loadBalancer: { ingress: { $notEmpty: true } } } }),
    ],
  },
  {
    name: 'ingress',
    objects: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web' },
        spec: {
          rules: [
            {
              http: {
                paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
              },
            },
          ],
        },
      },
    ],
    takes: [
      {
        code: 'ingress.no-controller',
        as: 'ingress',
        check: 'k8s.object',
        fields: { kind: 'Ingress', name: 'web' },
        expect: { status: { loadBalancer: { ingress: { $notEmpty: true } } } },
      },
    ],
  },
]
