// What the scenes share.

export const cluster = process.env.CLUSTER ?? 'handrail-captures'
/** The one NodePort that the cluster maps, on this machine and as samples call it. */
export const nodePort = { node: 30080, host: 30880, shown: 30080 }
export const kindConfig = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    extraPortMappings:
      - { containerPort: ${nodePort.node}, hostPort: ${nodePort.host}, listenAddress: 127.0.0.1 }
`
export const nginx = 'nginx:1.28-alpine'
export const node = 'node:24-alpine'

/** `rest` is of the pod, `container` of its one container. */
export const podSpec = (container = {}, rest = {}) => ({
  terminationGracePeriodSeconds: 1,
  ...rest,
  containers: [{ name: 'web', image: nginx, ...container }, ...(rest.containers ?? [])],
})

export const pod = (container, rest, name = 'web') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: podSpec(container, rest),
})

export const deployment = (
  container,
  { replicas = 1, name = 'web', labels = { app: name }, spec = {}, rest } = {},
) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels }, spec: podSpec(container, rest) },
    ...spec,
  },
})

export const service = (spec = {}, name = 'web') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
})

export const script = (text, rest = {}) => ({ image: node, command: ['node', '-e', text], ...rest })
export const shell = (text, rest = {}) => ({ image: 'alpine:3.22', command: ['sh', '-c', text], ...rest })
export const ticking = shell('sleep 3600')

const has = (what, text) => `kubectl get ${what} -o json | grep -qE '${text}'`
export const waiting = reason => has('pods', `"reason": "${reason}"`)
export const event = text => has('events', text)
export const restarted = times => `kubectl get pods -o json | grep -qE '"restartCount": ${times}'`
export const ready = `kubectl wait --for=condition=Ready pod --all --timeout=1s > /dev/null 2>&1`

/** The API server, in a line. */
export const answers = 'until kubectl get --raw /readyz > /dev/null 2>&1; do sleep 1; done'

/** Takes. */
export const rollout = (code, as, name = 'web') => ({ code, as, check: 'k8s.rollout', fields: { name } })
export const podsReady = (code, as, selector = 'app=web', expect) => ({
  code,
  as,
  check: 'k8s.pods',
  fields: { selector },
  ...(expect ? { expect } : {}),
})
export const onePod = (code, as, name = 'web', expect = { status: { phase: 'Running' } }) => ({
  code,
  as,
  check: 'k8s.object',
  fields: { kind: 'Pod', name },
  expect,
})
export const line = (code, as, run) => ({ code, as, run })
