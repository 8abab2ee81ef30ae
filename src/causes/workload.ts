import { conditionOf, rolloutOf } from '../lab/cluster.ts'
import { code } from '../text/josa.ts'
import type { Situation } from './cause.ts'
import { cause } from './cause.ts'
import { known, looked, said } from './look.ts'
import { eventsOf, podsOf } from './pods.ts'
import { setsOf, workloadsOf } from './workloads.ts'

/** Deployments and their like: those that make pods. */

type Refused = { name: string; message: string; account?: string }

/** Why the API server does not let a controller make its pods. */
function refused(situation: Situation): Refused | null {
  const sets = setsOf(situation).filter(
    ({ spec, status }) => Number(spec?.['replicas'] ?? 1) > Number(status?.['replicas'] ?? 0),
  )
  const makers = [...sets, ...workloadsOf(situation, 'StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet')]
  for (const maker of makers) {
    const text =
      conditionOf(maker, 'ReplicaFailure')?.message ??
      eventsOf(situation.facts, maker, /^FailedCreate$/).at(-1)?.message
    if (text === undefined) continue
    const message = text.replace(/^.*?is forbidden: /s, '').replace(/^Error creating: /, '')
    const account = /serviceaccount "([^"]+)" not found/.exec(message)?.[1]
    const name =
      maker.kind === 'ReplicaSet'
        ? (maker.metadata.ownerReferences?.[0]?.name ?? maker.metadata.name)
        : maker.metadata.name
    return known({ name, message: message.length > 200 ? `${message.slice(0, 197)}…` : message, account }) as Refused
  }
  return null
}

const noAccount = cause<Refused>({
  code: 'deploy.no-service-account',
  final: true,
  grace: 10_000,
  find(situation) {
    const found = refused(situation)
    return found?.account ? found : null
  },
  message: {
    ko: ({ name, account }) =>
      `\`${name}\`의 Pod가 쓸 ServiceAccount ${code(account ?? '', '이/가')} 없어서 Pod가 만들어지지 않아요.`,
    en: ({ name, account }) =>
      `No pods are made for \`${name}\`: there is no ServiceAccount \`${account}\`, which they should use.`,
  },
  advice: {
    ko: () => '`kubectl get serviceaccount`로 이름을 보세요. Pod와 같은 네임스페이스에 있어야 해요.',
    en: () => 'See the names in `kubectl get serviceaccount`. It has to be in the namespace of the pods.',
  },
})

const replicaFailure = cause<Refused>({
  code: 'deploy.replicafailure',
  final: true,
  find(situation) {
    const found = refused(situation)
    return found && !found.account ? found : null
  },
  message: {
    ko: ({ name, message }) => `API 서버가 ${why(message).ko} 때문에 \`${name}\`의 Pod를 만들어 주지 않아요.`,
    en: ({ name, message }) => `The API server refuses to make the pods of \`${name}\` because of ${why(message).en}.`,
  },
  advice: {
    ko: ({ message }) =>
      `서버가 말한 이유는 ${code(message, '이에요/예요')}. \`kubectl describe replicaset\`의 Events와 \`kubectl describe namespace\`에서 한도와 규칙을 보세요.`,
    en: ({ message }) =>
      `It says: \`${message}\`. See the Events of \`kubectl describe replicaset\`, and quotas and rules in \`kubectl describe namespace\`.`,
  },
})

/** Which kind of rule a request ran into. */
export function why(message: string): { ko: string; en: string } {
  if (/quota/.test(message)) return { ko: '네임스페이스의 ResourceQuota', en: 'a ResourceQuota of the namespace' }
  if (/usage per (Container|Pod) is/.test(message))
    return { ko: '네임스페이스의 LimitRange', en: 'a LimitRange of the namespace' }
  if (/PodSecurity/.test(message))
    return { ko: '네임스페이스의 보안 기준(PodSecurity)', en: "the namespace's security standard (PodSecurity)" }
  if (/PriorityClass/.test(message)) return { ko: '없는 PriorityClass', en: 'a PriorityClass that does not exist' }
  return { ko: '클러스터의 규칙', en: 'a rule of the cluster' }
}

const paused = cause<{ name: string }>({
  code: 'deploy.paused',
  final: true,
  find(situation) {
    const found = workloadsOf(situation, 'Deployment').find(each => each.spec?.['paused'] === true)
    return found && !rolloutOf(found).complete ? { name: found.metadata.name } : null
  },
  message: {
    ko: ({ name }) => `Deployment \`${name}\`의 롤아웃이 멈춰(paused) 있어서 바꾼 내용이 Pod에 반영되지 않아요.`,
    en: ({ name }) => `The rollout of the Deployment \`${name}\` is paused, so changes do not get to its pods.`,
  },
  advice: {
    ko: () => '`kubectl rollout --help`에서 pause의 반대말을 찾아보세요.',
    en: () => 'Look for the opposite of pause in `kubectl rollout --help`.',
  },
})

