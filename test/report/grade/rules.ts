import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import * as z from 'zod'
import { type Element, parseXml } from '../../helpers/xml.ts'

/** What the formats' own readers insist on, written down from what is published about them. */

/** Nothing that steers a terminal, turns the direction of text, or is half a character. */
export const clean = (text: string) =>
  expect(text).not.toMatch(
    /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff](?<![\ud800-\udbff][\udc00-\udfff])(?![\udc00-\udfff])/,
  )

/** GitLab and Jenkins. Gives the cases. */
export function readJunit(text: string): Element[] {
  expect(Buffer.byteLength(text)).toBeLessThan(30 * 1024 * 1024)
  const root = parseXml(text)
  expect(root.name).toBe('testsuites')
  const cases = root.children.flatMap(suite => {
    expect(suite.name).toBe('testsuite')
    const [first, ...rest] = suite.children
    if (first?.name === 'properties') for (const each of first.children) expect(each.name).toBe('property')
    return first?.name === 'properties' ? rest : suite.children
  })
  const suites = root.children.map(({ attributes: { name, timestamp } }) => `${name} ${timestamp}`)
  expect(new Set(suites).size).toBe(suites.length)
  const names = cases.map(({ attributes: { classname, name } }) => `${classname}\n${name}`)
  expect(new Set(names).size).toBe(names.length)
  const count = (kind: string) => cases.filter(each => each.children[0]?.name === kind).length
  expect(root.attributes).toMatchObject({
    ...{ tests: String(cases.length), failures: String(count('failure')) },
    ...{ errors: String(count('error')), skipped: String(count('skipped')) },
  })
  for (const { name, attributes, children } of cases) {
    expect(name).toBe('testcase')
    expect(attributes['time']).toMatch(/^\d+\.\d{3}$/)
    expect(children).toHaveLength(1)
    const [child] = children as [Element]
    expect(['failure', 'error', 'skipped', 'system-out']).toContain(child.name)
    expect(child.text.trim()).not.toBe('')
    // GitLab reads no attributes: the message stands in the text as well.
    if (child.name !== 'system-out')
      expect(child.text.replace(/\s+/g, ' ')).toContain(child.attributes['message']!.replace(/\s+/g, ' ').trim())
    if (child.name === 'failure' || child.name === 'error') expect(child.attributes['type']).not.toBe('')
  }
  return cases
}

const count = z.int().min(0)
const extra = z.record(z.string().regex(/^(?!ctrf\.)[a-z]+\.[a-z]+$/), z.record(z.string(), z.unknown()))

const published = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL('../../fixtures/ctrf/ctrf.schema.json', import.meta.url), 'utf8')),
)

/** Of the published schema only what every revision since October 2025 knows. */
const ctrfShape = z.strictObject({
  reportFormat: z.literal('CTRF'),
  specVersion: z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/),
  reportId: z.uuid(),
  timestamp: z.iso.datetime(),
  generatedBy: z.string(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1), version: z.string() }),
    summary: z.strictObject({
      ...{ tests: count, passed: count, failed: count, skipped: count, pending: count, other: count },
      ...{ start: count, stop: count, extra },
    }),
    tests: z.array(
      z.strictObject({
        ...{ id: z.uuid(), name: z.string().min(1), rawStatus: z.string() },
        status: z.enum(['passed', 'failed', 'skipped', 'pending', 'other']),
        ...{ duration: count, start: count, stop: count, suite: z.array(z.string()).min(1) },
        ...{ message: z.string().optional(), trace: z.string().optional(), filePath: z.string().optional(), extra },
      }),
    ),
    environment: z.strictObject({
      ...{ reportName: z.string(), appName: z.string(), appVersion: z.string(), healthy: z.boolean(), extra },
    }),
  }),
})
export type Ctrf = z.infer<typeof ctrfShape>

export function readCtrf(text: string): Ctrf {
  const document = JSON.parse(text) as Ctrf
  expect(published.safeParse(document).error).toBeUndefined()
  expect(ctrfShape.safeParse(document).error).toBeUndefined()
  const { summary, tests } = document.results
  for (const status of ['passed', 'failed', 'skipped', 'pending', 'other'] as const)
    expect(summary[status]).toBe(tests.filter(test => test.status === status).length)
  expect(summary.tests).toBe(tests.length)
  expect(new Set(tests.map(test => test.id)).size).toBe(tests.length)
  return document
}

