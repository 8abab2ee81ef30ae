import type { ImageSummary, ImageView } from '../lab/machine.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { concerned, publishes } from './containers.ts'
import { isPublished, nearImage, runsOldImage } from './images.ts'
import { differsAt, dockerCall, field, known, looked, said, seenAs } from './look.ts'
import { portTrouble } from './ports.ts'
import { requestOf } from './requests.ts'

const denied =
  /pull access denied|repository does not exist|manifest unknown|manifest for \S+ not found|docker\.io\/\S+: not found/
const noRegistry =
  /dial tcp: lookup \S+.*(?:i\/o timeout|no such host|server misbehaving|connection refused)|(?:Get|Head) "?https:\/\/\S+\/v2\/.*(?:timeout|deadline exceeded|refused|EOF|no such host|x509|unreachable|Timeout)|TLS handshake timeout|failed to do request: (?:Head|Get) "https:/

/** What a build or a run wanted from a registry, and why it did not get it. At most one. */
export type PullTrouble = { ref: string; host?: string; near?: string } & {
  kind: 'rate-limit' | 'base-not-found' | 'image-missing' | 'unreachable'
}

export function pullTrouble(situation: Situation): PullTrouble | null {
  const text = said(situation)
  const limit = /toomanyrequests|pull rate limit/.test(text)
  const missing = denied.test(text)
  if (!limit && !missing && !noRegistry.test(text)) return null
  const call = dockerCall(situation, 'build')
  const ref = call ? baseIn(text) : wantedIn(situation)
  if (ref === undefined) return missing ? null : { kind: limit ? 'rate-limit' : 'unreachable', ref: '', ...host(text) }
  const near = nearImage(ref, situation.facts.images)
  const found = { ref, ...known({ near }) }
  if (limit) return { ...found, kind: 'rate-limit' }
  if (missing) return { ...found, kind: call ? 'base-not-found' : 'image-missing' }
  // Without a network a typo and a good name look alike: then only the name can tell.
  if (near) return { ...found, kind: call ? 'base-not-found' : 'image-missing' }
  if (!call && !isPublished(ref)) return { ...found, kind: 'image-missing' }
  return { ...found, ...host(text), kind: 'unreachable' }
}

function host(text: string): { host?: string } {
  const name = /lookup ([\w.-]+)/.exec(text)?.[1] ?? /https:\/\/([\w.:-]+)\/v2/.exec(text)?.[1]
  return known({ host: name }) as { host?: string }
}

/** The FROM image of a build. */
function baseIn(text: string): string | undefined {
  const patterns = [
    /^(?: > |ERROR: ).*?load metadata for (\S+?):?$/m,
    /load metadata for (\S+)/,
    /failed to resolve source metadata for ([^\s,]+?): /,
    /^Step \d+\/\d+ : FROM (?:--\S+ )?(\S+)/m,
    /^\s*\d+ \| >>> FROM (\S+)/m,
    /pull access denied for ([^\s,]+),/,
    /manifest for (\S+) not found/,
  ]
  const ref = patterns.map(pattern => pattern.exec(text)?.[1]).find(Boolean)
  return ref?.replace(/^docker\.io\/(library\/)?/, '')
}

function wantedIn(situation: Situation): string | undefined {
  const text = said(situation)
  return (
    /Unable to find image '(.+)' locally/.exec(text)?.[1] ??
    dockerCall(situation, 'run', 'create', 'pull')?.args[0] ??
    /pull access denied for ([^\s,]+),/.exec(text)?.[1] ??
    /manifest for (\S+) not found/.exec(text)?.[1]
  )
}

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

const unreachable = cause<{ ref?: string; host?: string }>({
  code: 'image.registry-unreachable',
  final: true,
  find(situation) {
    const pull = pullTrouble(situation)
    if (pull?.kind !== 'unreachable') return null
    return known({ ref: pull.ref, host: pull.host }) as { ref?: string; host?: string }
  },
  message: {
    ko: ({ ref, host }) =>
      `${ref ? `${code(ref, '을/를')} 받으려 했지만 ` : ''}Docker 엔진이 이미지 저장소${host ? `(\`${host}\`)` : ''}에 닿지 못했어요.`,
    en: ({ ref, host }) =>
      `The Docker engine could not reach the registry${host ? ` (\`${host}\`)` : ''}${ref ? ` to get \`${ref}\`` : ''}.`,
  },
  advice: {
    ko: ({ ref }) =>
      `엔진은 셸과 다른 네트워크 설정(DNS, 프록시)을 써요. \`docker info\`의 Proxy 항목과 인터넷 연결을 확인하세요.${ref ? ` 인터넷이 없으면 오타도 이렇게 보이니, 이름 \`${ref}\`도 다시 보고 \`docker image ls\`에 이미 있는지 확인하세요.` : ''}`,
    en: ({ ref }) =>
      `The engine has network settings of its own (DNS, proxy): see Proxy in \`docker info\`, and whether this machine is online.${ref ? ` Offline, a typing slip looks the same: read \`${ref}\` once more, and see whether \`docker image ls\` has it already.` : ''}`,
  },
})

const rateLimit = cause<{ ref?: string }>({
  code: 'image.rate-limit',
  final: true,
  find(situation) {
    const pull = pullTrouble(situation)
    return pull?.kind === 'rate-limit' ? (known({ ref: pull.ref }) as { ref?: string }) : null
  },
  message: {
    ko: () => 'Docker Hub에서 한동안 받을 수 있는 횟수를 다 써서 이미지를 받지 못했어요.',
    en: () => 'Docker Hub gives no more images for now: the limit of pulls from this address is used up.',
  },
  advice: {
    ko: () =>
      '같은 네트워크를 여럿이 쓰면 한도를 함께 써요. `docker login`으로 로그인하거나, 몇 시간 뒤에 다시 하거나, 강사에게 미러가 있는지 물어보세요. `docker image ls`에 이미 있는 이미지는 받지 않아도 돼요.',
    en: () =>
      'People in one network share the limit. Log in with `docker login`, wait some hours, or ask your instructor for a mirror. What `docker image ls` shows need not be pulled.',
  },
})

type BadName = { name: string; why: 'capital' | 'hangul' | 'dash' | 'tag' | 'other' }

const badName = cause<BadName>({
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

export const flaws: Record<BadName['why'] | 'blank', { ko: string; en: string }> = {
  capital: { ko: '대문자가 들어 있어요', en: 'it has capital letters' },
  hangul: {
    ko: '한글이나 전각 문자처럼 쓸 수 없는 글자가 들어 있어요',
    en: 'it has letters outside the Latin alphabet',
  },
  dash: { ko: '붙임표(-)가 아니라 긴 줄표로 시작해요', en: 'it begins with a long dash instead of a hyphen' },
  tag: { ko: '쌍점(:) 뒤의 태그가 비어 있어요', en: 'nothing follows the colon' },
  blank: { ko: '빈칸이 들어 있어요', en: 'it has a blank' },
  other: { ko: '쓸 수 없는 글자가 들어 있어요', en: 'it has characters that are not allowed' },
}

export function flaw(name: string): BadName['why'] {
  if (/^[‐-―−]/.test(name)) return 'dash'
  if (/[^\x20-\x7e]/.test(name)) return 'hangul'
  if (/:$/.test(name)) return 'tag'
  return /[A-Z]/.test(name.replace(/:[^/]*$/, '')) ? 'capital' : 'other'
}

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

export const image = [missing, unreachable, rateLimit, badName, stale]
