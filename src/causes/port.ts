import { code } from '../text/josa.ts'
import { cause } from './cause.ts'
import { known, said } from './look.ts'
import { misplacedPort, misplacedWords, portTrouble, takenPort } from './ports.ts'

type Taken = { port: number; container?: string; process?: string; pid?: number; leftover?: string }

const takenByContainer = cause<Taken>({
  code: 'port.taken-by-container',
  final: true,
  find(situation) {
    const taken = takenPort(situation)
    if (!taken?.byContainer) return null
    const { port, container, leftover } = taken
    return known({ port, container, leftover }) as Taken
  },
  message: {
    ko: ({ port, container }) =>
      container
        ? `호스트의 ${port}번 포트는 이미 \`${container}\` 컨테이너가 쓰고 있어요.`
        : `호스트의 ${port}번 포트는 이미 다른 컨테이너가 쓰고 있어요.`,
    en: ({ port, container }) =>
      container
        ? `Port ${port} of this machine is already used by the container \`${container}\`.`
        : `Port ${port} of this machine is already used by another container.`,
  },
  advice: {
    ko: ({ port, leftover }) =>
      `${code(`docker ps --filter publish=${port}`, '으로/로')} 그 컨테이너를 확인하고, 필요 없으면 \`docker stop\`으로 멈추거나 다른 호스트 포트를 쓰세요.` +
      (leftover
        ? ` 방금 실패한 \`docker run\`도 \`${leftover}\` 컨테이너를 Created 상태로 남겼어요. \`docker ps -a\`로 보고 \`docker rm\`으로 지우세요.`
        : ''),
    en: ({ port, leftover }) =>
      `Look at it with \`docker ps --filter publish=${port}\`; stop it with \`docker stop\` if you do not need it, or use another port of the machine.` +
      (leftover
        ? ` The failed \`docker run\` has also left the container \`${leftover}\` in state Created: see \`docker ps -a\`, remove it with \`docker rm\`.`
        : ''),
  },
})

const takenByProcess = cause<Taken>({
  code: 'port.taken-by-process',
  final: true,
  find(situation) {
    const taken = takenPort(situation)
    if (!taken || taken.byContainer) return null
    const { port, process, pid, leftover } = taken
    return known({ port, process, pid, leftover }) as Taken
  },
  message: {
    ko: ({ port, process, pid }) =>
      `${port}번 포트는 이미 이 컴퓨터의 ${process ? `\`${process}\` 프로세스${pid ? `(PID ${pid})` : ''}가` : '다른 프로세스가'} 쓰고 있어요.`,
    en: ({ port, process, pid }) =>
      `Port ${port} is already used by ${process ? `the process \`${process}\`${pid ? ` (PID ${pid})` : ''}` : 'another process'} of this machine.`,
  },
  advice: {
    ko: ({ port, pid, leftover }) =>
      `${code(`ss -ltnp 'sport = :${port}'`, '으로/로')} 누가 쓰는지 확인하세요. 전에 직접 띄운 서버라면 ${pid ? `${code(`kill ${pid}`, '으로/로')}` : '그 터미널에서 Ctrl-C로'} 끝내면 돼요.` +
      (leftover ? ` 실패한 \`docker run\`이 남긴 \`${leftover}\` 컨테이너도 \`docker rm\`으로 지우세요.` : ''),
    en: ({ port, pid, leftover }) =>
      `See who has it with \`ss -ltnp 'sport = :${port}'\`. If it is a server that you started earlier, end it with ${pid ? `\`kill ${pid}\`` : 'Ctrl-C in its terminal'}.` +
      (leftover
        ? ` Also remove the container \`${leftover}\` that the failed \`docker run\` left, with \`docker rm\`.`
        : ''),
  },
})

