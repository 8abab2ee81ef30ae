import { code } from '../text/josa.ts'
import { type Cause, cause } from './cause.ts'
import { known } from './look.ts'

/** Why a student's machine could not be looked at over SSH: read by whoever grades, and never the student's failure. */

type Way = {
  host?: string
  port?: string
  user?: string
  reason?: string
  /** Where a connection onwards should have led. */
  to?: string
  bytes?: string
  seconds?: string
  context?: string
}

function way(code: string, final: boolean, texts: Pick<Cause<Way>, 'message' | 'advice'>) {
  return cause<Way>({
    code,
    final,
    find({ check }) {
      if (check?.problem?.code !== code) return null
      return known(
        Object.fromEntries(Object.entries(check.problem.evidence).map(([key, value]) => [key, oneLine(String(value))])),
      )
    },
    ...texts,
  })
}

/** What programs there have said may hold anything. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** In Korean the sentence has to end with its verb, so what was said stands before what to do. */
const saidKo = (reason: string | undefined) => (reason ? `거기서 들은 말은 ${code(reason, '이에요/예요')}. ` : '')
const because = (reason: string | undefined, blank = '') => (reason ? `${blank}(\`${reason}\`)` : '')
const q = (word = '') => `\`${word}\``
const verbosely = ({ host = '', port, user }: Way) =>
  ['ssh -v', ...(port ? [`-p ${port}`] : []), user ? `${user}@${host}` : host].join(' ')

const ungraded = {
  ko: '학생이 틀렸다는 뜻이 아니라서 점수는 매기지 않아요.',
  en: 'That says nothing of the student, so nothing is graded.',
}

