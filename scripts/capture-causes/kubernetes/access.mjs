import { answers, cluster, deployment, line, rollout } from './parts.mjs'

// The way to a cluster: kubectl's configuration, the node, the API server. Every scene has a kubeconfig of its own.

const context = `kind-${cluster}`
const node = `${cluster}-control-plane`
const api = `docker inspect ${node} --format '{{(index (index .NetworkSettings.Ports "6443/tcp") 0).HostPort}}'`
const plain = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n'
const web = { 'web.yaml': JSON.stringify(deployment()) }
const get = (code, as, more = '') => line(code, as, `kubectl get pods${more}`)
const both = (code, as) => [get(code, `${as}-get`), rollout(code, `${as}-rollout`)]
const kindCheck = (code, as, rest = {}) => ({ code, as, check: 'kind.cluster', fields: { name: cluster }, ...rest })

/** Answers everything on a port of this machine until the scene ends. */
const serve = (port, status, type, body) => [
  `node -e "require('http').createServer((q, s) => s.writeHead(${status}, { 'content-type': '${type}' }).end('${body}')).listen(${port}, '127.0.0.1')" > /dev/null 2>&1 & echo $! > server.pid`,
  `until curl -s http://127.0.0.1:${port}/ > /dev/null; do sleep 0.2; done`,
]
const served = ['kill $(cat server.pid)']

/** A context beside the lab's, which the learner has chosen for the lab. */
const named = (server, name = 'production') => [
  `kubectl config set-cluster ${name} --server=${server}`,
  `kubectl config set-credentials ${name} --token=secret`,
  `kubectl config set-context ${name} --cluster=${name} --user=${name}`,
  `kubectl config use-context ${name}`,
]
const chosen = take => ({ ...take, context: 'production' })

