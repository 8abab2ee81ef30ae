import { line } from './parts.mjs'

// Manifests that kubectl or the API server does not take: applied, and looked at by the check.

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.28-alpine
          ports:
            - containerPort: 80
`
const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: nginx:1.28-alpine
`
const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
    - port: 80
      nodePort: 31080
`
const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: import
          image: alpine:3.22
          command: ["true"]
`
const cron = `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
${job
  .split('\n')
  .slice(5)
  .map(text => `    ${text}`)
  .join('\n')
  .trimEnd()}
`
const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: app
data:
  COLOR: blue
`
const secret = configMap.replace('ConfigMap', 'Secret').replace('COLOR: blue', 'password: hunter2!')
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - http:
        paths:
          - path: /
            backend:
              service:
                name: web
                port:
                  number: 80
`

const broken = (code, as, text, { before = [], flags = '', only } = {}) => ({
  name: `yaml-${code.split('.')[1]}-${as}`,
  files: { 'web.yaml': text },
  before,
  takes: [
    line(code, `${as}-apply`, `kubectl apply -f web.yaml${flags}`),
    { code, as: `${as}-check`, check: 'manifest', fields: { path: 'web.yaml' } },
  ].filter(each => only !== 'apply' || each.run),
})
const edit = (text, from, to) => {
  if (!text.includes(from)) throw new Error(`no ${from}`)
  return text.replace(from, to)
}
const applied = text => `kubectl apply -f - <<'YAML'\n${text}\nYAML`

