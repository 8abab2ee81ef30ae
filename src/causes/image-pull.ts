import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { isPublished, nearImage, shortName, tagsOf, wholeName } from './images.ts'
import { values } from './line.ts'
import { dockerCall, known, said } from './look.ts'

/** Between the engine and a registry: what was wanted and why it did not come, or did not go. */

const kinds = {
  'rate-limit': /toomanyrequests|pull rate limit|429 Too Many Requests/,
  'no-platform':
    /no matching manifest for|no match for platform in manifest|does not match the specified platform: wanted/,
  'plain-http': /server gave HTTP response to HTTPS client/,
  untrusted: /https:\/\/\S+\/v2\/\S*:? .*x509: /,
  denied: /no basic auth credentials|(?:^|: )unauthorized: |(?:^|[^:] |^\S+ )denied: requested access/m,
  missing:
    /pull access denied|repository does not exist|manifest unknown|manifest for \S+ not found|(?:ERROR|definition|metadata for \S+): \S+\/\S+: not found/,
  unreachable:
    /dial tcp: lookup \S+.*(?:i\/o timeout|no such host|server misbehaving|connection refused)|(?:Get|Head) "?https:\/\/\S+\/v2\/.*(?:timeout|deadline exceeded|refused|EOF|no such host|unreachable|Timeout)|TLS handshake timeout|failed to do request: (?:Head|Get) "https:/,
} as const

/** At most one, so that the causes exclude each other. `ref` is empty where it is not known or is not to blame. */
export type PullTrouble = { ref: string; host?: string; near?: string } & {
  kind:
    | 'rate-limit'
    | 'no-platform'
    | 'plain-http'
    | 'untrusted'
    | 'denied'
    | 'base-not-found'
    | 'image-missing'
    | 'unreachable'
}

export function pullTrouble(situation: Situation): PullTrouble | null {
  const text = said(situation)
  const names = Object.keys(kinds) as (keyof typeof kinds)[]
  const kind = names.find(each => (each !== 'missing' || !isPush(situation)) && kinds[each].test(text))
  if (!kind || !ofDocker(situation, text)) return null
  const call = dockerCall(situation, 'build')
  const ref = call ? baseIn(text) : wantedIn(situation)
  if (ref === undefined) return kind === 'missing' ? null : { kind, ref: '', ...host(text) }
  if (forOtherCpu(situation, ref)) return { kind: 'no-platform', ref: shortName(ref) }
  const near = nearImage(ref, situation.facts.images)
  const found = { ref, ...known({ near }) }
  if (kind === 'missing') return { ...found, kind: call ? 'base-not-found' : 'image-missing' }
  if (kind !== 'unreachable') return { ...found, ...host(text), kind }
  // Without a network a typo and a good name look alike: then only the name can tell.
  if (near) return { ...found, kind: call ? 'base-not-found' : 'image-missing' }
  if (!call && !isPublished(ref)) return { ...found, kind: 'image-missing' }
  return { ...found, ...host(text), kind }
}

/** `--platform` makes the engine look past the image that is here. */
function forOtherCpu(situation: Situation, ref: string): boolean {
  const call = dockerCall(situation, 'run', 'create')
  return call !== null && values(call, 'platform').length > 0 && tagsOf(situation.facts.images).includes(wholeName(ref))
}

function isPush(situation: Situation): boolean {
  return dockerCall(situation, 'push') !== null
}

/** Other programs speak of certificates and access too; what kind pulls is a matter of its own. */
function ofDocker(situation: Situation, text: string): boolean {
  if (/failed to create cluster/.test(text)) return false
  return dockerCall(situation) !== null || /\/v2\/|Error response from daemon/.test(text)
}

function host(text: string): { host?: string } {
  const name = /lookup ([\w.-]+)/.exec(text)?.[1] ?? /https:\/\/([\w.:-]+)\/v2/.exec(text)?.[1]
  return known({ host: name }) as { host?: string }
}

