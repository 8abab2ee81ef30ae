import type { FileView } from '../lab/machine.ts'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { values } from './line.ts'
import { dockerCall, known, looked, said, seenAs } from './look.ts'

/** What is wrong with a Dockerfile as it is written: the builder says so, or it is seen in the file before any build. */

const instructions =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  )

type Flaw =
  | { readonly kind: 'empty'; readonly file: string }
  | { readonly kind: 'unknown'; readonly word: string; readonly line?: number }
  | { readonly kind: 'no-from'; readonly first?: string }
  | { readonly kind: 'arguments'; readonly word: string; readonly line?: number }
  | { readonly kind: 'not-json'; readonly word: string; readonly line: number }

/** At most one, so that the causes exclude each other. */
function flawOf(situation: Situation): Flaw | null {
  const check = looked(situation, 'dockerfile')
  const text = check ? seenAs<{ file: FileView | null }>(check).file?.text : undefined
  if (check && text !== undefined) return inFile(text, String(check.fields['path'] ?? 'Dockerfile'))
  return inOutput(situation)
}

function inOutput(situation: Situation): Flaw | null {
  const text = said(situation)
  const line = Number(/(?:parse )?error (?:on )?line (\d+)/i.exec(text)?.[1]) || undefined
  const at = known({ line })
  const word = /unknown instruction: (\S+)/i.exec(text)?.[1]
  if (word !== undefined) return { kind: 'unknown', word, ...at }
  const empty = /the Dockerfile (?:\((.+?)\) )?cannot be empty|file with no instructions|dockerfile is empty/i.exec(
    text,
  )
  if (empty) {
    const typed = dockerCall(situation, 'build')
    return { kind: 'empty', file: empty[1] ?? (typed && values(typed, 'f', 'file')[0]) ?? 'Dockerfile' }
  }
  if (/no build stage in current context/i.test(text)) return { kind: 'no-from' }
  const few = /\b([A-Z]+) (?:requires (?:exactly|at least|either) \w+|must have two arguments)/.exec(text)?.[1]
  return few && instructions.includes(few) ? { kind: 'arguments', word: few, ...at } : null
}

function inFile(text: string, file: string): Flaw | null {
  if (text.trim() === '') return { kind: 'empty', file }
  if (/<</.test(text)) return null
  let first = true
  for (const { word, rest, line } of statements(text)) {
    const name = word.toUpperCase()
    if (!instructions.includes(name)) return { kind: 'unknown', word, line }
    if (first && name !== 'FROM' && name !== 'ARG') return { kind: 'no-from', first: name }
    if (name === 'FROM') first = false
    const args = rest.split(/\s+/).filter(each => each !== '' && !each.startsWith('--'))
    if (name === 'FROM' && args.length !== 1 && args.length !== 3) return { kind: 'arguments', word: name, line }
    if (/^(COPY|ADD)$/.test(name) && args.length < 2 && !rest.startsWith('['))
      return { kind: 'arguments', word: name, line }
    if (/^(CMD|ENTRYPOINT)$/.test(name) && looksLikeList(rest) && !isJson(rest))
      return { kind: 'not-json', word: name, line }
  }
  return null
}

function statements(text: string): { word: string; rest: string; line: number }[] {
  const found: { word: string; rest: string; line: number }[] = []
  let continued = false
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const words = line.replace(/\s*\\$/, '')
    const last = found.at(-1)
    if (continued && last) last.rest += ` ${words}`
    else found.push({ word: words.split(/\s/)[0]!, rest: words.replace(/^\S+\s*/, ''), line: index + 1 })
    continued = /\\$/.test(line)
  }
  return found
}

/** Meant as an exec form: `[ -f x ] && …` is a shell's own bracket. */
export function looksLikeList(text: string): boolean {
  return text.startsWith('[') && !/\]\s*(&&|\|\||;)/.test(text)
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}

/** The flaw, where it is of this kind. */
function ofKind<K extends Flaw['kind']>(situation: Situation, kind: K): Extract<Flaw, { kind: K }> | null {
  const flaw = flawOf(situation)
  return flaw?.kind === kind ? (flaw as Extract<Flaw, { kind: K }>) : null
}

const unknownInstruction = cause<{ word: string; line?: number; near?: string }>({
  code: 'build.unknown-instruction',
  final: true,
  find(situation) {
    const found = ofKind(situation, 'unknown')
    if (!found) return null
    const { word, line } = found
    return known({ word, line, near: nearest(word.toUpperCase(), instructions) }) as { word: string }
  },
  message: {
    ko: ({ word, line }) =>
      `Dockerfile${line ? ` ${line}번째 줄` : ''}의 ${code(word, '은/는')} Dockerfile의 지시문이 아니에요.`,
    en: ({ word, line }) => `\`${word}\`${line ? ` on line ${line}` : ''} is not an instruction of a Dockerfile.`,
  },
  advice: {
    ko: ({ near }) =>
      near
        ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? \`cat -n Dockerfile\`로 그 줄을 보세요.`
        : '셸 명령이라면 앞에 지시문이 있어야 해요. `cat -n Dockerfile`로 그 줄이 무엇으로 시작하는지 보세요.',
    en: ({ near }) =>
      near
        ? `Did you mean \`${near}\`? See that line with \`cat -n Dockerfile\`.`
        : 'A shell command needs an instruction in front of it. See with `cat -n Dockerfile` how that line begins.',
  },
})

