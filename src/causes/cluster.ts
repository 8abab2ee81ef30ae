import { contextOfKind, nodesOfKind } from '../check/kinds/kind-cluster.ts'
import { code } from '../text/josa.ts'
import type { Cause, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { stoppedNode } from './kind.ts'
import { known, said } from './look.ts'

/** Why a cluster could not be looked at, or must not be: the way there, not what is in it. */

type Access = {
  context?: string
  current?: string
  cluster?: string
  server?: string
  expected?: string
  reason?: string
  file?: string
  command?: string
  verb?: string
  resource?: string
  namespace?: string
  status?: string
  message?: string
}

/** What kubectl said; each pattern names its groups after the evidence. */
const wordings: readonly [code: string, pattern: RegExp][] = [
  ['k8s.bad-kubeconfig', /error loading config file "(?<file>[^"]+)": (?<reason>.+)/],
  [
    'k8s.no-context',
    /context "(?<context>[^"]+)" does not exist|context was not found for specified context: (?<context2>\S+)|no context exists with the name: "(?<context3>[^"]+)"/,
  ],
  [
    'k8s.certificate',
    /Unable to connect to the server: (?<reason>(?:tls: failed to verify certificate: )?x509: [^(\n]*[^(\s])/,
  ],
  ['k8s.unauthorized', /You must be logged in to the server/],
  [
    'k8s.forbidden',
    /is forbidden: User "[^"]*" cannot (?<verb>\w+) resource "(?<resource>[^"]+)"(?:.*in the namespace "(?<namespace>[^"]+)")?/,
  ],
  [
    'k8s.unreachable',
    /The connection to the server (?<server>\S+) was refused|Unable to connect to the server: (?<reason>(?!x509|tls: failed).+)|failed to download openapi: .*dial tcp (?<server2>\S+): connect: (?<reason2>connection refused)/,
  ],
]

/** One code at most: what a look reported, or what the kubectl command said. State decides between what reads the same. */
function trouble(situation: Situation): { code: string; evidence: Access } | null {
  const node = stoppedNode(situation)
  if (node) return { code: 'k8s.node-stopped', evidence: { ...node, context: contextOfKind(node.cluster) } }
  const found = reported(situation) ?? spoken(situation)
  if (!found) return null
  return found.code === 'k8s.unreachable' || found.code === 'k8s.no-context' ? byState(situation, found) : found
}

function reported({ check }: Situation): { code: string; evidence: Access } | null {
  if (!check?.problem?.code.startsWith('k8s.')) return null
  const entries = Object.entries(check.problem.evidence).map(([key, value]) => [key, String(value)])
  return { code: check.problem.code, evidence: Object.fromEntries(entries) as Access }
}

function spoken(situation: Situation): { code: string; evidence: Access } | null {
  const text = said(situation)
  const found = wordings.find(([, pattern]) => pattern.test(text))
  if (!found) return null
  const { server2, reason2, context2, context3, ...groups } = found[1].exec(text)?.groups ?? {}
  const { server = server2, reason = reason2, context = context2 ?? context3 } = groups
  return { code: found[0], evidence: known({ ...groups, server, reason, context }) as Access }
}

/**
 * A stopped node, a deleted cluster whose context is left and a kubectl without any configuration sound the same: the
 * engine and the configuration know which it is.
 */
function byState({ facts }: Situation, found: { code: string; evidence: Access }): { code: string; evidence: Access } {
  const { cluster, containers } = facts
  const context = cluster?.context ?? ''
  const name = context.replace(/^kind-/, '')
  if (!cluster || !containers || context !== contextOfKind(name)) return found
  const nodes = nodesOfKind(containers, name)
  if (nodes.length === 0) return { code: 'k8s.cluster-missing', evidence: { context, cluster: name } }
  const stopped = nodes.find(each => each.state === 'exited' || each.state === 'paused')
  if (stopped) return { code: 'k8s.node-stopped', evidence: { context, cluster: name, command: commandFor(stopped) } }
  return found
}

function commandFor({ name, state }: { name: string; state: string }): string {
  return state === 'paused' ? `docker unpause ${name}` : `docker start ${name}`
}

function access(code: string, final: boolean, texts: Pick<Cause<Access>, 'message' | 'advice' | 'grace'>) {
  return cause<Access>({
    code,
    final,
    find(situation) {
      const found = trouble(situation)
      return found?.code === code ? found.evidence : null
    },
    ...texts,
  })
}

const q = (word: string | undefined) => (word ? `\`${word}\`` : '')

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
      ko: ({ context = '' }) =>
        `다른 클러스터를 건드리지 않으려고 실행하지 않았어요. \`kubectl config use-context ${context}\`로 바꾸고 다시 해 보세요. 정말 다른 클러스터에서 하려면 \`--context 이름\`을 붙여 \`lab run\`을 시작하세요.`,
      en: ({ context = '' }) =>
        `Nothing was run, so that no other cluster is touched. Change over with \`kubectl config use-context ${context}\` and try again. If you do want another cluster, start \`lab run\` with \`--context NAME\`.`,
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
      ko: ({ cluster = '' }) => `kind 클러스터 ${q(cluster)}의 노드 컨테이너가 멈춰 있어요.`,
      en: ({ cluster = '' }) => `A node container of the kind cluster ${q(cluster)} is stopped.`,
    },
    advice: {
      ko: ({ command = '' }) =>
        `컴퓨터나 Docker를 다시 시작하면 이렇게 될 수 있어요. \`${command}\`로 켜고, API 서버가 대답할 때까지 조금 기다리세요.`,
      en: ({ command = '' }) =>
        `That can be so after a restart of the machine or of Docker. Start it with \`${command}\` and give the API server a moment.`,
    },
  }),
  access('k8s.no-context', true, {
    message: {
      ko: ({ context = '' }) => `kubectl 설정에 ${code(context, '이라/라')}는 컨텍스트가 없어요.`,
      en: ({ context = '' }) => `kubectl's configuration has no context ${q(context)}.`,
    },
    advice: {
      ko: ({ context = '' }) =>
        context.startsWith('kind-')
          ? `\`kubectl config get-contexts\`로 목록을 보세요. 클러스터가 있는데 컨텍스트만 없다면 \`kind export kubeconfig --name ${context.slice(5)}\`로 다시 쓸 수 있어요. \`echo $KUBECONFIG\`에 다른 파일이 있지는 않은지도 보세요.`
          : '`kubectl config get-contexts`로 목록을 보고, `echo $KUBECONFIG`에 다른 파일이 있지는 않은지 보세요.',
      en: ({ context = '' }) =>
        context.startsWith('kind-')
          ? `List them with \`kubectl config get-contexts\`. If the cluster is there and only its context is not, \`kind export kubeconfig --name ${context.slice(5)}\` writes it anew. Also see whether \`echo $KUBECONFIG\` names another file.`
          : 'List them with `kubectl config get-contexts`, and see whether `echo $KUBECONFIG` names another file.',
    },
  }),
  access('k8s.bad-kubeconfig', true, {
    message: {
      ko: ({ file }) => `kubectl 설정 파일${file ? ` ${q(file)}` : ''}을 읽을 수 없어요.`,
      en: ({ file }) => `kubectl's configuration${file ? ` ${q(file)}` : ''} cannot be read.`,
    },
    advice: {
      ko: ({ reason }) =>
        `${reason ? `${q(reason)} 오류예요. ` : ''}그 줄을 고치거나, 파일을 다른 이름으로 옮긴 뒤 \`kind export kubeconfig\`로 다시 만드세요.`,
      en: ({ reason }) =>
        `${reason ? `It says ${q(reason)}. ` : ''}Mend that line, or move the file away and make it anew with \`kind export kubeconfig\`.`,
    },
  }),
  access('k8s.plugin-failed', true, {
    message: {
      ko: ({ command }) => `로그인 정보를 주는 프로그램 ${code(command ?? '', '이/가')} 실패했어요.`,
      en: ({ command }) => `The program ${q(command)} that gives the credentials failed.`,
    },
    advice: {
      ko: ({ reason }) =>
        `${reason ? `${q(reason)} 오류예요. ` : ''}터미널에서 \`kubectl get nodes\`가 되는지 먼저 확인하세요.`,
      en: ({ reason }) =>
        `${reason ? `It says ${q(reason)}. ` : ''}First see whether \`kubectl get nodes\` works in a terminal.`,
    },
  }),
  access('k8s.unreachable', false, {
    message: {
      ko: ({ server }) => `클러스터의 API 서버${server ? `(${q(server)})` : ''}가 대답하지 않아요.`,
      en: ({ server }) => `The API server of the cluster${server ? ` (${q(server)})` : ''} does not answer.`,
    },
    advice: {
      ko: ({ server }) =>
        server?.includes('localhost:8080')
          ? 'kubectl에 설정이 없으면 이 주소로 가요. `kubectl config get-contexts`로 컨텍스트가 있는지 보고, 없으면 `kind export kubeconfig`로 만드세요.'
          : '막 만들었거나 켠 클러스터라면 조금 기다리세요. 아니면 `docker ps -a`에서 kind 노드 컨테이너가 떠 있는지 보세요.',
      en: ({ server }) =>
        server?.includes('localhost:8080')
          ? 'kubectl goes to this address when it has no configuration. See with `kubectl config get-contexts` whether there is a context; if not, `kind export kubeconfig` makes it.'
          : 'If the cluster was just made or started, give it a moment. Otherwise see in `docker ps -a` whether the node container of kind runs.',
    },
  }),
  access('k8s.certificate', true, {
    message: {
      ko: () => 'API 서버의 인증서가 kubectl 설정에 있는 것과 맞지 않아요.',
      en: () => "The API server's certificate does not fit the one in kubectl's configuration.",
    },
    advice: {
      ko: () =>
        '같은 이름의 클러스터를 지우고 다시 만들면 옛 설정이 남아 있을 때 이렇게 돼요. `kind export kubeconfig`로 설정을 새로 쓰세요. 인증서 검사를 끄지는 마세요.',
      en: () =>
        'That is so when a cluster was deleted and made again under its name, and the old configuration stayed. Write it anew with `kind export kubeconfig`. Do not turn the verification off.',
    },
  }),
  access('k8s.unauthorized', true, {
    message: {
      ko: () => 'API 서버가 지금의 로그인 정보를 받아 주지 않아요.',
      en: () => 'The API server does not accept the credentials.',
    },
    advice: {
      ko: () =>
        '`kubectl config view --minify`로 어느 서버와 사용자를 쓰는지 보세요. 설정이 없으면 kubectl은 localhost:8080으로 가는데, 거기서 다른 프로그램이 대답할 수도 있어요. kind 클러스터라면 `kind export kubeconfig`가 새 설정을 써 줘요.',
      en: () =>
        'See with `kubectl config view --minify` which server and user are meant. Without a configuration kubectl goes to localhost:8080, where another program may answer. For a kind cluster, `kind export kubeconfig` writes a new one.',
    },
  }),
  access('k8s.forbidden', true, {
    message: {
      ko: ({ verb = '', resource = '', namespace }) =>
        `지금 사용자는 ${namespace ? `${q(namespace)} 네임스페이스에서 ` : ''}${q(resource)}에 ${q(verb)} 권한이 없어요.`,
      en: ({ verb = '', resource = '', namespace }) =>
        `The current user may not ${q(verb)} ${q(resource)}${namespace ? ` in the namespace ${q(namespace)}` : ''}.`,
    },
    advice: {
      ko: ({ verb = '', resource = '', namespace }) =>
        `\`kubectl auth can-i ${verb} ${resource}${namespace ? ` -n ${namespace}` : ''}\`로 확인하고, 어느 사용자인지 \`kubectl config view --minify\`로 보세요.`,
      en: ({ verb = '', resource = '', namespace }) =>
        `Check with \`kubectl auth can-i ${verb} ${resource}${namespace ? ` -n ${namespace}` : ''}\`, and see with \`kubectl config view --minify\` which user it is.`,
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
