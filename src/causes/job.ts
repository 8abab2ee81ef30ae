import { conditionOf, type KubeObject } from '../lab/cluster.ts'
import { code } from '../text/josa.ts'
import type { Situation } from './cause.ts'
import { cause } from './cause.ts'
import { known, tellingLine } from './look.ts'
import { containerCause, imageOf, logOf } from './pods.ts'
import { targetsOf, workloadsOf } from './workloads.ts'

/** Work that ends, work that is made on every node, and numbers of pods that follow the load. */

type Failed = { name: string; reason: string; message: string; line?: string }

/** A Job says that it will fail before it says that it has. */
function failure(situation: Situation): { name: string; reason: string; message: string } | null {
  for (const job of workloadsOf(situation, 'Job')) {
    const condition = ['Failed', 'FailureTarget']
      .map(type => conditionOf(job, type))
      .find(each => each?.status === 'True')
    if (condition) return { name: job.metadata.name, reason: condition.reason ?? '', message: condition.message ?? '' }
  }
  const names = targetsOf(situation, 'Job')
  const event = situation.facts.cluster?.events?.findLast(
    ({ involvedObject: of, reason }) =>
      of?.kind === 'Job' && names.includes(of.name ?? '') && /^(BackoffLimit|Deadline)Exceeded$/.test(reason ?? ''),
  )
  if (!event) return null
  return { name: event.involvedObject?.name ?? '', reason: event.reason ?? '', message: event.message ?? '' }
}

const failed = cause<Failed>({
  code: 'job.failed',
  final: true,
  find(situation) {
    const found = failure(situation)
    if (!found) return null
    const logs = Object.entries(situation.facts.cluster?.podLogs ?? {}).find(([pod]) =>
      pod.startsWith(`${found.name}-`),
    )?.[1]
    return known({ ...found, line: tellingLine(logs?.previous ?? logs?.now ?? []) }) as Failed
  },
  message: {
    ko: ({ name, reason }) =>
      reason === 'DeadlineExceeded'
        ? `Job ${code(name, '이/가')} 정해진 시간(activeDeadlineSeconds) 안에 끝나지 못해서 실패했어요.`
        : `Job \`${name}\`의 Pod가 거듭 실패해서 Job이 포기했어요.`,
    en: ({ name, reason }) =>
      reason === 'DeadlineExceeded'
        ? `The Job \`${name}\` failed: it was not done within its activeDeadlineSeconds.`
        : `The Job \`${name}\` gave up, because its pods kept failing.`,
  },
  advice: {
    ko: ({ name, line }) =>
      `${line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : ''}${code(`kubectl logs job/${name}`, '으로/로')} 이유를 보세요. 고친 다음에는 Job을 지우고 다시 만들어야 해요.`,
    en: ({ name, line }) =>
      `${line ? `The log ends with \`${line}\`. ` : ''}Read why with \`kubectl logs job/${name}\`. When it is put right, delete the Job and make it anew.`,
  },
})

const suspended = cause<{ name: string; kind: string }>({
  code: 'job.suspended',
  final: true,
  find(situation) {
    const found = workloadsOf(situation, 'Job', 'CronJob').find(each => each.spec?.['suspend'] === true)
    return found ? { name: found.metadata.name, kind: found.kind } : null
  },
  message: {
    ko: ({ name, kind }) => `${kind} ${code(name, '은/는')} suspend가 true라서 실행되지 않아요.`,
    en: ({ name, kind }) => `The ${kind} \`${name}\` does not run, because its suspend is true.`,
  },
  advice: {
    ko: ({ name, kind }) =>
      `\`kubectl describe ${kind.toLowerCase()} ${name}\`의 Suspend를 보고, 매니페스트의 suspend를 확인하세요.`,
    en: ({ name, kind }) =>
      `See Suspend in \`kubectl describe ${kind.toLowerCase()} ${name}\`, and suspend in the manifest.`,
  },
})

const noNode = cause<{ name: string; selector?: string }>({
  code: 'daemonset.no-node',
  final: true,
  grace: 5000,
  find(situation) {
    const found = workloadsOf(situation, 'DaemonSet').find(
      each => each.status?.['desiredNumberScheduled'] === 0 && each.status['observedGeneration'] !== undefined,
    )
    if (!found) return null
    const { nodeSelector = {} } = ((found.spec?.['template'] as { spec?: object } | undefined)?.spec ?? {}) as {
      nodeSelector?: Record<string, string>
    }
    const selector = Object.entries(nodeSelector).map(entry => entry.join('='))
    return known({ name: found.metadata.name, selector: selector.join(',') }) as { name: string }
  },
  message: {
    ko: ({ name }) => `DaemonSet \`${name}\`의 Pod를 둘 수 있는 노드가 하나도 없어요.`,
    en: ({ name }) => `There is no node for the pods of the DaemonSet \`${name}\`.`,
  },
  advice: {
    ko: ({ selector }) =>
      `${selector ? `nodeSelector가 ${code(selector, '이에요/예요')}. \`kubectl get nodes --show-labels\`에 그 라벨이 있는지 보세요. ` : ''}노드의 taint(\`kubectl describe node\`의 Taints) 때문에 빠질 수도 있어요.`,
    en: ({ selector }) =>
      `${selector ? `Its nodeSelector is \`${selector}\`: look for that label in \`kubectl get nodes --show-labels\`. ` : ''}A taint of the node (Taints in \`kubectl describe node\`) can keep them away, too.`,
  },
})

type Scaler = { name: string; message: string; target?: string }

