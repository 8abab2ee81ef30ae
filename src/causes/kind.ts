import { type ClusterSeen, contextOfKind, nodesOfKind } from '../check/kinds/kind-cluster.ts'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { calls } from './line.ts'
import { differsAt, failing, field, known, looked, said, seenAs } from './look.ts'

/** kind: making, loading into and finding a cluster. */

/** What kind said, where it was kind that failed. */
function kindSaid(situation: Situation): string {
  const command = failing(situation)
  return command && calls(command.line, 'kind').length > 0 ? said(situation) : ''
}

function matchIn<G extends string>(situation: Situation, pattern: RegExp): Partial<Record<G, string>> | null {
  const match = pattern.exec(kindSaid(situation))
  return match ? ((match.groups ?? {}) as Partial<Record<G, string>>) : null
}

/** A failed check `kind.cluster`: the name, and what was seen. */
function clusterCheck(
  situation: Situation,
): { name: string; seen: ClusterSeen; check: NonNullable<Situation['check']> } | null {
  const check = looked(situation, 'kind.cluster')
  return check ? { name: field(check, 'name'), seen: seenAs<ClusterSeen>(check), check } : null
}

export function stoppedNode(situation: Situation): { cluster: string; command: string } | null {
  const found = clusterCheck(situation)
  if (!found) return null
  const node = nodesOfKind(found.seen.containers, found.name).find(each => each.state !== 'running')
  if (!node) return null
  return { cluster: found.name, command: `docker ${node.state === 'paused' ? 'unpause' : 'start'} ${node.name}` }
}

