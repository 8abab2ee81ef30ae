/** What is said beside the shell's own output: lines above a prompt, and the title of the window. */
export interface Voice {
  say(text: string): void
  title(text: string): void
  /** Everything that was said since, for the screen. */
  lines(): string
  /** The title, if there is a new one. */
  newTitle(): string
  /** Brings the first title back. */
  farewell(): string
  /** Takes note of what was written to the screen. */
  wrote(bytes: Buffer | string): void
  /** What brings the cursor to the start of a line. */
  freshLine(): string
}

const escapes = /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^[\]]/g

export function createVoice(greeting: string): Voice {
  let said = [greeting]
  let next: string | null = null
  let titled = false
  let last: Buffer | string = ''
  const freshLine = () => {
    const visible = last.slice(-512).toString().replaceAll(escapes, '')
    // What zsh leaves behind the cursor would stay behind the text.
    if (visible.endsWith('\r')) return '\x1b[K'
    return visible === '' || visible.endsWith('\n') ? '' : '\r\n'
  }
  return {
    say: text => void said.push(text),
    title(text) {
      next = text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ' ')
    },
    lines() {
      const lines = said.filter(text => text !== '').map(text => (text.endsWith('\n') ? text : `${text}\n`))
      said = []
      // The terminal does not complete newlines while the shell has it.
      return lines.length === 0 ? '' : freshLine() + lines.join('').replaceAll(/\r?\n/g, '\r\n')
    },
    newTitle() {
      if (next === null) return ''
      // 22 keeps the old one and 23 brings it back, where a terminal can do that.
      const text = `${titled ? '' : '\x1b[22;2t'}\x1b]2;${next}\x07`
      titled = true
      next = null
      return text
    },
    farewell: () => (titled ? '\x1b[23;2t' : ''),
    wrote(bytes) {
      // Of every piece of a long output: nothing is copied.
      last = bytes.length >= 256 ? bytes : last.slice(-256).toString() + bytes.toString()
    },
    freshLine,
  }
}
