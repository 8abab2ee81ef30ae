import { createHash } from 'node:crypto'
import type { Language } from '../../lab/lab.ts'
import { short } from './about.ts'
import { style } from './style.ts'

/** Markup of ours. Whatever else is put into `html` is text, and stays text. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

export type Part = Html | string | number | false | undefined | readonly Part[]

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((made, string, index) => `${made}${markupOf(parts[index - 1])}${string}`))
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.markup
  if (typeof part === 'object') return part.map(markupOf).join('')
  return escaped(short(String(part), 4000))
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => entities[sign]!)
}

/** A text of ours or of a lab, its `code` as code. */
export function prose(text: string): Html {
  const parts = short(text).split(/`([^`\n]+)`/)
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}

/** The whole file: it loads nothing, runs nothing, sends nothing. */
export function page(language: Language, title: string, body: Html): string {
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const document = html`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${short(title, 200)}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`
  return document.markup
}
