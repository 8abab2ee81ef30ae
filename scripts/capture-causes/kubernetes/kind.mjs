import { answers, cluster, line } from './parts.mjs'

// What kind says of its own.

const other = `${cluster}-two`
const image = `${cluster}-todo-app`
const config = (text, rest = '') =>
  `kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n${text}${rest}`
const mapping = port => `    extraPortMappings:\n      - { containerPort: 30080, hostPort: ${port} }\n`
const create = (more = '') => `kind create cluster --name ${other}${more}`
const bad = (as, text) => ({
  name: `kind-config-${as}`,
  files: { 'kind.yaml': text },
  takes: [line('kind.bad-config', as, create(' --config kind.yaml'))],
})
const check = (code, as, fields, expect) => ({ code, as, check: 'kind.cluster', fields, ...(expect ? { expect } : {}) })

export const kind = [
  {
    name: 'kind-names',
    takes: [
      line('kind.name-taken', 'create', `kind create cluster --name ${cluster}`),
      line('kind.bad-name', 'capitals', 'kind create cluster --name My_Cluster'),
      line('kind.no-such-cluster', 'export', `kind export kubeconfig --name ${cluster}-1`),
      line('kind.no-such-cluster', 'load', 'kind load docker-image nginx:1.28-alpine --name todo'),
      line('kind.no-such-cluster', 'context', `kind load docker-image nginx:1.28-alpine --name kind-${cluster}`),
      line('kind.image-not-here', 'load', `kind load docker-image ${image}:1.0 --name ${cluster}`),
      check('kind.other-name', 'check', { name: 'todo' }),
      check('kind.port-missing', 'check', { name: cluster }, { ports: { '30443/tcp': 30443 } }),
    ],
  },
  {
    name: 'kind-load-tag',
    before: [`docker tag nginx:1.28-alpine ${image}:1.1`],
    takes: [line('kind.image-not-here', 'tag', `kind load docker-image ${image}:1.0 --name ${cluster}`)],
    after: [`docker rmi ${image}:1.1`],
  },
  {
    name: 'kind-usage',
    takes: [
      line('kind.unknown-command', 'crate', 'kind crate cluster'),
      line('kind.unknown-command', 'noun', 'kind create clutser'),
      line('kind.unknown-flag', 'nmae', `kind create cluster --nmae ${other}`),
      line('kind.unknown-command', 'no-verb', 'kind cluster create'),
      line('kind.unknown-command', 'noun-flag', `kind create clutser --name ${other}`),
    ],
  },
  bad('field', config('    extraPortMapping: []\n')),
  bad('tab', config('\t  extraPortMappings: []\n')),
  bad('indentation', config('    extraPortMappings:\n      - containerPort: 30080\n       hostPort: 30080\n')),
  bad('version', config('').replace('v1alpha4', 'v1')),
  bad('kind', config('').replace('Cluster', 'Clutser')),
  bad('no-version', config('').replace(/apiVersion.*\n/, '')),
  bad('role', config('').replace('control-plane', 'master')),
  {
    name: 'kind-config-missing',
    files: { 'kind.yaml': config('') },
    takes: [line('file.missing', 'kind-config', create(' --config kind-config.yaml'))],
  },
  {
    name: 'kind-port-container',
    files: { 'kind.yaml': config(mapping(47388)) },
    before: [`docker run -d --name ${cluster}-holder -p 47388:80 nginx:1.28-alpine`],
    takes: [line('kind.port-taken', 'container', create(' --config kind.yaml'))],
    after: [`docker rm -f ${cluster}-holder`],
  },
  {
    name: 'kind-port-process',
    files: { 'kind.yaml': config(mapping(47389)) },
    before: [
      `node -e "require('http').createServer().listen(47389)" > /dev/null 2>&1 & echo $! > server.pid`,
      // It takes connections and never answers.
      `until curl -s -m 1 http://127.0.0.1:47389/ > /dev/null || [ $? != 7 ]; do sleep 0.2; done`,
    ],
    takes: [line('kind.port-taken', 'process', create(' --config kind.yaml'))],
    after: ['kill $(cat server.pid)'],
  },
  {
    name: 'kind-node-image',
    alone: true,
    takes: [line('kind.node-image', 'no-such-tag', create(' --image kindest/node:v1.99.0'))],
  },
  {
    // Ctrl-C while kind makes it.
    name: 'kind-broken-off',
    alone: true,
    before: [`env --default-signal=INT timeout -s INT 6 kind create cluster --name ${other}`],
    takes: [
      check('kind.no-context', 'broken-off', { name: other }),
      line('kind.broken-off', 'export', `kind export kubeconfig --name ${other}`),
      line('kind.name-taken', 'broken-off', `kind create cluster --name ${other}`),
    ],
    after: [`kind delete cluster --name ${other}`],
  },
  {
    // The node is there, and does not run.
    name: 'kind-name-stopped',
    alone: true,
    before: [`docker stop -t 5 ${cluster}-control-plane`],
    takes: [line('kind.name-taken', 'stopped', `kind create cluster --name ${cluster}`)],
    after: [`docker start ${cluster}-control-plane`, answers],
  },
  {
    name: 'kind-docker-down',
    takes: [line('engine.down', 'kind', `DOCKER_HOST=unix:///nonexistent.sock ${create()}`)],
  },
]
