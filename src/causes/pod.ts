import { isReady, type Pod } from '../lab/cluster.ts'
import { code, particle } from '../text/josa.ts'
import type { Facts } from './cause.ts'
import { known, tellingLine } from './look.ts'
import { type Container, containerCause, eventsOf, logOf, podCause } from './pods.ts'

/** Pods whose containers do not get as far as running. */

type Missing = { pod: string; container: string; message: string; kind?: string; name?: string; key?: string }

const configError = containerCause<Missing>({
  code: 'pod.config-error',
  final: true,
  grace: 3000,
  find(container, pod) {
    const { reason, message = '' } = container.state?.waiting ?? {}
    if (reason !== 'CreateContainerConfigError') return null
    const missing = /^(?<kind>configmap|secret) "(?<name>[^"]+)" not found/.exec(message)?.groups
    const key = /couldn't find key (?<key>\S+) in (?<kind>ConfigMap|Secret) [^/]+\/(?<name>\S+)/.exec(message)?.groups
    const { name, key: wanted } = { ...missing, ...key }
    const kind = (missing ?? key)?.['kind']?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'
    const found = { pod: pod.metadata.name, container: container.name, message: message.replace(/ \(pod: .*\)$/, '') }
    return name ? (known({ ...found, kind, name, key: wanted }) as Missing) : found
  },
  message: {
    ko: ({ pod, kind, name, key, message }) =>
      key
        ? `${kind} \`${name}\`에 \`${pod}\` Pod가 쓰려는 키 ${code(key, '이/가')} 없어요.`
        : name
          ? `\`${pod}\` Pod가 쓰려는 ${kind} ${code(name, '이/가')} 없어요.`
          : `${code(message, '이라/라')}는 이유로 \`${pod}\` Pod의 컨테이너를 만들 수 없어요.`,
    en: ({ pod, kind, name, key, message }) =>
      key
        ? `The ${kind} \`${name}\` has no key \`${key}\`, which the pod \`${pod}\` wants to use.`
        : name
          ? `There is no ${kind} \`${name}\`, which the pod \`${pod}\` wants to use.`
          : `The container of the pod \`${pod}\` cannot be made as configured: \`${message}\`.`,
  },
  advice: {
    ko: ({ kind, name }) =>
      name
        ? `${code(`kubectl get ${kind?.toLowerCase()}`, '으로/로')} 이름을, ${code(`kubectl describe ${kind?.toLowerCase()} ${name}`, '으로/로')} 키를 보세요. Pod와 같은 네임스페이스에 있어야 해요. 만들면 Pod가 스스로 시작해요.`
        : '매니페스트의 securityContext를 보세요. runAsNonRoot가 true이면 root로 실행되는 이미지는 시작할 수 없어요.',
    en: ({ kind, name }) =>
      name
        ? `See names with \`kubectl get ${kind?.toLowerCase()}\` and keys with \`kubectl describe ${kind?.toLowerCase()} ${name}\`. It has to be in the namespace of the pod, which starts by itself once it is there.`
        : 'Look at securityContext in the manifest: with runAsNonRoot, an image that runs as root is not started.',
  },
})

type Mount = { pod: string; volume: string; message: string }

const mountFailed = podCause<Mount>({
  code: 'pod.mount-failed',
  final: true,
  grace: 10_000,
  find(pod, facts) {
    if (pod.status?.phase !== 'Pending') return null
    const texts = eventsOf(facts, pod, /^Failed(Mount|AttachVolume)$/).map(each => each.message ?? '')
    // Every healthy pod may meet this once.
    const found = texts.findLast(
      each => !/kube-api-access-|failed to sync|timed out waiting for the condition/.test(each),
    )
    const parts = /for volume "(?<volume>[^"]+)" ?: (?<message>.*)/s.exec(found ?? '')?.groups
    return parts ? { pod: pod.metadata.name, volume: parts['volume']!, message: parts['message']!.trim() } : null
  },
  message: {
    ko: ({ pod, volume }) => `\`${pod}\` Pod에 볼륨 ${code(volume, '을/를')} 붙이지 못해서 컨테이너가 시작되지 않아요.`,
    en: ({ pod, volume }) => `The volume \`${volume}\` of the pod \`${pod}\` cannot be mounted, so nothing is started.`,
  },
  advice: {
    ko: ({ message }) =>
      `이유는 ${code(message, '이에요/예요')}. 매니페스트의 volumes에 쓴 이름과 \`kubectl get configmap,secret,pvc\`의 이름을 견주어 보세요.`,
    en: ({ message }) =>
      `The kubelet says: \`${message}\`. Compare the names in volumes of the manifest with those of \`kubectl get configmap,secret,pvc\`.`,
  },
})

