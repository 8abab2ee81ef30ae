import { describe, expect, test } from 'vitest'
import { parseCsv, writeCsv } from '../../src/grade/csv.ts'

const cellsOf = (text: string) => parseCsv(text).rows.map(row => row.cells)
const told = (text: string) => parseCsv(text).problems.map(({ line, code }) => `${line} ${code}`)

describe('reading', () => {
  test.each([
    ['plain', 'id,name\ns1,Kim\n', [{ id: 's1', name: 'Kim' }]],
    ['no line end, byte order mark', '\ufeffid,name\r\ns1,Kim', [{ id: 's1', name: 'Kim' }]],
    ['carriage returns only', 'id,name\rs1,Kim\r', [{ id: 's1', name: 'Kim' }]],
    ['a comma', 'id,name\ns1,"Kim, Mira"\n', [{ id: 's1', name: 'Kim, Mira' }]],
    ['quotes', 'id,name\ns1,"the ""one"""\n', [{ id: 's1', name: 'the "one"' }]],
    ['lines', 'id,name\r\ns1,"a\r\nb"\r\n', [{ id: 's1', name: 'a\r\nb' }]],
    ['empty cells', 'id,name\n"",\ns1,\n', [{ id: 's1', name: '' }]],
    ['empty lines', 'id,name\n\n,\ns1,Kim\n\n', [{ id: 's1', name: 'Kim' }]],
    ['Korean', 'id,이름\ns1,김미라\n', [{ id: 's1', 이름: '김미라' }]],
    ['a name that is a trap', '__proto__,id\nx,s1\n', [JSON.parse('{"__proto__":"x","id":"s1"}')]],
  ])('%s', (_, text, rows) => {
    expect(cellsOf(text)).toEqual(rows)
    expect(told(text)).toEqual([])
  })

  test('rows know their line', () => {
    expect(parseCsv('id,n\ns1,"a\nb"\r\n\ns2,c\n').rows.map(row => row.line)).toEqual([2, 5])
  })

  test.each([
    ['', '1 empty'],
    ['id,name\ns1\n', '2 cells'],
    ['id,name\ns0,"a\nb"\ns1,a,b\n', '4 cells'],
    ['id,name\ns1,"a\ns2,b\n', '2 quote'],
    ['id,name\ns1,"a"b\n', '2 quote'],
    ['id,name\ns1,a"b"\n', '2 quote'],
    ['id,name,id\n', '1 column-twice'],
    ['id;name\n', '1 separator'],
    ['id\tname\n', '1 separator'],
    ['id,name\ns1,\ufffd\ufffd\n', '2 encoding'],
  ])('%j: %s', (text, problem) => {
    expect(told(text)).toEqual([problem])
  })

  test('what is right beside what is wrong is kept', () => {
    expect(cellsOf('id,name\ns1,a"\ns2,"b"c\ns3,ok\n')).toEqual([{ id: 's3', name: 'ok' }])
  })

  test.each([
    ['quotes', '"'.repeat(2 ** 20)],
    ['quotes that end nowhere', `a,"${'x""'.repeat(2 ** 18)}`],
    ['text behind quotes', `id\n${'"a"b\n'.repeat(2 ** 17)}`],
    ['a quote in every line', `id\n${'a"\n'.repeat(2 ** 18)}`],
    ['an open quote in every line', `id\n${'"a\n'.repeat(2 ** 18)}`],
    ['commas', ','.repeat(2 ** 20)],
    ['columns', Array.from({ length: 2 ** 17 }, (_, index) => index).join(',')],
    ['line ends', '\r'.repeat(2 ** 20)],
    ['short rows', `id,n\n${'a\n'.repeat(2 ** 19)}`],
    ['one long cell', 'x'.repeat(2 ** 20)],
    ['zeros', '\0'.repeat(2 ** 20)],
  ])('1 MB of %s is read at once', (_, text) => {
    const start = performance.now()
    expect(parseCsv(text).problems.length).toBeLessThanOrEqual(100)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('writing', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['a\r\nb', '"a\r\nb"'],
    ['a;=1', '"a;=1"'],
    [' a', '" a"'],
    ['=1+1', "'=1+1"],
    ['+1+1', "'+1+1"],
    ['-1', '-1'],
    ['-1.50', '-1.50'],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', '"\'\t=1"'],
    ['\r=1', '"\'\r=1"'],
    ["'=1", "''=1"],
    ["'s", "'s"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    [7.456, '7.46'],
    [8.345, '8.35'],
    [-2, '-2'],
    [0.1 + 0.2, '0.3'],
  ])('%j is %s', (value, text) => {
    expect(writeCsv([[value]])).toBe(`${text}\r\n`)
    if (typeof value === 'string') expect(cellsOf(`x,y\r\n1,${text}\r\n`)).toEqual([{ x: '1', y: value }])
  })

  test('lines end as in the standard', () => {
    expect(
      writeCsv([
        ['id', 'n'],
        ['s1', 2],
      ]),
    ).toBe('id,n\r\ns1,2\r\n')
  })
})
