import { conditionOf, type Pod } from '../lab/cluster.ts'
import { code } from '../text/josa.ts'
import type { Cause } from './cause.ts'
import { known } from './look.ts'
import { podCause } from './pods.ts'

/** Why no node takes a pod. */

type Unschedulable = { pod: string; message: string; what?: string; asked?: string }

/** In this order: of a cluster of several nodes, the control plane's taint is told too and is seldom to blame. */
const reasons: readonly [kind: string, pattern: RegExp][] = [
  [
    'pvc',
    /persistentvolumeclaim "(?<what>[^"]+)" (?:not found|is being deleted)|unbound immediate PersistentVolumeClaims/,
  ],
  ['ports', /didn't have free ports/],
  ['cpu', /Insufficient (?<what>cpu)/],
  ['memory', /Insufficient (?<what>memory)/],
  ['other', /Insufficient (?<what>[\w./-]*\w)|(?<what2>Too many pods)/],
  ['affinity', /didn't match (?<what>[^.,]+?)(?: rules)?[.,]|didn't satisfy (?<what2>[^.,]+)/],
  ['taint', /untolerated taint \{(?<what>[^}]*)\}|node\(s\) were (?<what2>unschedulable)/],
]

function stuck(pod: Pod): { kind: string; evidence: Unschedulable } | null {
  const { name } = pod.metadata
  const { nodeName, schedulerName = 'default-scheduler' } = pod.spec
  const condition = conditionOf(pod, 'PodScheduled')
  if (condition?.status === 'True' || (pod.status?.phase ?? 'Pending') !== 'Pending') return null
  if (!condition) {
    // Neither leaves a trace: nobody has taken the pod up.
    if (nodeName) return { kind: 'node', evidence: { pod: name, message: '', what: nodeName } }
    if (schedulerName === 'default-scheduler') return null
    return { kind: 'scheduler', evidence: { pod: name, message: '', what: schedulerName } }
  }
  if (condition.reason !== 'Unschedulable') return null
  const message = (condition.message ?? '').replace(/ preemption: .*/s, '')
  const found = reasons.find(([, pattern]) => pattern.test(message))
  if (!found) return { kind: 'other', evidence: { pod: name, message } }
  const { what, what2 } = found[1].exec(message)?.groups ?? {}
  return {
    kind: found[0],
    evidence: known({ pod: name, message, what: what ?? what2, asked: asked(pod, found[0]) }) as Unschedulable,
  }
}

/** What its containers ask for, as written. */
function asked({ spec }: Pod, resource: string): string | undefined {
  const amounts = spec.containers.flatMap(each => each.resources?.requests?.[resource] ?? [])
  return amounts.length > 0 ? amounts.join(' + ') : undefined
}

const seeNode = {
  ko: '`kubectl describe node`의 Allocatable과 Allocated resources에서 남은 양을 볼 수 있어요.',
  en: 'Allocatable and Allocated resources in `kubectl describe node` show what is left.',
}

function unschedulable(kind: string, texts: Pick<Cause<Unschedulable>, 'message' | 'advice'>): Cause {
  return podCause<Unschedulable>({
    code: `pod.unschedulable.${kind}`,
    final: true,
    grace: 5000,
    find(pod) {
      const found = stuck(pod)
      return found?.kind === kind ? found.evidence : null
    },
    ...texts,
  })
}

