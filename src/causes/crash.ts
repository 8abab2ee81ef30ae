import { isReady } from '../lab/cluster.ts'
import { code, particle } from '../text/josa.ts'
import { exitMeaning } from './exits.ts'
import { differsAt, known, tellingLine } from './look.ts'
import { containerCause, eventsOf, logOf } from './pods.ts'

/** Containers that start and do not stay, or stay and are not taken for ready. */

type Memory = { pod: string; container: string; limit?: string }

const outOfMemory = containerCause<Memory>({
  code: 'pod.oom',
  final: true,
  find({ name, ready, state, lastState }, pod) {
    const ended = state?.terminated ?? lastState?.terminated
    if (ended?.reason !== 'OOMKilled' || ready) return null
    const spec = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(each => each.name === name)
    return known({ pod: pod.metadata.name, container: name, limit: spec?.resources?.limits?.['memory'] }) as Memory
  },
  message: {
    ko: ({ pod, limit }) =>
      `\`${pod}\` Pod의 컨테이너가 메모리 한도${limit ? `(\`${limit}\`)` : ''}를 넘어서 OOMKilled로 강제 종료됐어요.`,
    en: ({ pod, limit }) =>
      `The container of the pod \`${pod}\` went over its memory limit${limit ? ` (\`${limit}\`)` : ''} and was killed (OOMKilled).`,
  },
  advice: {
    ko: () => '매니페스트의 resources.limits.memory를 보고, 더 크게 잡거나 앱이 왜 그만큼 쓰는지 살펴보세요.',
    en: () => 'Look at resources.limits.memory in the manifest; raise it, or find out why the app needs so much.',
  },
})

type Hook = { pod: string; container: string; message: string }

const hookFailed = containerCause<Hook>({
  code: 'pod.hook-failed',
  final: true,
  find({ name, init, ready }, pod, facts) {
    const event = eventsOf(facts, pod, /^FailedPostStartHook$/).at(-1)
    if (!event || init || ready) return null
    return { pod: pod.metadata.name, container: name, message: event.message ?? '' }
  },
  message: {
    ko: ({ pod }) => `\`${pod}\` Pod의 postStart 훅이 실패해서 컨테이너를 다시 시작하고 있어요.`,
    en: ({ pod }) => `The postStart hook of the pod \`${pod}\` fails, so its container is restarted.`,
  },
  advice: {
    ko: ({ pod }) =>
      `매니페스트의 lifecycle.postStart에 있는 명령을 보세요. 0이 아닌 코드로 끝나면 컨테이너도 죽어요. \`kubectl describe pod ${pod}\`의 Events에도 나와요.`,
    en: ({ pod }) =>
      `Look at the command in lifecycle.postStart of the manifest: when it ends with anything but 0, the container is killed. The Events of \`kubectl describe pod ${pod}\` tell of it too.`,
  },
})

type Probe = { pod: string; container: string; probe: string; message: string }

const probeText = /^(?<probe>Readiness|Liveness|Startup) probe (?:failed|errored)[^:]*: (?<message>.*)/s

/** What the probe ran into, without addresses that change. */
function outcome(message: string): string {
  const line = message.replace(/^.*unable to start container process: /s, '').replace(/^rpc error: .*? desc = /, '')
  return line.trim().split('\n')[0]!.slice(0, 160)
}

