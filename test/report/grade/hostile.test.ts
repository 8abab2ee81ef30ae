import { describe, expect, test } from 'vitest'
import { reportsOf } from './all.ts'
import { about, grades } from './class.ts'
import { poisoned, strings } from './hostile.ts'
import { clean, rawCsv, readCanvas, readCtrf, readGradescope, readHtml, readJunit, readMoodle } from './rules.ts'

const tame = reportsOf('en', about, grades)

describe.each(Object.entries(strings))('%s', (_, text) => {
  const made = poisoned(text)
  const files = reportsOf('en', made.about, made.grades)
  const get = (name: string) => files.get(name)!
  const wide = rawCsv(tame.get('gradebook-wide.csv')!)

  test('no control characters, and not without end', () => {
    for (const each of files.values()) {
      clean(each.replaceAll('\r\n', '\n'))
      expect(Buffer.byteLength(each)).toBeLessThan(900 * 1024)
    }
  })

  test('XML', () => {
    expect(readJunit(get('junit.xml'))).toHaveLength(readJunit(tame.get('junit.xml')!).length)
  })

  test('JSON', () => {
    for (const [name, each] of files) {
      if (name.startsWith('ctrf-'))
        expect(readCtrf(each).results.tests).toHaveLength(readCtrf(tame.get(name)!).results.tests.length)
      if (name.startsWith('gradescope-')) readGradescope(each)
    }
  })

  test('CSV', () => {
    expect(rawCsv(get('gradebook-wide.csv')).map(row => row.length)).toEqual(wide.map(row => row.length))
    expect(rawCsv(get('gradebook.csv'))).toHaveLength(wide.length)
    expect(readCanvas(get('canvas.csv')).points).toBe(12)
    readMoodle(get('moodle.csv'))
  })

  test('Markdown', () => {
    const lines = get('summary.md').split('\n')
    expect(lines).toHaveLength(tame.get('summary.md')!.split('\n').length)
    for (const line of lines) {
      expect(line).not.toMatch(/<|@|(?<!\\)`/)
      if (line.startsWith('|')) expect(line.replace(/\\\\|\\\|/g, '').match(/\|/g)).toHaveLength(5)
    }
  })

  test('commands of workflows', () => {
    const lines = get('annotations.txt').trimEnd().split('\n')
    expect(lines).toHaveLength(tame.get('annotations.txt')!.trimEnd().split('\n').length)
    for (const line of lines) expect(line).toMatch(/^::(error|warning) (file=[^,:\n]*,line=1,)?title=lab03::[^\r\n]*$/)
  })

  test('HTML', () => {
    for (const [name, each] of files) if (name.endsWith('.html')) readHtml(each)
  })
})

test('what is harmless is shown as it is', () => {
  const { about: own, grades: all } = poisoned(strings['Korean']!)
  const files = reportsOf('ko', own, all)
  for (const name of ['junit.xml', 'canvas.csv', 'moodle.csv', 'summary.md', 'class.html', 'student-s03.html'])
    expect(files.get(name)).toContain('김미라 (한국어) 👩‍💻')
})
