import type { Row } from './rows.ts'

/** The failures of families K (kind) and U (kubectl and its configuration); see `rows.ts`. */

export const kubectlFamilies = { K: 21, U: 23 } as const

export const kubectlRows: Readonly<Record<string, Row>> = {
  K01: { what: 'the cluster exists', shows: ['kind.name-taken/create', 'kind.name-taken/stopped'] },
  K02: { what: 'the node image does not come', shows: ['kind.node-image/no-such-tag'] },
  K03: { what: 'the node does not start in time', shows: ['kind.node-start/create'] },
  K04: {
    what: 'kubeadm init fails',
    shows: ['kind.kubeadm/init'],
    notCaptured: 'needs a machine with too little memory',
  },
  K05: {
    what: 'kubeadm join fails',
    shows: ['kind.kubeadm/join'],
    notCaptured: 'needs a machine with too little memory',
  },
  K06: {
    what: 'a port of extraPortMappings is taken',
    shows: ['kind.port-taken/container', 'kind.port-taken/process'],
  },
  K07: {
    what: 'no room for another network',
    shows: ['kind.networks-full/create'],
    notCaptured: 'would disturb everybody else on the engine',
  },
  K08: { what: 'a name that cannot be one', shows: ['kind.bad-name/capitals'] },
  K09: { what: 'a configuration that kind cannot read', shows: ['kind.bad-config/', 'file.missing/kind-config'] },
  K10: { what: 'a rootless engine', shows: ['kind.rootless/create'], notCaptured: 'needs a rootless engine' },
  K11: {
    what: 'cgroup v1 is deprecated',
    notTold: 'the cluster is made and works; the kind of the testbed prints nothing',
  },
  K12: {
    what: 'too many open files',
    notTold:
      'only logs in kube-system have it; that the cluster is not ready is told, and where to look (kind.not-ready)',
  },
  K13: { what: 'loading an image that is not here', shows: ['kind.image-not-here/load', 'kind.image-not-here/tag'] },
  K14: {
    what: 'loading into a cluster that is not there',
    shows: ['kind.no-such-cluster/load', 'kind.no-such-cluster/context'],
  },
  K15: {
    what: 'loading from the containerd image store',
    shows: ['kind.load-digest/load'],
    notCaptured: 'needs an engine with that store',
  },
  K16: { what: 'the engine is down', shows: ['engine.down/kind'] },
  K17: { what: '--wait ran out of time', shows: ['kind.not-ready/node', 'kind.not-ready/api-server'] },
  K18: { what: 'the kubeconfig of a cluster that is not there', shows: ['kind.no-such-cluster/export'] },
  K19: { what: 'the node is stopped', shows: ['k8s.node-stopped/stopped-', 'k8s.node-stopped/paused-'] },
  K20: {
    what: 'docker puts its init into every container',
    shows: ['kind.docker-init/create'],
    notCaptured: 'needs an engine with init set',
  },
  K21: {
    what: 'the disk of the node is nearly full',
    notTold: 'told where it strikes: pods that are evicted, or that no node takes for its taint',
  },

  U01: {
    what: 'nobody answers',
    shows: ['k8s.unreachable/', 'k8s.no-context/no-config-get', 'k8s.node-stopped/stopped-get'],
  },
  U02: {
    what: 'apply cannot ask for the schema',
    shows: [
      'k8s.no-context/no-config-apply',
      'k8s.node-stopped/stopped-apply',
      'k8s.cluster-missing/context-left-apply',
    ],
  },
  U03: {
    what: 'credentials are not accepted',
    shows: ['k8s.unauthorized/token-', 'k8s.no-context/no-config-answered'],
  },
  U04: { what: 'a web page answers', shows: ['k8s.not-an-api/page-'] },
  U05: {
    what: 'a context that is not there',
    shows: ['k8s.no-context/typo', 'k8s.no-context/typo-', 'k8s.no-context/current', 'kind.no-context/check'],
  },
  U06: { what: 'a kubeconfig that cannot be read', shows: ['k8s.bad-kubeconfig/'] },
  U07: {
    what: 'the node is busy or paused, or the cluster was made anew',
    shows: ['k8s.certificate/', 'k8s.other-cluster/moved-', 'k8s.node-stopped/paused-get', 'k8s.unreachable/dns-'],
  },
  U08: { what: 'an unknown command', shows: ['kubectl.unknown-command/', 'kind.unknown-command/'] },
  U09: { what: 'an unknown type of resource', shows: ['kubectl.unknown-type/'] },
  U10: { what: 'apply without -f', shows: ['kubectl.no-file-option/apply', 'kubectl.no-file-option/create'] },
  U11: { what: 'apply without anything', shows: ['kubectl.no-file-option/apply-nothing'] },
  U12: { what: 'a file that is not there', shows: ['file.missing/kubectl-', 'file.in-wrong-folder/kubectl'] },
  U13: { what: 'a folder without manifests', shows: ['kubectl.no-manifests/apply'] },
  U14: { what: 'a file without objects', shows: ['kubectl.empty-file/'] },
  U15: { what: 'an unknown option', shows: ['kubectl.unknown-flag/', 'kind.unknown-flag/'] },
  U16: { what: 'exec without --', shows: ['kubectl.exec-dashes/'] },
  U17: { what: 'exec without a command', shows: ['kubectl.exec-no-command/'] },
  U18: {
    what: 'logs without a name',
    shows: ['kubectl.missing-argument/logs', 'kubectl.missing-argument/logs-follow'],
  },
  U19: { what: 'waited too long', shows: ['k8s.wait-timeout/'] },
  U20: { what: 'the port of port-forward is taken', shows: ['kubectl.port-busy/forward', 'kubectl.port-busy/denied'] },
  U21: {
    what: 'port-forward to a pod that does not run',
    shows: ['pod.starting/port-forward', 'kubectl.pod-not-running/blind'],
  },
  U22: { what: 'no metrics', shows: ['metrics.missing/'] },
  U23: {
    what: 'kubectl and the server are of different ages',
    notTold: 'a warning of `kubectl version`, which does not fail',
  },
}