type Refused = { pod: string; container: string; message: string; command?: string }

const startFailed = containerCause<Refused>({
  code: 'pod.start-failed',
  final: true,
  find(container, pod) {
    const { waiting, terminated } = container.state ?? {}
    const ended = terminated ?? container.lastState?.terminated
    const refused = /^(RunContainerError|CreateContainerError)$/.test(waiting?.reason ?? '')
    if (!refused && !/^(StartError|ContainerCannotRun)$/.test(ended?.reason ?? '')) return null
    const text = (refused ? waiting?.message : ended?.message) ?? ''
    const message = text.replace(/^.*unable to start container process: (error during container init: )?/s, '')
    const command = /exec: "([^"]+)"/.exec(message)?.[1]
    return known({ pod: pod.metadata.name, container: container.name, command, message }) as Refused
  },
  message: {
    ko: ({ pod, command }) =>
      `\`${pod}\` Pod의 컨테이너가 시작되지 못했어요${command ? `: ${code(command, '을/를')} 실행할 수 없어요` : ''}.`,
    en: ({ pod, command }) =>
      `The container of the pod \`${pod}\` could not be started${command ? `: \`${command}\` cannot be executed` : ''}.`,
  },
  advice: {
    ko: ({ message }) =>
      `런타임이 말한 이유는 ${code(message, '이에요/예요')}. 매니페스트의 command와 args를 보세요. 그 파일이 이미지 안에 있고 실행할 수 있어야 해요.`,
    en: ({ message }) =>
      `The runtime says: \`${message}\`. Look at command and args in the manifest: the file has to be in the image and executable.`,
  },
})

type Init = { pod: string; container: string; exit: number; line?: string }

const initFailed = containerCause<Init>({
  code: 'pod.init-failed',
  final: true,
  find(container, pod, facts) {
    if (!container.init) return null
    const ended =
      container.state?.terminated ?? (container.state?.waiting ? container.lastState?.terminated : undefined)
    if (!ended || ended.exitCode === 0) return null
    const line = tellingLine(logOf(facts, pod, container))
    return known({ pod: pod.metadata.name, container: container.name, exit: ended.exitCode, line }) as Init
  },
  message: {
    ko: ({ pod, container, exit }) =>
      `\`${pod}\` Pod의 init 컨테이너 ${code(container, '이/가')} 종료 코드 ${particle(exit, '으로/로')} 실패해서 본 컨테이너가 시작되지 않아요.`,
    en: ({ pod, container, exit }) =>
      `The init container \`${container}\` of the pod \`${pod}\` fails with exit code ${exit}, so the others are not started.`,
  },
  advice: {
    ko: ({ pod, container, line }) =>
      `${line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : ''}\`kubectl logs ${pod} -c ${container} --previous\`로 전체를 보세요.`,
    en: ({ pod, container, line }) =>
      `${line ? `Its log ends with \`${line}\`. ` : ''}Read all of it with \`kubectl logs ${pod} -c ${container} --previous\`.`,
  },
})

const evicted = podCause<{ pod: string; message: string }>({
  code: 'pod.evicted',
  final: true,
  find({ metadata, status }) {
    return status?.reason === 'Evicted' ? { pod: metadata.name, message: (status.message ?? '').trim() } : null
  },
  message: {
    ko: ({ pod }) => `노드가 자원을 지키려고 \`${pod}\` Pod를 내보내서 Evicted 상태가 됐어요.`,
    en: ({ pod }) => `The node put the pod \`${pod}\` out to save its resources (Evicted).`,
  },
  advice: {
    ko: ({ message }) =>
      `노드가 말한 이유는 ${code(message.replace(/\.$/, ''), '이에요/예요')}. 볼륨의 한도(sizeLimit)나 \`kubectl describe node\`의 Conditions(디스크, 메모리)를 보세요.`,
    en: ({ message }) =>
      `The node says: \`${message.replace(/\.$/, '')}\`. Look at the limit of the volume (sizeLimit), or at the Conditions (disk, memory) of \`kubectl describe node\`.`,
  },
})

/** A bare pod that is over; those of a Job are the Job's business. */
function over(pod: Pod, phase: string, facts: Facts): Init | null {
  if (pod.status?.phase !== phase || pod.metadata.ownerReferences?.some(owner => owner.kind === 'Job')) return null
  const container = pod.status.containerStatuses?.find(each => each.state?.terminated) as Container | undefined
  if (!container) return null
  const line = tellingLine(logOf(facts, pod, container))
  const exit = container.state?.terminated?.exitCode ?? 0
  return known({ pod: pod.metadata.name, container: container.name, exit, line }) as Init
}

