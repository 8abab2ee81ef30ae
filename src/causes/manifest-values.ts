import { code } from '../text/josa.ts'
import type { Cause } from './cause.ts'
import { cause } from './cause.ts'
import { known } from './look.ts'
import { type Invalid, invalidities } from './manifests.ts'

/** Values in a manifest that the API server does not take. */

type Value = { object: string; field: string; value?: string; message: string }

/** The first that a rule fits; `all` of them count before the next rule does. */
function invalid(
  name: string,
  fits: (each: Invalid) => boolean,
  texts: Pick<Cause<Value>, 'message' | 'advice'>,
): Cause {
  return cause<Value>({
    code: name,
    final: true,
    find(situation) {
      const found = invalidities(situation).find(fits)
      return found ? evidence(found) : null
    },
    ...texts,
  })
}

function evidence({ object, field, value, type, detail }: Invalid): Value {
  const message = detail === '' ? type : detail
  return known({
    object,
    field,
    value: value || undefined,
    message: message.length > 200 ? `${message.slice(0, 197)}…` : message,
  }) as Value
}

const noSelector = invalid(
  'manifest.no-selector',
  each => each.field === 'spec.selector' && each.type === 'Required value',
  {
    message: {
      ko: ({ object }) => `\`${object}\`에 spec.selector가 없어요.`,
      en: ({ object }) => `\`${object}\` has no spec.selector.`,
    },
    advice: {
      ko: () =>
        'selector는 자기 Pod를 알아보는 라벨이에요. selector.matchLabels와 template.metadata.labels가 같아야 해요.',
      en: () =>
        'The selector says by which labels it knows its pods: selector.matchLabels has to be the same as template.metadata.labels.',
    },
  },
)

const selectorMismatch = invalid(
  'manifest.selector-mismatch',
  each => /does not match template `?labels/.test(each.detail),
  {
    message: {
      ko: ({ object }) => `\`${object}\`의 selector와 template의 라벨이 서로 달라요.`,
      en: ({ object }) => `The selector of \`${object}\` does not fit the labels of its template.`,
    },
    advice: {
      ko: () => 'spec.selector.matchLabels와 spec.template.metadata.labels를 한 글자씩 견주어 보세요.',
      en: () => 'Compare spec.selector.matchLabels with spec.template.metadata.labels, letter by letter.',
    },
  },
)

const immutable = invalid(
  'manifest.immutable',
  each =>
    /field is immutable$/.test(each.detail) || /updates.*(may not change|for) fields other than/.test(each.detail),
  {
    message: {
      ko: ({ object, field }) => `이미 있는 \`${object}\`에서 ${code(field, '은/는')} 나중에 바꿀 수 없는 부분이에요.`,
      en: ({ object, field }) => `\`${object}\` is there already, and its \`${field}\` cannot be changed any more.`,
    },
    advice: {
      ko: ({ object }) =>
        `${code(`kubectl delete ${object.split(' ')[0]?.toLowerCase()}`, '으로/로')} 지우고 다시 apply 하세요. Pod는 이미지 정도만 고칠 수 있고, 나머지는 Deployment를 쓰면 새 Pod로 바꿔 줘요.`,
      en: ({ object }) =>
        `Delete it with \`kubectl delete ${object.split(' ')[0]?.toLowerCase()}\` and apply again. Of a bare pod little more than the image can change; a Deployment replaces its pods instead.`,
    },
  },
)

const restartPolicy = invalid('manifest.restart-policy', each => each.field.endsWith('spec.restartPolicy'), {
  message: {
    ko: ({ object }) => `\`${object}\`에 쓸 수 있는 restartPolicy가 아니에요.`,
    en: ({ object }) => `\`${object}\` needs another restartPolicy.`,
  },
  advice: {
    ko: ({ message }) =>
      `서버가 말한 이유는 ${code(message, '이에요/예요')}. 쓰지 않으면 Always인데, Job의 Pod는 언젠가 끝나야 해서 Always를 쓸 수 없어요.`,
    en: ({ message }) =>
      `It says: \`${message}\`. Without one it is Always, which a Job cannot have, because its pods are to end.`,
  },
})

const schedule = invalid('manifest.bad-schedule', each => /^spec\.(schedule|timeZone)$/.test(each.field), {
  message: {
    ko: ({ field, value }) => `\`${field}\`의 값 ${code(value ?? '', '은/는')} CronJob이 알아들을 수 없어요.`,
    en: ({ field, value }) => `A CronJob cannot use \`${value}\` as its \`${field}\`.`,
  },
  advice: {
    ko: ({ message }) =>
      `서버가 말한 이유는 ${code(message, '이에요/예요')}. schedule은 분, 시, 일, 월, 요일의 다섯 칸이고, timeZone은 \`Asia/Seoul\` 같은 이름이에요.`,
    en: ({ message }) =>
      `It says: \`${message}\`. A schedule has five fields (minute, hour, day, month, weekday); a timeZone is a name such as \`Asia/Seoul\`.`,
  },
})

