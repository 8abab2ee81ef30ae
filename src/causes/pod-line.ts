import { code } from '../text/josa.ts'
import { cause } from './cause.ts'
import { known, said } from './look.ts'

/** Lines that go into a pod: logs, exec, and the like. Where the pod itself is to blame, its own causes say so. */

type Container = { container: string; pod?: string }

const noSuchContainer = cause<Container>({
  code: 'pod.no-such-container',
  final: true,
  find(situation) {
    const text = said(situation)
    const found =
      /container (?<container>\S+) is not valid for pod (?<pod>\S+)/.exec(text) ??
      /container (?<container>\S+) not found in pod (?<pod>\S+)/.exec(text) ??
      /unable to find container named "(?<container>[^"]+)"/.exec(text)
    return found ? (known({ ...found.groups }) as Container) : null
  },
  message: {
    ko: ({ container, pod }) => `${pod ? `\`${pod}\` Pod에 ` : ''}${code(container, '이라/라')}는 컨테이너가 없어요.`,
    en: ({ container, pod }) => `There is no container \`${container}\`${pod ? ` in the pod \`${pod}\`` : ''}.`,
  },
  advice: {
    ko: () =>
      '컨테이너의 이름은 이미지나 Pod의 이름과 다를 수 있어요. `kubectl describe`의 Containers에서 이름을 보세요.',
    en: () => 'A container may be called otherwise than its image or its pod: see Containers in `kubectl describe`.',
  },
})

const notRestarted = cause<Container>({
  code: 'pod.not-restarted',
  final: true,
  find(situation) {
    const found = /previous terminated container "(?<container>[^"]+)" in pod "(?<pod>[^"]+)" not found/.exec(
      said(situation),
    )
    return found ? (known({ ...found.groups }) as Container) : null
  },
  message: {
    ko: ({ pod = '' }) => `\`${pod}\` Pod의 컨테이너는 다시 시작한 적이 없어서 이전 로그가 없어요.`,
    en: ({ pod = '' }) =>
      `The container of the pod \`${pod}\` was never restarted, so there is no log of a run before.`,
  },
  advice: {
    ko: () => '`--previous` 없이 `kubectl logs`를 쓰세요. 다시 시작한 횟수는 `kubectl get pods`의 RESTARTS에 있어요.',
    en: () => 'Use `kubectl logs` without `--previous`. RESTARTS in `kubectl get pods` counts the restarts.',
  },
})

const commandMissing = cause<{ command: string }>({
  code: 'pod.command-not-in-image',
  final: true,
  find(situation) {
    const command = /failed to exec in container.*exec: "([^"]+)": (?:executable file not found|stat )/s.exec(
      said(situation),
    )?.[1]
    return command === undefined ? null : { command }
  },
  message: {
    ko: ({ command }) => `컨테이너 안에 ${code(command, '이라/라')}는 명령이 없어요.`,
    en: ({ command }) => `There is no command \`${command}\` in the container.`,
  },
  advice: {
    ko: () => '이미지마다 들어 있는 명령이 달라요. bash가 없으면 sh를 써 보세요. 명령은 `--` 뒤에 써요.',
    en: () => 'Each image has its own set of commands: where there is no bash, try sh. The command comes after `--`.',
  },
})

const unknownName = cause<{ name: string }>({
  code: 'dns.unknown-name',
  final: false,
  find(situation) {
    const text = said(situation)
    if (!/\bexec\b/.test(situation.command?.line ?? '') || !/\bkubectl|\bk\b/.test(situation.command?.line ?? ''))
      return null
    const found =
      /Could not resolve host: (\S+)|bad address '([^']+)'|(?:ENOTFOUND|EAI_AGAIN) (\S+)|unable to resolve host address '([^']+)'/.exec(
        text,
      )
    const name = found?.slice(1).find(Boolean)
    return name === undefined ? null : { name }
  },
  message: {
    ko: ({ name }) => `Pod 안에서 ${code(name, '이라/라')}는 이름을 찾지 못했어요.`,
    en: ({ name }) => `From inside the pod, the name \`${name}\` cannot be resolved.`,
  },
  advice: {
    ko: () =>
      '`kubectl get services`에 그 이름이 있는지 보세요. 다른 네임스페이스의 Service는 `이름.네임스페이스`로 불러요. 모든 이름이 안 된다면 `kubectl get pods -n kube-system`에서 coredns를 확인하세요.',
    en: () =>
      'See whether `kubectl get services` has that name. A Service of another namespace is called `NAME.NAMESPACE`. If no name at all can be resolved, look at coredns in `kubectl get pods -n kube-system`.',
  },
})

export const podLine = [noSuchContainer, notRestarted, commandMissing, unknownName]
