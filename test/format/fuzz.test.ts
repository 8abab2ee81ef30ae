import { expect, test } from 'vitest'
import { lintCourse } from '../../src/format/lint.ts'
import { loadLab } from '../../src/format/load.ts'
import { course, dir, fixture, golden, memoryFiles, vocabulary } from './memory.ts'

const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 10_000)

/** mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) % below
  }
}

const bits = [
  '[',
  '{',
  '}',
  ']',
  '"',
  "'",
  ': ',
  '- ',
  '\t',
  '*a',
  '&a ',
  '|\n',
  '>',
  '%',
  '!!x ',
  '{{ ',
  ' }}',
  '\0',
  '\u2028',
  '~',
  '? ',
  '#',
  '🐳',
  '```',
  '## x {#run}\n',
  '__proto__: 1\n',
  '<<: *a\n',
  '---\n',
  '1e999',
  '0755',
  '.nan',
]

type Damage = (text: string, pick: (below: number) => number) => string

const damages: Damage[] = [
  (text, pick) => {
    const at = pick(text.length)
    return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << pick(8))) + text.slice(at + 1)
  },
  (text, pick) => lines(text, all => void all.splice(pick(all.length), 1 + pick(3))),
  (text, pick) => lines(text, all => void all.splice(pick(all.length), 0, all[pick(all.length)]!)),
  (text, pick) =>
    lines(text, all => {
      const [a, b] = [pick(all.length), pick(all.length)]
      ;[all[a], all[b]] = [all[b]!, all[a]!]
    }),
  (text, pick) =>
    lines(text, all => void (all[pick(all.length)] = ' '.repeat(pick(12)) + all[pick(all.length)]!.trim())),
  (text, pick) => {
    const at = pick(text.length)
    return text.slice(0, at) + bits[pick(bits.length)]! + text.slice(at)
  },
  (text, pick) => {
    const at = pick(text.length)
    return text.slice(0, at) + bits[pick(bits.length)]!.repeat(1 + pick(200)) + text.slice(at)
  },
  (text, pick) => {
    const [from, to, at] = [pick(text.length), pick(60), pick(text.length)]
    return text.slice(0, at) + text.slice(from, from + to) + text.slice(at)
  },
  (text, pick) => text.slice(0, pick(text.length)),
  (text, pick) => {
    const words = [...text.matchAll(/[\w.-]+/g)]
    const [a, b] = [words[pick(words.length)]!, words[pick(words.length)]!]
    return text.slice(0, a.index) + b[0] + text.slice(a.index + a[0].length)
  },
]

function lines(text: string, change: (all: string[]) => void): string {
  const all = text.split('\n')
  change(all)
  return all.join('\n')
}

/** Small, with every part of the format once. */
const small = `format: 1
title: { ko: 웹, en: Web }
level: beginner
minutes: 5
requires: { tools: { docker: ">=20.10" }, disk: 2Gi, ports: [80] }
images: [&i "nginx:1.28"]
vars: { port: 80, image: *i }
steps:
  - id: run
    edits: [{ file: a, solution: solution/a }]
    commands:
      - { id: go, run: "docker run {{ vars.image }}", timeout: 2m, fallback: { on: container.exited, run: ls, text: T } }
    checks:
      - { id: a, check: http, url: "http://x:{{ vars.port }}", within: 1m, expect: { json: [{ a: 1 }] }, capture: { b: self } }
      - { id: c, check: any, needs: [a], of: [{ id: d, check: file, path: a, not: true, for: 2s }] }
    hints: [{ on: container.exited, after: 2, text: { ko: 힌트, en: Hint } }]
    mistakes: [{ run: "false", cause: container.exited }]
    until: end
  - { id: end, solve: [{ run: "echo {{ steps.run.b }}" }], checks: [{ id: e, check: tcp, port: 80, gone: true }] }
cleanup: [{ run: docker rm -f web }]
`
const text = 'Hi\n## Run {#run}\n```bash run=go\ndocker run {{ vars.image }}\n```\n## End {#end}\n{{ url.80 }}\n'

