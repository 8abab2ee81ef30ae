import type { ImageSummary, ImageView } from '../lab/machine.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { concerned, publishes } from './containers.ts'
import { baseIn, pullTrouble } from './image-pull.ts'
import { flaw, flaws, nearImage, runsOldImage } from './images.ts'
import { differsAt, dockerCall, field, known, looked, said, seenAs } from './look.ts'
import { portTrouble } from './ports.ts'
import { requestOf } from './requests.ts'

type Missing = { ref: string; near?: string }

const missing = cause<Missing>({
  code: 'image.missing',
  final: false,
  find(situation) {
    const check = looked(situation, 'docker.image')
    if (check) {
      const { image, images } = seenAs<{ image: ImageView | null; images?: readonly ImageSummary[] }>(check)
      return image ? null : named(field(check, 'ref'), images ?? situation.facts.images)
    }
    const inside = looked(situation, 'docker.image.file')
    if (inside && seenAs<{ imageId: string | null }>(inside).imageId === null)
      return named(field(inside, 'image'), situation.facts.images)
    const pull = pullTrouble(situation)
    if (pull) return pull.kind === 'image-missing' ? named(pull.ref, situation.facts.images) : null
    const local = /No such image: (\S+)|An image does not exist locally with the tag: (\S+)/.exec(said(situation))
    const ref = local?.[1] ?? local?.[2] ?? object(situation)
    return ref ? named(ref, situation.facts.images) : null
  },
  message: {
    ko: ({ ref }) => `이 컴퓨터에 ${code(short(ref), '이라/라')}는 이미지가 없어요.`,
    en: ({ ref }) => `There is no image \`${short(ref)}\` on this machine.`,
  },
  advice: {
    ko: ({ near }) =>
      `${near ? `이름이 비슷한 \`${near}\` 이미지가 있어요. 혹시 그것인가요? ` : ''}\`docker image ls\`로 이름과 태그를 확인하세요. 직접 만드는 이미지라면 빌드가 끝까지 됐는지, \`-t\`에 같은 이름을 썼는지 보세요.`,
    en: ({ near }) =>
      `${near ? `There is \`${near}\`, which looks alike: did you mean that one? ` : ''}Check names and tags with \`docker image ls\`. For an image of your own, see whether the build went through and had the same name after \`-t\`.`,
  },
})

function named(ref: string, images: readonly ImageSummary[] | undefined): Missing {
  return known({ ref, near: nearImage(ref, images) }) as Missing
}

const short = (ref: string) => ref.replace(/:latest$/, '')

/** `docker inspect` names neither kind: an image is meant where no container has nearly that name. */
function object(situation: Situation): string | undefined {
  const ref = /No such object: (\S+)/i.exec(said(situation))?.[1]
  const containers = situation.facts.containers?.map(each => each.name) ?? []
  return ref && !containers.some(name => looksLike(name, ref)) ? ref : undefined
}

function looksLike(name: string, ref: string): boolean {
  return nearImage(ref, [{ id: '', tags: [name], createdAt: 0, size: 0 }]) === name
}

const badName = cause<{ name: string; why: keyof typeof flaws }>({
  code: 'image.bad-name',
  final: true,
  find(situation) {
    const text = said(situation)
    if (!/invalid reference format/.test(text) || /invalid tag "|"-t, --tag" flag/.test(text)) return null
    const quoted =
      /failed to parse stage name "([^"]+)"/.exec(text)?.[1] ??
      /no such image: (.+?): invalid reference/.exec(text)?.[1]
    const name = quoted ?? (dockerCall(situation, 'build') ? baseIn(text) : dockerCall(situation)?.args[0]) ?? ''
    return { name, why: flaw(name) }
  },
  message: {
    ko: ({ name, why }) =>
      `${name ? code(name, '은/는') : '입력한 것은'} 이미지 이름으로 쓸 수 없어요: ${flaws[why].ko}.`,
    en: ({ name, why }) =>
      `${name ? `\`${name}\`` : 'What was typed'} cannot be the name of an image: ${flaws[why].en}.`,
  },
  advice: {
    ko: () =>
      '이미지 이름은 영문 소문자, 숫자와 `.` `_` `-`로 쓰고, 태그는 쌍점(:) 뒤에 써요. `docker image ls`에서 이름을 복사하면 틀릴 일이 없어요.',
    en: () =>
      'Names of images have small letters, digits, `.`, `_` and `-`; a tag follows after a colon. Copy the name from `docker image ls` to be sure.',
  },
})

type Stale = { image: string; container?: string; inside?: string }

const stale = cause<Stale>({
  code: 'image.stale',
  final: false,
  find(situation) {
    return staleImage(situation) ?? staleContainer(situation)
  },
  message: {
    ko: ({ image, container, inside }) =>
      container
        ? `\`${container}\` 컨테이너는 ${code(image, '을/를')} 다시 빌드하기 전의 옛 이미지로 떠 있어요.`
        : inside
          ? `\`${image}\` 이미지 안의 ${code(inside, '이/가')} 고치기 전의 내용이라서, 파일을 고친 뒤에 빌드한 이미지가 아니에요.`
          : `\`${image}\` 이미지는 있지만 이번 실습보다 먼저 만들어진 것이에요.`,
    en: ({ image, container, inside }) =>
      container
        ? `The container \`${container}\` still runs the image that \`${image}\` was before you built it again.`
        : inside
          ? `\`${inside}\` in the image \`${image}\` has the old content: the image was not built after the file was changed.`
          : `The image \`${image}\` is there, but it is older than this lab.`,
  },
  advice: {
    ko: ({ container }) =>
      container
        ? '이미지를 다시 빌드해도 떠 있는 컨테이너는 바뀌지 않아요. `docker ps`의 IMAGE 칸을 보고, 컨테이너를 멈추고 지운 뒤 새로 실행하세요.'
        : '파일을 저장했는지 보고 이미지를 다시 빌드하세요. 언제 만들어졌는지는 `docker image ls`의 CREATED 칸에 있어요.',
    en: ({ container }) =>
      container
        ? 'Building an image again does not change containers that run. See the column IMAGE of `docker ps`; stop and remove the container, and run it anew.'
        : 'See that the file is saved, and build the image again. The column CREATED of `docker image ls` shows when it was made.',
  },
})

