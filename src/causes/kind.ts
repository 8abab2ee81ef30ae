import { type ClusterSeen, contextOfKind, leadsTo, nodesOfKind } from '../check/kinds/kind-cluster.ts'
import type { ContainerView } from '../lab/machine.ts'
import { nearest } from '../lab/near.ts'
import type { Problem } from '../lab/verdict.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { differsAt, field, looked, seenAs } from './look.ts'

/** What the check of a kind cluster has seen of it. What kind itself says when it fails is in `kind-run.ts`. */

interface Seen {
  readonly name: string
  readonly seen: ClusterSeen
  readonly check: NonNullable<Situation['check']>
  readonly nodes: readonly ContainerView[]
}

function clusterCheck(situation: Situation): Seen | null {
  const check = looked(situation, 'kind.cluster')
  if (!check) return null
  const name = field(check, 'name')
  const seen = seenAs<ClusterSeen>(check)
  return { name, seen, check, nodes: nodesOfKind(seen.containers, name) }
}

export function stoppedNode(situation: Situation): { cluster: string; command: string } | null {
  const found = clusterCheck(situation)
  const node = found?.nodes.find(each => each.state !== 'running')
  return found && node ? { cluster: found.name, command: nodeCommand(node) } : null
}

/** What makes a node run again. */
export function nodeCommand({ name, state }: ContainerView): string {
  return `docker ${state === 'paused' ? 'unpause' : 'start'} ${name}`
}

/** The cluster's context leads elsewhere than to its nodes. */
export function elsewhereInCheck(situation: Situation): { context: string; server: string } | null {
  const found = clusterCheck(situation)
  const context = found && contextIn(found)
  if (!found || !context || found.nodes.length === 0 || leadsTo(context, found.nodes)) return null
  return { context: context.name, server: context.server }
}

/** Why the API server would not answer, where waiting does not help. */
export function problemInCheck(situation: Situation): Problem | null {
  const problem = clusterCheck(situation)?.seen.api?.problem
  return problem && problem.code !== 'k8s.unreachable' && problem.code !== 'k8s.error' ? problem : null
}

function contextIn({ seen, name }: Seen) {
  return seen.config?.contexts.find(each => each.name === contextOfKind(name))
}

