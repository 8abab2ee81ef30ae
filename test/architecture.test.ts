import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** Folder -> folders that it may import from, besides itself. */
const arrows: Record<string, readonly string[]> = {
  lab: [],
  check: ['lab'],
  text: ['lab'],
  causes: ['lab', 'text', 'check'],
  format: ['lab', 'check'],
  run: ['lab', 'check', 'causes', 'text'],
  prove: ['lab', 'check', 'causes', 'format', 'run', 'text'],
  grade: ['lab', 'check', 'causes', 'format', 'run', 'text'],
  world: ['lab', 'check', 'run', 'grade'],
  terminal: ['lab', 'text'],
  report: ['lab', 'run', 'prove', 'grade', 'terminal', 'text'],
  cli: ['lab', 'check', 'causes', 'format', 'run', 'prove', 'grade', 'report', 'terminal', 'text', 'world'],
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => /(?<!\.d)\.ts$/.test(file))
const imports = files.flatMap(file => {
  const code = readFileSync(join(src, file), 'utf8')
  const found = code.matchAll(/(?:from|import\()\s*'([^']+)'|^import '([^']+)'/gm)
  return [...found].map(match => ({ file, target: (match[1] ?? match[2])! }))
})

test('arrows go one way', () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith('.'))
    .map(({ file, target }) => ({ file, target: relative(src, resolve(src, dirname(file), target)) }))
    .filter(({ file, target }) => {
      const [from = '', to = ''] = [file.split('/')[0], target.split('/')[0]]
      return from !== to && !target.startsWith('..') && !(arrows[from] ?? []).includes(to)
    })
  expect(wrong).toEqual([])
})

test('each package is imported in one file', () => {
  const users = new Map<string, Set<string>>()
  for (const { file, target } of imports) {
    if (target.startsWith('.') || target.startsWith('node:')) continue
    const name = target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/')
    users.set(name, (users.get(name) ?? new Set()).add(file))
  }
  const shared = [...users].filter(([, where]) => where.size > 1).map(([name, where]) => [name, [...where]])
  expect(shared).toEqual([])
})

test('only cli/main.ts ends the process, and nobody writes to the console', () => {
  const offenders = files.filter(file => {
    const code = readFileSync(join(src, file), 'utf8')
    return /process\.exit\(|console\./.test(code) || (/process\.exitCode/.test(code) && file !== 'cli/main.ts')
  })
  expect(offenders).toEqual([])
})
