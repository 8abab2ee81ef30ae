import { expect, test } from 'vitest'
import { jsonSchema } from '../../src/format/schema.ts'
import { kinds } from './memory.ts'

interface Branch {
  properties: Record<string, { const?: string; description?: string; anyOf?: unknown }>
  required: string[]
  description?: string
  additionalProperties: boolean
  allOf?: unknown
}

const schema = jsonSchema(kinds) as unknown as {
  $schema: string
  properties: Record<string, { description?: string }>
  $defs: { check: { oneOf: Branch[] } }
}
const branch = (name: string) => schema.$defs.check.oneOf.find(each => each.properties['check']?.const === name)!

test('draft 2020-12, one branch for each kind and group', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(schema.$defs.check.oneOf.map(each => each.properties['check']?.const)).toEqual([
    ...Object.keys(kinds),
    'all',
    'any',
    'none',
    'count',
  ])
})

test('a branch knows its fields, what is needed, and nothing else', () => {
  const http = branch('http')
  expect(http.required).toEqual(expect.arrayContaining(['id', 'check', 'url']))
  expect(http.additionalProperties).toBe(false)
  expect(http.description).toBe('About http.')
  expect(http.properties['url']?.description).toBe('A text.')
  expect(http.properties['method']).toMatchObject({ enum: ['GET', 'HEAD'] })
  expect(branch('docker.container').allOf).toEqual([{ anyOf: [{ required: ['name'] }, { required: ['image'] }] }])
  expect(branch('any').properties['of']).toMatchObject({ items: { $ref: '#/$defs/check' } })
})

test('it can be made twice, and says what fields are for', () => {
  expect(jsonSchema(kinds)).toEqual(schema)
  expect(schema.properties['images']?.description).toBe('Everything the lab pulls, pinned.')
  expect(JSON.stringify(schema)).not.toContain('bad-')
})