export const kind = [
  cause<{ cluster: string }>({
    code: 'kind.not-created',
    final: false,
    find(situation) {
      const found = clusterCheck(situation)
      if (!found || found.seen.containers.length > 0) return null
      return { cluster: found.name }
    },
    message: {
      ko: ({ cluster }) => `kind 클러스터 ${code(cluster, '이/가')} 아직 없어요.`,
      en: ({ cluster }) => `The kind cluster \`${cluster}\` is not there yet.`,
    },
    advice: {
      ko: () =>
        '`kind get clusters`로 목록을 볼 수 있어요. 만드는 명령이 오류로 끝났다면 출력에서 `ERROR:`로 시작하는 줄을 보세요.',
      en: () =>
        '`kind get clusters` lists them. If the command that makes it ended with an error, look at the line that begins with `ERROR:`.',
    },
  }),
  cause<{ cluster: string; found: string }>({
    code: 'kind.other-name',
    final: false,
    find(situation) {
      const check = clusterCheck(situation)
      if (!check || check.nodes.length > 0) return null
      const names = check.seen.containers.map(each => each.labels['io.x-k8s.kind.cluster'] ?? '')
      const found = nearest(check.name, names) ?? names[0]
      return found === undefined ? null : { cluster: check.name, found }
    },
    message: {
      ko: ({ cluster, found }) => `kind 클러스터 ${code(found, '은/는')} 있지만 ${code(cluster, '이/가')} 없어요.`,
      en: ({ cluster, found }) => `There is a kind cluster \`${found}\`, but none with the name \`${cluster}\`.`,
    },
    advice: {
      ko: () =>
        '이 실습은 정해진 이름의 클러스터만 써요. 만들 때 `--name`을 어떻게 주었는지, 설정 파일에 `name:`이 있는지 보세요.',
      en: () =>
        'This lab uses the cluster of that name only. See which `--name` you gave when you made it, or whether the configuration has a `name:`.',
    },
  }),
  cause<{ cluster: string; port: string }>({
    code: 'kind.port-missing',
    final: true,
    find(situation) {
      const found = clusterCheck(situation)
      if (!found) return null
      const port = /^ports\.(?:"|\[)?(\d+)\/tcp/.exec(
        found.check.differences.find(each => /^ports/.test(each.path))?.path ?? '',
      )?.[1]
      return port && differsAt(found.check, /^ports/) ? { cluster: found.name, port } : null
    },
    message: {
      ko: ({ cluster, port }) =>
        `클러스터 ${code(cluster, '은/는')} 있지만 노드의 ${port}번 포트가 이 컴퓨터에 이어져 있지 않아요.`,
      en: ({ cluster, port }) =>
        `The cluster \`${cluster}\` is there, but port ${port} of its node is not mapped to this machine.`,
    },
    advice: {
      ko: ({ cluster }) =>
        `포트는 클러스터를 만들 때만 정할 수 있어요. \`extraPortMappings\`가 있는 설정 파일을 \`--config\`로 주었는지 보고, \`kind delete cluster --name ${cluster}\`로 지운 다음 다시 만드세요.`,
      en: ({ cluster }) =>
        `Ports are fixed when a cluster is made. See whether you gave the configuration with \`extraPortMappings\` by \`--config\`; delete the cluster with \`kind delete cluster --name ${cluster}\` and make it again.`,
    },
  }),
  cause<{ cluster: string; waits: string }>({
    code: 'kind.not-ready',
    final: false,
    find(situation) {
      const found = clusterCheck(situation)
      if (!found || stoppedNode(situation) || problemInCheck(situation)) return null
      const { seen, name, nodes } = found
      if (!contextIn(found) || !seen.api || nodes.length === 0) return null
      if (seen.api.problem || !seen.api.ready) return { cluster: name, waits: 'api-server' }
      const late = seen.api.nodes.find(each => !each.ready)
      if (late) return { cluster: name, waits: late.name }
      return seen.api.serviceAccount ? null : { cluster: name, waits: 'serviceaccount/default' }
    },
    message: {
      ko: ({ cluster, waits }) =>
        `클러스터 ${code(cluster, '이/가')} 아직 준비되지 않아서 ${code(waits, '을/를')} 기다리고 있어요.`,
      en: ({ cluster, waits }) => `The cluster \`${cluster}\` is not ready yet: it waits for \`${waits}\`.`,
    },
    advice: {
      ko: () =>
        '보통 1분 안에 준비돼요. 오래 걸리면 `kubectl get nodes`와 `kubectl get pods -n kube-system`을 보세요. 노드 상태의 이유는 `kubectl describe node`에 있어요.',
      en: () =>
        'That usually takes less than a minute. If it takes longer, look at `kubectl get nodes` and `kubectl get pods -n kube-system`; `kubectl describe node` says why a node is not Ready.',
    },
  }),
  cause<{ cluster: string }>({
    code: 'kind.no-context',
    final: true,
    find(situation) {
      const found = clusterCheck(situation)
      if (!found?.seen.config || found.nodes.length === 0 || stoppedNode(situation)) return null
      return contextIn(found) ? null : { cluster: found.name }
    },
    message: {
      ko: ({ cluster }) => `클러스터 ${code(cluster, '은/는')} 있지만 kubectl 설정에 그 컨텍스트가 없어요.`,
      en: ({ cluster }) => `The cluster \`${cluster}\` is there, but kubectl's configuration has no context for it.`,
    },
    advice: {
      ko: ({ cluster }) =>
        `아직 만들고 있다면 끝날 때까지 기다리세요. 다 만들었다면 \`kind export kubeconfig --name ${cluster}\`가 컨텍스트를 다시 써 줘요. 그것이 실패하면 만들다가 중단된 것이니, \`kind delete cluster --name ${cluster}\`로 지우고 다시 만드세요. \`echo $KUBECONFIG\`에 다른 파일이 있지는 않은지도 보세요.`,
      en: ({ cluster }) =>
        `While it is still being made, wait for the end. Once it is made, \`kind export kubeconfig --name ${cluster}\` writes the context anew; where that fails, making it was broken off: \`kind delete cluster --name ${cluster}\`, then make it again. Also see whether \`echo $KUBECONFIG\` names another file.`,
    },
  }),
]
