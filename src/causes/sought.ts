import type { KubeObject } from '../lab/cluster.ts'
import { type FailedCheck, output, type Situation } from './cause.ts'

/** An object of the Kubernetes API that was looked for by name. */
export interface Sought {
  /** As in a manifest. */
  readonly kind: string
  readonly name: string
}

/** What a check or a command looked for in its namespace and did not find; `null`: nothing is missing. */
export function soughtIn({ check, command }: Pick<Situation, 'check' | 'command'>): Sought | null {
  if (check) return byCheck(check)
  if (!command || command.exit === 0) return null
  for (const [, resource = '', name = ''] of output(command).matchAll(
    /\b([a-z]+)(?:\.[a-z0-9.]+)? "([^"]+)" not found/g,
  )) {
    const kind = kinds[resource]
    if (kind) return { kind, name }
  }
  return null
}

function byCheck({ kind, fields, seen }: FailedCheck): Sought | null {
  const { objects } = (seen ?? {}) as unknown as { readonly objects?: readonly KubeObject[] | null }
  const name = fields['name']
  const wanted = fields['kind'] ?? byKind[kind]
  if (!objects || typeof name !== 'string' || name === '' || typeof wanted !== 'string') return null
  return objects.some(each => each.metadata.name === name) ? null : { kind: wanted, name }
}

const byKind: Readonly<Record<string, string>> = {
  'k8s.rollout': 'Deployment',
  'k8s.pods': 'Pod',
  'k8s.logs': 'Pod',
  'k8s.service': 'Service',
}

/** As the API server names resources in its messages. */
const kinds: Readonly<Record<string, string>> = {
  pods: 'Pod',
  services: 'Service',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  jobs: 'Job',
  cronjobs: 'CronJob',
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  serviceaccounts: 'ServiceAccount',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  ingresses: 'Ingress',
}
