import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { unpack } from '../../src/grade/bundle.ts'
import { type Evidence, isTooDeep } from '../../src/grade/evidence.ts'
import { progressIn, variableFlags } from '../../src/grade/record.ts'
import type { Progress } from '../../src/lab/progress.ts'
import { digest, student, tool } from './grading.ts'

/** Bundles that somebody made to trick or to stop the grader. */

const evidence: Evidence = {
  ...{ schema: 'lab/evidence/v1', tool, course: 'c', lab: { id: 'web', digest }, student: 'kim' },
  ...{ collectedAt: 1, tookMs: 1, tries: 1, workspace: '/w', record: {} },
  looks: { 'file /w/a': { at: 1, seen: 'x' } },
}
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
/** `$` in the bundle, as JSON. */
const withSeen = (json: string) => JSON.stringify(evidence).replace('"x"', json)
const opened = (json: string) => unpack(gzipSync(json))

describe('a bundle', () => {
  test('as it should be is taken', () => {
    expect(opened(JSON.stringify(evidence))).toEqual({ evidence })
    expect(opened(withSeen(nested(90)))).toHaveProperty('evidence')
    expect(opened(withSeen('{"__proto__":{"polluted":1}}'))).toHaveProperty('evidence')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test.each<[string, string, string]>([
    ['that nests deeper than a stack', withSeen(nested(200_000)), 'too-deep'],
    ['that nests a little too deep', withSeen(nested(200)), 'too-deep'],
    ['with a look that is larger than any', withSeen(JSON.stringify('y'.repeat(3_000_000))), 'not-evidence'],
    [
      'with a path that is longer than any',
      JSON.stringify({ ...evidence, workspace: '/a'.repeat(5000) }),
      'not-evidence',
    ],
    ['with a path that starts nowhere', JSON.stringify({ ...evidence, workspace: '../..' }), 'not-evidence'],
    ['with a time that is no number', JSON.stringify({ ...evidence, collectedAt: 'NaN' }), 'not-evidence'],
    [
      'with a time without end',
      JSON.stringify(evidence).replace('"collectedAt":1', '"collectedAt":1e999'),
      'not-evidence',
    ],
  ])('%s is refused', (_, json, refused) => {
    expect(opened(json)).toEqual({ refused })
  })
})

test.each([
  ['[[1]]', false],
  [JSON.stringify(nested(500)), false],
  [JSON.stringify({ text: `"${nested(500)}\\` }), false],
  [nested(100), false],
  [nested(101), true],
  ['{"a":'.repeat(101), true],
])('depth of %s', (json, deep) => {
  expect(isTooDeep(json)).toBe(deep)
})

const progress = (vars: Record<string, string>): Progress => ({
  ...{ version: 1, course: 'c' },
  labs: { web: { startedAt: 1, vars, steps: {}, sightings: {} } },
})

test('a record that is deep, or has a value that no lab has, is none', () => {
  const read = (value: Progress) => progressIn({ 'progress.json': JSON.stringify(value) })
  expect(read(progress({ port: '3100' }))).not.toBeNull()
  expect(read(progress({ port: 'x'.repeat(5000) }))).toBeNull()
  expect(progressIn({ 'progress.json': nested(1_000_000) })).toBeNull()
})

test.each<[string, Record<string, string>, string[]]>([
  ['none', {}, []],
  ['the same', { port: '3000', name: 'world' }, []],
  ['another port', { port: '3100' }, ['warn port=3100']],
  ['one that the lab does not have', { other: '' }, []],
  ['an empty one', { name: ' ' }, ['hold name= ']],
  ['a place in the place of a port', { port: '80@evil' }, ['hold port=80@evil']],
  ['names of what every object has', { constructor: 'x' }, []],
])('values of variables: %s', (_, vars, flags) => {
  const found = variableFlags({ id: 'web', vars: { port: '3000', name: 'world' } }, progress(vars))
  expect(found.map(({ severity, code, detail }) => (code === 'other-values' ? `${severity} ${detail}` : code))).toEqual(
    flags,
  )
})

test("a file that nests deeper than a stack is nobody's bug, on a machine as in a bundle", async () => {
  const kim = await student(`
  - id: get
    edits: [{ file: a.json, solution: solution/a.json }]
    checks: [{ id: a, check: file, path: a.json, expect: { json: { name: x } } }]
`)
  kim.world.disk.put('/w/a.json', nested(50_000))
  const { a } = await kim.grade('live')
  expect(a!.error?.class).not.toBe('check-bug')
  expect(a!.earned || 0).toBe(0)
})
