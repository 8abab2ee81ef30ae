import { code } from '../text/josa.ts'
import { type Cause, cause } from './cause.ts'
import { type Access, clusterTrouble } from './cluster-trouble.ts'

/** Why a cluster could not be looked at, or must not be. */

function access(code: string, final: boolean, texts: Pick<Cause<Access>, 'message' | 'advice' | 'grace'>) {
  return cause<Access>({
    code,
    final,
    find(situation) {
      const found = clusterTrouble(situation)
      return found?.code === code ? found.evidence : null
    },
    ...texts,
  })
}

const q = (word: string | undefined) => (word ? `\`${word}\`` : '')
const paused = /unpause/
/** An API server that has just started knows nobody's rights yet, ms. */
const startUp = 10_000
/** Why a program did not start, in kubectl's words and in ours. */
const missing = /not found|tool\.missing/

/** The kind cluster's name where the context is one, as an option. */
function nameOption(context = ''): string {
  return context.startsWith('kind-') ? ` --name ${context.slice('kind-'.length)}` : ''
}

/** What to look at where nobody answers. */
function onTheWay({ server = '', reason = '', context = '' }: Access): { ko: string; en: string } {
  if (/proxyconnect/.test(reason))
    return {
      ko: 'API 서버로 가는 길에 있는 프록시가 대답하지 않아요. `env | grep -i proxy`로 주소를 보고, 거칠 필요가 없으면 `NO_PROXY`에 API 서버의 주소를 넣으세요.',
      en: 'The proxy on the way to the API server does not answer. See its address with `env | grep -i proxy`; where none is needed, put the address of the API server into `NO_PROXY`.',
    }
  if (/no such host|server misbehaving|ENOTFOUND|EAI_AGAIN/.test(reason))
    return {
      ko: '서버의 이름을 찾지 못했어요. `kubectl config view --minify`의 `server:` 주소가 맞는지, 인터넷이나 VPN에 연결되어 있는지 확인하세요.',
      en: 'The name of the server could not be found. See whether `server:` in `kubectl config view --minify` is right, and whether you are connected to the internet or the VPN.',
    }
  if (server.endsWith(':8080'))
    return {
      ko: 'kubectl에 설정이 없으면 이 주소로 가요. `kubectl config get-contexts`로 컨텍스트가 있는지, `echo $KUBECONFIG`에 다른 파일이 있지는 않은지 보세요. 컨텍스트가 없으면 `kind export kubeconfig`로 만드세요.',
      en: 'kubectl goes to this address when it has no configuration. See with `kubectl config get-contexts` whether there is a context, and whether `echo $KUBECONFIG` names another file; `kind export kubeconfig` makes a context anew.',
    }
  if (context !== '' && !context.startsWith('kind-'))
    return {
      ko: '`kubectl config view --minify`의 `server:` 주소가 맞는지, 그 클러스터가 켜져 있고 네트워크나 VPN으로 닿는지 확인하세요.',
      en: 'See whether `server:` in `kubectl config view --minify` is right, and whether that cluster is up and within reach of your network or VPN.',
    }
  return {
    ko: '막 만들었거나 켠 클러스터라면 조금 기다리세요. 아니면 `docker ps -a`에서 kind 노드 컨테이너가 떠 있는지 보세요.',
    en: 'If the cluster was just made or started, give it a moment. Otherwise see in `docker ps -a` whether the node container of kind runs.',
  }
}

