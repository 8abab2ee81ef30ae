import type { Pod } from '../lab/cluster.ts'
import { code } from '../text/josa.ts'
import type { Cause, Facts } from './cause.ts'
import { nearImage, sameImage, tagsOf } from './images.ts'
import { known } from './look.ts'
import { type Container, containerCause, eventsOf, imageOf } from './pods.ts'

/** Between a node of the cluster and a registry: why the image of a pod did not come. */

type Pull = {
  image: string
  pod: string
  container: string
  message?: string
  near?: string
  /** Docker on this machine has it, which is no help to the node. */
  local?: number
  policy?: string
}

/** In this order: what a registry says when it refuses also says that something was not found. */
const classes = {
  'image.pull-ratelimit': /toomanyrequests|429 Too Many Requests|pull rate limit/i,
  'image.pull-platform': /no match for platform in manifest|no matching manifest/,
  'image.pull-auth':
    /40[13] (?:Unauthorized|Forbidden)|no basic auth|authentication required|(?<!pull )access.* denied$/,
  'image.pull-not-found': /not found|manifest unknown|pull access denied|does not exist|insufficient_scope/,
  'image.pull-network': /failed to do request|dial tcp|i\/o timeout|TLS handshake|x509|deadline exceeded|EOF/,
} as const

function pull(container: Container, pod: Pod, facts: Facts): { code: string; evidence: Pull } | null {
  const { reason = '', message = '' } = container.state?.waiting ?? {}
  const image = imageOf(pod, container)
  // For some seconds after its image was corrected, a pod still has the status of the one before.
  if (!names(message, image)) return null
  const common = { pod: pod.metadata.name, container: container.name, image }
  if (reason === 'InvalidImageName') return { code: 'image.invalid-name', evidence: withMessage(common, message) }
  if (reason === 'ErrImageNeverPull') return { code: 'image.never-pull', evidence: withPlace(common, facts) }
  if (reason !== 'ErrImagePull' && reason !== 'ImagePullBackOff') return null
  // Older kubelets say only in the event why they back off.
  const failed = eventsOf(facts, pod, /^Failed$/).findLast(each =>
    each.message?.includes(`Failed to pull image "${image}"`),
  )
  const text = /ErrImagePull: |failed to/.test(message) ? message : (failed?.message ?? message)
  const entries = Object.entries(classes) as [keyof typeof classes, RegExp][]
  const found = entries.find(([, pattern]) => pattern.test(text))
  if (!found) return null
  const spec = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(each => each.name === container.name)
  const policy = spec?.imagePullPolicy
  return { code: found[0], evidence: withPlace(withMessage({ ...common, ...known({ policy }) }, text), facts) }
}

/** Quoted, by this name or by the whole one. */
function names(message: string, image: string): boolean {
  return [...message.matchAll(/"([^"]+)"/g)].some(([, quoted = '']) => sameImage(quoted, image))
}