/** By what is in it where that was looked at: a builder's cache makes times say little. */
function staleImage(situation: Situation): Stale | null {
  const inside = looked(situation, 'docker.image.file')
  if (inside) {
    const changed = seenAs<{ file: unknown }>(inside).file !== null && differsAt(inside, /^text$/)
    return changed ? { image: field(inside, 'image'), inside: field(inside, 'path') } : null
  }
  const check = looked(situation, 'docker.image')
  if (!check || !seenAs<{ image: ImageView | null }>(check).image) return null
  return check.differences.some(each => each.rule === 'too-old') ? { image: field(check, 'ref') } : null
}

/** The container answers and runs; what is wrong with it is what the old image has in it. */
function staleContainer(situation: Situation): Stale | null {
  const request = requestOf(situation)
  if (situation.check && differsAt(situation.check, /^state$/)) return null
  const holder = request?.status !== undefined && request.local
  const container = holder
    ? situation.facts.containers?.find(each => publishes(each, request.port))
    : concerned(situation)?.fate === 'up' && !portTrouble(situation)
      ? concerned(situation)?.container
      : undefined
  if (!container || !runsOldImage(container, situation.facts)) return null
  return { image: container.image, container: container.name }
}

type InUse = { image: string; by: 'container' | 'tags' | 'children'; container?: string; state?: string }

const inUse = cause<InUse>({
  code: 'image.in-use',
  final: true,
  find(situation) {
    const match = /conflict: unable to (?:remove repository reference|delete) "?([^"\s]+)"? \([^)]*\) - (.*)/.exec(
      said(situation),
    )
    if (!match) return null
    const typed = dockerCall(situation, 'rmi', 'rm', 'remove')?.args
    const image = typed?.length === 1 ? typed[0]! : match[1]!
    const id = /container (\w+)/.exec(match[2]!)?.[1]
    if (!id) return { image, by: /dependent child/.test(match[2]!) ? 'children' : 'tags' }
    const holder = situation.facts.containers?.find(each => each.id.startsWith(id))
    return known({ image, by: 'container' as const, container: holder?.name ?? id, state: holder?.state }) as InUse
  },
  message: {
    ko: ({ image, by, container, state }) =>
      ({
        container: `\`${image}\` 이미지는 \`${container}\` 컨테이너${state ? `(상태: ${state})` : ''}가 쓰고 있어서 지울 수 없어요.`,
        tags: `\`${image}\` 이미지에는 이름이 여럿 붙어 있어서 ID로 한 번에 지울 수 없어요.`,
        children: `\`${image}\` 이미지 위에 만든 다른 이미지가 있어서 지울 수 없어요.`,
      })[by],
    en: ({ image, by, container, state }) =>
      ({
        container: `The image \`${image}\` cannot be removed: the container \`${container}\`${state ? ` (state: ${state})` : ''} uses it.`,
        tags: `The image \`${image}\` has more than one name, so it cannot be removed by its ID.`,
        children: `The image \`${image}\` cannot be removed: other images are built on it.`,
      })[by],
  },
  advice: {
    ko: ({ image, by }) =>
      ({
        container: `멈춘 컨테이너도 이미지를 붙들고 있어요. \`docker ps -a\`로 찾아 멈추고 \`docker rm\`으로 지운 다음 이미지를 지우세요.`,
        tags: '`docker image ls`에서 같은 ID를 가진 이름을 보고, 이름으로 하나씩 지우세요.',
        children: `\`docker image ls -a\`에서 그 이미지로 만든 것을 먼저 지우세요. 쓰고 있는 이미지라면 ${code(image, '을/를')} 지울 필요가 없어요.`,
      })[by],
    en: ({ image, by }) =>
      ({
        container:
          'A container that has stopped holds its image as well. Find it with `docker ps -a`, stop it, remove it with `docker rm`, then remove the image.',
        tags: 'See in `docker image ls` which names have the same ID, and remove them one by one, by name.',
        children: `Remove what was built on it first: see \`docker image ls -a\`. If those are in use, \`${image}\` need not go.`,
      })[by],
  },
})

export const image = [missing, badName, stale, inUse]