const badSyntax = cause<{ given: string }>({
  code: 'port.bad-syntax',
  final: true,
  find(situation) {
    const text = said(situation)
    const wrong =
      /invalid (?:hostPort|containerPort|proto|publish opts format)[^:\n]*: ?(\S+)/i.exec(text) ??
      /(?:No port specified|Invalid ip address|invalid port specification|invalid IP address|Invalid range format[^:\n]*): ?"?([^"\s]+)/i.exec(
        text,
      ) ??
      /invalid argument "([^"]+)" for "-p, --publish" flag/.exec(text)
    return wrong ? { given: wrong[1]! } : null
  },
  message: {
    ko: ({ given }) => `\`-p\` 뒤에 쓴 포트에서 \`${given}\` 부분을 Docker가 알아듣지 못했어요.`,
    en: ({ given }) => `Docker does not understand \`${given}\` in the port that follows \`-p\`.`,
  },
  advice: {
    ko: () =>
      '`-p`에는 `호스트포트:컨테이너포트`를 쌍점(:)으로 이어 써요. 주소를 앞에 붙일 때도 `주소:호스트포트:컨테이너포트`처럼 포트 두 개가 모두 있어야 해요.',
    en: () =>
      '`-p` takes `HOSTPORT:CONTAINERPORT`, joined by a colon. With an address in front, as in `ADDRESS:HOSTPORT:CONTAINERPORT`, both ports are still needed.',
  },
})

type Published = { container: string; published?: number; inside?: number; listens?: number; misplaced?: string }

function trouble(kind: NonNullable<ReturnType<typeof portTrouble>>['kind']) {
  return (situation: Parameters<typeof portTrouble>[0]): Published | null => {
    const found = portTrouble(situation)
    if (found?.kind !== kind) return null
    const { container, mapping, listens } = found
    const misplaced = kind === 'not-published' && misplacedPort(container) ? misplacedWords(container) : undefined
    return known({
      container: container.name,
      published: mapping?.host,
      inside: mapping?.inside,
      listens,
      misplaced,
    }) as Published
  }
}

const notPublished = cause<Published>({
  code: 'port.not-published',
  final: true,
  find: trouble('not-published'),
  message: {
    ko: ({ container, misplaced }) =>
      misplaced
        ? `\`-p\`를 이미지 이름 뒤에 써서, \`${container}\` 컨테이너가 포트를 하나도 열지 않았어요.`
        : `\`${container}\` 컨테이너는 떠 있지만 호스트로 열어 둔 포트가 없어요.`,
    en: ({ container, misplaced }) =>
      misplaced
        ? `\`-p\` came after the image name, so the container \`${container}\` publishes no port at all.`
        : `The container \`${container}\` runs, but publishes no port to this machine.`,
  },
  advice: {
    ko: ({ container, misplaced }) =>
      (misplaced
        ? `이미지 이름 뒤의 ${code(misplaced, '은/는')} 컨테이너 안에서 실행할 명령으로 쓰였어요. 옵션은 모두 이미지 이름 앞에 쓰세요. `
        : '') +
      `${code(`docker port ${container}`, '으로/로')} 확인해 보세요. 떠 있는 컨테이너에는 포트를 더할 수 없으니, 지우고 \`-p\`를 넣어 다시 실행해야 해요.`,
    en: ({ container, misplaced }) =>
      (misplaced
        ? `\`${misplaced}\` after the image name became the command to run in the container: write all options before the image. `
        : '') +
      `Check with \`docker port ${container}\`. A port cannot be added to a running container: remove it and run it again with \`-p\`.`,
  },
})

const wrongWayRound = cause<Published>({
  code: 'port.wrong-way-round',
  final: true,
  find: trouble('wrong-way-round'),
  message: {
    ko: ({ container, published, inside, listens }) =>
      `\`${container}\` 컨테이너는 ${code(`-p ${published}:${inside}`, '으로/로')} 띄워서 컨테이너의 ${inside}번 포트로 이어지는데, 앱은 컨테이너 안에서 ${listens}번 포트를 써요.`,
    en: ({ container, published, inside, listens }) =>
      `The container \`${container}\` was started with \`-p ${published}:${inside}\`, which leads to its port ${inside}, but the app in it uses port ${listens}.`,
  },
  advice: {
    ko: ({ container }) =>
      `\`-p\`는 앞이 호스트, 뒤가 컨테이너예요. ${code(`docker port ${container}`, '와/과')} ${code(`docker logs ${container}`, '을/를')} 견주어 보고, 컨테이너를 지운 뒤 순서를 바로잡아 다시 실행하세요.`,
    en: ({ container }) =>
      `In \`-p\` the machine's port comes first and the container's second. Compare \`docker port ${container}\` with \`docker logs ${container}\`, remove the container and run it again.`,
  },
})

