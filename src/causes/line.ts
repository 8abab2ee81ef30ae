/** Reading a shell line, as far as it takes to say what a learner meant. Pure; never runs anything. */

/** What makes the shell read a line in another way than it was meant. */
export type Oddity = 'letters' | 'blank' | 'quotes' | 'open' | 'assignment' | 'broken'

export function oddity(line: string): Oddity | null {
  if (/^\s*[^\s;|&]*[ㄱ-ㅎㅏ-ㅣ가-힣！-～]/.test(line)) return 'letters'
  if (/[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/.test(line)) return 'blank'
  if (/[“”‘’]/.test(line)) return 'quotes'
  // Quoted texts of several lines begin with a newline or do not end with one.
  if (/(["'])(?!\n)(?:(?!\1).)+\n\1/s.test(line)) return 'open'
  if (/^\s*(\w+ += |export \w+( +=|= +\S))/.test(line)) return 'assignment'
  return /^\s*--?\w|\\\s*$/.test(line) ? 'broken' : null
}

/** The simple commands of a line, as words; quotes are taken off, variables stay as they are written. */
export function simpleCommands(line: string): string[][] {
  const commands: string[][] = [[]]
  let word: string | null = null
  let quote = ''
  const endWord = () => {
    if (word !== null) commands.at(-1)!.push(word)
    word = null
  }
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"' && /["\\$`]/.test(line[i + 1] ?? '')) word += line[++i]!
      else word += char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (char === '\\' && i + 1 < line.length) {
      if (line[++i] !== '\n') word = (word ?? '') + line[i]!
    } else if (' \t\r'.includes(char)) endWord()
    else if (';|&\n'.includes(char) && !/[<>]$/.test(word ?? '')) {
      endWord()
      if (commands.at(-1)!.length > 0) commands.push([])
    } else word = (word ?? '') + char
  }
  endWord()
  return commands.map(withoutPrefix).filter(words => words.length > 0)
}

/** Without `NAME=value` and `sudo` before the program, and without redirections. */
function withoutPrefix(words: readonly string[]): string[] {
  const start = words.findIndex(word => !/^\w+=/.test(word) && word !== 'sudo' && word !== 'time')
  if (start < 0) return []
  return words.slice(start).filter((word, i, all) => !/^\d?[<>]/.test(word) && !/^\d?(>|>>|<)$/.test(all[i - 1] ?? ''))
}

export function calls(line: string, program: string): string[][] {
  return simpleCommands(line).filter(words => words[0] === program)
}

/** `docker VERB`, with the management word (`container`, `image`, `builder`, `buildx`) taken off. */
export interface DockerCall {
  readonly verb: string
  /** The word that was typed right after `docker`. */
  readonly first: string
  readonly options: readonly { readonly name: string; readonly value?: string }[]
  readonly args: readonly string[]
  /** What came after the image of `run` or the container of `exec`. */
  readonly rest: readonly string[]
}

const managers = new Set([
  'container',
  'image',
  'builder',
  'buildx',
  'system',
  'volume',
  'network',
  'compose',
  'context',
])

/** Options without a value, by verb; any other option takes one. */
const switches: Readonly<Record<string, string>> = {
  run: 'd i t P q detach interactive tty rm init privileged read-only publish-all no-healthcheck quiet help public',
  exec: 'd i t detach interactive tty privileged',
  build: 'q quiet no-cache pull rm force-rm squash push load compress check',
  logs: 'f follow t timestamps details',
  ps: 'a all q quiet s size l latest no-trunc',
  images: 'a all q quiet no-trunc digests tree',
  rm: 'f force l link v volumes',
  start: 'a attach i interactive',
}
/** Every call of docker in a line. */
export function dockerCalls(line: string): DockerCall[] {
  return calls(line, 'docker').map(words => {
    const first = words[1] ?? ''
    const skip = managers.has(first) && words[2] && !words[2].startsWith('-') ? 2 : 1
    const verb = words[skip] ?? ''
    return { verb, first, ...splitOptions(words.slice(skip + 1), verb) }
  })
}

function splitOptions(words: readonly string[], verb: string): Pick<DockerCall, 'options' | 'args' | 'rest'> {
  const plain = new Set((switches[verb === 'create' ? 'run' : verb] ?? '').split(' '))
  const options: { name: string; value?: string }[] = []
  const args: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word)
    if (long) {
      const name = long[1]!
      if (long[2] !== undefined) options.push({ name, value: long[2] })
      else if (plain.has(name)) options.push({ name })
      else options.push({ name, value: words[++i] ?? '' })
    } else if (/^-\w/.test(word)) {
      const at = [...word].findIndex((letter, n) => n > 0 && !plain.has(letter))
      for (const letter of word.slice(1, at < 0 ? undefined : at)) options.push({ name: letter })
      if (at > 0) options.push({ name: word[at]!, value: word.slice(at + 1).replace(/^=/, '') || (words[++i] ?? '') })
    } else {
      args.push(word)
      // What follows the image belongs to the container, options included.
      if (['run', 'create', 'exec'].includes(verb)) return { options, args, rest: words.slice(i + 1) }
    }
  }
  return { options, args, rest: [] }
}

/** Values of an option under any of its names. */
export function values(call: DockerCall, ...names: readonly string[]): string[] {
  return call.options.filter(each => names.includes(each.name)).map(each => each.value ?? '')
}
