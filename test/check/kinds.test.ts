import { describe, expect, test } from 'vitest'
import { type Context, judge } from '../../src/check/judge.ts'
import type { Fields } from '../../src/check/kind.ts'
import { parseDockerfile } from '../../src/check/kinds/dockerfile.ts'
import { kinds } from '../../src/check/kinds/index.ts'
import type { Check, Json } from '../../src/lab/lab.ts'

const context: Context = { now: 10_000, seenBefore: false, vars: {}, steps: {} }

function checkOf(kind: string, written: Record<string, Json>, more: Partial<Check> = {}): Check {
  const { expect: tree, ...fields } = written
  const base = { id: 'a', check: kind, title: { ko: 'a', en: 'a' }, fields, within: 0, for: 0, not: false, gone: false }
  const rest = { needs: [], capture: {}, hints: [], of: [] }
  return { ...base, ...rest, ...(tree === undefined ? {} : { expect: tree }), ...more }
}

function judged(kind: string, written: Record<string, Json>, seen: Json, more: Partial<Check> = {}, at = context) {
  const check = checkOf(kind, written, more)
  return judge(kinds[kind]!, check, check.fields as Fields, { at: 1, seen }, at)
}

describe.each(Object.values(kinds))('$name', kind => {
  test('the example passes, and fails, as it says', () => {
    expect(judged(kind.name, kind.example.check, kind.example.passes).holds).toBe(true)
    const failed = judged(kind.name, kind.example.check, kind.example.fails)
    expect(failed.holds).toBe(false)
    expect(failed.differences.length).toBeGreaterThan(0)
  })

  test('could not look is neither', () => {
    const check = checkOf(kind.name, kind.example.check)
    const problem = { code: 'engine.down', evidence: { socket: '/s' } }
    const judgement = judge(kind, check, check.fields as Fields, { at: 1, problem }, context)
    expect(judgement).toMatchObject({ holds: null, problem })
  })

  test('every field of the example is a field of the kind', () => {
    const { expect: _, ...fields } = kind.example.check
    expect(Object.keys(kind.fields)).toEqual(expect.arrayContaining(Object.keys(fields)))
  })
})

describe('near misses', () => {
  const images = [{ id: 'sha256:1', tags: ['getting-startd:latest'], createdAt: 1, size: 1 }]
  const containers = (kinds['docker.container']!.example.passes as { containers: Json[] }).containers
  test.each<[kind: string, written: Record<string, Json>, seen: Json, near: string]>([
    ['file', { path: 'app/Dockerfile' }, { file: null, names: ['dockerfile', 'src/'] }, 'dockerfile'],
    ['docker.image', { ref: 'getting-started' }, { image: null, images }, 'getting-startd:latest'],
    ['docker.image', { ref: 'getting-startd:1.0' }, { image: null, images }, 'getting-startd:latest'],
    ['docker.container', { name: 'kind_bel' }, { containers, imageId: null }, 'kind_bell'],
  ])('%s %j', (kind, written, seen, near) => {
    expect(judged(kind, written, seen).differences[0]).toMatchObject({ near })
  })
})

describe('not, gone and since', () => {
  const open = { host: '127.0.0.1', port: 3000, open: true, answering: ['127.0.0.1'] }
  const closed = { ...open, open: false, answering: [] }
  const before = { ...context, seenBefore: true }
  test.each<[about: string, more: Partial<Check>, seen: Json, at: Context, holds: boolean]>([
    ['not, closed', { not: true }, closed, context, true],
    ['not, open', { not: true }, open, context, false],
    ['gone, seen before', { gone: true }, closed, before, true],
    ['gone, never seen', { gone: true }, closed, context, false],
    ['gone, still there', { gone: true }, open, before, false],
  ])('%s', (_, more, seen, at, holds) => {
    expect(judged('tcp', { port: 3000 }, seen, more, at).holds).toBe(holds)
  })

  test('what is older than the step does not count', () => {
    const { check, passes } = kinds['docker.container']!.example
    expect(judged('docker.container', check, passes, {}, { ...context, since: 1 }).holds).toBe(true)
    const old = judged('docker.container', check, passes, {}, { ...context, since: 5 })
    expect(old.holds).toBe(false)
    expect(old.differences[0]).toMatchObject({ rule: 'too-old' })
  })

  test('a container that is being removed never counts', () => {
    const { passes } = kinds['docker.container']!.example
    const seen = passes as { containers: { state: string }[] }
    const removing = { ...seen, containers: seen.containers.map(each => ({ ...each, state: 'removing' })) }
    expect(judged('docker.container', { image: 'todo' }, removing as unknown as Json).holds).toBe(false)
  })
})

describe('expr and capture', () => {
  const { check, passes } = kinds['docker.container']!.example
  test('CEL over self', () => {
    expect(judged('docker.container', check, passes, { expr: "self.ports['3000/tcp'] == 3000" }).holds).toBe(true)
    expect(judged('docker.container', check, passes, { expr: 'self.restarts > 0' }).holds).toBe(false)
  })
  test('a field that is not there is not yet true, and says so', () => {
    const judgement = judged('docker.container', check, passes, { expr: 'self.nothing == 1' })
    expect(judgement.holds).toBe(false)
    expect(judgement.differences[0]!.seen).toContain('nothing')
  })
  test('captures', () => {
    const captured = judged('docker.container', check, passes, { capture: { port: "self.ports['3000/tcp']" } })
    expect(captured.captures).toEqual({ port: 3000 })
    expect(judged('docker.container', check, passes, { capture: { port: 'self.nope' } }).holds).toBe(false)
  })
})

test.each<[about: string, source: string, words: Json]>([
  ['comments and blank lines', '# a\n\nFROM x\n', [{ FROM: 'x', line: 3 }]],
  [
    'words in small letters',
    'from x\ncopy . .\n',
    [
      { FROM: 'x', line: 1 },
      { COPY: '. .', line: 2 },
    ],
  ],
  [
    'a continued line',
    'RUN a && \\\n  # why\n  b\nCMD c\n',
    [
      { RUN: 'a && b', line: 1 },
      { CMD: 'c', line: 4 },
    ],
  ],
  ['an exec form', 'CMD ["node",   "a.js"]', [{ CMD: ['node', 'a.js'], line: 1 }]],
  ['a broken exec form is a shell form', "CMD ['node', 'a.js']", [{ CMD: "['node', 'a.js']", line: 1 }]],
  [
    'a here-document',
    'RUN <<EOF\nFROM nothing\nEOF\nCMD x',
    [
      { RUN: '<<EOF', line: 1 },
      { CMD: 'x', line: 4 },
    ],
  ],
  [
    'Windows line ends and a byte order mark',
    '\uFEFFFROM x\r\nEXPOSE 80\r\n',
    [
      { FROM: 'x', line: 1 },
      { EXPOSE: '80', line: 2 },
    ],
  ],
  ['nothing', '', []],
])('Dockerfile: %s', (_, source, instructions) => {
  expect(parseDockerfile(source)).toEqual(instructions)
})
