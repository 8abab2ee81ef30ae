import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
} from 'yaml'
import type { Json } from './lab.ts'

/** The only user of `yaml`. Text to plain values and back to positions; nothing an author writes makes it throw or hang. */

/** Keys and indexes, from the root. */
export type Path = readonly (string | number)[]

export interface Position {
  /** From 1. */
  readonly line: number
  readonly column: number
}

export interface Fault extends Position {
  readonly code:
    | 'yaml-tab'
    | 'yaml-duplicate-key'
    | 'yaml-syntax'
    | 'yaml-alias'
    | 'yaml-alias-cycle'
    | 'yaml-alias-bomb'
    | 'yaml-too-deep'
    | 'yaml-key'
  /** The library's own words, or the name in question. */
  readonly detail: string
}

/** A plain scalar that YAML reads otherwise than it looks. */
export interface Oddity {
  readonly path: Path
  /** `1.10` is 1.1, `0755` is 755; `True` is true; `yes` is a text. */
  readonly kind: 'number' | 'boolean' | 'word'
  readonly source: string
}

export interface YamlFile {
  /** `undefined` where the syntax is too broken to say. */
  readonly value: Json | undefined
  readonly faults: readonly Fault[]
  readonly oddities: readonly Oddity[]
  /** Where something stands; for what is not there, where its parent stands. `inside`: a piece of the value's source. */
  locate(path: Path, part?: 'key' | 'value', inside?: string): Position
  /** A scalar as it is written. */
  source(path: Path): string
}

const deepest = 50
const largestExpansion = 20_000
const mostFaults = 100

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter()
  const faults: Fault[] = []
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const fault = (offset: number, code: Fault['code'], detail: string) => {
    if (faults.length < mostFaults) faults.push({ code, detail, ...position(offset) })
  }
  const nothing: YamlFile = {
    value: undefined,
    faults,
    oddities: [],
    locate: () => ({ line: 1, column: 1 }),
    source: () => '',
  }

  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const deep = tooDeep(tokens)
  if (deep !== null) {
    fault(deep, 'yaml-too-deep', String(deepest))
    return nothing
  }
  const composer = new Composer({ version: '1.2', schema: 'core', lineCounter: lines, uniqueKeys: true })
  const [doc, second] = [...composer.compose(tokens, true, text.length)]
  if (!doc) return nothing
  if (second) fault(second.range[0], 'yaml-syntax', 'one file is one document')
  let broken = false
  for (const { code, message, pos } of [...doc.errors, ...doc.warnings]) {
    const tab = code === 'TAB_AS_INDENT' || text[pos[0]] === '\t'
    const kind = tab ? 'yaml-tab' : code === 'DUPLICATE_KEY' ? 'yaml-duplicate-key' : 'yaml-syntax'
    fault(pos[0], kind, message)
    broken ||= kind !== 'yaml-duplicate-key'
  }
  if (broken) return nothing

  const { value, oddities } = plain(doc.contents, fault)
  return { value, faults, oddities, locate, source }

  function locate(path: Path, part: 'key' | 'value' = 'value', inside?: string): Position {
    const { key, node } = find(doc!, path)
    const range = node?.range
    const shown = range && (range[1] > range[0] || !key) ? range : undefined
    if (part === 'value' && inside && shown) {
      const offset = text.slice(shown[0], shown[1]).indexOf(inside)
      if (offset >= 0) return position(shown[0] + offset)
    }
    const start = (part === 'key' ? (key ?? node) : shown ? node : key)?.range
    return position(start?.[0] ?? 0)
  }

  function source(path: Path): string {
    const range = find(doc!, path).node?.range
    return range ? text.slice(range[0], range[1]) : ''
  }
}

/** Offset of a token that is nested too deeply to be composed: deep recursion in there can end the whole process. */
function tooDeep(tokens: readonly CST.Token[]): number | null {
  const todo: { token: CST.Token; depth: number }[] = tokens.map(token => ({ token, depth: 0 }))
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { token, depth } = next
    if (depth > deepest) return token.offset
    if (token.type === 'document') {
      if (token.value) todo.push({ token: token.value, depth })
    } else if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) todo.push({ token: key, depth: depth + 1 })
        if (value) todo.push({ token: value, depth: depth + 1 })
      }
    }
  }
  return null
}

/** As far down the path as there is something; an alias is not followed: it is what the author wrote there. */
function find(doc: Document, path: Path): { key?: Node; node: Node | null } {
  let node: Node | null = doc.contents
  let key: Node | undefined
  for (const step of path) {
    let next: { key?: Node; node: Node | null } | undefined
    if (isMap(node)) {
      const pair = node.items.findLast(each => isScalar(each.key) && keyOf(each.key.value) === step)
      if (pair) next = { key: pair.key as Node, node: pair.value as Node | null }
    } else if (isSeq(node) && typeof step === 'number' && node.items[step]) {
      next = { node: node.items[step] as Node }
    }
    if (!next) break
    ;({ node, key } = { key: undefined, ...next })
  }
  return { ...(key ? { key } : {}), node }
}

function keyOf(value: unknown): string {
  return String(value)
}

/** Plain values of a tree. Aliases share one value, and what they would expand to is counted, not built. */
function plain(root: Node | null, fault: (offset: number, code: Fault['code'], detail: string) => void) {
  const oddities: Oddity[] = []
  const anchors = new Map<string, { value: Json; weight: number } | 'open'>()
  const path: (string | number)[] = []
  let weight = 0

  return { value: convert(root), oddities }

  function convert(node: unknown): Json {
    weight++
    if (isAlias(node)) return aliased(node.source, node.range?.[0] ?? 0)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor) anchors.set(anchor, 'open')
    const before = weight
    const value = isMap(node) ? map(node.items) : isSeq(node) ? list(node.items) : scalar(node)
    if (anchor) anchors.set(anchor, { value, weight: weight - before + 1 })
    return value
  }

  function aliased(name: string, offset: number): Json {
    const anchor = anchors.get(name)
    if (anchor === undefined || anchor === 'open') {
      fault(offset, anchor === 'open' ? 'yaml-alias-cycle' : 'yaml-alias', name)
      return null
    }
    weight += anchor.weight
    if (weight <= largestExpansion) return anchor.value
    fault(offset, 'yaml-alias-bomb', name)
    return null
  }

  function list(nodes: readonly unknown[]): Json {
    return nodes.map((node, index) => under(index, node))
  }

  function map(pairs: readonly { key: unknown; value: unknown }[]): Json {
    const result: Record<string, Json> = {}
    for (const pair of pairs) {
      if (!isScalar(pair.key) || pair.key.value === '__proto__') {
        fault((pair.key as Node | null)?.range?.[0] ?? 0, 'yaml-key', '')
        continue
      }
      const key = keyOf(pair.key.value)
      result[key] = under(key, pair.value)
    }
    return result
  }

  function under(key: string | number, node: unknown): Json {
    path.push(key)
    const value = convert(node)
    path.pop()
    return value
  }

  function scalar(node: unknown): Json {
    if (!isScalar(node)) return null
    const { value, source = '' } = node
    const odd = (kind: Oddity['kind']) => void oddities.push({ path: [...path], kind, source })
    if (typeof value === 'number') {
      if (String(value) !== source) odd('number')
      return Number.isFinite(value) ? value : source
    }
    if (typeof value === 'boolean') {
      if (source !== String(value)) odd('boolean')
      return value
    }
    if (typeof value !== 'string') return value === null || value === undefined ? null : String(value)
    if (node.type === 'PLAIN' && /^(yes|no|on|off)$/i.test(value)) odd('word')
    return value
  }
}