export const cluster = [
  access('k8s.wrong-context', true, {
    message: {
      ko: ({ context = '', current }) =>
        current
          ? `지금 kubectl은 ${q(current)} 컨텍스트의 클러스터로 가는데, 이 실습의 클러스터는 ${code(context, '이에요/예요')}.`
          : 'kubectl에 현재 컨텍스트가 없어요.',
      en: ({ context = '', current }) =>
        current
          ? `kubectl goes to the cluster of the context ${q(current)} now, but this lab is about ${q(context)}.`
          : 'kubectl has no current context.',
    },
    advice: {
      ko: ({ context = '', ran }) =>
        `${ran ? '' : '다른 클러스터를 건드리지 않으려고 실행하지 않았어요. '}\`kubectl config use-context ${context}\`로 바꾸고 다시 해 보세요. 정말 다른 클러스터에서 하려면 \`--context 이름\`을 붙여 \`lab run\`을 시작하세요.`,
      en: ({ context = '', ran }) =>
        `${ran ? '' : 'Nothing was run, so that no other cluster is touched. '}Change over with \`kubectl config use-context ${context}\` and try again. If you do want another cluster, start \`lab run\` with \`--context NAME\`.`,
    },
  }),
  access('k8s.other-cluster', true, {
    message: {
      ko: ({ context = '', server }) =>
        `${q(context)} 컨텍스트가 이 실습의 클러스터가 아닌 곳(${q(server)})을 가리켜요.`,
      en: ({ context = '', server }) =>
        `The context ${q(context)} leads elsewhere (${q(server)}) than to the cluster of this lab.`,
    },
    advice: {
      ko: ({ context = '', expected }) =>
        expected
          ? `처음에 고른 클러스터는 ${q(expected)}였어요. 맞는 클러스터라면 \`lab run --context ${context}\`로 다시 고르세요.`
          : `\`kind export kubeconfig --name ${context.replace(/^kind-/, '')}\`로 컨텍스트를 다시 쓰세요.`,
      en: ({ context = '', expected }) =>
        expected
          ? `You had chosen the one at ${q(expected)}. If this one is right, choose it again with \`lab run --context ${context}\`.`
          : `Write the context anew with \`kind export kubeconfig --name ${context.replace(/^kind-/, '')}\`.`,
    },
  }),
  access('k8s.cluster-missing', true, {
    message: {
      ko: ({ cluster = '' }) => `kind 클러스터 ${code(cluster, '이/가')} 없어요.`,
      en: ({ cluster = '' }) => `There is no kind cluster ${q(cluster)}.`,
    },
    advice: {
      ko: () =>
        '`kind get clusters`로 목록을 보세요. 지웠거나 아직 만들지 않았다면 `kind-cluster` 실습에서 만들 수 있어요. kubectl의 컨텍스트는 클러스터가 없어져도 남을 수 있어요.',
      en: () =>
        'List them with `kind get clusters`. If it was deleted, or not made yet, the lab `kind-cluster` makes it. A context of kubectl may stay behind when its cluster is gone.',
    },
  }),
  access('k8s.node-stopped', true, {
    // It may be starting again, or somebody pauses it for a moment.
    grace: 30_000,
    message: {
      ko: ({ cluster = '', command = '' }) =>
        paused.test(command)
          ? `kind 클러스터 ${q(cluster)}의 노드 컨테이너가 일시 정지(pause)되어 있어요.`
          : `kind 클러스터 ${q(cluster)}의 노드 컨테이너가 멈춰 있어요.`,
      en: ({ cluster = '', command = '' }) =>
        `A node container of the kind cluster ${q(cluster)} is ${paused.test(command) ? 'paused' : 'stopped'}.`,
    },
    advice: {
      ko: ({ command = '' }) =>
        `${paused.test(command) ? '' : '컴퓨터나 Docker를 다시 시작하면 이렇게 될 수 있어요. '}${code(command, '으로/로')} 다시 돌게 하고, API 서버가 대답할 때까지 조금 기다리세요.`,
      en: ({ command = '' }) =>
        `${paused.test(command) ? '' : 'That can be so after a restart of the machine or of Docker. '}Make it run again with ${q(command)} and give the API server a moment.`,
    },
  }),
  access('k8s.no-context', true, {
    message: {
      ko: ({ context = '' }) => `kubectl 설정에 ${code(context, '이라/라')}는 컨텍스트가 없어요.`,
      en: ({ context = '' }) => `kubectl's configuration has no context ${q(context)}.`,
    },
    advice: {
      ko: ({ context = '', near }) =>
        near
          ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? \`kubectl config get-contexts\`에서 이름을 볼 수 있어요.`
          : context.startsWith('kind-')
            ? `\`kubectl config get-contexts\`로 목록을 보세요. 클러스터가 있는데 컨텍스트만 없다면 \`kind export kubeconfig --name ${context.slice(5)}\`로 다시 쓸 수 있어요. \`echo $KUBECONFIG\`에 다른 파일이 있지는 않은지도 보세요.`
            : '`kubectl config get-contexts`로 목록을 보고, 그 가운데 하나를 `kubectl config use-context`로 고르세요.',
      en: ({ context = '', near }) =>
        near
          ? `Did you mean ${q(near)}? \`kubectl config get-contexts\` lists the names.`
          : context.startsWith('kind-')
            ? `List them with \`kubectl config get-contexts\`. If the cluster is there and only its context is not, \`kind export kubeconfig --name ${context.slice(5)}\` writes it anew. Also see whether \`echo $KUBECONFIG\` names another file.`
            : 'List them with `kubectl config get-contexts`, and choose one of them with `kubectl config use-context`.',
    },
  }),
  access('k8s.bad-kubeconfig', true, {
    message: {
      ko: ({ file }) => `kubectl 설정 파일${file ? ` ${q(file)}` : ''}을 읽을 수 없어요.`,
      en: ({ file }) => `kubectl's configuration${file ? ` ${q(file)}` : ''} cannot be read.`,
    },
    advice: {
      ko: ({ reason }) =>
        `${reason ? `${q(reason)} 오류예요. ` : ''}그 부분을 고치거나, 파일을 다른 이름으로 옮긴 뒤 \`kind export kubeconfig\`로 다시 만드세요.`,
      en: ({ reason }) =>
        `${reason ? `It says ${q(reason)}. ` : ''}Mend that, or move the file away and make it anew with \`kind export kubeconfig\`.`,
    },
  }),
  access('k8s.plugin-failed', true, {
    message: {
      ko: ({ command }) =>
        command
          ? `로그인 정보를 주는 프로그램 ${code(command, '이/가')} 실패했어요.`
          : '로그인 정보를 주는 프로그램이 실패했어요.',
      en: ({ command }) => `The program ${command ? `${q(command)} ` : ''}that gives the credentials failed.`,
    },
    advice: {
      ko: ({ command, reason = '' }) =>
        missing.test(reason)
          ? `${command ? `\`command -v ${command}\`로 ` : ''}설치되어 있는지 확인하세요. kind 클러스터에는 이런 프로그램이 필요 없으니, 컨텍스트가 맞는지도 \`kubectl config current-context\`로 보세요.`
          : `${reason ? `${q(reason)} 오류예요. ` : ''}로그인이 끝났을 수 있으니 다시 로그인하고, 터미널에서 \`kubectl get nodes\`가 되는지 먼저 확인하세요.`,
      en: ({ command, reason = '' }) =>
        missing.test(reason)
          ? `See ${command ? `with \`command -v ${command}\` ` : ''}whether it is installed. A kind cluster needs no such program: see with \`kubectl config current-context\` whether the context is right.`
          : `${reason ? `It says ${q(reason)}. ` : ''}The login may have ended: log in again, and see first whether \`kubectl get nodes\` works in a terminal.`,
    },
  }),
  access('k8s.unreachable', false, {
    message: {
      ko: ({ server }) => `클러스터의 API 서버${server ? `(${q(server)})` : ''}가 대답하지 않아요.`,
      en: ({ server }) => `The API server of the cluster${server ? ` (${q(server)})` : ''} does not answer.`,
    },
    advice: { ko: evidence => onTheWay(evidence).ko, en: evidence => onTheWay(evidence).en },
  }),
  access('k8s.not-an-api', true, {
    message: {
      ko: () => 'kubectl이 물어본 주소에서 API 서버가 아니라 웹 페이지가 대답했어요.',
      en: () => 'What answers at the address that kubectl asks is a web page, not an API server.',
    },
    advice: {
      ko: () =>
        '`kubectl config view --minify`의 `server:`가 맞는 주소인지 보고, `env | grep -i proxy`로 프록시를 거치지 않는지도 확인하세요.',
      en: () =>
        'See whether `server:` in `kubectl config view --minify` is the right address, and with `env | grep -i proxy` whether a proxy is in the way.',
    },
  }),
  access('k8s.certificate', true, {
    message: {
      ko: () => 'API 서버의 인증서가 kubectl 설정에 있는 것과 맞지 않아요.',
      en: () => "The API server's certificate does not fit the one in kubectl's configuration.",
    },
    advice: {
      ko: ({ context }) =>
        `클러스터를 지우고 같은 이름으로 다시 만들었는데 옛 설정이 남아 있으면 이렇게 돼요. \`kind export kubeconfig${nameOption(context)}\`로 설정을 새로 쓰세요. 인증서 검사를 끄지는 마세요.`,
      en: ({ context }) =>
        `That is so when a cluster was deleted and made again under its name, and the old configuration stayed. Write it anew with \`kind export kubeconfig${nameOption(context)}\`. Do not turn the verification off.`,
    },
  }),
  access('k8s.unauthorized', true, {
    grace: startUp,
    message: {
      ko: () => 'API 서버가 지금의 로그인 정보를 받아 주지 않아요.',
      en: () => 'The API server does not accept the credentials.',
    },
    advice: {
      ko: ({ context }) =>
        `\`kubectl config view --minify\`로 어느 서버와 사용자를 쓰는지 보세요. 설정이 없으면 kubectl은 localhost:8080으로 가는데, 거기서 다른 프로그램이 대답할 수도 있어요. kind 클러스터라면 \`kind export kubeconfig${nameOption(context)}\`로 새 설정을 쓸 수 있어요.`,
      en: ({ context }) =>
        `See with \`kubectl config view --minify\` which server and user are meant. Without a configuration kubectl goes to localhost:8080, where another program may answer. For a kind cluster, \`kind export kubeconfig${nameOption(context)}\` writes a new one.`,
    },
  }),
  access('k8s.forbidden', true, {
    grace: startUp,
    message: {
      ko: ({ verb = '', resource = '', namespace, user }) =>
        `${user ? `사용자 ${code(user, '은/는')}` : '지금 사용자는'} ${namespace ? `${q(namespace)} 네임스페이스에서 ` : ''}${code(resource, '을/를')} ${q(verb)}할 권한이 없어요.`,
      en: ({ verb = '', resource = '', namespace, user }) =>
        `${user ? `The user ${q(user)}` : 'The current user'} may not ${q(verb)} ${q(resource)}${namespace ? ` in the namespace ${q(namespace)}` : ''}.`,
    },
    advice: {
      ko: ({ verb = '', resource = '', namespace }) =>
        `\`kubectl auth can-i ${verb} ${resource}${namespace ? ` -n ${namespace}` : ''}\`로 확인해 보세요. 다른 사용자로 해야 한다면 \`kubectl config view --minify\`로 컨텍스트의 사용자를 보고, 맞다면 그 권한을 주는 Role과 RoleBinding을 보세요.`,
      en: ({ verb = '', resource = '', namespace }) =>
        `Check with \`kubectl auth can-i ${verb} ${resource}${namespace ? ` -n ${namespace}` : ''}\`. If it should be another user, see the context's with \`kubectl config view --minify\`; if it is the right one, look at the Role and RoleBinding that give it the right.`,
    },
  }),
  access('k8s.error', false, {
    message: {
      ko: ({ status, message }) =>
        `API 서버가 ${status ? `HTTP ${status}${message ? `, ${q(message)}` : ''}로 답하며 ` : ''}요청을 처리하지 못했어요.`,
      en: ({ status, message }) =>
        `The API server could not handle the request${status ? ` (HTTP ${status})` : ''}${message ? `: ${q(message)}` : ''}.`,
    },
    advice: {
      ko: () => '`kubectl get --raw /readyz?verbose`로 API 서버의 상태를 보고 조금 뒤에 다시 해 보세요.',
      en: () => 'See how the API server is with `kubectl get --raw /readyz?verbose`, and try again in a moment.',
    },
  }),
]
