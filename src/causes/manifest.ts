import { basename } from 'node:path'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import type { Cause, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { known } from './look.ts'
import { refusal } from './manifests.ts'

/** How a manifest is written: YAML, and fields that do not fit the kind. */

type Syntax = { line?: number; file?: string; message: string }

/** A sign that no word may begin with sounds like a tab. */
export const tabInYaml = /found a tab character|found character that cannot start any token/

/** In this order. */
const slips = {
  'manifest.tab': tabInYaml,
  'manifest.open-quote': /found unexpected end of stream|did not find expected comment or line break/,
  'manifest.indentation':
    /mapping values are not allowed|did not find expected (?:key|'-' indicator)|block (?:sequence|mapping)|could not find expected/,
  'manifest.yaml': /./,
} as const

function syntax(situation: Situation): { code: string; evidence: Syntax } | null {
  const text = refusal(situation)
  const found = /error converting YAML to JSON: yaml: (?:line (?<line>\d+): )?(?<message>.*)/.exec(text)?.groups
  if (!found) return null
  const message = found['message'] ?? ''
  const name = Object.entries(slips).find(([, pattern]) => pattern.test(message))?.[0] ?? 'manifest.yaml'
  // Of what the scanner meets, only the first line is not numbered.
  const line = found['line'] ? Number(found['line']) : name === 'manifest.yaml' ? undefined : 1
  return { code: name, evidence: known({ line, file: fileIn(text), message }) as Syntax }
}

function fileIn(text: string): string | undefined {
  const path = /error parsing (\S+): |from "([^"]+)"|(?:creating|applying patch.*to|validating) "([^"]+)"/
    .exec(text)
    ?.slice(1)
    .find(Boolean)
  return path && /\.(ya?ml|json)$/.test(path) ? basename(path) : undefined
}

const place = ({ file, line }: Pick<Syntax, 'file' | 'line'>) => ({
  ko: `${file ? `\`${file}\`의 ` : ''}${line}번째 줄 근처`,
  en: `near line ${line}${file ? ` of \`${file}\`` : ''}`,
})

function slip(wanted: keyof typeof slips, texts: Pick<Cause<Syntax>, 'message' | 'advice'>): Cause {
  return cause<Syntax>({
    code: wanted,
    final: true,
    find(situation) {
      const found = syntax(situation)
      return found?.code === wanted ? found.evidence : null
    },
    ...texts,
  })
}

const yaml = [
  slip('manifest.tab', {
    message: {
      ko: at => `${place(at).ko}에 YAML에 쓸 수 없는 글자가 있는데, 대개는 탭이에요.`,
      en: at => `There is a character ${place(at).en} that YAML does not allow there, most likely a tab.`,
    },
    advice: {
      ko: () =>
        'YAML의 들여쓰기는 빈칸으로만 해요. `cat -A 파일`에서 `^I`로 보이는 것이 탭이에요. 값이 `@`나 백틱으로 시작한다면 따옴표로 감싸세요.',
      en: () =>
        'YAML is indented with blanks only. In `cat -A FILE` a tab shows as `^I`. A value that begins with `@` or a backtick needs quotes.',
    },
  }),
  slip('manifest.open-quote', {
    message: {
      ko: at => `${place(at).ko}에서 파일이 끝났는데, 그 앞에 닫히지 않은 따옴표가 있어요.`,
      en: at => `The file ends ${place(at).en}, and a quote before that was not closed.`,
    },
    advice: {
      ko: () => '따옴표는 짝이 맞아야 해요. 오류가 가리키는 곳보다 앞에서 열린 따옴표를 찾아보세요.',
      en: () => 'Quotes come in pairs. Look for one that was opened before the place that the error names.',
    },
  }),
  slip('manifest.indentation', {
    message: {
      ko: at => `${place(at).ko}의 들여쓰기가 맞지 않아요.`,
      en: at => `The indentation is wrong ${place(at).en}.`,
    },
    advice: {
      ko: () =>
        '같은 높이의 항목은 같은 칸에서 시작하고, `:` 뒤에는 빈칸이 하나 있어야 해요. 틀린 곳은 가리킨 줄이나 바로 윗줄일 때가 많아요. 줄 번호까지 복사하지는 않았는지도 보세요.',
      en: () =>
        'Entries of one level begin in the same column, and a blank follows each `:`. The slip is often on the line above the one that is named. See whether line numbers were copied along, too.',
    },
  }),
  slip('manifest.yaml', {
    message: {
      ko: ({ line, file = '매니페스트' }) =>
        `\`${file}\`${line ? `의 ${line}번째 줄 근처` : ''}에 YAML로 읽을 수 없는 곳이 있어요.`,
      en: ({ line, file }) =>
        `${file ? `\`${file}\`` : 'The manifest'} cannot be read as YAML${line ? ` near line ${line}` : ''}.`,
    },
    advice: {
      ko: ({ message }) =>
        `이유는 ${code(message, '이에요/예요')}. \`*\` \`&\` \`!\` \`{\` 같은 기호로 시작하는 값은 따옴표로 감싸세요.`,
      en: ({ message }) =>
        `It says: \`${message}\`. A value that begins with a sign such as \`*\` \`&\` \`!\` \`{\` needs quotes.`,
    },
  }),
]