const portRange = invalid('manifest.node-port-range', each => /not in the valid range/.test(each.detail), {
  message: {
    ko: ({ value }) => `nodePort ${code(value ?? '', '은/는')} 쓸 수 있는 범위(30000-32767)를 벗어났어요.`,
    en: ({ value }) => `The nodePort \`${value}\` is out of the range that there is for it (30000-32767).`,
  },
  advice: {
    ko: () => 'nodePort를 아예 쓰지 않으면 서버가 골라 줘요. 앱의 포트는 targetPort에 써요.',
    en: () => 'Leave nodePort out and the server chooses one. The port of the app goes into targetPort.',
  },
})

const portTaken = invalid('manifest.node-port-taken', each => /already allocated/.test(each.detail), {
  message: {
    ko: ({ value }) => `nodePort ${code(value ?? '', '은/는')} 다른 Service가 이미 쓰고 있어요.`,
    en: ({ value }) => `Another Service already has the nodePort \`${value}\`.`,
  },
  advice: {
    ko: () => '`kubectl get services -A`의 PORT(S)에서 누가 쓰는지 보세요. nodePort는 클러스터 전체에서 하나뿐이에요.',
    en: () => 'See who in PORT(S) of `kubectl get services -A`: a nodePort is there only once in the whole cluster.',
  },
})

const belowRequest = invalid(
  'manifest.limit-below-request',
  each => /must be less than or equal to \S+ limit/.test(each.detail),
  {
    message: {
      ko: ({ object, value }) => `\`${object}\`에서 requests(\`${value}\`)가 limits보다 커요.`,
      en: ({ object, value }) => `In \`${object}\` the requests (\`${value}\`) are more than the limits.`,
    },
    advice: {
      ko: ({ message }) =>
        `서버가 말한 이유는 ${code(message, '이에요/예요')}. limits는 넘지 못할 선이라서 requests보다 작을 수 없어요.`,
      en: ({ message }) =>
        `It says: \`${message}\`. limits is what may not be exceeded, so it cannot be less than requests.`,
    },
  },
)

const badName = invalid(
  'manifest.bad-name',
  each => /RFC 1123|RFC 1035|a valid label must|name part must/.test(each.detail),
  {
    message: {
      ko: ({ field, value }) => `\`${field}\`의 ${code(value ?? '', '은/는')} Kubernetes의 이름 규칙에 맞지 않아요.`,
      en: ({ field, value }) => `\`${value}\` in \`${field}\` breaks the rules for names in Kubernetes.`,
    },
    advice: {
      ko: ({ field }) =>
        /labels|Labels/.test(field)
          ? '라벨에는 영문자, 숫자, `-`, `_`, `.`만 쓰고, 빈칸은 쓸 수 없어요.'
          : '이름에는 영어 소문자, 숫자, `-`만 쓰고, 글자나 숫자로 시작하고 끝나야 해요. 대문자, 밑줄, 한글은 쓸 수 없어요.',
      en: ({ field }) =>
        /labels|Labels/.test(field)
          ? 'Labels have Latin letters, digits, `-`, `_` and `.`; no blanks.'
          : 'Names have lower-case Latin letters, digits and `-`, and begin and end with a letter or digit. No capitals, no underscores.',
    },
  },
)

const required = invalid('manifest.required', each => each.type === 'Required value', {
  message: {
    ko: ({ object, field }) => `\`${object}\`에 꼭 있어야 하는 ${code(field, '이/가')} 없어요.`,
    en: ({ object, field }) => `\`${object}\` lacks \`${field}\`, which has to be there.`,
  },
  advice: {
    ko: ({ field }) =>
      `적었다면 들여쓰기 때문에 다른 자리에 있을 수 있어요. \`kubectl explain KIND.${field.replace(/\[\d+\]/g, '')}\`로 무엇인지 보세요(KIND는 매니페스트의 kind예요).`,
    en: ({ field }) =>
      `If it is written, its indentation may put it elsewhere. \`kubectl explain KIND.${field.replace(/\[\d+\]/g, '')}\` says what it is (KIND stands for the kind of the manifest).`,
  },
})

const other = invalid('manifest.invalid', () => true, {
  message: {
    ko: ({ object, field, value }) =>
      `\`${object}\`의 \`${field}\` 값${value ? `(\`${value}\`)` : ''}을 API 서버가 받아들이지 않아요.`,
    en: ({ object, field, value }) =>
      `The API server does not accept \`${field}\` of \`${object}\`${value ? ` (\`${value}\`)` : ''}.`,
  },
  advice: {
    ko: ({ message }) =>
      `서버가 말한 이유는 ${code(message, '이에요/예요')}. 대괄호 안의 숫자는 목록에서 몇 번째인지이고 0부터 세요.`,
    en: ({ message }) => `It says: \`${message}\`. A number in brackets is the place in a list, counted from 0.`,
  },
})

export const manifestValues = [
  noSelector,
  selectorMismatch,
  immutable,
  restartPolicy,
  schedule,
  portRange,
  portTaken,
  belowRequest,
  badName,
  required,
  other,
]