export interface Gradescope {
  readonly score: number
  readonly output: string
  readonly visibility: string
  readonly tests: readonly Record<string, unknown>[]
}

export function readGradescope(text: string): Gradescope {
  const document = JSON.parse(text)
  const known = {
    top: ['score', 'execution_time', 'output', 'output_format', 'test_output_format', 'test_name_format', 'visibility'],
    more: ['stdout_visibility', 'extra_data', 'tests', 'leaderboard'],
    test: ['score', 'max_score', 'status', 'name', 'name_format', 'number', 'output', 'output_format', 'tags'],
    moreTest: ['visibility', 'extra_data'],
  }
  const visibilities = ['visible', 'hidden', 'after_due_date', 'after_published']
  const formats = ['text', 'simple_format', 'html', 'md', 'ansi']
  for (const key of Object.keys(document)) expect([...known.top, ...known.more]).toContain(key)
  expect(Number.isFinite(document.score)).toBe(true)
  expect(document.execution_time).toBeGreaterThanOrEqual(0)
  for (const key of ['output_format', 'test_output_format', 'test_name_format'])
    expect(formats).toContain(document[key])
  expect(visibilities).toContain(document.visibility)
  for (const test of document.tests) {
    for (const key of Object.keys(test)) expect([...known.test, ...known.moreTest]).toContain(key)
    expect(test.name).not.toBe('')
    expect(test.number).toMatch(/^\d+\.\d+$/)
    expect(visibilities).toContain(test.visibility)
    // A test that is neither right nor wrong says nothing of points.
    if (test.score === undefined) expect([test.status, test.max_score]).toEqual([undefined, undefined])
    else expect(['passed', 'failed']).toContain(test.status)
  }
  return document
}

/** Cells as a spreadsheet gets them; throws where the text is not RFC 4180. */
export function rawCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = []
  let at = 0
  while (at < text.length) {
    const row: string[] = []
    for (;;) {
      let cell = ''
      if (text[at] === '"') {
        for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
          if (at >= text.length) throw new Error('a quote is not closed')
          if (text[at] === '"') at++
          cell += text[at]
        }
        at++
      } else
        while (at < text.length && text[at] !== separator && !text.startsWith('\r\n', at)) {
          if ('"\r\n'.includes(text[at]!)) throw new Error('outside of quotes')
          cell += text[at++]
        }
      row.push(cell)
      if (text[at] !== separator) break
      at++
    }
    if (!text.startsWith('\r\n', at)) throw new Error(`no line end at ${at}: ${text.slice(at, at + 20)}`)
    at += 2
    rows.push(row)
  }
  for (const row of rows) {
    if (row.length !== rows[0]!.length) throw new Error(`a row of ${row.length} cells`)
    for (const cell of row) {
      if (/^[=+\-@\t\r\n]/.test(cell) && !/^[+-]?\d+(\.\d+)?$/.test(cell)) throw new Error(`a formula: ${cell}`)
      if (/^-?\d+\.\d{3,}$/.test(cell)) throw new Error(`more than two decimals: ${cell}`)
    }
  }
  return rows
}