const scaledToZero = cause<{ name: string }>({
  code: 'deploy.scaled-to-zero',
  final: true,
  find(situation) {
    const object = workloadsOf(situation, 'Deployment', 'StatefulSet').find(each => each.spec?.['replicas'] === 0)
    if (object) return { name: object.metadata.name }
    if (!looked(situation, 'k8s.pods') || podsOf(situation).length > 0) return null
    const set = setsOf(situation).find(each => each.spec?.['replicas'] === 0)
    const owner = set?.metadata.ownerReferences?.[0]?.name
    return owner === undefined ? null : { name: owner }
  },
  message: {
    ko: ({ name }) => `\`${name}\`의 replicas가 0이라서 Pod가 하나도 없어요.`,
    en: ({ name }) => `\`${name}\` has no pods, because its replicas is 0.`,
  },
  advice: {
    ko: () => '매니페스트의 replicas나 `kubectl scale`로 개수를 정할 수 있어요.',
    en: () => 'Their number is set by replicas in the manifest, or with `kubectl scale`.',
  },
})

/** Only where nothing in its pods says more. */
export const progressDeadline = cause<{ name: string }>({
  code: 'deploy.progress-deadline',
  final: true,
  find(situation) {
    const late = workloadsOf(situation, 'Deployment').find(
      each => conditionOf(each, 'Progressing')?.reason === 'ProgressDeadlineExceeded',
    )
    const name = late?.metadata.name ?? /deployment "([^"]+)" exceeded its progress deadline/.exec(said(situation))?.[1]
    return name === undefined ? null : { name }
  },
  message: {
    ko: ({ name }) => `Deployment \`${name}\`의 롤아웃이 정해진 시간(progressDeadlineSeconds) 안에 나아가지 못했어요.`,
    en: ({ name }) => `The rollout of the Deployment \`${name}\` made no progress within its progressDeadlineSeconds.`,
  },
  advice: {
    ko: ({ name }) =>
      `\`kubectl get pods\`에서 Ready가 아닌 Pod를 찾아 \`kubectl describe pod\`로 이유를 보세요. ${code(`kubectl rollout undo deployment/${name}`, '으로/로')} 이전 것으로 돌아갈 수 있어요.`,
    en: ({ name }) =>
      `Find a pod that is not Ready in \`kubectl get pods\`, and see why with \`kubectl describe pod\`. \`kubectl rollout undo deployment/${name}\` goes back to the one before.`,
  },
})

const noRevision = cause<{ revision?: string }>({
  code: 'deploy.no-revision',
  final: true,
  find(situation) {
    const found = /no rollout history found for|unable to find specified revision (?<revision>\d+)/.exec(
      said(situation),
    )
    return found ? (known({ revision: found.groups?.['revision'] }) as { revision?: string }) : null
  },
  message: {
    ko: ({ revision }) => (revision ? `롤아웃 기록에 ${revision}번이 없어요.` : '되돌아갈 이전 롤아웃 기록이 없어요.'),
    en: ({ revision }) =>
      revision ? `The rollout history has no revision ${revision}.` : 'There is no earlier revision to go back to.',
  },
  advice: {
    ko: () => '`kubectl rollout history`로 번호를 보세요. 한 번도 바꾸지 않은 Deployment에는 기록이 하나뿐이에요.',
    en: () => 'See the numbers in `kubectl rollout history`. A Deployment that was never changed has only one.',
  },
})

type Progress = { kind: string; name: string; replicas: number; updated: number; ready: number; old?: number }

/** Not a failure. */
export const inProgress = cause<Progress>({
  code: 'rollout.in-progress',
  final: false,
  find(situation) {
    const object = workloadsOf(situation, 'Deployment', 'StatefulSet', 'DaemonSet')[0]
    if (!object) return null
    const { name } = object.metadata
    const { complete, replicas, updated, ready, pending } = rolloutOf(object)
    if (complete) return null
    return known({
      kind: object.kind.toLowerCase(),
      name,
      replicas,
      updated,
      ready,
      old: pending === 'old-pods' ? 1 : undefined,
    }) as Progress
  },
  message: {
    ko: ({ name, replicas, updated, ready, old }) =>
      `\`${name}\`의 롤아웃이 진행 중이고, 필요한 Pod ${replicas}개 가운데 새것은 ${updated}개, 준비된 것은 ${ready}개${old ? '이며 이전 Pod도 아직 남아 있어요' : '예요'}.`,
    en: ({ name, replicas, updated, ready, old }) =>
      `The rollout of \`${name}\` is under way (${replicas} wanted, ${updated} new, ${ready} ready)${old ? ', and old pods are still there' : ''}.`,
  },
  advice: {
    ko: ({ kind, name }) =>
      `아직까지 잘못된 것은 보이지 않아요. ${code(`kubectl rollout status ${kind}/${name}`, '으로/로')} 끝날 때까지 지켜볼 수 있어요.`,
    en: ({ kind, name }) =>
      `Nothing looks wrong so far. \`kubectl rollout status ${kind}/${name}\` follows it to its end.`,
  },
})

export const workload = [noRevision, paused, scaledToZero, noAccount, replicaFailure]
