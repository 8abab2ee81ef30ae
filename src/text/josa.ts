import { convertHangulToQwerty, josa } from 'es-hangul'

type Particle = Parameters<typeof josa>[1]

const digits = ['영', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구']

/**
 * A name with the particle that fits how it is read aloud: `particle('nginx', '을/를')` is `nginx를`, `3000` gives `3000을`.
 * Names in backticks keep them: `` `app`을 ``. Latin names are read as Koreans usually read them, which is a good guess.
 */
export function particle(name: string | number, choice: Particle): string {
  const sound = soundOf(String(name))
  return name + josa(sound, choice).slice(sound.length)
}

/** `` `name`을 ``: the name as code, with its particle. */
export function code(name: string | number, choice: Particle): string {
  return particle(`\`${name}\``, choice)
}

/** What the same keys give with the keyboard in English: `ㅣㄴ` is `ls`. */
export function onLatinKeys(text: string): string {
  return convertHangulToQwerty(text)
}

/** A Korean syllable that ends like the name does. */
function soundOf(name: string): string {
  const bare = name.replace(/[^\p{L}\p{N}]+$/u, '')
  const last = bare.at(-1) ?? ''
  if (/[가-힣]/.test(last)) return last
  if (/\d/.test(last)) return digits[Number(last)]!
  return latin(bare.toLowerCase())
}

function latin(name: string): string {
  const word = /[a-z]+$/.exec(name)?.[0] ?? ''
  if (/(l|le|al|el)$/.test(word)) return '일'
  if (/(m|n|ng|me|ne|ine)$/.test(word)) return '은'
  if (/(^|[^aeiou])[aeiou](p|pp|b|k|ck|c|t|g)$|(oo|ee)k$/.test(word) && !/(et|st)$/.test(word)) return '입'
  return '이'
}
