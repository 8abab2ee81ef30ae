import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Situation } from '../../src/causes/cause.ts'
import { causes, codes, diagnose } from '../../src/causes/index.ts'

/** `none`: nothing went wrong, and no cause may say that something did. */
interface Sample {
  readonly name: string
  readonly code: string
  readonly situation: Situation
}

const folder = join(import.meta.dirname, 'samples')
const samples: Sample[] = readdirSync(folder).flatMap(code =>
  readdirSync(join(folder, code)).map(file => {
    const { situation } = JSON.parse(readFileSync(join(folder, code, file), 'utf8')) as { situation: Situation }
    return { name: `${code}/${file.replace('.json', '')}`, code, situation }
  }),
)

const fallbacks = causes.filter(cause => cause.fallback).map(cause => cause.code)

test.each(samples)('$name is claimed by its cause and by no other', ({ code, situation }) => {
  const claims = causes.filter(cause => !cause.fallback && cause.find(situation)).map(cause => cause.code)
  expect(claims).toEqual(code === 'none' || fallbacks.includes(code) ? [] : [code])
  expect(diagnose(situation)?.code ?? 'none').toBe(code)
})

test('every cause has a sample', () => {
  expect([...codes].filter(code => !samples.some(sample => sample.code === code))).toEqual([])
})

test('every code belongs to one cause', () => {
  expect(codes.size).toBe(causes.length)
})

describe('texts', () => {
  const shown = samples.flatMap(sample => {
    const found = diagnose(sample.situation)
    return found ? [{ ...found, name: sample.name }] : []
  })

  test.each(shown)('$name reads well in both languages', ({ message, advice }) => {
    for (const text of [message.ko, message.en, advice.ko, advice.en]) {
      expect(withoutFences(text)).not.toMatch(/undefined|null|NaN|\{\{|\[object|``|\s\s/)
      expect(text).not.toMatch(/[을를이가은는과와]\([을를이가은는과와]\)|\(으\)로/)
      expect(text.trim()).toBe(text)
    }
    expect(withoutQuotes(message.ko)).toMatch(/[가-힣].*요\.$/)
    expect(withoutQuotes(advice.ko)).toMatch(/[가-힣]/)
    expect(withoutQuotes(message.en)).not.toMatch(/[가-힣]/)
    expect(sentences(message.ko)).toBe(1)
    expect(sentences(message.en)).toBe(1)
  })

  test('are all here to be read', async () => {
    const page = shown
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, message, advice }) => [name, message.ko, advice.ko, message.en, advice.en].join('\n  '))
    await expect(`${page.join('\n\n')}\n`).toMatchFileSnapshot('__golden__/messages.txt')
  })
})

/** What learners or programs wrote is quoted and may say anything. */
function withoutQuotes(text: string): string {
  return withoutFences(text).replace(/`[^`]*`/g, '')
}

/** Code that has backticks itself. */
function withoutFences(text: string): string {
  return text.replace(/(``+) .+? \1/g, '')
}

function sentences(text: string): number {
  return withoutQuotes(text)
    .split(/[.?!](?=\s|$)/)
    .filter(part => part.trim() !== '').length
}

describe('diagnose', () => {
  const facts = { workspace: '/w' }
  const check = { kind: 'http', fields: { url: 'http://127.0.0.1:3000/' }, differences: [] }
  const command = { line: 'docker ps', exit: 1, stdout: '', stderr: '', timedOut: false, cwd: '/w' }

  test('of a command and a check that failed takes the one that says why', () => {
    const seen = { url: check.fields.url, error: 'ECONNREFUSED', headers: {}, text: '', tookMs: 1 }
    expect(diagnose({ command, check: { ...check, seen }, facts })?.code).toBe('http.refused')
  })

  test('of a command and a check with a cause each takes the command, which came first', () => {
    const seen = { url: check.fields.url, error: 'ECONNREFUSED', headers: {}, text: '', tookMs: 1 }
    const down = 'Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?'
    expect(diagnose({ command: { ...command, stderr: down }, check: { ...check, seen }, facts })?.code).toBe(
      'engine.down',
    )
  })

  test('has nothing to say where nothing failed', () => {
    expect(diagnose({ command: { ...command, exit: 0 }, facts })).toBeNull()
  })
})