/** As `gradebook_importer.rb` goes about it: the assignment's column, its points, and the grade by student. */
export function readCanvas(text: string) {
  // The separator is guessed from the first three lines, each on its own; the one with more cells wins.
  const lines = text.split('\n').slice(0, 3)
  const cells = (separator: string) => {
    try {
      const counts = lines.filter(Boolean).map(line => rawCsv(`${line.replace(/\r?$/, '')}\r\n`, separator)[0]!.length)
      return new Set(counts).size === 1 ? counts[0]! : 0
    } catch {
      return 0
    }
  }
  expect(cells(',')).toBeGreaterThan(cells(';'))
  const [header, ...rows] = rawCsv(text) as [string[], ...string[][]]
  if (!header[0]!.includes('Student') || !header[1]!.includes('ID')) throw new Error('Invalid header row')
  const info = /SIS\s+User\s+ID/.test(header[2]!) && /SIS\s+Login\s+ID/.test(header[3]!) ? 5 : 3
  if (!header[info - 1]!.includes('Section')) throw new Error('Invalid header row')
  expect(header).toHaveLength(info + 1)
  expect(header[info]).not.toMatch(/Current Score|Final Score|Final Grade|Override/)
  const id = /\((\d+)\)$/.exec(header[info]!)?.[1]
  const points: string[] = []
  const students = new Map<string, string>()
  for (const row of rows) {
    if (row[0]!.includes('Points Possible')) points.push(row[info]!)
    else if (row.every(cell => /^\s*(Muted|Manual Posting.*)?\s*$/i.test(cell)))
      throw new Error('a row that is skipped')
    else {
      const key = row[1] || row[2] || row[3]
      if (!key) throw new Error(`nobody knows who ${row[0]} is`)
      // A blank cell takes a grade away.
      expect(row[info]).toMatch(/^(EX|\d+(\.\d+)?)$/)
      students.set(key, row[info]!)
    }
  }
  expect(points).toHaveLength(1)
  return { id, points: Number(points[0]), students }
}

/** As `load_data.php` goes about it: one wrong row ends the whole import. */
export function readMoodle(text: string): Map<string, number> {
  const [header, ...rows] = rawCsv(text) as [string[], ...string[][]]
  expect(header).toHaveLength(3)
  expect(['ID number', 'Username', 'Email address']).toContain(header[0])
  return new Map(
    rows.map(([id, grade]) => {
      if (id === '') throw new Error('nobody')
      if (!/^\d+(\.\d+)?$/.test(grade!)) throw new Error(`${grade} is no grade`)
      return [id!, Number(grade)]
    }),
  )
}

const voids = new Set(['meta', 'br'])
const tags = new Set(
  ['html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'footer', 'section', 'article', 'h1', 'h2', 'h3']
    .concat(['p', 'b', 'strong', 'span', 'code', 'br', 'ul', 'li', 'dl', 'dt', 'dd', 'div', 'svg', 'rect'])
    .concat(['table', 'thead', 'tbody', 'tr', 'th', 'td']),
)
const attributes =
  /^(lang|charset|http-equiv|content|name|class|scope|viewBox|preserveAspectRatio|aria-hidden|x|y|width|height)$/

/** Closed properly, of no other tags and attributes than ours, and with a policy that lets nothing in or out. Gives its text. */
export function readHtml(document: string): string {
  expect(document.startsWith('<!DOCTYPE html>\n')).toBe(true)
  const [, style] = /<style>([^<]*)<\/style>/.exec(document)!
  const hash = createHash('sha256').update(style!).digest('base64')
  expect(decoded(document)).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  )
  const open: string[] = []
  let text = ''
  let at = '<!DOCTYPE html>'.length
  for (const match of document.matchAll(/<(\/?)([a-z][a-z0-9]*)((?: [A-Za-z-]+="[^"<>]*")*)(\/?)>/g)) {
    const between = document.slice(at, match.index)
    if (between.includes('<')) throw new Error(`a stray <: ${between}`)
    if (open.at(-1) !== 'style') text += decoded(between)
    at = match.index + match[0].length
    const [, close, name, own, empty] = match as unknown as [string, string, string, string, string]
    if (!tags.has(name)) throw new Error(`<${name}>`)
    for (const [, key] of own.matchAll(/ ([A-Za-z-]+)="/g)) if (!attributes.test(key!)) throw new Error(`${key}=`)
    if (close && open.pop() !== name) throw new Error(`</${name}> closes something else`)
    if (!close && !empty && !voids.has(name)) open.push(name)
  }
  expect(document.slice(at).trim()).toBe('')
  expect(open).toEqual([])
  expect(style).not.toMatch(/url\(|@import|https?:/)
  return text
}

function decoded(text: string): string {
  const names: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&#160;': ' ',
  }
  return text.replace(/&[^;]{0,8};?/g, entity => {
    const value = names[entity]
    if (value === undefined) throw new Error(`${entity} is no entity of ours`)
    return value
  })
}