const otherPort = cause<Published>({
  code: 'port.other',
  final: true,
  find: trouble('other'),
  message: {
    ko: ({ container, published, inside }) =>
      `\`${container}\` 컨테이너는 떠 있지만 호스트의 ${published}번 포트(컨테이너의 ${inside}번)로 열려 있어요.`,
    en: ({ container, published, inside }) =>
      `The container \`${container}\` runs, but is published on port ${published} of this machine (its own port ${inside}).`,
  },
  advice: {
    ko: ({ container }) =>
      `이 단계에서 쓰는 포트와 \`docker port ${container}\`의 결과를 견주어 보세요. 포트를 바꾸려면 컨테이너를 지우고 \`-p\`를 고쳐 다시 실행해야 해요.`,
    en: ({ container }) =>
      `Compare the ports that this step uses with what \`docker port ${container}\` shows. To change them, remove the container and run it again with another \`-p\`.`,
  },
})

const listensElsewhere = cause<Published & { loopback?: number }>({
  code: 'app.listens-elsewhere',
  final: false,
  find(situation) {
    const published = trouble('listens-elsewhere')(situation)
    return published && (portTrouble(situation)?.loopback ? { ...published, loopback: 1 } : published)
  },
  message: {
    ko: ({ container, published, inside, listens, loopback }) =>
      listens && listens !== inside
        ? `${published}번 포트는 \`${container}\` 컨테이너의 ${inside}번 포트로 이어져 있는데, 앱은 ${listens}번에서 요청을 받아요.`
        : loopback
          ? `\`${container}\` 안의 앱이 컨테이너 자신의 127.0.0.1에서만 요청을 받아서 밖에서는 닿지 못해요.`
          : `${published}번 포트는 \`${container}\` 컨테이너로 이어져 있지만, 그 안의 ${inside}번 포트에서 대답하는 앱이 없어요.`,
    en: ({ container, published, inside, listens, loopback }) =>
      listens && listens !== inside
        ? `Port ${published} leads to port ${inside} of the container \`${container}\`, but the app listens on ${listens}.`
        : loopback
          ? `The app in \`${container}\` listens on the container's own 127.0.0.1 only, so requests from outside do not reach it.`
          : `Port ${published} leads to the container \`${container}\`, but no app answers on its port ${inside}.`,
  },
  advice: {
    ko: ({ container, listens, inside }) =>
      listens && listens !== inside
        ? `\`docker logs ${container}\`에서 앱의 포트를 확인하고, \`-p\`의 뒤쪽 숫자를 거기에 맞춰 컨테이너를 다시 만드세요.`
        : `방금 띄웠다면 앱이 아직 준비 중일 수 있으니 잠시 뒤 다시 보세요. 계속되면 \`docker logs ${container}\`에서 어느 주소와 포트에서 요청을 받는지 확인하세요. 컨테이너 안의 앱은 0.0.0.0에서 받아야 밖에서 닿아요.`,
    en: ({ container, listens, inside }) =>
      listens && listens !== inside
        ? `Find the app's port in \`docker logs ${container}\`, and make the container again with that number at the end of \`-p\`.`
        : `If you have just started it, the app may not be ready: look again in a moment. Otherwise see in \`docker logs ${container}\` which address and port it listens on; in a container that must be 0.0.0.0.`,
  },
})

export const port = [
  takenByContainer,
  takenByProcess,
  badSyntax,
  notPublished,
  wrongWayRound,
  otherPort,
  listensElsewhere,
]
