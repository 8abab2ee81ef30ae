import type { Json } from './lab.ts'

/**
 * `{{ vars.port }}` in commands, check fields, expectations and texts. Ours is only a dotted path of identifiers, with
 * nothing else between the braces: Go templates (`{{json .}}`, `{{.Names}}`, `{{range .}}`) are left alone, and so is
 * `${{ … }}`. A single identifier (`{{ port }}`) means nothing in either language and is reported as a mistake.
 */
const braces = /(?<!\$)\{\{[ \t]{0,8}([A-Za-z][\w-]*(?:\.[\w-]+)*)[ \t]{0,8}\}\}/g
const whole = new RegExp(`^${braces.source}$`)

/** Go's words that may stand alone between braces. */
const goWords = new Set(['end', 'else', 'break', 'continue'])

/** One `{{ }}` of a text that is ours, or looks as if it was meant to be. */
export interface Name {
  /** `vars.port`, `steps.up.port`, `url.3000`. */
  readonly name: string
  /** As written, braces included. */
  readonly written: string
  readonly offset: number
  /** Without a dot: a mistake. */
  readonly bare: boolean
}

/** `undefined`: no such name. */
export type Lookup = (name: string) => Json | undefined

/** Every name that `fill` would ask for, and the bare ones it would not. */
export function names(text: string): Name[] {
  if (!text.includes('{{')) return []
  return [...text.matchAll(braces)]
    .filter(match => !goWords.has(match[1]!))
    .map(match => ({ name: match[1]!, written: match[0], offset: match.index, bare: !match[1]!.includes('.') }))
}

/**
 * Puts the values in. A name that `lookup` does not know stays as it is written and is handed to `unknown`; values are
 * not filled again. Never throws.
 */
export function fill(text: string, lookup: Lookup, unknown: (name: string) => void = () => {}): string {
  if (!text.includes('{{')) return text
  return text.replace(braces, (written: string, name: string) => {
    if (goWords.has(name)) return written
    const value = name.includes('.') ? lookup(name) : undefined
    if (value === undefined) unknown(name)
    return value === undefined ? written : asText(value)
  })
}

/**
 * The same for every text and key within a tree. A text that is nothing but one name takes the value with its type, so
 * a captured number stays a number.
 */
export function fillTree(tree: Json, lookup: Lookup, unknown?: (name: string) => void): Json {
  if (typeof tree === 'string') {
    const name = whole.exec(tree)?.[1]
    const value = name?.includes('.') ? lookup(name) : undefined
    return value === undefined ? fill(tree, lookup, unknown) : value
  }
  if (tree === null || typeof tree !== 'object') return tree
  if (Array.isArray(tree)) return tree.map(item => fillTree(item, lookup, unknown))
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [fill(key, lookup, unknown), fillTree(value, lookup, unknown)]),
  )
}

function asText(value: Json): string {
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What the names stand for while a lab runs. */
export interface Values {
  /** May themselves use `course.dir`, `lab.dir` and `url.…`. */
  readonly vars: Readonly<Record<string, string>>
  /** By step, then by name. */
  readonly captures: Readonly<Record<string, Readonly<Record<string, Json>>>>
  /** Absolute. */
  readonly courseDir: string
  readonly labDir: string
  /** Of kubectl, for the lab's cluster; empty where it has none. */
  readonly context: string
  /** The address at which a browser reaches a local port. */
  url(port: number): string
  /** Of the cause that a hint answers: `{{ ev.image }}`. */
  readonly evidence?: Readonly<Record<string, string | number>>
}

export function lookupIn(values: Values): Lookup {
  const place: Lookup = name => {
    if (name === 'course.dir') return values.courseDir
    if (name === 'lab.dir') return values.labDir
    if (name === 'cluster.context') return values.context || undefined
    const port = /^url\.(\d{1,5})$/.exec(name)?.[1]
    return port === undefined ? undefined : values.url(Number(port))
  }
  return name => {
    const [root, first = '', second = '', ...rest] = name.split('.')
    if (root === 'vars' && second === '') {
      const value = own(values.vars, first)
      return value === undefined ? undefined : fill(value, place)
    }
    if (root === 'ev' && second === '') return own(values.evidence ?? {}, first)
    if (root === 'steps' && rest.length === 0) return own(own(values.captures, first) ?? {}, second)
    return place(name)
  }
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
