import { contextOfKind, nodesOfKind } from '../check/kinds/kind-cluster.ts'
import { nearest } from '../lab/near.ts'
import { code, particle } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { publishes } from './containers.ts'
import { nearImage } from './images.ts'
import { kindSaid } from './kind-usage.ts'
import { known } from './look.ts'
import { tabInYaml } from './manifest.ts'

/** What kind itself says when it fails: making a cluster, loading images into it. */

function matchIn<G extends string>(situation: Situation, pattern: RegExp): Partial<Record<G, string>> | null {
  const match = pattern.exec(kindSaid(situation))
  return match ? ((match.groups ?? {}) as Partial<Record<G, string>>) : null
}

export const kindRun = [
  cause<{ name: string; node?: string; contextless?: number }>({
    code: 'kind.name-taken',
    final: true,
    find(situation) {
      const found = matchIn<'name'>(situation, /already exist for a cluster with the name "(?<name>[^"]+)"/)
      if (!found) return null
      const name = found.name ?? 'kind'
      const { containers = [], cluster } = situation.facts
      const node = nodesOfKind(containers, name).find(each => each.state !== 'running')?.name
      const there = cluster?.config?.contexts.some(each => each.name === contextOfKind(name))
      return known({ name, node, contextless: there === false ? 1 : undefined }) as { name: string }
    },
    message: {
      ko: ({ name }) => `${code(name, '이라/라')}는 이름의 클러스터가 이미 있어요.`,
      en: ({ name }) => `There is a cluster with the name \`${name}\` already.`,
    },
    advice: {
      ko: ({ name, node, contextless }) =>
        `${contextless ? `그런데 kubectl 설정에 그 컨텍스트가 없으니, 만들다가 중단된 것일 수 있어요. \`kind export kubeconfig --name ${name}\`로 컨텍스트를 다시 써 보고, 실패하면 새로 만들어야 해요. ` : node ? `그런데 노드 ${code(node, '이/가')} 멈춰 있으니 \`docker start ${node}\`로 켜면 그대로 쓸 수 있어요. ` : `그대로 써도 된다면 다시 만들 필요가 없어요. \`kubectl cluster-info --context kind-${name}\`로 확인하세요. `}새로 만들려면 먼저 \`kind delete cluster --name ${name}\`로 지우세요.`,
      en: ({ name, node, contextless }) =>
        `${contextless ? `kubectl has no context for it, so it may have been broken off while it was made. Try \`kind export kubeconfig --name ${name}\`, which writes the context anew; where that fails, a new one is needed.` : node ? `Its node \`${node}\` is stopped: \`docker start ${node}\` brings it back.` : `If it will do, there is no need to make it again: see \`kubectl cluster-info --context kind-${name}\`.`} For a new one, first \`kind delete cluster --name ${name}\`.`,
    },
  }),
  cause<{ name: string }>({
    code: 'kind.broken-off',
    final: true,
    find(situation) {
      const found = matchIn<'name'>(
        situation,
        /exec --privileged (?<name>\S+)-control-plane\d* cat \/etc\/kubernetes\/admin\.conf" failed with error: exit status 1\s+Command Output: cat: \S+ No such file/,
      )
      return found ? { name: found.name ?? 'kind' } : null
    },
    message: {
      ko: ({ name }) => `클러스터 ${code(name, '은/는')} 노드 컨테이너만 있고, 만들다가 중단되어 완성되지 않았어요.`,
      en: ({ name }) =>
        `The cluster \`${name}\` has its node container, but making it was broken off before it was done.`,
    },
    advice: {
      ko: ({ name }) =>
        `다른 터미널에서 아직 만들고 있는 것이 아니라면 \`kind delete cluster --name ${name}\`로 지우고, 만드는 명령을 다시 실행해서 끝날 때까지 기다리세요.`,
      en: ({ name }) =>
        `Unless another terminal is still making it, delete it with \`kind delete cluster --name ${name}\`, then run the command that makes it again and let it come to its end.`,
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
  cause({
    code: 'kind.docker-init',
    final: true,
    find: situation => (matchIn(situation, /Couldn't find an alternative telinit implementation/) ? {} : null),
    message: {
      ko: () => '노드 컨테이너 안에서 systemd가 첫 프로세스로 시작하지 못했어요.',
      en: () => 'In the node container systemd could not start as the first process.',
    },
    advice: {
      ko: () =>
        'Docker가 모든 컨테이너에 자기 init을 넣으면 이렇게 돼요. `/etc/docker/daemon.json`의 `"init": true`를 지우고 Docker를 다시 시작하세요.',
      en: () =>
        'That is so when Docker puts an init of its own into every container. Remove `"init": true` from `/etc/docker/daemon.json` and restart Docker.',
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
  cause<{ port: string; container?: string; process?: string }>({
    code: 'kind.port-taken',
    final: true,
    find(situation) {
      const found = matchIn<'port'>(
        situation,
        /(?:Bind for|listen tcp\d?) \S*?:(?<port>\d+)(?: failed: port is already allocated|.*address already in use)/,
      )
      if (!found?.port) return null
      const port = Number(found.port)
      const { containers, listeners } = situation.facts
      const container = containers?.find(each => publishes(each, port))?.name
      const process = container ? undefined : listeners?.find(each => each.port === port)?.process
      return known({ port: found.port, container, process }) as { port: string }
    },
    message: {
      ko: ({ port, container, process }) => {
        const holder = container ? `컨테이너 \`${container}\`` : process ? `프로그램 \`${process}\`` : '다른 것'
        return `설정 파일의 \`extraPortMappings\`에 있는 ${port}번 포트를 이미 ${particle(holder, '이/가')} 쓰고 있어요.`
      },
      en: ({ port, container, process }) =>
        `Port ${port} in \`extraPortMappings\` of the configuration is in use already${container ? ` by the container \`${container}\`` : process ? ` by the program \`${process}\`` : ''}.`,
    },
    advice: {
      ko: ({ port, container }) =>
        `${container ? `${code(`docker ps --filter publish=${port}`, '으로/로')} 그 컨테이너를 보세요. 다른 kind 클러스터의 노드일 수도 있어요. ` : `\`docker ps --filter publish=${port}\`로 컨테이너를, \`ss -ltnp\`로 프로세스를 찾으세요. `}그것을 멈추거나 설정의 \`hostPort\`를 바꾼 다음 다시 만드세요.`,
      en: ({ port, container }) =>
        `${container ? `See it with \`docker ps --filter publish=${port}\`; it may be the node of another kind cluster.` : `Look for a container with \`docker ps --filter publish=${port}\`, or a process with \`ss -ltnp\`.`} Stop it or change \`hostPort\`, then make the cluster again.`,
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
  cause<{ reason: string; tab?: number }>({
    code: 'kind.bad-config',
    final: true,
    find(situation) {
      const found = matchIn<'reason'>(
        situation,
        /ERROR: failed to create cluster: \[?(?:unable to decode config: |could not determine kind \/ apiVersion for config: )?(?<reason>yaml: (?:unmarshal errors:\s*)?.+|unknown (?:kind|apiVersion).*|invalid configuration.+)/,
      )
      const reason = found?.reason?.replace(/^yaml: unmarshal errors:\s*/, '').replace(/[\]:\s]+$/, '')
      if (!reason) return null
      return known({ reason, tab: tabInYaml.test(reason) ? 1 : undefined }) as { reason: string }
    },
    message: {
      ko: ({ reason }) => `kind가 설정 파일을 읽지 못하고 ${code(reason, '이라/라')}고 했어요.`,
      en: ({ reason }) => `kind could not read the configuration: \`${reason}\`.`,
    },
    advice: {
      ko: ({ tab }) =>
        tab
          ? '그 줄에 탭이 있는지 보세요. YAML의 들여쓰기는 빈칸으로만 해요. `cat -A 파일`에서 `^I`로 보이는 것이 탭이니 빈칸으로 바꾸세요.'
          : '그 줄의 들여쓰기와 철자를 보세요. 첫 두 줄은 `kind: Cluster`와 `apiVersion: kind.x-k8s.io/v1alpha4`예요.',
      en: ({ tab }) =>
        tab
          ? 'See whether there is a tab on that line. YAML is indented with blanks only: in `cat -A FILE` a tab shows as `^I`; put blanks in its place.'
          : 'Look at the indentation and spelling there. The first two lines are `kind: Cluster` and `apiVersion: kind.x-k8s.io/v1alpha4`.',
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
  cause<{ image: string; near?: string }>({
    code: 'kind.image-not-here',
    final: true,
    find(situation) {
      const found = matchIn<'image'>(situation, /image: "(?<image>[^"]+)" not present locally/)
      if (!found) return null
      const { image = '' } = found
      return known({ image, near: nearImage(image, situation.facts.images) }) as { image: string }
    },
    message: {
      ko: ({ image }) => `이 컴퓨터에 ${code(image, '이라/라')}는 이미지가 없어서 노드에 넣을 수 없어요.`,
      en: ({ image }) => `There is no image \`${image}\` on this machine that could be loaded into the node.`,
    },
    advice: {
      ko: ({ near }) =>
        `${near ? `이름이 비슷한 ${code(near, '은/는')} 있어요. ` : ''}\`docker image ls\`로 이름과 태그를 확인하세요. 아직 없다면 먼저 빌드하거나 받아야 해요.`,
      en: ({ near }) =>
        `${near ? `There is \`${near}\`, whose name is nearly the same. ` : ''}Check name and tag with \`docker image ls\`. If it is not there, build or pull it first.`,
    },
  }),
  cause<{ name: string; near?: string; context?: number }>({
    code: 'kind.no-such-cluster',
    final: true,
    find(situation) {
      const found = matchIn<'name' | 'other'>(
        situation,
        /no nodes found for cluster "(?<name>[^"]+)"|could not locate any control plane nodes for cluster named '(?<other>[^']+)'/,
      )
      const name = found?.name ?? found?.other
      if (name === undefined) return null
      const context = /^kind-(.+)/.exec(name)?.[1]
      const names = (situation.facts.containers ?? []).flatMap(each => each.labels['io.x-k8s.kind.cluster'] ?? [])
      return known({
        name,
        near: context && names.includes(context) ? context : nearest(name, names),
        context: context && names.includes(context) ? 1 : undefined,
      }) as { name: string }
    },
    message: {
      ko: ({ name }) => `${code(name, '이라/라')}는 이름의 kind 클러스터가 없어요.`,
      en: ({ name }) => `There is no kind cluster with the name \`${name}\`.`,
    },
    advice: {
      ko: ({ near, context }) =>
        `${near ? (context ? `\`kind-\`가 붙은 것은 kubectl의 컨텍스트 이름이고, 클러스터의 이름은 ${code(near, '이에요/예요')}. ` : `혹시 ${code(near, '을/를')} 쓰려던 건가요? `) : ''}\`kind get clusters\`로 이름을 보고 \`--name\`을 확인하세요.`,
      en: ({ near, context }) =>
        `${near ? (context ? `With \`kind-\` it is the name of kubectl's context; the cluster is called \`${near}\`. ` : `Was it \`${near}\`? `) : ''}See the names with \`kind get clusters\`, then check \`--name\`.`,
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
