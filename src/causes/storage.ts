import { select } from '../check/kinds/k8s-objects.ts'
import type { KubeObject, Pod } from '../lab/cluster.ts'
import { code } from '../text/josa.ts'
import type { Cause, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { known, looked, seenAs } from './look.ts'
import { podsOf } from './pods.ts'

/** Claims of storage that nothing fulfils. */

type Claim = { claim: string; message?: string; class?: string }

/** What the newest event about a claim says. */
const reasons: Readonly<Record<string, RegExp>> = {
  'pvc.pending.no-class': /storageclass\S* "(?<class>[^"]*)" not found|no storage class is set/,
  'pvc.pending.not-provisioned': /failed to provision volume|waiting for a volume to be created/,
  'pvc.pending.waiting-for-consumer': /waiting for first consumer/,
}

function pending(situation: Situation): { code: string; evidence: Claim } | null {
  for (const claim of claims(situation)) {
    const events = (situation.facts.cluster?.events ?? []).filter(
      ({ involvedObject: of }) => of?.kind === 'PersistentVolumeClaim' && of.name === claim,
    )
    for (const { message = '' } of events.toReversed()) {
      const found = Object.entries(reasons).find(([, pattern]) => pattern.test(message))
      if (!found) continue
      const text = message.replace(/^failed to provision volume with StorageClass "[^"]*": /, '')
      return {
        code: found[0],
        evidence: known({ claim, message: text, class: found[1].exec(message)?.groups?.['class'] }) as Claim,
      }
    }
  }
  return null
}

/** The claim that a check is about, or those that the pods of it wait for. */
function claims(situation: Situation): readonly string[] {
  const check = looked(situation, 'k8s.object')
  if (check?.fields['kind'] === 'PersistentVolumeClaim') {
    const objects = seenAs<{ objects: readonly KubeObject[] | null }>(check).objects ?? []
    return select(check.fields, objects)
      .filter(each => each.status?.['phase'] === 'Pending')
      .map(each => each.metadata.name)
  }
  return podsOf(situation).flatMap(pod => (pod.status?.phase === 'Pending' && !pod.spec.nodeName ? claimsOf(pod) : []))
}

function claimsOf({ spec }: Pod): readonly string[] {
  const { volumes = [] } = spec as { volumes?: readonly { persistentVolumeClaim?: { claimName: string } }[] }
  return volumes.flatMap(each => each.persistentVolumeClaim?.claimName ?? [])
}

function claim(wanted: string, more: Pick<Cause<Claim>, 'final' | 'message' | 'advice'> & { grace?: number }): Cause {
  return cause<Claim>({
    code: wanted,
    ...more,
    find(situation) {
      const found = pending(situation)
      return found?.code === wanted ? found.evidence : null
    },
  })
}

export const storage = [
  claim('pvc.pending.no-class', {
    final: true,
    grace: 5000,
    message: {
      ko: ({ claim, class: name }) =>
        name
          ? `PersistentVolumeClaim \`${claim}\`에 쓴 StorageClass ${code(name, '이/가')} 이 클러스터에 없어요.`
          : `PersistentVolumeClaim ${code(claim, '은/는')} StorageClass가 없고, 맞는 PersistentVolume도 없어요.`,
      en: ({ claim, class: name }) =>
        name
          ? `This cluster has no StorageClass \`${name}\`, which the PersistentVolumeClaim \`${claim}\` names.`
          : `The PersistentVolumeClaim \`${claim}\` has no StorageClass, and no PersistentVolume fits it.`,
    },
    advice: {
      ko: () =>
        '`kubectl get storageclass`로 이름을 보세요. storageClassName을 아예 쓰지 않으면 (default)라고 적힌 것을 써요. 클러스터마다 이름이 달라요.',
      en: () =>
        'See the names in `kubectl get storageclass`; each cluster has its own. Without storageClassName, the one marked (default) is used.',
    },
  }),
  claim('pvc.pending.not-provisioned', {
    final: true,
    grace: 5000,
    message: {
      ko: ({ claim }) => `PersistentVolumeClaim \`${claim}\`에 줄 볼륨을 만들지 못했어요.`,
      en: ({ claim }) => `No volume could be made for the PersistentVolumeClaim \`${claim}\`.`,
    },
    advice: {
      ko: ({ message }) =>
        `${message ? `이유는 ${code(message, '이에요/예요')}. ` : ''}\`kubectl describe pvc\`의 Events를 보고 accessModes와 크기를 확인하세요. kind의 기본 StorageClass는 ReadWriteOnce만 지원해요.`,
      en: ({ message }) =>
        `${message ? `It says: \`${message}\`. ` : ''}Read the Events of \`kubectl describe pvc\`, and look at accessModes and the size. The default StorageClass of kind supports only ReadWriteOnce.`,
    },
  }),
]

/** Not a failure. */
export const waitingForConsumer = claim('pvc.pending.waiting-for-consumer', {
  final: false,
  message: {
    ko: ({ claim }) => `PersistentVolumeClaim ${code(claim, '은/는')} 자기를 쓰는 Pod를 기다리고 있는 정상 상태예요.`,
    en: ({ claim }) => `The PersistentVolumeClaim \`${claim}\` waits for a pod that uses it, which is as it should be.`,
  },
  advice: {
    ko: () =>
      '잘못된 것은 없어요. 이 StorageClass는 Pod가 어느 노드에 놓일지 정해진 다음에 볼륨을 만들어요. 이 PVC를 쓰는 Pod를 만들면 Bound가 돼요.',
    en: () =>
      'Nothing is wrong: this StorageClass makes the volume when it is known on which node the pod will be. It is Bound once there is a pod that uses it.',
  },
})
