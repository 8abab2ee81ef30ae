/** What the place that text goes to can do. Decided once, from the environment and the stream; everything else only asks. */
export interface Look {
  /** For reading: at most 100, 80 where nobody tells. */
  readonly columns: number
  readonly rows: number
  readonly colour: boolean
  /** OSC 8 hyperlinks. */
  readonly links: boolean
  /** Lines may be drawn over: spinners, live lists, menus with arrow keys. */
  readonly repaint: boolean
  /** Marks and lines outside ASCII. Korean text is written in any case. */
  readonly unicode: boolean
}

type Env = Readonly<Record<string, string | undefined>>

/** The stream that the text goes to; a file or pipe has none of these. */
interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

export function lookOf(env: Env, stream: Stream): Look {
  const dumb = env['TERM'] === 'dumb'
  const live = stream.isTTY === true && !dumb && !isOn(env['CI'])
  const noColour = Boolean(env['NO_COLOR'])
  return {
    columns: Math.min(100, Math.max(20, stream.columns || 80)),
    rows: stream.rows || 24,
    colour: forced(env['FORCE_COLOR']) ?? (live && !noColour),
    links: live && !noColour && linksWork(env),
    repaint: live && !isOn(env['ACCESSIBLE']),
    unicode: unicodeWorks(env),
  }
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase())
}

function forced(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : !['0', 'false'].includes(value.toLowerCase())
}

const linkTerms = ['xterm-kitty', 'xterm-ghostty', 'alacritty', 'foot', 'foot-extra']
const linkPrograms = ['vscode', 'iTerm.app', 'WezTerm', 'ghostty']

function linksWork(env: Env): boolean {
  // Multiplexers may swallow the address, and with it the only place where it stands.
  if (env['TMUX'] || env['STY']) return false
  return (
    linkPrograms.includes(env['TERM_PROGRAM'] ?? '') ||
    linkTerms.includes(env['TERM'] ?? '') ||
    Boolean(env['KITTY_WINDOW_ID'] || env['WT_SESSION']) ||
    // VTE 0.50.0 itself crashes on them.
    Number(env['VTE_VERSION']) > 5000 ||
    Number(env['KONSOLE_VERSION']) >= 201200
  )
}

function unicodeWorks(env: Env): boolean {
  if (env['TERM_PROGRAM'] === 'vscode' || env['WT_SESSION']) return true
  if (env['TERM'] === 'linux') return false
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  if (locale === 'C' || locale === 'POSIX') return false
  const charset = /\.([^@]+)/.exec(locale)?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}