test(`${rounds} damaged labs: problems with places, never a stack trace`, { timeout: 120_000 }, async () => {
  const files = course({ lab: small, ko: text, en: text, more: { 'web/solution/a': '' } })
  expect(golden((await lintCourse(dir, vocabulary, memoryFiles(files))).problems)).toBe('')
  const names = [`${dir}/web/lab.yaml`, `${dir}/web/lab.yaml`, `${dir}/web/en.md`, `${dir}/course.yaml`]
  let found = 0
  let slowest = 0
  const started = performance.now()
  for (let seed = 1; seed <= rounds; seed++) {
    const pick = random(seed)
    const name = names[pick(names.length)]!
    let text = files[name]!
    for (let times = 1 + pick(3); times > 0 && text !== ''; times--) text = damages[pick(damages.length)]!(text, pick)
    const damaged = memoryFiles({ ...files, [name]: text })
    const begun = performance.now()
    // Every rule now and then; what a run does, always.
    const { problems } = await (seed % 5 === 0
      ? lintCourse(dir, vocabulary, damaged)
      : loadLab(dir, 'web', vocabulary, damaged)
    ).catch(error => {
      throw new Error(`seed ${seed}`, { cause: error })
    })
    slowest = Math.max(slowest, performance.now() - begun)
    for (const { line, column, code, message } of problems)
      if (!(line >= 1 && column >= 1 && code && message.ko && message.en) || /\n|\bat .*:\d+:\d+/.test(message.en))
        expect.unreachable(`seed ${seed}: ${code} ${line}:${column} ${message.en}`)
    if (problems.length > 0) found++
  }
  const took = performance.now() - started
  process.stderr.write(
    `fuzz: ${rounds} in ${(took / 1000).toFixed(1)}s, ${Math.round(rounds / (took / 1000))}/s, slowest ${slowest.toFixed(0)}ms, ${found} with problems\n`,
  )
  expect(found).toBeGreaterThan(rounds / 3)
})

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
for (let index = 1; index < 12; index++) {
  const [before, name] = ['abcdefghijkl'[index - 1]!, 'abcdefghijkl'[index]!]
  bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`)
}

test.each([
  ['[', '['.repeat(200_000), 'yaml-too-deep'],
  ['{a: ', '{a: '.repeat(60_000), 'yaml-too-deep'],
  ['- ', '- '.repeat(100_000), 'yaml-too-deep'],
  ['? ', '? '.repeat(100_000), 'yaml-too-deep'],
  ['indentation', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'yaml-too-deep'],
  ['aliases of aliases', bomb.join('\n'), 'yaml-alias-bomb'],
  ['an alias of itself', 'steps: &s [*s]', 'yaml-alias-cycle'],
  ['anchors', '&a '.repeat(60_000), 'yaml-syntax'],
  ['many aliases', `a: &a x\nb: [${'*a,'.repeat(60_000)}]`, 'yaml-alias-bomb'],
  ['a huge file', '# '.repeat(300_000), 'too-large'],
  [
    'a huge word',
    `title: ${'x'.repeat(200_000)}\nid: ${'-a'.repeat(20_000)}\nsteps: [{id: ${'a-'.repeat(10_000)}}]`,
    'bad-id',
  ],
  ['braces', `title: "${'{{ a.b }}'.repeat(20_000)}"`, 'unknown-name'],
  ['many unknown fields', Array.from({ length: 9000 }, (_, n) => `x${n}: 1`).join('\n'), 'unknown-field'],
  [
    'a long chain of needs',
    `steps:\n- id: a\n  checks:\n${Array.from({ length: 4000 }, (_, n) => `  - { id: c${n}, needs: [c${n + 1}] }`).join('\n')}`,
    'unknown-check',
  ],
])('made to be slow: %s', async (_, text, code) => {
  const files = memoryFiles({ ...(await fixture('good')), [`${dir}/todo-app/lab.yaml`]: text })
  const started = performance.now()
  const { problems } = await lintCourse(dir, vocabulary, files)
  expect(golden(problems)).toContain(code)
  expect(performance.now() - started).toBeLessThan(10_000)
})