const killed = containerCause<Probe>({
  code: 'pod.killed-by-liveness',
  final: true,
  grace: 10_000,
  find({ name, init, restartCount = 0, state }, pod, facts) {
    if (init || restartCount === 0 || state?.terminated?.reason === 'OOMKilled') return null
    if (!eventsOf(facts, pod, /^Killing$/).some(each => /failed (liveness|startup) probe/.test(each.message ?? '')))
      return null
    const event = eventsOf(facts, pod, /^Unhealthy$/).findLast(each => /^(Liveness|Startup)/.test(each.message ?? ''))
    const { probe = 'Liveness', message = '' } = probeText.exec(event?.message ?? '')?.groups ?? {}
    return { pod: pod.metadata.name, container: name, probe: probe.toLowerCase(), message: outcome(message) }
  },
  message: {
    ko: ({ pod, probe }) =>
      `\`${pod}\` Pod의 ${probe}Probe가 실패해서 kubelet이 컨테이너를 죽이고 다시 시작하기를 되풀이해요.`,
    en: ({ pod, probe }) =>
      `The kubelet keeps killing the container of the pod \`${pod}\`, because its ${probe}Probe fails.`,
  },
  advice: {
    ko: ({ message }) =>
      `${message ? `프로브의 결과는 ${code(message, '이에요/예요')}. ` : ''}프로브의 path와 port가 앱이 실제로 듣는 것과 같은지, initialDelaySeconds가 앱이 뜨는 시간보다 짧지 않은지 보세요. 종료 코드가 0이나 137이어도 원인은 프로브예요.`,
    en: ({ message }) =>
      `${message ? `The probe got \`${message}\`. ` : ''}Compare its path and port with what the app really listens on, and initialDelaySeconds with the time that the app needs. The exit code may be 0 or 137; the probe is the reason all the same.`,
  },
})

type Crash = { pod: string; container: string; exit: number; restarts: number; line?: string }

const crashLoop = containerCause<Crash>({
  code: 'pod.crashloop',
  final: true,
  find(container, pod, facts, { check }) {
    const { name, init, restartCount = 0, state, lastState } = container
    const ended = state?.terminated ?? lastState?.terminated
    const again =
      state?.waiting?.reason === 'CrashLoopBackOff' || (state?.terminated ? restartCount > 0 : restartCount > 1)
    if (init || !ended || !again || /^(StartError|ContainerCannotRun|OOMKilled)$/.test(ended.reason ?? '')) return null
    // Between two crashes it is as good as well, unless restarts are what the check is about.
    if (state?.running && isReady(pod) && !(check && differsAt(check, /^restarts$/))) return null
    const line = tellingLine(logOf(facts, pod, container))
    return known({
      pod: pod.metadata.name,
      container: name,
      exit: ended.exitCode,
      restarts: restartCount,
      line,
    }) as Crash
  },
  message: {
    ko: ({ pod, container, exit }) =>
      exit === 0
        ? `\`${pod}\` Pod의 컨테이너 ${code(container, '은/는')} 할 일을 마치고 바로 끝나서(종료 코드 0) 다시 시작하기를 되풀이해요.`
        : `\`${pod}\` Pod의 컨테이너 ${code(container, '이/가')} 종료 코드 ${particle(exit, '으로/로')} 끝나고 다시 시작하기를 되풀이해요.`,
    en: ({ pod, container, exit }) =>
      exit === 0
        ? `The container \`${container}\` of the pod \`${pod}\` finishes at once (exit code 0) and is started again and again.`
        : `The container \`${container}\` of the pod \`${pod}\` keeps ending with exit code ${exit} and is started again.`,
  },
  advice: {
    ko: ({ pod, exit, line }) =>
      (exit === 0
        ? 'Deployment의 컨테이너는 계속 떠 있는 프로그램이어야 해요. 한 번 하고 끝나는 일이라면 Job을 쓰세요. '
        : `종료 코드 ${particle(exit, '은/는')} ${exitMeaning(exit).ko}. `) +
      (line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : '') +
      `${code(`kubectl logs ${pod} --previous`, '으로/로')} 끝나기 전의 로그를 읽어 보세요.`,
    en: ({ pod, exit, line }) =>
      (exit === 0
        ? 'The container of a Deployment has to be a program that keeps running; for work that ends there is the Job. '
        : `Exit code ${exit} means: ${exitMeaning(exit).en}. `) +
      (line ? `Its log ends with \`${line}\`. ` : '') +
      `Read the log of the run that ended with \`kubectl logs ${pod} --previous\`.`,
  },
})

export const crash = [outOfMemory, hookFailed, killed, crashLoop]

export const probeFailed = containerCause<Probe>({
  code: 'pod.not-ready.probe',
  final: true,
  grace: 20_000,
  find({ name, init, ready, state }, pod, facts) {
    if (init || ready || !state?.running) return null
    const event = eventsOf(facts, pod, /^Unhealthy$/).findLast(each => each.message?.startsWith('Readiness'))
    const { message } = probeText.exec(event?.message ?? '')?.groups ?? {}
    if (message === undefined) return null
    return { pod: pod.metadata.name, container: name, probe: 'readiness', message: outcome(message) }
  },
  message: {
    ko: ({ pod }) => `\`${pod}\` Pod는 실행 중이지만 readinessProbe가 실패해서 Ready가 되지 않아요.`,
    en: ({ pod }) => `The pod \`${pod}\` runs, but its readinessProbe fails, so it is not Ready.`,
  },
  advice: {
    ko: ({ pod, message }) =>
      `프로브의 결과는 ${code(message, '이에요/예요')}. 프로브의 path와 port를 앱이 실제로 대답하는 것과 견주어 보세요. 앱이 천천히 뜬다면 조금 기다리면 돼요. \`kubectl describe pod ${pod}\`의 Events에 결과가 계속 쌓여요.`,
    en: ({ pod, message }) =>
      `The probe got \`${message}\`. Compare its path and port with what the app really answers. An app that comes up slowly only needs time. The Events of \`kubectl describe pod ${pod}\` collect the outcomes.`,
  },
})