const configuration = [
  {
    name: 'access-no-config',
    before: ['rm $KUBECONFIG'],
    files: web,
    takes: [
      ...both('k8s.no-context', 'no-config'),
      line('k8s.no-context', 'no-config-apply', 'kubectl apply -f web.yaml'),
      kindCheck('kind.no-context', 'check'),
    ],
  },
  {
    // A program such as code-server answers where kubectl goes to without a configuration.
    name: 'access-no-config-answered',
    before: [
      'rm $KUBECONFIG',
      ...serve(8080, 401, 'application/json', `{\\"kind\\":\\"Status\\",\\"status\\":\\"Failure\\",\\"code\\":401}`),
    ],
    after: served,
    takes: [get('k8s.no-context', 'no-config-answered')],
  },
  {
    name: 'access-other-kubeconfig',
    files: { 'empty-config': '' },
    takes: [line('k8s.unreachable', 'other-kubeconfig', 'KUBECONFIG=empty-config kubectl get pods')],
  },
  {
    name: 'access-context-typo',
    takes: [
      line('k8s.no-context', 'typo', `kubectl --context kidn-${cluster} get pods`),
      line('k8s.no-context', 'typo-use', `kubectl config use-context kidn-${cluster}`),
      line('k8s.no-context', 'cluster-name', `kubectl config use-context ${cluster}`),
      line('k8s.no-context', 'typo-info', `kubectl cluster-info --context kind-todo`),
    ],
  },
  {
    name: 'access-current-gone',
    before: [`kubectl config set current-context old`],
    takes: [get('k8s.no-context', 'current')],
  },
  {
    name: 'access-no-current',
    before: ['kubectl config unset current-context'],
    takes: [
      get('k8s.wrong-context', 'none-get'),
      { code: 'k8s.wrong-context', as: 'none-refused', refused: 'kubectl apply -f web.yaml' },
    ],
  },
  {
    name: 'access-wrong-context',
    before: named('https://127.0.0.1:1'),
    takes: [
      get('k8s.wrong-context', 'get'),
      { code: 'k8s.wrong-context', as: 'refused', refused: 'kubectl apply -f web.yaml' },
    ],
  },
  {
    // Another cluster that answers.
    name: 'access-other-answers',
    before: [
      `kubectl config set-cluster staging --server=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}' | sed s/127.0.0.1/localhost/)`,
      'kubectl config set clusters.staging.insecure-skip-tls-verify true',
      `kubectl config set-context staging --cluster=staging --user=${context}`,
      'kubectl config use-context staging',
    ],
    takes: [
      line('k8s.wrong-context', 'not-found', 'kubectl get pod web'),
      line('k8s.wrong-context', 'not-found-logs', 'kubectl logs deployment/web'),
    ],
  },
  {
    name: 'access-broken-config',
    before: ["sed -i 's/^contexts:/contexts: [/' $KUBECONFIG"],
    takes: both('k8s.bad-kubeconfig', 'yaml'),
  },
  {
    name: 'access-broken-data',
    before: ["sed -i 's/certificate-authority-data: .*/certificate-authority-data: no-base64!/' $KUBECONFIG"],
    takes: [get('k8s.bad-kubeconfig', 'data-get'), rollout('k8s.certificate', 'damaged-rollout')],
  },
  {
    name: 'access-elsewhere',
    before: [`kubectl config set-cluster ${context} --server=https://127.0.0.1:1`],
    takes: [...both('k8s.other-cluster', 'refused'), kindCheck('k8s.other-cluster', 'kind')],
  },
  {
    name: 'access-token',
    before: [`kubectl config set-credentials wrong --token=wrong`, `kubectl config set-context --current --user=wrong`],
    takes: both('k8s.unauthorized', 'token'),
  },
  {
    name: 'access-forbidden',
    before: [
      'kubectl create serviceaccount viewer',
      'kubectl config set-credentials viewer --token=$(kubectl create token viewer)',
      'kubectl config set-context --current --user=viewer',
    ],
    takes: [
      ...both('k8s.forbidden', 'account'),
      line('k8s.forbidden', 'account-nodes', 'kubectl get nodes'),
      line('k8s.forbidden', 'account-create', 'kubectl create deployment api --image=nginx:1.28-alpine'),
      line('k8s.forbidden', 'account-delete', 'kubectl delete pod web'),
    ],
  },
  {
    name: 'access-plugin',
    before: [
      'kubectl config set-credentials cloud --exec-api-version=client.authentication.k8s.io/v1 --exec-command=aws-login --exec-interactive-mode=Never',
      'kubectl config set-context --current --user=cloud',
    ],
    takes: both('k8s.plugin-failed', 'missing'),
  },
  {
    name: 'access-plugin-fails',
    before: [
      `kubectl config set-credentials cloud --exec-api-version=client.authentication.k8s.io/v1 --exec-command=sh --exec-interactive-mode=Never --exec-arg=-c --exec-arg='echo expired token >&2; exit 1'`,
      'kubectl config set-context --current --user=cloud',
    ],
    takes: both('k8s.plugin-failed', 'exit'),
  },
  {
    name: 'access-authority',
    before: [
      'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out ca.pem -subj /CN=kubernetes -days 2',
      `kubectl config set-cluster ${context} --certificate-authority=ca.pem --embed-certs`,
    ],
    takes: both('k8s.certificate', 'authority'),
  },
]

const choices = [
  { name: 'dns', server: 'https://api.invalid:6443', takes: both('k8s.unreachable', 'dns') },
  { name: 'refused', server: 'https://127.0.0.1:1', takes: both('k8s.unreachable', 'refused') },
  {
    name: 'proxy',
    server: 'https://api.invalid:6443',
    takes: [
      line('k8s.unreachable', 'proxy-get', 'NO_PROXY= no_proxy= HTTPS_PROXY=http://127.0.0.1:9 kubectl get pods'),
    ],
  },
  {
    name: 'page',
    server: 'http://127.0.0.1:47391',
    before: serve(47391, 200, 'text/html', '<html>Sign in</html>'),
    after: served,
    takes: both('k8s.not-an-api', 'page'),
  },
].map(({ name, server, before = [], takes, ...rest }) => ({
  name: `access-named-${name}`,
  before: [...named(server), ...before],
  takes: takes.map(chosen),
  ...rest,
}))

