import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { argumentsOf, type KubectlCall, kubectlCalls } from './kubectl-words.ts'
import { failing, known, said } from './look.ts'

/** How kubectl was called to work with what runs: `logs`, `exec`, `port-forward`, `top`, `wait`. */

function matchIn(situation: Situation, pattern: RegExp): { call: KubectlCall; match: RegExpExecArray } | null {
  const command = failing(situation)
  const call = command && kubectlCalls(command.line).at(-1)
  const match = call && pattern.exec(said(situation))
  return match ? { call, match } : null
}

const execDashes = cause<{ pod: string }>({
  code: 'kubectl.exec-dashes',
  final: true,
  find(situation) {
    const found = matchIn(situation, /exec \[POD\] \[COMMAND\] is not supported anymore/)
    return found ? { pod: argumentsOf(found.call)[0] ?? 'POD' } : null
  },
  message: {
    ko: () => '`kubectl exec`에서 컨테이너 안에서 실행할 명령 앞에 `--`가 빠졌어요.',
    en: () => '`kubectl exec` lacks the `--` before the command that is to run in the container.',
  },
  advice: {
    ko: ({ pod }) => `\`kubectl exec ${pod} -- 명령\`처럼, kubectl의 옵션과 컨테이너의 명령 사이에 \`--\`를 넣으세요.`,
    en: ({ pod }) =>
      `Put \`--\` between kubectl's own options and the command, as in \`kubectl exec ${pod} -- COMMAND\`.`,
  },
})

const execNothing = cause({
  code: 'kubectl.exec-no-command',
  final: true,
  find: situation => (matchIn(situation, /you must specify at least one command for the container/) ? {} : null),
  message: {
    ko: () => '`kubectl exec`에 컨테이너 안에서 실행할 명령이 없어요.',
    en: () => '`kubectl exec` was given no command to run in the container.',
  },
  advice: {
    ko: () => '`--` 뒤에 명령을 쓰세요. 안에서 여러 가지를 해 보려면 `-it` 옵션과 셸(`sh`)을 써요.',
    en: () => 'Write the command after `--`. To look around in there, use the option `-it` and a shell (`sh`).',
  },
})

/** What `kubectl VERB` says when it was not told what it is about. */
const wants = {
  type: /^You must specify the type of resource to get|You must specify the type of resource to \w+|Required resource not specified/m,
  name: /expected 'logs \[-f\]|pod, type\/name or --filename must be specified|resource\(s\) were provided, but no name was specified/,
  ports: /TYPE\/NAME and list of ports are required for port-forward/,
} as const

type Missing = { verb: string; what: keyof typeof wants }

const missingArgument = cause<Missing>({
  code: 'kubectl.missing-argument',
  final: true,
  find(situation) {
    for (const what of Object.keys(wants) as Missing['what'][]) {
      const found = matchIn(situation, wants[what])
      if (found) return { verb: found.call.verb, what }
    }
    return null
  },
  message: {
    ko: ({ verb, what }) =>
      ({
        type: `\`kubectl ${verb}\` 뒤에 리소스 종류(\`pods\`, \`deployments\` 등)가 빠졌어요.`,
        name: `\`kubectl ${verb}\` 뒤에 대상의 이름이 빠졌어요.`,
        ports: `\`kubectl ${verb}\` 뒤에 대상이나 포트가 빠졌어요.`,
      })[what],
    en: ({ verb, what }) =>
      ({
        type: `\`kubectl ${verb}\` lacks a type of resource, such as \`pods\` or \`deployments\`.`,
        name: `\`kubectl ${verb}\` lacks the name of what it is about.`,
        ports: `\`kubectl ${verb}\` lacks what to forward to, or the ports.`,
      })[what],
  },
  advice: {
    ko: ({ verb, what }) =>
      ({
        type: '`kubectl api-resources`에서 종류와 줄임말을 볼 수 있어요.',
        name: `이름은 \`kubectl get pods\`에서 볼 수 있어요. \`kubectl ${verb} --help\`의 예도 보세요.`,
        ports: `\`kubectl ${verb} --help\`의 예를 보세요. \`종류/이름\` 다음에 \`내 컴퓨터의 포트:대상의 포트\`를 써요.`,
      })[what],
    en: ({ verb, what }) =>
      ({
        type: '`kubectl api-resources` lists types and their short names.',
        name: `\`kubectl get pods\` shows the names. See also the examples of \`kubectl ${verb} --help\`.`,
        ports: `See the examples of \`kubectl ${verb} --help\`: after \`TYPE/NAME\` come the port of this machine and, behind a colon, that of the target.`,
      })[what],
  },
})

const missingOption = cause<{ verb: string; option: string }>({
  code: 'kubectl.missing-option',
  final: true,
  find(situation) {
    const found = matchIn(situation, /required flag\(s\) \\?"([^"\\]+)/)
    if (!found) return null
    const noun = found.call.verb === 'create' ? argumentsOf(found.call)[0] : undefined
    return { verb: noun ? `create ${noun}` : found.call.verb, option: `--${found.match[1]}` }
  },
  message: {
    ko: ({ verb, option }) => `\`kubectl ${verb}\`에는 ${code(option, '이/가')} 꼭 있어야 해요.`,
    en: ({ verb, option }) => `\`kubectl ${verb}\` cannot do without \`${option}\`.`,
  },
  advice: {
    ko: ({ verb }) => `\`kubectl ${verb} --help\`의 예에서 어떻게 쓰는지 보세요.`,
    en: ({ verb }) => `See in the examples of \`kubectl ${verb} --help\` how it is written.`,
  },
})

