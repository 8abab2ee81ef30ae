/** Its own types do not fit; this is the part that we use. */
declare module 'marked-terminal' {
  import type { MarkedExtension } from 'marked'

  type Paint = (text: string) => string
  export function markedTerminal(options: {
    strong: Paint
    em: Paint
    del: Paint
    emoji: false
    reflowText: false
    unescape: false
  }): MarkedExtension
}
