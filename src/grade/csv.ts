import type { Text } from '../lab/lab.ts'

/** RFC 4180, as spreadsheets and learning platforms write and read it. */

export interface Csv {
  readonly header: readonly string[]
  readonly rows: readonly CsvRow[]
  /** Rows with a problem are not among `rows`. */
  readonly problems: readonly CsvProblem[]
}

export interface CsvRow {
  /** Where it begins, from 1. */
  readonly line: number
  /** By the name in the header. */
  readonly cells: Readonly<Record<string, string>>
}

export interface CsvProblem {
  readonly line: number
  readonly code: 'empty' | 'encoding' | 'separator' | 'column-twice' | 'quote' | 'cells'
  readonly message: Text
}

/** More would not help anybody. */
const mostProblems = 100

/** With or without a byte order mark, any line ends. Takes time in proportion to the text, whatever is in it. */
export function parseCsv(text: string): Csv {
  const problems: CsvProblem[] = []
  const report = (line: number, code: CsvProblem['code'], message: Text) => {
    if (problems.length < mostProblems) problems.push({ line, code, message })
  }
  const records = recordsOf(text.replace(/^\ufeff/, ''))
  const first = records.next()
  if (first.done) {
    report(1, 'empty', { ko: '파일이 비어 있어요', en: 'the file is empty' })
    return { header: [], rows: [], problems }
  }
  const header = first.value.cells.map(name => name.trim())
  const wrong = flawOfHeader(header, first.value)
  if (wrong) report(first.value.line, ...wrong)
  const rows: CsvRow[] = []
  for (const { line, cells, flaw } of records) {
    if (cells.every(each => each === '') && !flaw) continue
    if (flaw) report(line, 'quote', quoteMessages[flaw])
    else if (cells.some(each => each.includes('\ufffd'))) report(line, 'encoding', encodingMessage)
    else if (cells.length !== header.length) report(line, 'cells', cellsMessage(cells.length, header.length))
    else rows.push({ line, cells: Object.fromEntries(header.map((name, index) => [name, cells[index]!])) })
  }
  return { header, rows, problems }
}

function flawOfHeader(header: readonly string[], { flaw }: CsvRecord): [CsvProblem['code'], Text] | undefined {
  if (flaw) return ['quote', quoteMessages[flaw]]
  if (header.some(each => each.includes('\ufffd'))) return ['encoding', encodingMessage]
  const other = header.length === 1 && /[;\t]/.exec(header[0]!)
  if (other) return ['separator', separatorMessage]
  const names = new Set<string>()
  const twice = header.find(name => name !== '' && names.size === names.add(name).size)
  if (twice === undefined) return
  return ['column-twice', { ko: `열 이름이 두 번 있어요: ${twice}`, en: `there are two columns named ${twice}` }]
}

interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
  readonly flaw?: keyof typeof quoteMessages
}

/** One pass. A row with a wrong quote is given up to the end of its line, and reading goes on there. */
function* recordsOf(text: string): Generator<CsvRecord> {
  let at = 0
  let line = 1
  const plain = /[",\r\n]/g
  const lineEnd = /\r\n?|\n/g
  while (at < text.length) {
    const begun = line
    const cells: string[] = []
    let flaw: CsvRecord['flaw']
    for (let more = true; more; ) {
      let cell: string
      if (text[at] === '"') {
        const { end, value } = quoted(text, at)
        if (end === -1) flaw = 'open'
        else if (end < text.length && !',\r\n'.includes(text[end]!)) flaw = 'after'
        cell = value
        if (!flaw) {
          line += value.match(/\r\n?|\n/g)?.length ?? 0
          at = end
        }
      } else {
        plain.lastIndex = at
        const end = plain.exec(text)?.index ?? text.length
        if (text[end] === '"') flaw = 'within'
        cell = text.slice(at, end)
        at = end
      }
      if (flaw) break
      cells.push(unguarded(cell))
      more = text[at] === ','
      if (more) at++
    }
    lineEnd.lastIndex = at
    const found = lineEnd.exec(text)
    at = found ? found.index + found[0].length : text.length
    line++
    yield { line: begun, cells, ...(flaw ? { flaw } : {}) }
    // Each quote that is never closed would be looked for to the end again.
    if (flaw === 'open') return
  }
}

/** `end`: behind the closing quote; -1: there is none. */
function quoted(text: string, start: number): { end: number; value: string } {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at)
    if (at === -1) return { end: -1, value: '' }
    if (text[at + 1] !== '"') return { end: at + 1, value: text.slice(start + 1, at).replaceAll('""', '"') }
  }
}

const quoteMessages = {
  open: { ko: '여기서 연 따옴표(")가 끝까지 닫히지 않아요', en: 'a quote (") begins here and never ends' },
  after: { ko: '닫는 따옴표(") 뒤에 글자가 있어요', en: 'there is text behind a closing quote (")' },
  within: {
    ko: '따옴표(")가 든 칸은 따옴표로 감싸고, 안의 따옴표는 두 번 써야 해요',
    en: 'a cell with a quote (") in it has to stand in quotes, with the inner one doubled',
  },
} satisfies Record<string, Text>

const encodingMessage: Text = {
  ko: 'UTF-8이 아닌 글자가 있어요. 스프레드시트에서 "CSV UTF-8"로 저장하세요',
  en: 'there are characters that are not UTF-8; save it as "CSV UTF-8"',
}

const separatorMessage: Text = {
  ko: '칸을 쉼표(,)로 나눠야 해요. Excel이라면 "CSV UTF-8(쉼표로 분리)"로 저장하세요',
  en: 'cells have to be separated by commas; in Excel, save it as "CSV UTF-8 (comma delimited)"',
}

function cellsMessage(count: number, expected: number): Text {
  return {
    ko: `칸이 ${count}개인데 첫 줄에는 ${expected}개예요`,
    en: `${count} ${count === 1 ? 'cell' : 'cells'} where the first line has ${expected}`,
  }
}

/** What a spreadsheet would take for a formula; with the quotes that such a text has already, so that reading gives it back. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/
const number = /^[+-]?\d+(\.\d+)?$/

/** CRLF, also at the end. Numbers keep at most two decimals; no cell can become a formula. */
export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map(row => `${row.map(written).join(',')}\r\n`).join('')
}

function written(value: string | number): string {
  const text = typeof value === 'number' ? rounded(value) : guarded(value)
  // Semicolons and tabs separate cells elsewhere in the world.
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function rounded(value: number): string {
  return String(Math.round(Number((value * 100).toPrecision(12))) / 100)
}

function guarded(text: string): string {
  return formula.test(text) && !number.test(text) ? `'${text}` : text
}

function unguarded(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text
}