/** The FROM image of a build. */
export function baseIn(text: string): string | undefined {
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

function ofKind(situation: Situation, kind: PullTrouble['kind']): { ref?: string; host?: string } | null {
  const pull = pullTrouble(situation)
  return pull?.kind === kind ? known({ ref: pull.ref, host: pull.host }) : null
}

const unreachable = cause<{ ref?: string; host?: string }>({
  code: 'image.registry-unreachable',
  final: true,
  find: situation => ofKind(situation, 'unreachable'),
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

const rateLimit = cause<{ ref?: string; host?: string }>({
  code: 'image.rate-limit',
  final: true,
  find: situation => ofKind(situation, 'rate-limit'),
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

/** The host, or the word for it. */
const at = (host: string | undefined) => ({
  ko: host ? `이미지 저장소(\`${host}\`)` : '이미지 저장소',
  en: host ? `the registry (\`${host}\`)` : 'the registry',
})

const untrusted = cause<{ ref?: string; host?: string }>({
  code: 'image.registry-untrusted',
  final: true,
  find: situation => ofKind(situation, 'untrusted'),
  message: {
    ko: ({ host }) => `${at(host).ko}의 인증서를 Docker 엔진이 믿지 못해서 연결을 끊었어요.`,
    en: ({ host }) => `The Docker engine does not trust the certificate of ${at(host).en} and broke off.`,
  },
  advice: {
    ko: () =>
      '회사 보안 장비가 통신을 검사하는 망이나, 직접 만든 인증서를 쓰는 저장소에서 자주 나와요. 그 CA 인증서를 이 컴퓨터와 엔진에 등록하고 엔진을 다시 시작해야 해요. 무엇을 등록할지는 강사나 관리자에게 물어보세요.',
    en: () =>
      'This is common in networks whose security gateway inspects traffic, and with registries that made their own certificate. Its CA certificate has to be installed for the engine, which then is restarted: ask your instructor or administrator for it.',
  },
})

const plainHttp = cause<{ ref?: string; host?: string }>({
  code: 'image.registry-plain-http',
  final: true,
  find: situation => ofKind(situation, 'plain-http'),
  message: {
    ko: ({ host }) => `${at(host).ko}는 HTTP로만 답하는데 Docker 엔진은 HTTPS로 물었어요.`,
    en: ({ host }) => `The Docker engine asked by HTTPS, but ${at(host).en} speaks only HTTP.`,
  },
  advice: {
    ko: () =>
      '주소와 포트가 맞는지 먼저 보세요. 실습용 저장소가 정말 HTTP라면 엔진 설정의 insecure-registries에 있어야 해요. `docker info`의 Insecure Registries에서 볼 수 있고, localhost는 따로 넣지 않아도 돼요.',
    en: () =>
      "First see whether address and port are right. If the registry of a lab really speaks HTTP, it has to be among the engine's insecure-registries, which `docker info` lists; localhost need not be.",
  },
})

const denied = cause<{ ref?: string; host?: string }>({
  code: 'image.registry-denied',
  final: true,
  find: situation => ofKind(situation, 'denied'),
  message: {
    ko: () => '로그인하지 않았거나 권한이 없어서 이미지 저장소가 요청을 거절했어요.',
    en: () => 'The registry refused: you are not logged in, or this is not yours to use.',
  },
  advice: {
    ko: () =>
      '`docker login`으로 그 저장소에 로그인하세요. 이미지 이름의 맨 앞은 내 계정 이름이나 저장소 주소여야 하니, `docker image ls`에서 이름을 보고 다르면 `docker tag`로 새 이름을 붙이세요.',
    en: () =>
      'Log in to that registry with `docker login`. The name of an image begins with your account or the address of the registry: see it in `docker image ls`, and give it another with `docker tag` if need be.',
  },
})

const wrongPlatform = cause<{ ref?: string; host?: string }>({
  code: 'image.wrong-platform',
  final: true,
  find: situation => ofKind(situation, 'no-platform'),
  message: {
    ko: ({ ref }) => `${ref ? `\`${ref}\`` : '그'} 이미지에는 필요한 CPU 종류에 맞는 것이 없어요.`,
    en: ({ ref }) => `${ref ? `\`${ref}\`` : 'The image'} does not exist for the kind of CPU that is wanted.`,
  },
  advice: {
    ko: () =>
      '`uname -m`으로 이 컴퓨터의 CPU를 보세요(x86_64는 amd64, aarch64는 arm64예요). `--platform`을 썼다면 그 값이 맞는지, 안 썼다면 그 태그가 어떤 CPU용인지 저장소에서 확인하세요.',
    en: () =>
      'See the CPU of this machine with `uname -m` (x86_64 is amd64, aarch64 is arm64). If you wrote `--platform`, look at its value; if not, the page of the image says for which CPUs that tag was made.',
  },
})

export const imagePull = [unreachable, rateLimit, untrusted, plainHttp, denied, wrongPlatform]