/** Fields that learners write, for slips. */
const fields = (
  'apiVersion kind metadata name namespace labels annotations spec replicas selector matchLabels template containers ' +
  'initContainers image imagePullPolicy command args env envFrom value valueFrom ports containerPort hostPort protocol ' +
  'resources requests limits volumeMounts mountPath volumes configMap secret persistentVolumeClaim claimName restartPolicy ' +
  'nodeSelector tolerations affinity serviceAccountName livenessProbe readinessProbe startupProbe httpGet tcpSocket exec ' +
  'path port targetPort nodePort type strategy schedule suspend jobTemplate backoffLimit completions parallelism data ' +
  'stringData accessModes storage storageClassName rules host http paths pathType backend service number'
).split(' ')

type UnknownField = { field: string; name: string; near?: string }

const unknownField = cause<UnknownField>({
  code: 'manifest.unknown-field',
  final: true,
  find(situation) {
    const field = /unknown field "([^"]+)"/.exec(refusal(situation))?.[1]
    if (field === undefined) return null
    const name = field.split('.').at(-1) ?? field
    return known({ field, name, near: fields.includes(name) ? undefined : nearest(name, fields) }) as UnknownField
  },
  message: {
    ko: ({ field, name }) => `\`${parent(field)}\` 자리에는 ${code(name, '이라/라')}는 필드가 없어요.`,
    en: ({ field, name }) => `There is no field \`${name}\` in \`${parent(field)}\`.`,
  },
  advice: {
    ko: ({ field, near }) =>
      near
        ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? ${code(`kubectl explain ${explained(field)}`, '으로/로')} 그 자리에 올 수 있는 필드를 볼 수 있어요.`
        : `필드 이름은 맞는데 들여쓰기 때문에 한 단계 위나 아래에 있을 수 있어요. ${code(`kubectl explain ${explained(field)}`, '으로/로')} 그 자리에 올 수 있는 필드를 보세요.`,
    en: ({ field, near }) =>
      near
        ? `Did you mean \`${near}\`? \`kubectl explain ${explained(field)}\` lists what can stand there.`
        : `The name may be right and its indentation wrong, one level too high or too low. \`kubectl explain ${explained(field)}\` lists what can stand there.`,
  },
})

function parent(field: string): string {
  return field.split('.').slice(0, -1).join('.') || 'YAML'
}

/** `KIND` stands for the learner's own. */
function explained(field: string): string {
  return ['KIND', ...field.split('.').slice(0, -1)].join('.').replace(/\[\d+\]/g, '')
}