/** On a busy machine a node may miss its time. */
const again = config => {
  const create = `kind create cluster --name ${cluster} --kubeconfig other --config ${config}`
  return `${create} || ${create}`
}

/** What happens to the node of the cluster; the last ones end it. */
const nodes = [
  {
    name: 'access-stopped',
    before: [`docker stop -t 5 ${node}`],
    files: web,
    takes: [
      ...both('k8s.node-stopped', 'stopped'),
      line('k8s.node-stopped', 'stopped-apply', 'kubectl apply -f web.yaml'),
      kindCheck('k8s.node-stopped', 'stopped-kind'),
    ],
    after: [`docker start ${node}`, answers],
  },
  {
    name: 'access-paused',
    before: [`docker pause ${node}`],
    takes: [
      ...both('k8s.node-stopped', 'paused'),
      kindCheck('k8s.node-stopped', 'paused-kind'),
      { ...get('command.timed-out', 'kubectl'), timeout: 3000 },
    ],
    after: [`docker unpause ${node}`, answers],
  },
  {
    name: 'access-api-down',
    watched: true,
    before: [
      `docker exec ${node} mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/`,
      'while kubectl get --raw /readyz > /dev/null 2>&1; do sleep 1; done',
    ],
    takes: [...both('k8s.unreachable', 'api-down'), kindCheck('kind.not-ready', 'api-server')],
    after: [`docker exec ${node} mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/`, answers],
  },
  {
    name: 'access-not-ready',
    before: [`docker exec ${node} systemctl stop kubelet`],
    until: `kubectl get nodes | grep -q NotReady`,
    takes: [kindCheck('kind.not-ready', 'node')],
    after: [`docker exec ${node} systemctl start kubelet`],
  },
  {
    // Made again on its old port, while the kubeconfig stayed.
    name: 'access-recreated',
    files: { 'kind.yaml': plain },
    before: [
      `(cat kind.yaml; echo 'networking: { apiServerPort: '$(${api})' }') > fixed.yaml`,
      `kind delete cluster --name ${cluster} --kubeconfig other`,
      again('fixed.yaml'),
    ],
    takes: [...both('k8s.certificate', 'recreated'), kindCheck('k8s.certificate', 'recreated-kind')],
    after: [
      `kind export kubeconfig --name ${cluster} --kubeconfig ../../config`,
      `KUBECONFIG=../../config; ${answers}`,
    ],
  },
  {
    name: 'access-moved',
    // Made again on another port.
    files: { 'kind.yaml': plain },
    before: [`kind delete cluster --name ${cluster} --kubeconfig other`, again('kind.yaml')],
    takes: [...both('k8s.other-cluster', 'moved')],
    after: [
      `kind export kubeconfig --name ${cluster} --kubeconfig ../../config`,
      `KUBECONFIG=../../config; ${answers}`,
    ],
  },
  {
    name: 'access-deleted',
    before: [`kind delete cluster --name ${cluster} --kubeconfig other`],
    files: web,
    takes: [
      ...both('k8s.cluster-missing', 'context-left'),
      line('k8s.cluster-missing', 'context-left-apply', 'kubectl apply -f web.yaml'),
      kindCheck('kind.not-created', 'context-left'),
      { ...line('k8s.cluster-missing', 'context-gone-get', 'kubectl get pods'), first: 'rm $KUBECONFIG' },
      rollout('k8s.cluster-missing', 'context-gone-rollout'),
      kindCheck('kind.not-created', 'none'),
    ],
  },
].map(scene => ({ ...scene, alone: true }))

export const access = [...configuration, ...choices, ...nodes]
