import { code } from '../text/josa.ts'
import type { Cause, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { refusal } from './manifests.ts'

/** Values in a manifest that are of another type than the field: the API server cannot even read them. */

type WrongType = { field: string; got: string; wanted: string }

const wrongType = cause<WrongType>({
  code: 'manifest.wrong-type',
  final: true,
  find(situation) {
    const found = /cannot unmarshal (\w+) into Go (?:struct field \w+?\.(\S+)|value) of type (\S+)/.exec(
      refusal(situation),
    )
    return found ? { field: found[2] ?? '', got: found[1]!, wanted: kindOf(found[3]!) } : null
  },
  message: {
    ko: ({ field, got, wanted }) =>
      `\`${field}\`에는 ${ko[wanted] ?? wanted} 와야 하는데 ${code(got, '이/가')} 있어요.`,
    en: ({ field, got, wanted }) => `\`${field}\` has to be ${en[wanted] ?? wanted}, but is \`${got}\`.`,
  },
  advice: {
    ko: ({ wanted }) =>
      wanted === 'text'
        ? '숫자와 true, false도 글자로 쓰려면 따옴표로 감싸야 해요: `"8080"`, `"true"`.'
        : wanted === 'list'
          ? '목록의 항목은 `- `로 시작해요. 빠진 `-`가 없는지 보세요.'
          : '따옴표로 감싸면 글자가 돼요. 숫자와 true, false는 따옴표 없이 쓰세요. 들여쓰기도 확인하세요.',
    en: ({ wanted }) =>
      wanted === 'text'
        ? 'Numbers and true, false need quotes where a text is meant: `"8080"`, `"true"`.'
        : wanted === 'list'
          ? 'Entries of a list begin with `- `: see whether a `-` is missing.'
          : 'Quotes make a text of it: write numbers and true, false without. Look at the indentation, too.',
  },
})

const ko: Readonly<Record<string, string>> = {
  text: '글자(문자열)가',
  list: '목록이',
  number: '숫자가',
  yesNo: 'true나 false가',
  map: '이름과 값의 묶음이',
}
const en: Readonly<Record<string, string>> = {
  text: 'a text',
  list: 'a list',
  number: 'a number',
  yesNo: 'true or false',
  map: 'a map',
}

/** Go's name of a type, in plain words. */
function kindOf(type: string): string {
  if (type === 'string') return 'text'
  if (type.startsWith('[]')) return 'list'
  if (/^u?int|^float/.test(type)) return 'number'
  return type === 'bool' ? 'yesNo' : 'map'
}

function said(name: string, pattern: RegExp, texts: Pick<Cause<Record<string, string>>, 'message' | 'advice'>): Cause {
  return cause<Record<string, string>>({
    code: name,
    final: true,
    find(situation: Situation) {
      const found = pattern.exec(refusal(situation))
      return found ? { ...found.groups } : null
    },
    ...texts,
  })
}

const base64 = said('manifest.bad-base64', /illegal base64 data at input byte (?<byte>\d+)/, {
  message: {
    ko: () => 'Secret의 data에 base64가 아닌 값이 있어요.',
    en: () => 'The data of the Secret has a value that is not base64.',
  },
  advice: {
    ko: () =>
      '글자를 그대로 쓰려면 data가 아니라 stringData에 적으세요. 직접 바꾸려면 `echo -n 값 | base64`를 쓰는데, `-n`이 없으면 줄바꿈까지 들어가요.',
    en: () =>
      'To write plain text, use stringData instead of data. To encode it yourself: `echo -n VALUE | base64`; without `-n` a newline gets in.',
  },
})

const quantity = said('manifest.bad-quantity', /quantities must match the regular expression/, {
  message: {
    ko: () => '매니페스트의 resources나 storage에 단위를 알 수 없는 양이 적혀 있어요.',
    en: () => 'An amount in resources or storage of the manifest has a unit that Kubernetes does not know.',
  },
  advice: {
    ko: () =>
      '메모리와 저장 공간은 `512Mi`, `1Gi`처럼, CPU는 `500m`나 `0.5`처럼 써요. 서버가 어느 줄인지는 알려 주지 않으니 양을 적은 곳을 모두 보세요.',
    en: () =>
      'Memory and storage are written like `512Mi` or `1Gi`, CPU like `500m` or `0.5`. The server does not say where it is: look at every amount.',
  },
})

export const manifestTypes = [wrongType, base64, quantity]