const tooMuch = (ko: string, en: string): Pick<Cause<Unschedulable>, 'message' | 'advice'> => ({
  message: {
    ko: ({ pod, asked }) =>
      `\`${pod}\` Pod가 요청한 ${ko}${asked ? `(\`${asked}\`)` : ''}를 내줄 수 있는 노드가 없어서 기다리고 있어요.`,
    en: ({ pod, asked }) =>
      `The pod \`${pod}\` waits: no node has as much ${en} as it requests${asked ? ` (\`${asked}\`)` : ''}.`,
  },
  advice: {
    ko: () => `매니페스트의 resources.requests를 보세요. ${seeNode.ko}`,
    en: () => `Look at resources.requests in the manifest. ${seeNode.en}`,
  },
})

export const schedule = [
  unschedulable('pvc', {
    message: {
      ko: ({ pod, what }) =>
        what
          ? `\`${pod}\` Pod가 쓰려는 PersistentVolumeClaim ${code(what, '이/가')} 없어요.`
          : `\`${pod}\` Pod가 쓰려는 PersistentVolumeClaim에 아직 볼륨이 붙지 않았어요.`,
      en: ({ pod, what }) =>
        what
          ? `There is no PersistentVolumeClaim \`${what}\`, which the pod \`${pod}\` wants to use.`
          : `The PersistentVolumeClaim that the pod \`${pod}\` wants to use has no volume yet.`,
    },
    advice: {
      ko: () =>
        '`kubectl get pvc`로 이름과 STATUS를 보고, `kubectl describe pvc`의 Events에서 이유를 확인하세요. PVC는 Pod와 같은 네임스페이스에 있어야 해요.',
      en: () =>
        'See names and STATUS in `kubectl get pvc`, and the reason in the Events of `kubectl describe pvc`. A claim has to be in the namespace of the pod.',
    },
  }),
  unschedulable('ports', {
    message: {
      ko: ({ pod }) => `\`${pod}\` Pod가 쓰려는 hostPort를 노드에서 다른 Pod가 이미 쓰고 있어요.`,
      en: ({ pod }) => `The hostPort that the pod \`${pod}\` wants is taken on every node.`,
    },
    advice: {
      ko: () =>
        '한 노드에서 hostPort 하나는 Pod 하나만 쓸 수 있어요. hostPort가 꼭 필요한지 보고, 밖에서 접속하려면 Service를 쓰세요.',
      en: () =>
        'Only one pod of a node can have a hostPort. See whether it is needed at all; a Service is the usual way in from outside.',
    },
  }),
  unschedulable('cpu', tooMuch('CPU', 'CPU')),
  unschedulable('memory', tooMuch('메모리', 'memory')),
  unschedulable('other', {
    message: {
      ko: ({ pod, what, message }) =>
        what
          ? `${code(what, '을/를')} 내줄 수 있는 노드가 없어서 \`${pod}\` Pod가 기다리고 있어요.`
          : `${code(message, '이라/라')}는 이유로 \`${pod}\` Pod를 받는 노드가 없어요.`,
      en: ({ pod, what, message }) =>
        what
          ? `The pod \`${pod}\` waits: no node can give it \`${what}\`.`
          : `No node takes the pod \`${pod}\`: \`${message}\`.`,
    },
    advice: {
      ko: () => `매니페스트의 resources를 보세요. ${seeNode.ko}`,
      en: () => `Look at resources in the manifest. ${seeNode.en}`,
    },
  }),
  unschedulable('affinity', {
    message: {
      ko: ({ pod, what }) => `\`${pod}\` Pod가 노드에 거는 조건${what ? `(\`${what}\`)` : ''}에 맞는 노드가 없어요.`,
      en: ({ pod, what }) =>
        `No node meets the conditions${what ? ` (\`${what}\`)` : ''} that the pod \`${pod}\` sets.`,
    },
    advice: {
      ko: () =>
        'Pod의 nodeSelector와 affinity를 보고, `kubectl get nodes --show-labels`에서 그 라벨을 가진 노드가 있는지 확인하세요. anti-affinity라면 같은 노드에 두 개를 둘 수 없다는 뜻이에요.',
      en: () =>
        "Look at the pod's nodeSelector and affinity, and in `kubectl get nodes --show-labels` for a node with those labels. Anti-affinity means that two of them may not share a node.",
    },
  }),
  unschedulable('taint', {
    message: {
      ko: ({ pod, what }) =>
        what === 'unschedulable'
          ? `노드에 새 Pod를 받지 말라는 표시(cordon)가 있어서 \`${pod}\` Pod가 기다리고 있어요.`
          : `노드의 taint(\`${what}\`)를 \`${pod}\` Pod가 견디지 못해서 기다리고 있어요.`,
      en: ({ pod, what }) =>
        what === 'unschedulable'
          ? `The pod \`${pod}\` waits: the node is marked to take no new pods (cordoned).`
          : `The pod \`${pod}\` waits: it does not tolerate the taint \`${what}\` of the node.`,
    },
    advice: {
      ko: ({ what }) =>
        what === 'unschedulable'
          ? '`kubectl get nodes`의 STATUS에 SchedulingDisabled가 있는지 보세요. 점검이 끝났다면 `kubectl uncordon`으로 풀 수 있어요.'
          : /not-ready|unreachable/.test(what ?? '')
            ? '노드가 준비되지 않았어요. `kubectl get nodes`와 `docker ps -a`로 노드가 떠 있는지 보세요.'
            : '`kubectl describe node`의 Taints를 보고, 필요 없는 taint인지 Pod에 tolerations가 있어야 하는지 판단하세요.',
      en: ({ what }) =>
        what === 'unschedulable'
          ? 'See SchedulingDisabled in `kubectl get nodes`. When maintenance is over, `kubectl uncordon` lifts it.'
          : /not-ready|unreachable/.test(what ?? '')
            ? 'The node is not ready: see in `kubectl get nodes` and `docker ps -a` whether it runs.'
            : 'See Taints in `kubectl describe node`, and decide whether the taint should go or the pod needs tolerations.',
    },
  }),
  unschedulable('node', {
    message: {
      ko: ({ pod, what }) => `\`${pod}\` Pod의 nodeName이 \`${what}\`인데, 그런 노드가 Pod를 받지 않아요.`,
      en: ({ pod, what }) => `The nodeName of the pod \`${pod}\` is \`${what}\`, and no such node takes it.`,
    },
    advice: {
      ko: () => '`kubectl get nodes`에서 이름을 확인하세요. 보통은 nodeName을 쓰지 않고 스케줄러에 맡겨요.',
      en: () => 'Compare it with the names in `kubectl get nodes`. As a rule nodeName is left to the scheduler.',
    },
  }),
  unschedulable('scheduler', {
    message: {
      ko: ({ pod, what }) =>
        `\`${pod}\` Pod의 schedulerName ${code(what ?? '', '이라/라')}는 스케줄러가 없어서 아무도 이 Pod를 배치하지 않아요.`,
      en: ({ pod, what }) =>
        `Nobody places the pod \`${pod}\`: there is no scheduler \`${what}\`, which its schedulerName asks for.`,
    },
    advice: {
      ko: () => 'schedulerName의 철자를 보세요. 쓰지 않으면 기본 스케줄러가 맡아요.',
      en: () => 'Look for a slip in schedulerName; without it the default scheduler does the work.',
    },
  }),
]
