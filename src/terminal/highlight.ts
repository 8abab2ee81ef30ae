import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import dockerfile from 'highlight.js/lib/languages/dockerfile'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import yaml from 'highlight.js/lib/languages/yaml'

for (const [name, grammar] of Object.entries({ bash, dockerfile, javascript, json, yaml }))
  hljs.registerLanguage(name, grammar)

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" }

/**
 * Code with each piece given to `paint` together with its kind (`keyword`, `string`, `comment`, …; empty: nothing special).
 * A language that is not known gives the code back.
 */
export function highlight(code: string, language: string, paint: (kind: string, text: string) => string): string {
  if (!hljs.getLanguage(language)) return code
  const html = hljs.highlight(code, { language, ignoreIllegals: true }).value
  const kinds: string[] = []
  return html.replace(/<span class="([^"]*)">|<\/span>|[^<]+/g, (piece: string, kind: string | undefined) => {
    if (kind !== undefined) kinds.push(kind.startsWith('hljs-') ? kind.slice(5).split(' ')[0]! : (kinds.at(-1) ?? ''))
    else if (piece === '</span>') kinds.pop()
    else
      return paint(
        kinds.at(-1) ?? '',
        piece.replace(/&(?:amp|lt|gt|quot|#x27);/g, entity => entities[entity]!),
      )
    return ''
  })
}