type Busy = { port: string; process?: string; pid?: number; denied?: number }

const portBusy = cause<Busy>({
  code: 'kubectl.port-busy',
  final: true,
  find(situation) {
    const found = matchIn(situation, /unable to listen on any of the requested ports: \[\{(\d+) /)
    if (!found) return null
    const port = found.match[1]!
    const holder = situation.facts.listeners?.find(each => each.port === Number(port))
    const denied = /bind: permission denied/.test(said(situation)) ? 1 : undefined
    return known({ port, process: holder?.process, pid: holder?.pid, denied }) as Busy
  },
  message: {
    ko: ({ port, denied }) =>
      denied
        ? `1024보다 작은 포트는 관리자만 열 수 있어서 ${port}번 포트를 열지 못했어요.`
        : `이 컴퓨터의 ${port}번 포트를 이미 다른 것이 쓰고 있어요.`,
    en: ({ port, denied }) =>
      denied
        ? `Port ${port} could not be opened: only the administrator may use those below 1024.`
        : `Port ${port} of this machine is in use already.`,
  },
  advice: {
    ko: ({ process, pid, denied }) =>
      denied
        ? '콜론 앞의 포트를 1024 이상으로 바꾸세요.'
        : process === 'kubectl'
          ? `먼저 실행한 port-forward가 아직 떠 있는 것 같아요. 그 터미널에서 Ctrl+C로 멈추거나 프로세스 ${pid}번을 끝내세요.`
          : `${process ? `\`${process}\`${pid ? `(프로세스 ${pid}번)` : ''} 프로그램이 쓰고 있어요. ` : '`ss -ltnp`에서 무엇이 쓰는지 볼 수 있어요. '}콜론 앞의 포트를 다른 번호로 바꿔도 돼요.`,
    en: ({ process, pid, denied }) =>
      denied
        ? 'Use a port of 1024 or more before the colon.'
        : process === 'kubectl'
          ? `An earlier port-forward seems to be running still. Stop it with Ctrl-C in its terminal, or end the process ${pid}.`
          : `${process ? `The program \`${process}\`${pid ? ` (process ${pid})` : ''} has it. ` : '`ss -ltnp` shows what has it. '}You can also use another port before the colon.`,
  },
})

const podNotRunning = cause<{ phase: string }>({
  code: 'kubectl.pod-not-running',
  final: false,
  // The pod's own state tells more, where it does.
  fallback: true,
  find(situation) {
    const found = matchIn(situation, /unable to forward port because pod is not running\. Current status=(\w+)/)
    return found ? { phase: found.match[1]! } : null
  },
  message: {
    ko: ({ phase }) => `Pod가 아직 실행 중이 아니라 \`${phase}\` 상태여서 포트를 이을 수 없어요.`,
    en: ({ phase }) => `The pod is not running (it is \`${phase}\`), so no port can be forwarded to it.`,
  },
  advice: {
    ko: () =>
      '`kubectl get pods`의 STATUS가 Running이 될 때까지 기다리고, 그대로라면 `kubectl describe pod`의 Events를 보세요.',
    en: () =>
      'Wait until STATUS in `kubectl get pods` is Running; if it stays as it is, read the Events of `kubectl describe pod`.',
  },
})

const metricsMissing = cause({
  code: 'metrics.missing',
  final: true,
  find: situation => (matchIn(situation, /Metrics API not available/) ? {} : null),
  message: {
    ko: () => '이 클러스터에는 CPU와 메모리 사용량을 모으는 metrics-server가 없거나 아직 준비되지 않았어요.',
    en: () => 'The cluster has no metrics-server, which collects the use of CPU and memory, or it is not ready yet.',
  },
  advice: {
    ko: () =>
      '`kubectl get deployment metrics-server -n kube-system`으로 있는지 보세요. kind에는 처음부터 들어 있지 않아요. 막 설치했다면 1분쯤 기다리세요.',
    en: () =>
      'See with `kubectl get deployment metrics-server -n kube-system` whether it is there. kind comes without it. If it was just installed, give it a minute.',
  },
})

const waitTimeout = cause<{ what?: string }>({
  code: 'k8s.wait-timeout',
  final: false,
  fallback: true,
  find(situation) {
    const found = matchIn(situation, /timed out waiting for the condition(?: on (\S+))?/)
    return found ? (known({ what: found.match[1] }) as { what?: string }) : null
  },
  message: {
    ko: ({ what }) =>
      what
        ? `기다리는 시간 안에 ${code(what, '이/가')} 그 상태가 되지 않았어요.`
        : '기다리는 시간 안에 그 상태가 되지 않았어요.',
    en: ({ what }) => `${what ? `\`${what}\`` : 'It'} did not come to be so within the time that kubectl waited.`,
  },
  advice: {
    ko: () =>
      '아직 진행 중일 수 있어요. `kubectl get pods`로 지금 상태를 보고, 바뀌지 않는다면 `kubectl describe`의 Events에서 이유를 찾으세요.',
    en: () =>
      'It may still be under way. See how things are with `kubectl get pods`; if nothing changes, look for the reason in the Events of `kubectl describe`.',
  },
})

export const kubectlPods = [
  execDashes,
  execNothing,
  missingArgument,
  missingOption,
  portBusy,
  podNotRunning,
  metricsMissing,
  waitTimeout,
]