export const kind = [
  cause<{ name: string }>({
    code: 'kind.name-taken',
    final: true,
    find(situation) {
      const found = matchIn<'name'>(situation, /already exist for a cluster with the name "(?<name>[^"]+)"/)
      return found ? { name: found.name ?? 'kind' } : null
    },
    message: {
      ko: ({ name }) => `${code(name, '이라/라')}는 이름의 클러스터가 이미 있어요.`,
      en: ({ name }) => `There is a cluster with the name \`${name}\` already.`,
    },
    advice: {
      ko: ({ name }) =>
        `그대로 써도 된다면 다시 만들 필요가 없어요. \`kubectl cluster-info --context kind-${name}\`로 확인하세요. 새로 만들려면 먼저 \`kind delete cluster --name ${name}\`로 지우세요.`,
      en: ({ name }) =>
        `If it will do, there is no need to make it again: see \`kubectl cluster-info --context kind-${name}\`. For a new one, first \`kind delete cluster --name ${name}\`.`,
    },
  }),
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
      if (!check || nodesOfKind(check.seen.containers, check.name).length > 0) return null
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
      if (!found || stoppedNode(situation)) return null
      const { seen, name } = found
      const context = seen.config?.contexts.find(each => each.name === contextOfKind(name))
      if (!context || !seen.api || nodesOfKind(seen.containers, name).length === 0) return null
      if (seen.api.problem || !seen.api.ready) return { cluster: name, waits: 'api-server' }
      const late = seen.api.nodes.find(each => !each.ready)
      if (late) return { cluster: name, waits: late.name }
      return seen.api.serviceAccount ? null : { cluster: name, waits: 'serviceaccount/default' }
    },
    message: {
      ko: ({ cluster, waits }) =>
        `클러스터 ${code(cluster, '이/가')} 아직 준비되지 않았어요(${code(waits, '을/를')} 기다려요).`,
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
      if (!found || stoppedNode(situation)) return null
      const { seen, name } = found
      if (nodesOfKind(seen.containers, name).length === 0 || !seen.config) return null
      return seen.config.contexts.some(each => each.name === contextOfKind(name)) ? null : { cluster: name }
    },
    message: {
      ko: ({ cluster }) => `클러스터 ${code(cluster, '은/는')} 있지만 kubectl 설정에 그 컨텍스트가 없어요.`,
      en: ({ cluster }) => `The cluster \`${cluster}\` is there, but kubectl's configuration has no context for it.`,
    },
    advice: {
      ko: ({ cluster }) =>
        `\`kind export kubeconfig --name ${cluster}\`가 컨텍스트를 다시 써 줘요. \`echo $KUBECONFIG\`에 다른 파일이 있지는 않은지도 보세요.`,
      en: ({ cluster }) =>
        `\`kind export kubeconfig --name ${cluster}\` writes it anew. Also see whether \`echo $KUBECONFIG\` names another file.`,
    },
  }),
  cause<{ image: string }>({
    code: 'kind.node-image',
    final: true,
    find(situation) {
      const found = matchIn<'image'>(situation, /failed to pull image "(?<image>[^"]+)"/)
      return found ? { image: found.image ?? '' } : null
    },
    message: {
      ko: ({ image }) => `노드 이미지 ${code(image.replace(/@sha256.*/, ''), '을/를')} 받지 못했어요.`,
      en: ({ image }) => `The node image \`${image.replace(/@sha256.*/, '')}\` could not be pulled.`,
    },
    advice: {
      ko: () =>
        '인터넷 연결과 디스크 공간(`df -h`)을 보세요. 강의실 네트워크라면 Docker Hub의 내려받기 제한일 수도 있어요. `docker pull`로 직접 받아 보면 이유가 보여요.',
      en: () =>
        'See whether the network works and the disk has room (`df -h`). In a classroom it may be the pull limit of Docker Hub. `docker pull` by hand shows the reason.',
    },
  }),
  cause({
    code: 'kind.node-start',
    final: false,
    find: situation => (matchIn(situation, /could not find a log line that matches/) ? {} : null),
    message: {
      ko: () => '노드 컨테이너가 제때 시작하지 못했어요.',
      en: () => 'The node container did not start in time.',
    },
    advice: {
      ko: () =>
        '컴퓨터가 바쁠 때 그럴 수 있으니 한 번 더 해 보세요. 계속되면 inotify 제한(`sysctl fs.inotify.max_user_instances`)을 512 이상으로 올리고, kind와 노드 이미지의 버전이 맞는지 보세요.',
      en: () =>
        'A busy machine can do that: try once more. If it stays, raise the inotify limit (`sysctl fs.inotify.max_user_instances`) to 512 or more, and see whether the node image fits the version of kind.',
    },
  }),
  cause<{ phase: string }>({
    code: 'kind.kubeadm',
    final: true,
    find(situation) {
      const found = matchIn<'phase'>(situation, /failed to (?<phase>init|join) node with kubeadm/)
      return found ? { phase: found.phase ?? 'init' } : null
    },
    message: {
      ko: () => '노드는 떴지만 Kubernetes가 그 안에서 시작하지 못했어요.',
      en: () => 'The node is up, but Kubernetes did not start in it.',
    },
    advice: {
      ko: () =>
        '대개 메모리(4GB 이상)나 디스크가 모자라요. `free -h`와 `df -h`를 보고, 다른 컨테이너와 클러스터를 정리한 뒤 다시 만드세요. 노드 수를 줄여도 좋아요.',
      en: () =>
        'Usually memory (4 GB or more) or disk is short. Look at `free -h` and `df -h`, remove other containers and clusters, and make it again; fewer nodes help, too.',
    },
  }),
  cause<{ port: string }>({
    code: 'kind.port-taken',
    final: true,
    find(situation) {
      const found = matchIn<'port'>(
        situation,
        /Bind for \S*?:(?<port>\d+) failed: port is already allocated|(?:listen tcp\d? |bind: )\S*?:(?<other>\d+).*address already in use/,
      )
      return found ? { port: found.port ?? (found as { other?: string }).other ?? '' } : null
    },
    message: {
      ko: ({ port }) => `설정 파일의 \`extraPortMappings\`에 있는 ${port}번 포트를 이미 다른 것이 쓰고 있어요.`,
      en: ({ port }) => `Port ${port} in \`extraPortMappings\` of the configuration is in use already.`,
    },
    advice: {
      ko: ({ port }) =>
        `\`docker ps --filter publish=${port}\`로 컨테이너를, \`ss -ltnp\`로 프로세스를 찾으세요. 그것을 멈추거나 설정의 \`hostPort\`를 바꾼 다음 다시 만드세요.`,
      en: ({ port }) =>
        `Look for a container with \`docker ps --filter publish=${port}\`, or a process with \`ss -ltnp\`. Stop it or change \`hostPort\`, then make the cluster again.`,
    },
  }),
  cause({
    code: 'kind.networks-full',
    final: true,
    find: situation =>
      matchIn(
        situation,
        /failed to ensure docker network|address pools have been fully subnetted|exhausted attempts trying to find a non-overlapping/,
      )
        ? {}
        : null,
    message: {
      ko: () => 'kind가 쓸 Docker 네트워크를 더 만들 수 없어요.',
      en: () => 'Docker cannot make another network for kind.',
    },
    advice: {
      ko: () => '`docker network ls`로 목록을 보고 쓰지 않는 네트워크를 지우세요.',
      en: () => 'List them with `docker network ls` and remove those that nothing uses.',
    },
  }),
  cause<{ name: string }>({
    code: 'kind.bad-name',
    final: true,
    find(situation) {
      const found = matchIn<'name'>(situation, /'(?<name>[^']+)' is not a valid cluster name/)
      return found ? { name: found.name ?? '' } : null
    },
    message: {
      ko: ({ name }) => `${code(name, '은/는')} 클러스터 이름으로 쓸 수 없어요.`,
      en: ({ name }) => `\`${name}\` cannot be the name of a cluster.`,
    },
    advice: {
      ko: () => '소문자, 숫자, `-`, `.`만 쓸 수 있어요.',
      en: () => 'Small letters, digits, `-` and `.` may be in it.',
    },
  }),
  cause<{ reason: string }>({
    code: 'kind.bad-config',
    final: true,
    find(situation) {
      const found = matchIn<'reason'>(
        situation,
        /(?:unable to decode config: |error reading file: |ERROR: failed to create cluster: )(?<reason>yaml: (?:unmarshal errors:\s*)?.+|unknown (?:kind|apiVersion).+|open \S+: no such file or directory|.*field \S+ not found in type \S+)/,
      )
      return found ? { reason: (found.reason ?? '').trim() } : null
    },
    message: {
      ko: ({ reason }) => `kind가 설정 파일을 읽지 못하고 ${code(reason, '이라/라')}고 했어요.`,
      en: ({ reason }) => `kind could not read the configuration: \`${reason}\`.`,
    },
    advice: {
      ko: () =>
        '그 줄의 들여쓰기와 철자를 보세요. 첫 두 줄은 `kind: Cluster`와 `apiVersion: kind.x-k8s.io/v1alpha4`예요. 파일을 못 찾았다면 `pwd`와 `ls`로 폴더를 확인하세요.',
      en: () =>
        'Look at the indentation and spelling there. The first two lines are `kind: Cluster` and `apiVersion: kind.x-k8s.io/v1alpha4`. If the file was not found, see where you are with `pwd` and `ls`.',
    },
  }),
  cause({
    code: 'kind.rootless',
    final: true,
    find: situation => (matchIn(situation, /running kind with rootless provider requires/) ? {} : null),
    message: {
      ko: () => '루트 없는(rootless) Docker로 kind를 쓰려면 준비가 더 필요해요.',
      en: () => 'kind needs more preparation with a rootless Docker.',
    },
    advice: {
      ko: () =>
        'cgroup v2와 `Delegate=yes` 설정이 필요해요. kind 문서의 Rootless 항목을 따르거나 보통의 Docker를 쓰세요.',
      en: () => 'It needs cgroup v2 and `Delegate=yes`. Follow the page Rootless of kind, or use the ordinary Docker.',
    },
  }),
  cause<{ image: string }>({
    code: 'kind.image-not-here',
    final: true,
    find(situation) {
      const found = matchIn<'image'>(situation, /image: "(?<image>[^"]+)" not present locally/)
      return found ? { image: found.image ?? '' } : null
    },
    message: {
      ko: ({ image }) => `이 컴퓨터에 ${code(image, '이라/라')}는 이미지가 없어서 노드에 넣을 수 없어요.`,
      en: ({ image }) => `There is no image \`${image}\` on this machine that could be loaded into the node.`,
    },
    advice: {
      ko: () => '`docker image ls`로 이름과 태그를 확인하세요. 아직 없다면 먼저 빌드하거나 받아야 해요.',
      en: () => 'Check name and tag with `docker image ls`. If it is not there, build or pull it first.',
    },
  }),
  cause<{ name: string; near?: string }>({
    code: 'kind.no-such-cluster',
    final: true,
    find(situation) {
      const found = matchIn<'name' | 'other'>(
        situation,
        /no nodes found for cluster "(?<name>[^"]+)"|could not locate any control plane nodes for cluster named '(?<other>[^']+)'/,
      )
      const name = found?.name ?? found?.other
      if (name === undefined) return null
      const names = (situation.facts.containers ?? []).flatMap(each => each.labels['io.x-k8s.kind.cluster'] ?? [])
      return known({ name, near: nearest(name, names) })
    },
    message: {
      ko: ({ name }) => `${code(name, '이라/라')}는 이름의 kind 클러스터가 없어요.`,
      en: ({ name }) => `There is no kind cluster with the name \`${name}\`.`,
    },
    advice: {
      ko: ({ near }) =>
        `${near ? `혹시 ${code(near, '이었/였')}나요? ` : ''}\`kind get clusters\`로 이름을 보고 \`--name\`을 확인하세요.`,
      en: ({ near }) =>
        `${near ? `Was it \`${near}\`? ` : ''}See the names with \`kind get clusters\`, then check \`--name\`.`,
    },
  }),
  cause({
    code: 'kind.load-digest',
    final: true,
    find: situation => (matchIn(situation, /ctr: content digest sha256:\w+: not found/) ? {} : null),
    message: {
      ko: () => 'containerd 이미지 저장소를 쓰는 Docker에서는 이 이미지를 바로 넣을 수 없어요.',
      en: () => 'With the containerd image store of Docker this image cannot be loaded directly.',
    },
    advice: {
      ko: () =>
        '`docker image save --platform`으로 한 플랫폼만 파일로 저장한 다음 `kind load image-archive`로 넣으세요.',
      en: () =>
        'Save one platform to a file with `docker image save --platform`, then load that with `kind load image-archive`.',
    },
  }),
]
