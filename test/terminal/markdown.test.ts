import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../src/terminal/markdown.ts'
import { stripEscapes } from '../../src/terminal/safe.ts'
import type { Look } from '../../src/terminal/screen.ts'
import { columns } from '../../src/terminal/width.ts'
import { visible } from '../helpers/normal.ts'

const bare: Look = { columns: 80, rows: 24, colour: false, links: false, repaint: false, unicode: true }
const full: Look = { ...bare, colour: true, links: true }
const page = (name: string): string => readFileSync(new URL(`pages/${name}.md`, import.meta.url), 'utf8')

describe.each(['ko', 'en'])('page %s', name => {
  test.each([80, 60])('%i columns', async wide => {
    const plain = renderMarkdown(page(name), { ...bare, columns: wide })
    const coloured = renderMarkdown(page(name), { ...full, columns: wide })
    await expect(plain).toMatchFileSnapshot(`__golden__/${name}-${wide}.txt`)
    await expect(visible(coloured)).toMatchFileSnapshot(`__golden__/${name}-${wide}-colour.txt`)
  })

  test.each([100, 80, 60, 40])('no line but code is wider than %i', wide => {
    for (const look of [bare, full]) {
      const lines = stripEscapes(renderMarkdown(page(name), { ...look, columns: wide })).split('\n')
      expect(lines.filter(line => columns(line) > wide && !/^ {4}/.test(line))).toEqual([])
    }
  })
})

test('ascii only marks where unicode does not work', () => {
  const shown = renderMarkdown('> q\n\n- a\n\n---\n\n| a | b |\n| - | - |\n| c | d |', {
    ...bare,
    columns: 20,
    unicode: false,
  })
  expect(shown).toBe(['> q', '', '- a', '', '-'.repeat(20), '', 'a | b', '--+--', 'c | d'].join('\n'))
})

describe('code', () => {
  const command = `docker run ${'--env A=B '.repeat(20)}image`
  test.each([
    ['at the top', `\`\`\`bash run=long\n${command}\n\`\`\``, 4],
    ['in a list', `1. item\n\n   \`\`\`sh\n   ${command}\n   \`\`\``, 7],
  ])('%s stands on one line behind spaces only', (_, markdown, indent) => {
    for (const look of [bare, full]) {
      const lines = stripEscapes(renderMarkdown(markdown, look)).split('\n')
      expect(lines.at(-1)).toBe(' '.repeat(indent) + command)
    }
  })

  test('the info string may say more than the language', () => {
    const one = renderMarkdown('```bash run=clone\necho "hi"\n```', full)
    expect(one).toBe(renderMarkdown('```bash\necho "hi"\n```', full))
    expect(one).toContain('\x1b[32m"hi"\x1b[39m')
  })

  test('an unknown language stays plain, blank lines and characters are kept', () => {
    expect(renderMarkdown('```nope\na < b && c\n\n\n  "d"\n```', full)).toBe('    a < b && c\n\n\n      "d"')
    expect(renderMarkdown("```bash\na < b && c 'x'\n```", bare)).toBe("    a < b && c 'x'")
  })
})

test.each([
  ['escape', 'a\x1b[31mred\x1b[0m'],
  ['link', 'a\x1b]8;;http://evil\x07x\x1b]8;;\x07'],
  ['title', '`\x1b]0;title\x07`'],
  ['8-bit', 'a\x9b31mb'],
  ['in code', '```\n\x1b[2J\x07\n```'],
  ['in an address', '[x](https://e.com/\x1b[31m)'],
  ['carriage return', 'safe\rEVIL'],
  ['entity', '&#27;[31m &#x9b;31m &#7;'],
  ['entity in link text', '[&#27;]0;x](https://e.com)'],
  ['entity in a heading', '# &#27;]0;x'],
  ['other direction', 'a\u202eb'],
])('control characters of the content do not get through: %s', (_, markdown) => {
  expect(renderMarkdown(markdown, bare)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
})

describe('links', () => {
  test.each([
    ['[docs](https://e.com/a+b)', 'docs (https://e.com/a+b)'],
    ['<https://e.com/>', 'https://e.com/'],
    ['https://e.com/?a=1&b=2 bare', 'https://e.com/?a=1&b=2 bare'],
    ['<me@e.com>', 'me@e.com'],
    ['[file](files/a.yaml)', 'file (files/a.yaml)'],
    ['[here](#step)', 'here'],
  ])('%s', (markdown, expected) => {
    expect(renderMarkdown(markdown, bare)).toBe(expected)
  })

  test('are hyperlinks that end in ST, also when they are wrapped', () => {
    const shown = renderMarkdown('[a long text that is wrapped](https://e.com/)', { ...full, columns: 20 })
    expect(shown).not.toContain('\x07')
    expect(visible(shown.split('\n')[0]!)).toBe('␛]8;;https://e.com/␛\\␛[4ma long text that is␛]8;;␛\\␛[24m')
  })
})

test('inline Markdown and one box in list items', () => {
  expect(renderMarkdown('- [x] a **b** `c`\n- [ ] d\n- :smile: &amp; `&amp;`', bare)).toBe(
    '[x] a b `c`\n[ ] d\n•   :smile: & `&amp;`',
  )
})

test('nested lists keep a hanging indent in columns', () => {
  const shown = renderMarkdown('1. 하나\n   - 둘 둘둘둘둘 둘둘둘둘 둘둘둘둘\n     10. 셋', { ...bare, columns: 22 })
  expect(shown).toBe('1. 하나\n   • 둘 둘둘둘둘\n     둘둘둘둘 둘둘둘둘\n     10. 셋')
})
