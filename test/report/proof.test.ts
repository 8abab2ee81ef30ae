import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { Finding, LabProof, Trial } from '../../src/prove/proof.ts'
import { annotation, cell } from '../../src/report/github.ts'
import { createProofView, proofSummary } from '../../src/report/proof.ts'
import { proofAnnotations, proofCtrf, proofJunit, proofMarkdown } from '../../src/report/proof-files.ts'
import { createTeller } from '../../src/report/teller.ts'
import { parseXml } from '../helpers/xml.ts'

const at = Date.parse('2026-03-02T09:00:00Z')
const hostile = `<script>alert(1)</script> & "quotes" \x1b[31mred\x1b[0m \x00\x08 ]]> % , : |\ud800 한국어 👩‍💻\r\nnext line`
const same = (text: string) => ({ ko: text, en: text })

const flaw: Finding = {
  ...{ file: 'labs/shop/lab.yaml', line: 12, column: 7, code: 'passes-before', severity: 'error' },
  ...{
    lab: 'shop',
    step: 'open',
    about: 'hung',
    message: { ko: '이미 통과해요', en: hostile },
    details: [same(hostile)],
  },
}
const warning: Finding = {
  ...flaw,
  code: 'near-miss',
  severity: 'warning',
  line: 14,
  message: same('`app:v2` for `app`'),
}

function trial(part: Trial['part'], more: Partial<Trial> = {}): Trial {
  return { lab: 'shop', step: 'open', part, verdict: 'passed', findings: [], at, tookMs: 1234, ...more }
}

const proofs: readonly LabProof[] = [
  {
    lab: 'shop',
    file: 'labs/shop/lab.yaml',
    title: { ko: '가게', en: 'A shop' },
    at,
    tookMs: 65_000,
    trials: [
      trial('ready', { step: undefined } as unknown as Partial<Trial>),
      trial('before', { verdict: 'failed', findings: [flaw] }),
      trial('mistakes', { name: 'empty' }),
      trial('mistakes', {
        name: 'other',
        verdict: 'error',
        findings: [{ ...flaw, code: 'could-not-look', blind: true }],
      }),
      trial('near-misses', { tried: 5, findings: [warning] }),
      trial('solution', { step: 'close', verdict: 'skipped', tookMs: 0 }),
    ],
  },
]
const about = { course: 'my <course>', version: '1.2.3', pathOf: (file: string) => `repo/${file}` }
const look = { columns: 80, rows: 24, colour: false, links: false, repaint: false, unicode: true }

function teller(language: 'ko' | 'en' = 'en') {
  const lines: string[] = []
  return { teller: createTeller(language, look, text => void lines.push(text)), lines }
}

describe('JUnit', () => {
  const root = parseXml(proofJunit(teller().teller, proofs, about))
  const cases = root.children[0]!.children

  test('counts', () => {
    const counts = { tests: '6', failures: '1', errors: '1', skipped: '1', time: '6.170' }
    expect(root).toMatchObject({ name: 'testsuites', attributes: { name: 'my <course>', ...counts } })
    expect(root.children[0]!.attributes).toEqual({ name: 'shop', timestamp: '2026-03-02T09:00:00', ...counts })
  })

  test('every case has a name of its own', () => {
    const names = cases.map(({ attributes: { classname, name } }) => `${classname} ${name}`)
    expect(names).toEqual([
      'shop ready',
      'shop.open before',
      'shop.open mistakes: empty',
      'shop.open mistakes: other',
      'shop.open near-misses',
      'shop.close solution',
    ])
  })

  test('what was found stands in the elements, without control characters', () => {
    const failure = cases[1]!.children[0]!
    expect(cases[1]!.attributes).toMatchObject({ file: 'repo/labs/shop/lab.yaml', line: '12' })
    expect(failure).toMatchObject({ name: 'failure', attributes: { type: 'passes-before' } })
    expect(failure.text).toContain('hung: <script>alert(1)</script> & "quotes" red  ]]> % , : | 한국어 👩‍💻\nnext line')
    expect(failure.text).toContain('labs/shop/lab.yaml:12:7')
    expect(cases[3]!.children[0]).toMatchObject({ name: 'error', attributes: { type: 'could-not-look' } })
    expect(cases[4]!.children[0]).toMatchObject({ name: 'system-out' })
    expect(cases[5]!.children[0]).toMatchObject({ name: 'skipped', text: 'not reached' })
  })
})

