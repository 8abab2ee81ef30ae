import { describe, expect, test } from 'vitest'
import { checkTree, match } from '../../src/check/matcher.ts'
import type { Json } from '../../src/lab/lab.ts'

const container = {
  state: 'running',
  exitCode: 0,
  ports: { '3000/tcp': 3000 },
  env: ['NODE_ENV=production', 'PORT=3000'],
  mounts: [
    { type: 'volume', name: 'todo-db', target: '/etc/todos' },
    { type: 'bind', target: '/app' },
  ],
  health: null,
}

test.each<[name: string, expected: Json, fits: boolean]>([
  ['a subset of a map', { state: 'running' }, true],
  ['a nested map', { ports: { '3000/tcp': 3000 } }, true],
  ['another value', { state: 'exited' }, false],
  ['a number is no text', { exitCode: '0' }, false],
  ['null: absent', { gone: null }, true],
  ['null: null', { health: null }, true],
  ['null: there', { state: null }, false],
  ['a list contains, in any order', { mounts: [{ type: 'bind' }, { name: 'todo-db' }] }, true],
  ['each expected item needs an item of its own', { mounts: [{ target: '/app' }, { type: 'bind' }] }, false],
  ['pairing is not greedy', { mounts: [{ target: { $exists: true } }, { type: 'volume' }] }, true],
  ['a list expected, a map seen', { ports: [3000] }, false],
  ['$exists', { ports: { '3000/tcp': { $exists: true } } }, true],
  ['$exists false', { ports: { '80/tcp': { $exists: false } } }, true],
  ['$ne', { state: { $ne: 'exited' } }, true],
  ['$ne of the same', { state: { $ne: 'running' } }, false],
  ['$in', { state: { $in: ['created', 'running'] } }, true],
  ['$gte and $lt', { ports: { '3000/tcp': { $gte: 3000, $lt: 3001 } } }, true],
  ['$gt at the limit', { ports: { '3000/tcp': { $gt: 3000 } } }, false],
  ['$lte of a text', { state: { $lte: 3 } }, false],
  ['$match', { env: [{ $match: '^PORT=\\d+$' }] }, true],
  ['$match at the start of a line only', { state: { $match: '^unning' } }, false],
  ['$notMatch', { state: { $notMatch: 'exit' } }, true],
  ['$notMatch of nothing', { nothing: { $notMatch: 'exit' } }, false],
  ['$contains', { state: { $contains: 'unn' } }, true],
  ['$length', { mounts: { $length: 2 } }, true],
  ['$length with an operator', { mounts: { $length: { $gte: 3 } } }, false],
  ['$count', { env: { $count: { of: { $match: '=' }, $gte: 2 } } }, true],
  ['$count too few', { env: { $count: { of: { $match: 'PORT' }, $gte: 2 } } }, false],
  ['$exactly', { env: { $exactly: ['NODE_ENV=production', 'PORT=3000'] } }, true],
  ['$exactly in another order', { env: { $exactly: ['PORT=3000', 'NODE_ENV=production'] } }, false],
  ['$set in another order', { env: { $set: ['PORT=3000', 'NODE_ENV=production'] } }, true],
  ['$set with one too few', { env: { $set: ['PORT=3000'] } }, false],
  ['$all', { mounts: { $all: { target: { $match: '^/' } } } }, true],
  ['$not', { state: { $not: { $contains: 'exit' } } }, true],
])('%s', (_, expected, fits) => {
  expect(match(expected, container).differences.length === 0).toBe(fits)
})

test('the smallest difference, with its path', () => {
  expect(match({ ports: { '3000/tcp': 8080 }, state: 'running' }, container).differences).toEqual([
    { path: 'ports.3000/tcp', expected: '8080', seen: '3000' },
  ])
})

test('of a list, the difference to the item that comes nearest', () => {
  expect(match({ mounts: [{ type: 'volume', target: '/data' }] }, container).differences).toEqual([
    { path: 'mounts[0].target', expected: '/data', seen: '/etc/todos' },
  ])
})

test('a key that is nearly the right one', () => {
  expect(match({ exitcode: 0 }, container).differences).toEqual([{ path: 'exitcode', expected: '0', near: 'exitCode' }])
})

test('a value that differs in capitals only', () => {
  expect(match({ state: 'Running' }, container).differences[0]).toMatchObject({ near: 'running' })
})

test.each<[expected: Json, seen: string | undefined]>([
  [{ text: { $contains: "fetch('items'" } }, "const all = await fetch('/items')"],
  [{ text: { $notMatch: '/proxy' } }, "fetch('/proxy/3000/items')"],
  [{ text: { $contains: 'nothing like it' } }, 'const app = 1 …'],
])('of a long text, the line that tells: %j', (expected, seen) => {
  const text = "const app = 1\n  const all = await fetch('/items')\n  fetch('/proxy/3000/items')\n"
  expect(match(expected, { text }).differences[0]?.seen).toBe(seen)
})

describe('mistakes in the tree itself', () => {
  test.each<[expect: Json, codes: string[], fix?: string]>([
    [{ state: { $matches: 'x' } }, ['unknown-operator'], '$match'],
    [{ state: { $match: '(' } }, ['bad-regex']],
    [{ state: { $gte: 'many' } }, ['bad-operand']],
    [{ list: { $count: { of: 1 } } }, ['bad-operand']],
    [{ list: { $count: { of: { $mach: 'a' }, $gte: 1 } } }, ['unknown-operator'], '$match'],
    [{ state: { $match: '^a' }, list: [{ $contains: 'b' }] }, []],
  ])('%j', (tree, codes, fix) => {
    const problems = checkTree(tree)
    expect(problems.map(problem => problem.code)).toEqual(codes)
    if (fix) expect(problems[0]!.fix).toBe(fix)
  })
})

test('a pattern that takes others for ever takes no time', () => {
  const started = Date.now()
  match({ text: { $match: '(a+)+$' } }, { text: `${'a'.repeat(50_000)}!` })
  expect(Date.now() - started).toBeLessThan(5000)
})