const empty = cause<{ file: string }>({
  code: 'build.empty',
  final: true,
  find(situation) {
    const found = ofKind(situation, 'empty')
    return found && { file: found.file }
  },
  message: {
    ko: ({ file }) => `${code(file, '이/가')} 비어 있어요.`,
    en: ({ file }) => `\`${file}\` is empty.`,
  },
  advice: {
    ko: ({ file }) => `편집기에서 저장을 했는지 보고, ${code(`cat ${file}`, '으로/로')} 내용을 확인하세요.`,
    en: ({ file }) => `See whether the editor has saved it, and look with \`cat ${file}\`.`,
  },
})

const noFrom = cause<{ first?: string }>({
  code: 'build.no-from',
  final: true,
  find(situation) {
    const found = ofKind(situation, 'no-from')
    return found && known({ first: found.first })
  },
  message: {
    ko: ({ first }) =>
      first
        ? `Dockerfile이 FROM이 아니라 ${code(first, '으로/로')} 시작해요.`
        : 'Dockerfile의 첫 지시문이 FROM이 아니에요.',
    en: ({ first }) =>
      first
        ? `The Dockerfile begins with \`${first}\` instead of FROM.`
        : 'The first instruction of the Dockerfile is not FROM.',
  },
  advice: {
    ko: () =>
      'FROM은 어떤 이미지 위에 쌓을지 정하므로 맨 앞에 와야 해요. 그 앞에는 ARG와 주석만 쓸 수 있어요. `cat -n Dockerfile`로 첫 줄을 보세요.',
    en: () =>
      'FROM says which image to build on, so it comes first; only ARG and comments may stand before it. Look at the first line with `cat -n Dockerfile`.',
  },
})

const badArguments = cause<{ word: string; line?: number }>({
  code: 'build.bad-arguments',
  final: true,
  find(situation) {
    const found = ofKind(situation, 'arguments')
    return found && (known({ word: found.word, line: found.line }) as { word: string })
  },
  message: {
    ko: ({ word, line }) =>
      `Dockerfile${line ? ` ${line}번째 줄` : ''}의 \`${word}\` 뒤에 쓴 단어의 개수가 맞지 않아요.`,
    en: ({ word, line }) => `\`${word}\`${line ? ` on line ${line}` : ''} has the wrong number of words after it.`,
  },
  advice: {
    ko: ({ word }) => usage(word).ko,
    en: ({ word }) => usage(word).en,
  },
})

function usage(word: string): { ko: string; en: string } {
  if (word === 'FROM')
    return {
      ko: 'FROM 뒤에는 이미지 하나만 와요. 태그는 빈칸이 아니라 쌍점(:)으로 붙이고, 별명을 줄 때만 `AS 이름`이 더 와요.',
      en: 'FROM takes one image. A tag is joined to it by a colon, not a blank; only `AS NAME` may follow.',
    }
  if (word === 'COPY' || word === 'ADD')
    return {
      ko: `${word} 뒤에는 무엇을 복사할지와 이미지 안 어디에 둘지를 차례로 써요. 하나만 쓰면 어디에 둘지 알 수 없어요.`,
      en: `${word} takes what to copy and then where to put it in the image. With only one of them the place is missing.`,
    }
  return {
    ko: `\`cat -n Dockerfile\`로 그 줄을 보고, ${code(word, '이/가')} 무엇을 받는지 Dockerfile 문서에서 확인하세요.`,
    en: `Look at that line with \`cat -n Dockerfile\`, and see in the Dockerfile reference what \`${word}\` takes.`,
  }
}

const listNotJson = cause<{ word: string; line: number }>({
  code: 'build.list-not-json',
  final: true,
  find(situation) {
    const found = ofKind(situation, 'not-json')
    return found && { word: found.word, line: found.line }
  },
  message: {
    ko: ({ word, line }) =>
      `Dockerfile ${line}번째 줄에서 \`${word}\`의 대괄호 목록이 올바른 JSON이 아니라서 Docker가 셸 명령으로 읽어요.`,
    en: ({ word, line }) =>
      `The list in brackets after \`${word}\` on line ${line} is not valid JSON, so Docker reads it as a shell command.`,
  },
  advice: {
    ko: () => jsonList.ko,
    en: () => jsonList.en,
  },
})

export const jsonList = {
  ko: '목록의 단어는 저마다 곧은 큰따옴표(`"`)로 감싸고 쉼표로 나눠요. 작은따옴표, 둥근 따옴표(`“` `”`), 빠진 따옴표나 쉼표가 없는지 `cat -n Dockerfile`로 보세요.',
  en: 'Each word of the list stands in straight double quotes (`"`), with commas between. Look with `cat -n Dockerfile` for single or curly quotes (`“` `”`), and for a quote or comma that is missing.',
}

export const buildFile = [unknownInstruction, empty, noFrom, badArguments, listNotJson]