/** A HorizontalPodAutoscaler that cannot do its work. */
function scaler(situation: Situation): { code: string; evidence: Scaler } | null {
  for (const object of workloadsOf(situation, 'HorizontalPodAutoscaler')) {
    const { name } = object.metadata
    const able = conditionOf(object, 'AbleToScale')
    const active = conditionOf(object, 'ScalingActive')
    const target = (object.spec?.['scaleTargetRef'] as { name?: string } | undefined)?.name
    if (able?.reason === 'FailedGetScale')
      return { code: 'hpa.no-target', evidence: known({ name, message: able.message ?? '', target }) as Scaler }
    const message = active?.status === 'False' ? (active.message ?? '') : ''
    if (/missing request for/.test(message)) return { code: 'hpa.no-request', evidence: { name, message } }
    if (/unable to fetch metrics from resource metrics API/.test(message))
      return { code: 'hpa.no-metrics', evidence: { name, message } }
  }
  return null
}

function ofScaler(wanted: string): (situation: Situation) => Scaler | null {
  return situation => {
    const found = scaler(situation)
    return found?.code === wanted ? found.evidence : null
  }
}

const noTarget = cause<Scaler>({
  code: 'hpa.no-target',
  final: true,
  grace: 5000,
  find: ofScaler('hpa.no-target'),
  message: {
    ko: ({ name, target = '' }) =>
      `HorizontalPodAutoscaler \`${name}\`에서 조절할 대상 ${code(target, '이/가')} 없어요.`,
    en: ({ name, target }) => `There is no \`${target}\`, which the HorizontalPodAutoscaler \`${name}\` should scale.`,
  },
  advice: {
    ko: () => 'scaleTargetRef의 kind와 name을 `kubectl get deployments`와 견주어 보세요.',
    en: () => 'Compare kind and name of scaleTargetRef with `kubectl get deployments`.',
  },
})

const noRequest = cause<Scaler>({
  code: 'hpa.no-request',
  final: true,
  grace: 5000,
  find: ofScaler('hpa.no-request'),
  message: {
    ko: ({ name }) =>
      `HorizontalPodAutoscaler \`${name}\`의 대상 Pod에 resources.requests가 없어서 사용률을 계산할 수 없어요.`,
    en: ({ name }) =>
      `The HorizontalPodAutoscaler \`${name}\` cannot compute utilization: the pods have no resources.requests.`,
  },
  advice: {
    ko: () => '사용률은 요청한 양에 대한 비율이에요. 대상의 매니페스트에서 컨테이너마다 requests를 보세요.',
    en: () =>
      "Utilization is a share of what was requested: look at requests of each container in the target's manifest.",
  },
})

const noMetrics = cause<Scaler>({
  code: 'hpa.no-metrics',
  final: false,
  find: ofScaler('hpa.no-metrics'),
  message: {
    ko: ({ name }) =>
      `HorizontalPodAutoscaler \`${name}\`에 사용량을 알려 줄 metrics-server가 없거나 아직 준비되지 않았어요.`,
    en: ({ name }) =>
      `The metrics-server, which tells the HorizontalPodAutoscaler \`${name}\` the usage, is missing or not ready.`,
  },
  advice: {
    ko: () =>
      '`kubectl top pods`가 되는지 보고, `kubectl get pods -n kube-system`에 metrics-server가 있는지 확인하세요. 막 설치했다면 1분쯤 걸려요.',
    en: () =>
      'See whether `kubectl top pods` works, and whether `kubectl get pods -n kube-system` shows metrics-server. After installing it takes about a minute.',
  },
})

const kubeletUntrusted = containerCause<{ pod: string; message: string }>({
  code: 'metrics.untrusted-kubelet',
  final: true,
  grace: 5000,
  find(container, pod, facts) {
    if (container.ready || !imageOf(pod, container).includes('metrics-server')) return null
    const line = logOf(facts, pod, container).findLast(each => /x509: cannot validate certificate/.test(each))
    const message = /x509: [^"\\]*/.exec(line ?? '')?.[0]
    return message === undefined ? null : { pod: pod.metadata.name, message }
  },
  message: {
    ko: () => 'metrics-server가 kubelet의 인증서를 믿지 못해서 사용량을 모으지 못하고 있어요.',
    en: () => "The metrics-server does not trust the kubelet's certificate, so it collects nothing.",
  },
  advice: {
    ko: ({ message }) =>
      `로그에 나온 이유는 ${code(message, '이에요/예요')}. kind의 kubelet은 스스로 서명한 인증서를 써요. 실습용 클러스터라면 metrics-server 문서에서 kubelet의 TLS에 관한 옵션을 찾아보세요.`,
    en: ({ message }) =>
      `Its log says: \`${message}\`. Kubelets of kind sign their certificates themselves. For a cluster of a lab, look in the documentation of metrics-server for the option about TLS to kubelets.`,
  },
})

/** Not a failure. */
export const jobRunning = cause<{ name: string; active: number }>({
  code: 'job.running',
  final: false,
  find(situation) {
    const running = (job: KubeObject) => !conditionOf(job, 'Complete') && Number(job.status?.['active'] ?? 0) > 0
    const found = workloadsOf(situation, 'Job').find(running)
    return found ? { name: found.metadata.name, active: Number(found.status?.['active']) } : null
  },
  message: {
    ko: ({ name }) => `Job ${code(name, '은/는')} 아직 실행 중이에요.`,
    en: ({ name }) => `The Job \`${name}\` is still running.`,
  },
  advice: {
    ko: ({ name }) =>
      `아직까지 잘못된 것은 보이지 않아요. ${code(`kubectl logs job/${name} -f`, '으로/로')} 하는 일을 지켜볼 수 있어요.`,
    en: ({ name }) => `Nothing looks wrong so far. \`kubectl logs job/${name} -f\` shows what it does.`,
  },
})

export const job = [failed, suspended, noNode, noTarget, noRequest, noMetrics, kubeletUntrusted]
