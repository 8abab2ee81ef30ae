/** Just enough of a shell's grammar to see which programs a line runs and with which words. */

/** Simple commands as lists of words, without assignments and keywords in front. Here-documents are left out. */
export function commandsIn(script: string): string[][] {
  const commands: string[][] = []
  let words: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  const text = withoutHereDocuments(script).replace(/\\\r?\n/g, ' ')
  const endWord = () => {
    if (word !== null) words.push(word)
    word = null
  }
  const endCommand = () => {
    endWord()
    const start = words.findIndex(each => !isPrefix(each))
    if (start >= 0) commands.push(words.slice(start))
    words = []
  }
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!
    if (quote) {
      if (char === quote) quote = null
      else if (char === '\\' && quote === '"' && index + 1 < text.length) word += text[++index]!
      else word += char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (text.startsWith('{{', index)) {
      const end = text.indexOf('}}', index)
      const stop = end < 0 ? text.length : end + 2
      word = (word ?? '') + text.slice(index, stop)
      index = stop - 1
    } else if (char === '\\') word = (word ?? '') + (text[++index] ?? '')
    else if (char === ' ' || char === '\t') endWord()
    else if (char === '$' && text[index + 1] === '(') {
      endCommand()
      index++
    } else if (';|&\n()`'.includes(char)) endCommand()
    else if (char === '#' && word === null) {
      const end = text.indexOf('\n', index)
      index = end < 0 ? text.length : end - 1
    } else word = (word ?? '') + char
  }
  endCommand()
  return commands
}

function isPrefix(word: string): boolean {
  return /^([A-Za-z_]\w*=.*|sudo|time|then|do|else|if|while|until|!|\{)$/s.test(word)
}

const start = /<<-?\s*["']?(\w+)["']?/

function withoutHereDocuments(script: string): string {
  return split(script)
    .filter(line => !line.inside)
    .map(line => line.text)
    .join('\n')
}

/** The lines of here-documents, such as a Dockerfile that a command writes. */
export function hereDocuments(script: string): string {
  return split(script)
    .filter(line => line.inside)
    .map(line => line.text)
    .join('\n')
}

function split(script: string): { text: string; inside: boolean }[] {
  let end: string | undefined
  return script.split('\n').map(text => {
    if (end === undefined) {
      end = start.exec(text)?.[1]
      return { text, inside: false }
    }
    if (text.trim() === end) end = undefined
    return { text, inside: true }
  })
}