const noKind = cause<{ field: string }>({
  code: 'manifest.no-kind',
  final: true,
  find(situation) {
    const text = refusal(situation)
    const missing = ['apiVersion', 'kind'].filter(field => text.includes(`${field} not set`))
    const old = /Object 'Kind' is missing/.test(text) ? 'kind' : ''
    return missing.length > 0 || old ? { field: missing.join(', ') || old } : null
  },
  message: {
    ko: ({ field }) => `매니페스트에 ${code(field, '이/가')} 없어요.`,
    en: ({ field }) => `The manifest lacks \`${field}\`.`,
  },
  advice: {
    ko: () =>
      '모든 매니페스트는 apiVersion, kind, metadata로 시작하고, 이 셋은 줄의 맨 앞에 와요. `---` 뒤에 빈 문서가 있지는 않은지도 보세요.',
    en: () =>
      'Every manifest has apiVersion, kind and metadata, at the very left. See whether `---` is followed by an empty document, too.',
  },
})

const noName = cause<{ file?: string }>({
  code: 'manifest.no-name',
  final: true,
  find(situation) {
    const text = refusal(situation)
    const found = /resource name may not be empty|name or generateName is required/.test(text)
    return found ? (known({ file: fileIn(text) }) as { file?: string }) : null
  },
  message: {
    ko: () => '매니페스트에 metadata.name이 없어요.',
    en: () => 'The manifest has no metadata.name.',
  },
  advice: {
    ko: () => 'name은 metadata보다 한 단계 들여 써야 해요. 같은 칸에 쓰면 metadata에 속하지 않아요.',
    en: () => 'name is indented one level below metadata; in the same column it is no part of it.',
  },
})

const noSuchKind = cause<{ kind: string; version: string }>({
  code: 'manifest.no-such-kind',
  final: true,
  find(situation) {
    const found = /no matches for kind "([^"]+)" in version "([^"]+)"/.exec(refusal(situation))
    return found ? { kind: found[1]!, version: found[2]! } : null
  },
  message: {
    ko: ({ kind, version }) => `이 클러스터의 \`${version}\`에는 ${code(kind, '이라/라')}는 종류가 없어요.`,
    en: ({ kind, version }) => `This cluster has no kind \`${kind}\` in the apiVersion \`${version}\`.`,
  },
  advice: {
    ko: ({ kind }) =>
      `kind의 철자를 보고, ${code(`kubectl api-resources | grep -i ${kind}`, '으로/로')} 그 종류의 APIVERSION을 확인하세요. 확장(CRD)의 종류라면 그것을 먼저 설치해야 해요.`,
    en: ({ kind }) =>
      `Look for a slip in kind, and see its APIVERSION with \`kubectl api-resources | grep -i ${kind}\`. A kind of an extension (CRD) is there once that is installed.`,
  },
})

const otherNamespace = cause<{ written: string; asked: string }>({
  code: 'manifest.other-namespace',
  final: true,
  find(situation) {
    const text = refusal(situation)
    const found = /the namespace from the provided object "([^"]+)" does not match the namespace "([^"]+)"/.exec(text)
    return found ? { written: found[1]!, asked: found[2]! } : null
  },
  message: {
    ko: ({ written, asked }) =>
      `매니페스트에는 네임스페이스가 ${code(written, '이라/라')}고 적혀 있는데, 명령은 \`${asked}\`에 만들라고 했어요.`,
    en: ({ written, asked }) =>
      `The manifest names the namespace \`${written}\`, but it is to be applied in \`${asked}\`.`,
  },
  advice: {
    ko: () => '둘 가운데 하나만 쓰거나 둘을 같게 쓰세요: 명령의 `-n`과 매니페스트의 metadata.namespace예요.',
    en: () =>
      'Use only one of the two, or write the same in both: `-n` of the command, and metadata.namespace of the manifest.',
  },
})

export const manifest = [...yaml, noKind, noName, noSuchKind, unknownField, otherNamespace]
