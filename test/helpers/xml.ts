/** A small strict reader of XML: throws where a document is not well-formed. No DTDs, comments or CDATA. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

export function parseXml(document: string): Element {
  if (/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(document))
    throw new Error('a character that XML forbids')
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let at = 0
  for (const match of body.matchAll(/<(\/?)([A-Za-z][\w-]*)((?: [\w-]+="[^"<]*")*)(\/?)>/g)) {
    const [tag, close, name, attributes, empty] = match as unknown as [string, string, string, string, string]
    open.at(-1)!.text += decoded(body.slice(at, match.index))
    at = match.index + tag.length
    if (close) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes something else`)
      continue
    }
    const pairs = [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(
      ([, key, value]) => [key!, decoded(value!)] as const,
    )
    if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`${name} has an attribute twice`)
    const element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' }
    open.at(-1)!.children.push(element)
    if (!empty) open.push(element)
  }
  decoded(body.slice(at))
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not exactly one element, closed')
  return root.children[0]!
}

function decoded(text: string): string {
  if (text.includes('<')) throw new Error(`< in text: ${text}`)
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(\w*;?)/g, (_, name: string) => {
    const value = names[name.replace(/;$/, '')]
    if (value === undefined || !name.endsWith(';')) throw new Error(`&${name} is no entity`)
    return value
  })
}
