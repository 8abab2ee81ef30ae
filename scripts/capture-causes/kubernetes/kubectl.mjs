import { line, pod } from './parts.mjs'

// How kubectl itself is called. A pod with a gate is one that waits for no reason that any state tells.

const gated = pod({}, { schedulingGates: [{ name: 'lab/later' }] }, 'later')
const busy = 47392
const proxy = 'HTTPS_PROXY=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 NO_PROXY= no_proxy='

export const kubectl = [
  {
    name: 'kubectl-words',
    files: {
      'web.yaml': JSON.stringify(pod()),
      'k8s/api.yaml': JSON.stringify(pod({}, {}, 'api')),
      'notes/readme.md': 'x',
      'empty.yaml': '',
      'comment.yaml': '# later\n',
    },
    takes: [
      line('kubectl.unknown-command', 'gte', 'kubectl gte pods'),
      line('kubectl.unknown-command', 'flag-first', 'kubectl -n default gte pods'),
      line('kubectl.unknown-command', 'far', 'kubectl show pods'),
      line('kubectl.unknown-command', 'sub', 'kubectl rollout stauts deployment/api'),
      line('kubectl.unknown-command', 'create', 'kubectl create deploymnet api --image=nginx:1.28-alpine'),
      line('kubectl.unknown-command', 'create-bare', 'kubectl create namespac shop'),
      line('kubectl.unknown-type', 'pds', 'kubectl get pds'),
      line('kubectl.unknown-type', 'nods', 'kubectl get nods'),
      line('kubectl.unknown-type', 'deploymnets', 'kubectl describe deploymnets'),
      line('kubectl.unknown-type', 'slash', 'kubectl get pdo/web'),
      line('kubectl.missing-argument', 'get', 'kubectl get'),
      line('kubectl.missing-argument', 'describe', 'kubectl describe'),
      line('kubectl.missing-argument', 'logs', 'kubectl logs'),
      line('kubectl.missing-argument', 'logs-follow', 'kubectl logs -f'),
      line('kubectl.missing-argument', 'exec', 'kubectl exec -- ls'),
      line('kubectl.missing-argument', 'delete', 'kubectl delete pod'),
      line('kubectl.missing-argument', 'port-forward', 'kubectl port-forward 8080:80'),
      line('kubectl.no-file-option', 'apply', 'kubectl apply web.yaml'),
      line('kubectl.no-file-option', 'apply-nothing', 'kubectl apply'),
      line('kubectl.no-file-option', 'create', 'kubectl create web.yaml'),
      line('kubectl.no-file-option', 'delete', 'kubectl delete web.yaml'),
      line('file.missing', 'kubectl-near', 'kubectl apply -f wbe.yaml'),
      line('file.missing', 'kubectl-ending', 'kubectl apply -f web.yml'),
      line('file.in-wrong-folder', 'kubectl', 'kubectl apply -f api.yaml'),
      line('file.missing', 'kubectl-none', 'kubectl delete -f manifests/nginx.yaml'),
      line('kubectl.no-manifests', 'apply', 'kubectl apply -f notes/'),
      line('kubectl.empty-file', 'empty', 'kubectl apply -f empty.yaml'),
      line('kubectl.empty-file', 'comment', 'kubectl apply -f comment.yaml'),
      line('kubectl.empty-file', 'create', 'kubectl create -f empty.yaml'),
      line('kubectl.empty-file', 'pipe', 'cat empty.yaml | kubectl apply -f -'),
      line('kubectl.unknown-flag', 'long', 'kubectl get pods --namespce default'),
      line('kubectl.unknown-flag', 'short', 'kubectl get pods -z'),
      line('kubectl.unknown-flag', 'image', 'kubectl create deployment api --imgae=nginx:1.28-alpine'),
      line('kubectl.missing-option', 'create', 'kubectl create deployment api'),
      line('kubectl.missing-option', 'run', 'kubectl run api'),
      line('kubectl.missing-option', 'scale', 'kubectl scale deployment api'),
      line('kubectl.bad-output', 'yml', 'kubectl get pods -o yml'),
      line('kubectl.exec-dashes', 'ls', 'kubectl exec web ls'),
      line('kubectl.exec-dashes', 'shell', 'kubectl exec -it web sh'),
      line('kubectl.exec-no-command', 'nothing', 'kubectl exec web'),
      line('kubectl.exec-no-command', 'dashes', 'kubectl exec web --'),
      line('metrics.missing', 'nodes', 'kubectl top nodes'),
      line('metrics.missing', 'pods', 'kubectl top pods'),
      line('none', 'kubectl-no-resources', 'kubectl get deployments -n shop'),
    ],
  },
  {
    name: 'kubectl-types',
    objects: [pod()],
    before: ['kubectl wait --for=condition=Ready pod/web --timeout=90s'],
    takes: [
      line('kubectl.unknown-type', 'name', 'kubectl get web'),
      line('kubectl.unknown-type', 'name-describe', 'kubectl describe web'),
      line('none', 'kubectl-get', 'kubectl get pods'),
      line('none', 'kubectl-proxy', `${proxy} kubectl get pods`),
    ],
  },
  {
    name: 'kubectl-forward',
    objects: [pod()],
    before: [
      'kubectl wait --for=condition=Ready pod/web --timeout=90s',
      `kubectl port-forward pod/web ${busy}:80 > forward.log 2>&1 & echo $! > forward.pid`,
      'until grep -q Forwarding forward.log; do sleep 0.2; done',
    ],
    takes: [line('kubectl.port-busy', 'forward', `kubectl port-forward pod/web ${busy}:80`)],
    after: ['kill $(cat forward.pid)'],
  },
  {
    name: 'kubectl-waiting',
    objects: [gated],
    takes: [line('pod.starting', 'port-forward', 'kubectl port-forward pod/later 47393:80')],
  },
  {
    // Nothing in its state says why it should end.
    name: 'kubectl-wait',
    objects: [pod()],
    before: ['kubectl wait --for=condition=Ready pod/web --timeout=90s'],
    takes: [line('k8s.wait-timeout', 'delete', 'kubectl wait --for=delete pod/web --timeout=1s')],
  },
]