export const manifests = [
  broken('manifest.indentation', 'mapping', edit(pod, '  name: web\n  labels', '  name: web\n   labels')),
  broken('manifest.indentation', 'key', edit(deployment, '  selector:', ' selector:')),
  broken('manifest.indentation', 'item', edit(pod, '      image', '    image')),
  broken(
    'manifest.indentation',
    'numbered',
    pod
      .split('\n')
      .map((text, i) => `${i + 1}:  ${text}`)
      .join('\n'),
  ),
  broken('manifest.tab', 'block', edit(pod, '  labels:\n    app', '  labels:\n\tapp')),
  broken('manifest.tab', 'inside', edit(pod, '  name: web\n  labels', '  name: web\n\tlabels')),
  broken('manifest.open-quote', 'quote', edit(pod, 'image: nginx:1.28-alpine', 'image: "nginx:1.28-alpine')),
  broken('manifest.yaml', 'anchor', edit(pod, 'image: nginx:1.28-alpine', 'image: *nginx')),
  broken('manifest.no-name', 'lecture', edit(deployment, '  name: web\nspec', 'name: web\nspec')),
  broken('manifest.no-name', 'missing', edit(pod, '  name: web\n  labels', '  labels')),
  broken('manifest.unknown-field', 'typo', edit(deployment, '          image:', '          imagee:')),
  broken(
    'manifest.unknown-field',
    'level',
    edit(
      deployment,
      '    metadata:\n      labels:\n        app: web\n    spec:',
      '    metadata:\n      labels:\n      app: web\n    spec:',
    ),
  ),
  broken('manifest.unknown-field', 'replica', edit(deployment, 'replicas: 2', 'replica: 2')),
  broken('manifest.no-kind', 'api-version', edit(pod, 'apiVersion: v1\n', '')),
  broken('manifest.no-kind', 'kind', edit(pod, 'kind: Pod\n', '')),
  broken('manifest.no-such-kind', 'version', edit(deployment, 'apps/v1', 'extensions/v1beta1')),
  broken('manifest.no-such-kind', 'pod', edit(pod, 'apiVersion: v1', 'apiVersion: apps/v1')),
  broken('manifest.no-such-kind', 'typo', edit(deployment, 'kind: Deployment', 'kind: Deploymnet')),
  broken(
    'manifest.selector-mismatch',
    'labels',
    edit(deployment, 'labels:\n        app: web', 'labels:\n        app: nginx'),
  ),
  broken('manifest.no-selector', 'selector', edit(deployment, '  selector:\n    matchLabels:\n      app: web\n', '')),
  broken(
    'manifest.immutable',
    'selector',
    edit(
      edit(deployment, '      app: web\n  template', '      app: api\n  template'),
      '        app: web',
      '        app: api',
    ),
    { before: [applied(deployment)] },
  ),
  broken(
    'manifest.immutable',
    'pod',
    edit(pod, '      image: nginx:1.28-alpine', '      image: nginx:1.28-alpine\n      command: ["sleep", "60"]'),
    { before: [applied(pod)] },
  ),
  broken('manifest.immutable', 'job', edit(job, '["true"]', '["false"]'), { before: [applied(job)] }),
  {
    ...broken('k8s.already-exists', 'apply', pod),
    name: 'yaml-exists',
    before: [applied(pod)],
    takes: [
      line('k8s.already-exists', 'create', 'kubectl create -f web.yaml'),
      line('k8s.already-exists', 'run', 'kubectl run web --image=nginx:1.28-alpine'),
      line(
        'k8s.already-exists',
        'create-deployment',
        'kubectl create deployment web --image=nginx:1.28-alpine > /dev/null; kubectl create deployment web --image=nginx:1.28-alpine',
      ),
    ],
  },
  broken('manifest.required', 'image', edit(pod, '      image: nginx:1.28-alpine\n', '')),
  broken(
    'manifest.required',
    'containers',
    edit(deployment, / {6}containers:[\s\S]*/.exec(deployment)[0], '      restartPolicy: Always\n'),
  ),
  broken('manifest.required', 'path-type', ingress),
  broken('manifest.bad-name', 'capital', edit(pod, 'name: web\n  labels', 'name: My_Web\n  labels')),
  broken('manifest.bad-name', 'korean', edit(pod, 'name: web\n  labels', 'name: 웹\n  labels')),
  broken('manifest.bad-name', 'label', edit(pod, '    app: web', '    app: "web server"')),
  broken('manifest.wrong-type', 'number', edit(configMap, 'COLOR: blue', 'PORT: 8080')),
  broken('manifest.wrong-type', 'boolean', edit(configMap, 'COLOR: blue', 'DEBUG: true')),
  broken(
    'manifest.wrong-type',
    'env',
    edit(
      pod,
      '      image: nginx:1.28-alpine',
      '      image: nginx:1.28-alpine\n      env:\n        - name: PORT\n          value: 8080',
    ),
  ),
  broken('manifest.wrong-type', 'replicas', edit(deployment, 'replicas: 2', 'replicas: "2"')),
  broken('manifest.wrong-type', 'list', edit(pod, '    - name: web\n      image', '      name: web\n      image')),
  broken('manifest.bad-base64', 'secret', secret),
  // A dry run does not notice.
  broken('manifest.node-port-range', 'range', edit(service, '31080', '8080'), { only: 'apply' }),
  {
    ...broken('manifest.node-port-taken', 'taken', edit(service, 'name: web', 'name: other')),
    before: [applied(service)],
  },
  broken('manifest.restart-policy', 'always', edit(job, 'restartPolicy: Never', 'restartPolicy: Always')),
  broken('manifest.restart-policy', 'missing', edit(job, '      restartPolicy: Never\n', '')),
  broken('manifest.bad-schedule', 'minute', edit(cron, '0 3 * * *', '61 * * * *')),
  broken('manifest.bad-schedule', 'fields', edit(cron, '0 3 * * *', '0 3 * *')),
  broken('manifest.bad-schedule', 'zone', edit(cron, '  schedule', '  timeZone: Asia/Soul\n  schedule')),
  broken('k8s.no-namespace', 'in-file', edit(pod, '  name: web\n', '  name: web\n  namespace: shopp\n'), {
    only: 'apply',
  }),
  {
    name: 'yaml-no-namespace',
    takes: [line('k8s.no-namespace', 'flag', 'kubectl create deployment web --image=nginx:1.28-alpine -n shopp')],
  },
  broken('manifest.other-namespace', 'flag', edit(pod, '  name: web\n', '  name: web\n  namespace: shop\n'), {
    flags: ' -n default',
  }),
  broken(
    'manifest.bad-quantity',
    'mb',
    edit(
      pod,
      '      image: nginx:1.28-alpine',
      '      image: nginx:1.28-alpine\n      resources:\n        limits:\n          memory: 512mb',
    ),
  ),
  broken(
    'manifest.limit-below-request',
    'cpu',
    edit(
      pod,
      '      image: nginx:1.28-alpine',
      '      image: nginx:1.28-alpine\n      resources:\n        requests: { cpu: 500m }\n        limits: { cpu: 200m }',
    ),
  ),
  broken(
    'manifest.invalid',
    'mount-name',
    edit(
      pod,
      '      image: nginx:1.28-alpine',
      '      image: nginx:1.28-alpine\n      volumeMounts:\n        - { name: data, mountPath: /data }',
    ),
  ),
  broken(
    'manifest.invalid',
    'port-name',
    edit(deployment, '- containerPort: 80', '- containerPort: 80\n              name: the-web-server-port'),
  ),
  broken('manifest.invalid', 'port-number', edit(deployment, '- containerPort: 80', '- containerPort: 80800')),
  broken(
    'manifest.invalid',
    'pull-policy',
    edit(pod, '      image: nginx:1.28-alpine', '      image: nginx:1.28-alpine\n      imagePullPolicy: always'),
  ),
  {
    name: 'yaml-warning',
    files: { 'web.yaml': pod },
    before: ['kubectl create -f web.yaml'],
    takes: [line('none', 'apply-after-create', 'kubectl apply -f web.yaml')],
  },
  { name: 'yaml-good', files: { 'web.yaml': pod }, takes: [line('none', 'apply', 'kubectl apply -f web.yaml')] },
  {
    name: 'yaml-nowhere',
    files: { 'web.yml': pod },
    takes: [{ code: 'file.missing', as: 'manifest', check: 'manifest', fields: { path: 'web.yaml' } }],
  },
]