export const ssh = [
  way('ssh.bad-target', true, {
    message: {
      ko: ({ reason }) => `명단에 적힌 접속 정보${because(reason)}는 쓸 수 없는 값이에요.`,
      en: ({ reason }) => `The roster has an address that cannot be used${because(reason, ' ')}.`,
    },
    advice: {
      ko: () =>
        '명단에서 이 학생의 host, port, user 칸을 고치세요. 호스트 이름이나 IP 주소, 1부터 65535까지의 포트, 영문과 숫자로 된 사용자 이름만 쓸 수 있어요.',
      en: () =>
        'Correct host, port and user of this student in the roster: a host name or IP address, a port from 1 to 65535, a user name of letters and digits.',
    },
  }),
  way('ssh.missing', true, {
    message: {
      ko: ({ reason }) => `이 컴퓨터에서 OpenSSH 클라이언트(\`ssh\`)${because(reason)}를 실행할 수 없어요.`,
      en: ({ reason }) => `The OpenSSH client (\`ssh\`) cannot be run on this machine${because(reason, ' ')}.`,
    },
    advice: {
      ko: () =>
        '`ssh -V`로 확인하고, 없으면 `sudo apt-get install openssh-client`로 설치하세요. 있는데도 그렇다면 `-j`를 줄여 한 번에 채점하는 학생 수를 낮추세요.',
      en: () =>
        'See with `ssh -V`; where there is none, `sudo apt-get install openssh-client` installs it. Where there is one, grade fewer at a time with `-j`.',
    },
  }),
  way('ssh.unreachable', false, {
    message: {
      ko: ({ host, seconds }) => `${q(host)}에 SSH로 ${seconds ? `${seconds}초 안에 ` : ''}접속하지 못했어요.`,
      en: ({ host, reason, seconds }) =>
        `${q(host)} cannot be reached over SSH${seconds ? ` within ${seconds} s` : because(reason, ' ')}.`,
    },
    advice: {
      ko: way =>
        `${saidKo(way.reason)}${ungraded.ko} 컴퓨터가 켜져 있는지, 명단의 주소와 포트가 맞는지, 네트워크나 VPN으로 닿는지 보세요. ${code(verbosely(way), '을/를')} 해 보면 어디서 막히는지 보여요.`,
      en: way =>
        `${ungraded.en} See whether the machine is on, address and port in the roster are right, and your network or VPN leads there. ${q(verbosely(way))} shows where it stops.`,
    },
  }),
  way('ssh.host-key', true, {
    message: {
      ko: ({ host }) => `${q(host)}의 호스트 키가 등록된 것과 다르거나 등록되어 있지 않아요.`,
      en: ({ host }) => `The host key of ${q(host)} is not the one that is enrolled, or none is.`,
    },
    advice: {
      ko: ({ reason }) =>
        `다른 컴퓨터일 수 있어서 접속하지 않았어요${because(reason)}. 학생에게 \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`의 지문을 받아 견주어 본 뒤에만 known_hosts에 넣거나 고치세요. 검사를 끄지는 마세요.`,
      en: ({ reason }) =>
        `It may be another machine, so no connection was made${because(reason, ' ')}. Ask the student for the fingerprint that \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` prints and compare it before you change known_hosts. Do not turn the check off.`,
    },
  }),
  way('ssh.auth', true, {
    message: {
      ko: ({ host }) => `${q(host)}에서 채점용 키를 받아 주지 않아요.`,
      en: ({ host, reason }) => `${q(host)} does not accept the key for grading${because(reason, ' ')}.`,
    },
    advice: {
      ko: ({ reason }) =>
        `${saidKo(reason)}채점용 공개 키가 그 사용자의 \`~/.ssh/authorized_keys\`에 있는지, 사용자 이름과 키 파일의 경로가 맞는지 보세요. 암호가 걸린 키라면 먼저 \`ssh-add\`로 에이전트에 넣어 두어야 해요.`,
      en: () =>
        "See whether the public key for grading is in that user's `~/.ssh/authorized_keys`, and whether the user name and the path of the key are right. A key with a passphrase has to be given to the agent with `ssh-add` first.",
    },
  }),
  way('ssh.no-answer', false, {
    message: {
      ko: ({ host }) => `${q(host)}에 접속은 되지만 거기서 명령을 실행할 수 없어요.`,
      en: ({ host, reason }) => `${q(host)} lets us in, but runs no command${because(reason, ' ')}.`,
    },
    advice: {
      ko: ({ reason }) =>
        `${saidKo(reason)}그 사용자의 로그인 셸이 nologin은 아닌지, sshd에 ForceCommand가 걸려 있지 않은지, 셸의 시작 파일이 \`exit\`로 끝나지 않는지 보세요. 리눅스여야 하고 \`/bin/sh\`와 \`/usr/bin/env\`가 있어야 해요.`,
      en: () =>
        'See whether the login shell of that user is nologin, sshd has a ForceCommand, or a start file of the shell ends it with `exit`. It has to be Linux, with `/bin/sh` and `/usr/bin/env`.',
    },
  }),
  way('ssh.lost', false, {
    message: {
      ko: ({ host }) => `살펴보는 도중에 ${q(host)}에 대한 연결이 끊어졌어요.`,
      en: ({ host }) => `The connection to ${q(host)} broke off while we looked.`,
    },
    advice: {
      ko: () => `${ungraded.ko} 컴퓨터와 네트워크가 다시 안정되면 이 학생만 다시 채점하세요.`,
      en: () => `${ungraded.en} Grade this student again once machine and network are steady.`,
    },
  }),
  way('ssh.limit', true, {
    message: {
      ko: ({ host, bytes }) => `${q(host)}에서 온 대답이 한도(${bytes}바이트)보다 길어서 받지 않았어요.`,
      en: ({ host, bytes }) => `What came from ${q(host)} is longer than may be (${bytes} bytes) and was not taken.`,
    },
    advice: {
      ko: () => '무엇이 그렇게 긴지 그 컴퓨터에서 직접 보세요. 그럴 만한 것이라면 한도를 올리고 다시 채점하세요.',
      en: () => 'See on that machine what is so long. If it has a good reason, raise the limit and grade again.',
    },
  }),
  way('ssh.timeout', false, {
    message: {
      ko: ({ host, seconds }) => `${q(host)}에서 ${seconds}초 안에 살펴보지 못했어요.`,
      en: ({ host, seconds }) => `A look at ${q(host)} took more than ${seconds} s.`,
    },
    advice: {
      ko: () =>
        '컴퓨터가 몹시 바쁘거나 네트워크 파일 시스템이 멈춰 있을 수 있어요. 거기서 `uptime`과 `df`가 돌아오는지 보고 다시 채점하세요.',
      en: () =>
        'The machine may be very busy, or a network file system hangs. See whether `uptime` and `df` come back there, and grade again.',
    },
  }),
  way('ssh.forwarding', true, {
    message: {
      ko: ({ host, to = '' }) => `${q(host)}의 SSH 서버가 ${code(to, '으로/로')} 가는 연결을 허락하지 않아요.`,
      en: ({ host, to }) => `The SSH server of ${q(host)} does not allow connections on to ${q(to)}.`,
    },
    advice: {
      ko: () =>
        '거기서 `sudo sshd -T | grep -i forwarding`을 보세요. `AllowTcpForwarding`과 `AllowStreamLocalForwarding`이 yes이고 `DisableForwarding`이 no여야 해요.',
      en: () =>
        'Look at `sudo sshd -T | grep -i forwarding` there: `AllowTcpForwarding` and `AllowStreamLocalForwarding` have to be yes, `DisableForwarding` no.',
    },
  }),
  way('ssh.kubeconfig', true, {
    message: {
      ko: ({ context = '', reason }) =>
        `학생의 kubeconfig에 있는 ${q(context)} 컨텍스트에는 받을 수 없는 설정${because(reason)}이 있어요.`,
      en: ({ context, reason }) =>
        `The context ${q(context)} in the student's kubeconfig has a setting that is not accepted${because(reason, ' ')}.`,
    },
    advice: {
      ko: () =>
        '채점하는 컴퓨터에서 프로그램을 실행하거나 파일을 읽게 하는 설정, 인증서를 확인하지 않는 설정은 쓰지 않아요. 인증서와 키(또는 토큰)가 안에 들어 있어야 해요: kind 클러스터라면 `kind export kubeconfig`로 다시 쓰고, 파일을 가리킨다면 `kubectl config view --raw --flatten`의 출력을 쓰게 하세요.',
      en: () =>
        'What makes the grading machine run a program, read a file or skip the check of certificates is not used. Certificates and keys (or a token) have to be inside: `kind export kubeconfig` writes it anew for a kind cluster; where it names files, `kubectl config view --raw --flatten` puts them in.',
    },
  }),
  way('ssh.not-here', true, {
    message: {
      ko: () => '`kubectl`을 쓰는 이 확인은 SSH를 거쳐서는 할 수 없어요.',
      en: ({ reason }) => `This check needs \`kubectl\` in a way that is not possible over SSH${because(reason, ' ')}.`,
    },
    advice: {
      ko: ({ reason }) =>
        `학생의 컴퓨터에 있는 \`kubectl\`은 믿지 않고, 매니페스트의 시험 적용만 이 컴퓨터에서 해요${because(reason)}. 매니페스트가 1 MiB 이하의 UTF-8 텍스트인지 보고, 아니면 이 확인은 직접 채점하세요.`,
      en: () =>
        "The student's `kubectl` is not trusted; only a dry run of a manifest is done, on this machine. See whether the manifest is UTF-8 text of at most 1 MiB; if it is not, grade this check by hand.",
    },
  }),
]