function withMessage(evidence: Pull, message: string): Pull {
  const short = message.split(/: (?=rpc error|failed to|docker|couldn't)/).at(-1) ?? message
  return known({ ...evidence, message: short.length > 160 ? `${short.slice(0, 157)}…` : short }) as Pull
}

function withPlace(evidence: Pull, { images }: Facts): Pull {
  const local = tagsOf(images).some(tag => sameImage(tag, evidence.image))
  return known({
    ...evidence,
    local: local ? 1 : undefined,
    near: local ? undefined : nearImage(evidence.image, images),
  }) as Pull
}

function pulling(
  wanted: string,
  more: Pick<Cause<Pull>, 'final' | 'message' | 'advice'> & { readonly grace?: number },
): Cause {
  return containerCause<Pull>({
    code: wanted,
    ...more,
    find(container, pod, facts) {
      const found = pull(container, pod, facts)
      return found?.code === wanted ? found.evidence : null
    },
  })
}

export const pulls = [
  pulling('image.invalid-name', {
    final: true,
    message: {
      ko: ({ image, pod }) => `\`${pod}\` Pod의 이미지 이름 ${code(image, '은/는')} 규칙에 맞지 않아요.`,
      en: ({ image, pod }) => `\`${image}\`, the image of the pod \`${pod}\`, is not a name that an image can have.`,
    },
    advice: {
      ko: ({ message }) =>
        `대문자, 빈칸, 한글은 쓸 수 없어요.${message ? ` kubelet이 말한 이유는 ${code(message, '이에요/예요')}.` : ''}`,
      en: ({ message }) =>
        `Capital letters, blanks and letters of other alphabets are not allowed.${message ? ` The kubelet says: \`${message}\`.` : ''}`,
    },
  }),
  pulling('image.never-pull', {
    final: true,
    message: {
      ko: ({ image }) => `${code(image, '이/가')} 노드에 없는데, imagePullPolicy가 Never라서 받아 오지도 않아요.`,
      en: ({ image }) => `The node does not have \`${image}\`, and does not pull it because imagePullPolicy is Never.`,
    },
    advice: {
      ko: ({ local }) =>
        `${local ? '이 컴퓨터의 Docker에는 있지만 kind 노드는 이미지를 따로 가져요. ' : ''}이름과 태그가 맞는지 \`docker image ls\`로 보고, kind라면 \`kind load docker-image\`로 노드에 넣으세요.`,
      en: ({ local }) =>
        `${local ? 'Docker on this machine has it, but nodes of kind have images of their own. ' : ''}Compare name and tag with \`docker image ls\`; with kind, put it on the node with \`kind load docker-image\`.`,
    },
  }),
  pulling('image.pull-not-found', {
    final: true,
    grace: 2000,
    message: {
      ko: ({ image, local }) =>
        local
          ? `${code(image, '은/는')} 이 컴퓨터의 Docker에만 있고, 노드가 찾는 이미지 저장소에는 없어요.`
          : `노드가 ${code(image, '을/를')} 받으려 했지만 저장소에 그런 이미지나 태그가 없어요.`,
      en: ({ image, local }) =>
        local
          ? `Only Docker on this machine has \`${image}\`; the registry that the node asks does not.`
          : `The node tried to pull \`${image}\`, but the registry has no such image or tag.`,
    },
    advice: {
      ko: ({ pod, near, local, policy }) =>
        local
          ? `kind 노드는 이미지를 따로 가져요. \`kind load docker-image\`로 넣을 수 있어요.${policy === 'Always' ? ' 태그가 latest이면 imagePullPolicy가 Always라서 넣어도 다시 받으려 해요. 다른 태그를 쓰거나 정책을 보세요.' : ''}`
          : `${near ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? ` : ''}${code(`kubectl describe pod ${pod}`, '으로/로')} Events를 보고, 이미지 이름과 태그를 한 글자씩 확인하세요.`,
      en: ({ pod, near, local, policy }) =>
        local
          ? `Nodes of kind have images of their own: \`kind load docker-image\` puts it there.${policy === 'Always' ? ' With the tag latest, imagePullPolicy is Always and it is pulled all the same: use another tag, or look at the policy.' : ''}`
          : `${near ? `Did you mean \`${near}\`? ` : ''}Read the Events of \`kubectl describe pod ${pod}\`, and the image's name and tag letter by letter.`,
    },
  }),
  pulling('image.pull-auth', {
    final: true,
    message: {
      ko: ({ image }) => `로그인하지 않았거나 권한이 없어서 저장소가 ${code(image, '을/를')} 내주지 않아요.`,
      en: ({ image }) => `The registry does not hand out \`${image}\` without the right credentials.`,
    },
    advice: {
      ko: () =>
        '노드는 이 컴퓨터의 `docker login`을 쓰지 않아요. 이름이 맞는지 먼저 보고, 비공개 이미지라면 Pod에 imagePullSecrets가 있는지 확인하세요.',
      en: () =>
        'The node does not use the `docker login` of this machine. First see whether the name is right; for a private image, whether the pod has imagePullSecrets.',
    },
  }),
  pulling('image.pull-network', {
    final: false,
    message: {
      ko: ({ image }) => `노드가 ${code(image, '을/를')} 받으려 했지만 이미지 저장소에 닿지 못했어요.`,
      en: ({ image }) => `The node could not reach the registry to pull \`${image}\`.`,
    },
    advice: {
      ko: ({ message }) =>
        `${message ? `노드가 말한 이유는 ${code(message, '이에요/예요')}. ` : ''}이미지 이름 맨 앞의 저장소 주소가 맞는지 보고, 맞다면 노드의 인터넷(DNS, 프록시)을 확인하세요. 이미지가 이 컴퓨터에 있다면 \`kind load docker-image\`로 넣을 수 있어요.`,
      en: ({ message }) =>
        `${message ? `The node says: \`${message}\`. ` : ''}See whether the address of the registry, at the front of the name, is right; if it is, look at the network of the node (DNS, proxy). An image that this machine has can be put there with \`kind load docker-image\`.`,
    },
  }),
  pulling('image.pull-ratelimit', {
    final: false,
    message: {
      ko: ({ image }) => `이미지 저장소가 한동안 받을 수 있는 횟수를 다 썼다며 ${code(image, '을/를')} 내주지 않아요.`,
      en: ({ image }) => `The registry gives no \`${image}\` for now: the limit of pulls is used up.`,
    },
    advice: {
      ko: () =>
        '노드는 로그인하지 않고 받아서, 같은 네트워크를 쓰는 사람들과 한도를 나눠 써요. 이 컴퓨터에 이미지가 있다면 `kind load docker-image`로 넣거나, 강사에게 미러가 있는지 물어보세요.',
      en: () =>
        'The node pulls without logging in and shares the limit with everyone in its network. If this machine has the image, put it on the node with `kind load docker-image`, or ask your instructor for a mirror.',
    },
  }),
  pulling('image.pull-platform', {
    final: true,
    message: {
      ko: ({ image }) => `\`${image}\`에는 노드의 CPU 종류에 맞는 이미지가 없어요.`,
      en: ({ image }) => `\`${image}\` does not exist for the kind of CPU that the node has.`,
    },
    advice: {
      ko: () =>
        '`kubectl get nodes -o wide`와 `uname -m`으로 CPU 종류를 보고(x86_64는 amd64, aarch64는 arm64), 그 태그가 어떤 CPU용으로 만들어졌는지 확인하세요.',
      en: () =>
        'See the CPU with `uname -m` (x86_64 is amd64, aarch64 is arm64), and for which CPUs that tag was made.',
    },
  }),
]