test('CTRF: the fields that its schema has, and no others', () => {
  const count = z.int().min(0)
  const shape = z.strictObject({
    reportFormat: z.literal('CTRF'),
    specVersion: z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/),
    timestamp: z.iso.datetime(),
    generatedBy: z.string(),
    results: z.strictObject({
      tool: z.strictObject({ name: z.string().min(1), version: z.string() }),
      summary: z.strictObject({
        ...{ tests: count, passed: count, failed: count, skipped: count, pending: count, other: count },
        ...{ start: count, stop: count },
      }),
      tests: z.array(
        z.strictObject({
          name: z.string().min(1),
          status: z.enum(['passed', 'failed', 'skipped', 'pending', 'other']),
          rawStatus: z.string(),
          ...{ duration: count, start: count, stop: count },
          suite: z.array(z.string()).min(1),
          ...{ filePath: z.string(), message: z.string().optional(), trace: z.string().optional() },
          line: z.int().optional(),
        }),
      ),
    }),
  })
  const document = JSON.parse(proofCtrf(teller().teller, proofs, about)) as z.infer<typeof shape>
  expect(shape.safeParse(document).error).toBeUndefined()
  const { summary, tests } = document.results
  expect(summary).toMatchObject({ tests: 6, passed: 3, failed: 1, skipped: 1, other: 1, start: at, stop: at + 65_000 })
  expect(tests[1]).toMatchObject({ suite: ['shop', 'open'], status: 'failed', line: 12 })
  expect(tests[3]).toMatchObject({ status: 'other', rawStatus: 'error' })
})

describe('GitHub', () => {
  test('an annotation is one line, whatever is in it', () => {
    const lines = proofAnnotations(teller('ko').teller, [flaw, warning], about)
    expect(lines[0]).toMatch(
      /^::error file=repo\/labs\/shop\/lab\.yaml,line=12,col=7,title=passes-before::open\/hung: 이미 통과해요%0A<script>/,
    )
    expect(lines[0]).not.toMatch(/[\n\r\x1b]/)
    expect(lines[0]).toContain('%25')
    expect(lines[1]).toMatch(/^::warning /)
  })

  test('properties cannot end early', () => {
    const made = annotation({ severity: 'error', file: 'a,line=1::b', line: 2, column: 3, title: 'x' }, 'y')
    expect(made).toBe('::error file=a%2Cline=1%3A%3Ab,line=2,col=3,title=x::y')
  })

  test('the summary is a table, and a line for each finding', () => {
    const text = proofMarkdown(teller().teller, proofs, about)
    expect(text).toContain('| shop | ❌ wrong | 5 | 1 min 5 s |')
    expect(text).toContain('`repo/labs/shop/lab.yaml:12` &lt;script>alert(1)&lt;/script> &amp; "quotes" red')
    expect(text.split('\n').filter(line => line.startsWith('- '))).toHaveLength(3)
    expect(cell('a|b\n*c*')).toBe('a\\|b \\*c\\*')
  })
})

test.each(['en', 'ko'] as const)('on a terminal: %s', language => {
  const { teller: made, lines } = teller(language)
  const view = createProofView(made, false)
  const [proof] = proofs
  view({ at, lab: 'shop', event: 'proof.lab-started', title: proof!.title, number: 1, of: 2 })
  for (const each of proof!.trials) view({ at, lab: 'shop', event: 'proof.trial-finished', trial: each })
  view({ at, lab: 'shop', event: 'proof.lab-finished', verdict: 'failed', tookMs: 65_000 })
  made.print(proofSummary(made, proofs))
  // As a terminal gets it: half of a pair is no character.
  return expect(Buffer.from(lines.join('')).toString()).toMatchFileSnapshot(`__golden__/proof-${language}.txt`)
})

test('labs that were proven side by side took no longer for that', () => {
  const [shop] = proofs
  const beside = { ...shop!, lab: 'beside', at: at + 5000, tookMs: 20_000 }
  expect(proofSummary(teller().teller, [shop!, beside])).toContain('1 min 5 s')
})
