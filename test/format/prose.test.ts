import { expect, test } from 'vitest'
import { fixFences } from '../../src/format/fix.ts'
import { readProse } from '../../src/format/prose.ts'
import { course, dir, lab, memoryFiles, problemsOf, prose } from './memory.ts'

test('an intro without its title, sections, a debrief', () => {
  const text =
    '# Title\n\nIntro\n\n## One {#one}\n\nText\n### Sub\n## Plain\n\n```\n## no {#no}\n```\n\n## End {#debrief}\nBye'
  const { intro, sections, nameless } = readProse(text)
  expect(intro).toBe('Intro')
  expect(sections).toEqual([
    { id: 'one', title: 'One', at: { line: 5, column: 10 }, text: 'Text\n### Sub\n## Plain\n\n```\n## no {#no}\n```' },
    { id: 'debrief', title: 'End', at: { line: 15, column: 10 }, text: 'Bye' },
  ])
  expect(nameless).toEqual([{ line: 9, column: 1 }])
})

test.each([
  ['```bash run=a\nx\ny\n```', 'x\ny'],
  ['~~~sh run=a title="T"\nx\n```\n~~~', 'x\n```'],
  ['````bash run=a\n```\nx\n```\n````', '```\nx\n```'],
  ['1. do\n\n   ```bash run=a\n   x\n     y\n   ```', 'x\n  y'],
  ['```bash run=a\r\nx\r\n```\r\n', 'x'],
  ['```bash run=a\n```', ''],
])('the command in %j', (text, content) => {
  expect(readProse(text).fences.map(each => [each.command, each.content])).toEqual([['a', content]])
})

test.each(['```bash\nrun=a\n```', '`run=a`', '```bash norun=a\n```', '``` a`b run=a\n```'])(
  'no command in %j',
  text => {
    expect(readProse(text).fences).toEqual([])
  },
)

const run = '|\n          cd app\n          \n          make'

test.each([
  ['```bash run=go\nold\n```', '```bash run=go\ncd app\n\nmake\n```'],
  ['```bash run=go\n```', '```bash run=go\ncd app\n\nmake\n```'],
  ['-  ~~~ run=go x\n', null],
  ['   ~~~ run=go x\n   a\n   b\n   ~~~  \nafter', '   ~~~ run=go x\n   cd app\n\n   make\n   ~~~\nafter'],
])('fences are rewritten: %j', async (fence, wanted) => {
  const text = (middle: string) => `소개\n\n## 실행 {#run}\n\n${middle}\n\n끝   \n`
  const step = `format: 1\ntitle: T\nlevel: beginner\nminutes: 1\nsteps:\n  - id: run\n    commands:\n      - id: go\n        run: ${run}\n    checks: [{ id: c, check: file, path: a }]\n`
  const files = course({ lab: step, ko: text(fence), en: text('```bash run=go\ncd app\n\nmake\n```') })
  const fixed = await fixFences(dir, memoryFiles(files))
  expect([...fixed]).toEqual(wanted === null ? [] : [[`${dir}/web/ko.md`, text(wanted)]])
  if (wanted !== null) expect(await problemsOf({ ...files, ...Object.fromEntries(fixed) })).toEqual([])
})

test('line ends stay, and a right text is not touched', async () => {
  const windows = (text: string) => text.replaceAll('\n', '\r\n')
  const files = course({ ko: windows(prose('소개', '실행', 'no')), en: windows(prose('Intro', 'Run it')) })
  expect([...(await fixFences(dir, memoryFiles(files)))]).toEqual([
    [`${dir}/web/ko.md`, windows(prose('소개', '실행'))],
  ])
})

test('a command that holds fence marks gets longer ones', async () => {
  const command = '"cat <<E\\n```\\nE"'
  const files = course({ lab: lab({ run: command }), ko: prose('소개', '실행'), en: prose('Intro', 'Run') })
  const fixed = await fixFences(dir, memoryFiles(files))
  expect(fixed.get(`${dir}/web/en.md`)).toContain('````bash run=go\ncat <<E\n```\nE\n````\n')
  expect(await problemsOf({ ...files, ...Object.fromEntries(fixed) })).toEqual([])
})

test('a command that a comma has cut is not put into the texts', async () => {
  const run = 'echo hello, world'
  const files = course({ lab: lab({ run }), ko: prose('소개', '실행', run), en: prose('Intro', 'Run it', run) })
  expect((await problemsOf(files)).map(({ code }) => code)).toEqual(['comma-in-braces'])
  expect([...(await fixFences(dir, memoryFiles(files)))]).toEqual([])
})

test('a difference is shown where it begins, with the right command', async () => {
  const files = course({
    lab: lab({ run: 'docker ps -a' }),
    en: prose('Intro', 'Run', 'docker ps --all'),
    ko: prose('소개', '실행', 'docker ps -a'),
  })
  expect(await problemsOf(files)).toMatchObject([
    { file: 'labs/web/en.md', line: 5, column: 12, code: 'command-differs', fix: 'docker ps -a' },
  ])
})