const failed = podCause<Init>({
  code: 'pod.failed',
  final: true,
  find: (pod, facts) => over(pod, 'Failed', facts),
  message: {
    ko: ({ pod, exit }) =>
      `\`${pod}\` Pod가 종료 코드 ${particle(exit, '으로/로')} 실패했고, 다시 시작하지 않는 설정이에요.`,
    en: ({ pod, exit }) => `The pod \`${pod}\` failed with exit code ${exit} and is not to be restarted.`,
  },
  advice: {
    ko: ({ pod, line }) =>
      `${line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : ''}${code(`kubectl logs ${pod}`, '으로/로')} 이유를 보고, 고친 다음 Pod를 지우고 다시 만드세요.`,
    en: ({ pod, line }) =>
      `${line ? `Its log ends with \`${line}\`. ` : ''}Read why with \`kubectl logs ${pod}\`, put it right, then delete the pod and make it anew.`,
  },
})

const completed = podCause<Init>({
  code: 'pod.completed',
  final: true,
  find: (pod, facts) => over(pod, 'Succeeded', facts),
  message: {
    ko: ({ pod }) => `\`${pod}\` Pod는 할 일을 마치고 끝나서(Completed) 더는 실행 중이 아니에요.`,
    en: ({ pod }) => `The pod \`${pod}\` has finished its work (Completed) and does not run any more.`,
  },
  advice: {
    ko: () =>
      '컨테이너는 첫 프로세스가 끝나면 함께 끝나요. 계속 떠 있어야 한다면 command가 끝나지 않는 프로그램인지 보세요. 로그는 `kubectl logs`로 아직 읽을 수 있어요.',
    en: () =>
      'A container lives as long as its first process. If it should stay, see whether its command is a program that keeps running. `kubectl logs` still shows its output.',
  },
})

type Waiting = { pod: string; container: string; line?: string }

/** Not a failure by itself. */
export const initWaiting = containerCause<Waiting>({
  code: 'pod.init-waiting',
  final: false,
  find(container, pod, facts) {
    const spec = pod.spec.initContainers?.find(each => each.name === container.name)
    if (!container.init || !container.state?.running || spec?.['restartPolicy'] === 'Always') return null
    return known({
      pod: pod.metadata.name,
      container: container.name,
      line: tellingLine(logOf(facts, pod, container)),
    }) as Waiting
  },
  message: {
    ko: ({ pod, container }) =>
      `\`${pod}\` Pod의 init 컨테이너 ${code(container, '이/가')} 아직 끝나지 않아서 본 컨테이너가 기다리고 있어요.`,
    en: ({ pod, container }) =>
      `The init container \`${container}\` of the pod \`${pod}\` is still at work; the others wait for it.`,
  },
  advice: {
    ko: ({ pod, container, line }) =>
      `${line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : ''}오래 걸리면 \`kubectl logs ${pod} -c ${container}\`로 무엇을 기다리는지 보세요.`,
    en: ({ pod, container, line }) =>
      `${line ? `Its log ends with \`${line}\`. ` : ''}If that takes long, see with \`kubectl logs ${pod} -c ${container}\` what it waits for.`,
  },
})

/** Not a failure. */
export const starting = podCause<{ pod: string; state: string }>({
  code: 'pod.starting',
  final: false,
  find(pod) {
    const phase = pod.status?.phase ?? 'Pending'
    if (isReady(pod) || (phase !== 'Pending' && phase !== 'Running')) return null
    const reason = pod.status?.containerStatuses?.find(each => each.state?.waiting)?.state?.waiting?.reason
    return { pod: pod.metadata.name, state: reason ?? phase }
  },
  message: {
    ko: ({ pod, state }) => `\`${pod}\` Pod가 아직 시작하는 중이고, 지금 상태는 ${code(state, '이에요/예요')}.`,
    en: ({ pod, state }) => `The pod \`${pod}\` is starting (${state}).`,
  },
  advice: {
    ko: ({ pod }) =>
      `조금 기다려 보세요. ${code(`kubectl get pod ${pod} --watch`, '으로/로')} 바뀌는 것을 볼 수 있고, 오래 걸리면 \`kubectl describe pod ${pod}\`의 Events를 보세요.`,
    en: ({ pod }) =>
      `Give it a moment. Watch it with \`kubectl get pod ${pod} --watch\`; if it takes long, read the Events of \`kubectl describe pod ${pod}\`.`,
  },
})

export const pod = [configError, mountFailed, startFailed, initFailed, evicted, failed, completed]
