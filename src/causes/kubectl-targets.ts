import { type KubectlCall, kubectlCalls, optionOf } from './kubectl-words.ts'

/** What the last kubectl of a line is about, as far as causes ask. */
export interface Targets {
  /** `apply`, `rollout status`. */
  readonly verb: string
  /** `pod/web`, `pod web` and, of verbs that are about pods, `web` are the same. */
  readonly objects: readonly { readonly kind: string; readonly name: string }[]
  /** `app=web`, and the kind that it selects. */
  readonly selector?: { readonly kind: string; readonly labels: string }
}

/** Names and short names of the kinds that have pods, or are pods. */
const kinds: Readonly<Record<string, string>> = {
  po: 'Pod',
  pod: 'Pod',
  deploy: 'Deployment',
  deployment: 'Deployment',
  rs: 'ReplicaSet',
  replicaset: 'ReplicaSet',
  sts: 'StatefulSet',
  statefulset: 'StatefulSet',
  ds: 'DaemonSet',
  daemonset: 'DaemonSet',
  job: 'Job',
  svc: 'Service',
  service: 'Service',
}

/** Options of the verbs below that take the next word. */
const valued =
  /^(-n|--namespace|--context|--kubeconfig|--timeout|--for|-c|--container|--tail|--since|-l|--selector|-s|--as)$/
const aboutPods = new Set(['logs', 'exec', 'attach', 'port-forward', 'cp', 'debug'])

export function targetsIn(line: string): Targets | null {
  const call = kubectlCalls(line).at(-1)
  if (!call) return null
  const plain = plainWords(call)
  const verb = plain.splice(0, call.verb === 'rollout' ? 2 : 1).join(' ')
  const labels = optionOf(call, '-l', '--selector')
  let kind = aboutPods.has(verb) ? 'Pod' : ''
  const objects: { kind: string; name: string }[] = []
  for (const [i, word] of plain.entries()) {
    const [type = '', name] = word.split('/')
    if (name !== undefined) objects.push({ kind: kindOf(type), name })
    else if (kind === '' && i === 0) kind = kindOf(word)
    else if (!aboutPods.has(verb) || objects.length === 0) objects.push({ kind, name: word })
  }
  return { verb, objects, ...(labels ? { selector: { kind: kind || 'Pod', labels } } : {}) }
}

function plainWords({ words }: KubectlCall): string[] {
  return words.filter((word, i) => !word.startsWith('-') && !valued.test(words[i - 1] ?? ''))
}

function kindOf(type: string): string {
  const plain = type.toLowerCase().split('.')[0] ?? ''
  return kinds[plain] ?? kinds[plain.replace(/s$/, '')] ?? plain
}
