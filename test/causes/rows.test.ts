import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Situation } from '../../src/causes/cause.ts'
import { diagnose } from '../../src/causes/index.ts'
import type { Row } from './rows.ts'
import * as docker from './rows.ts'
import { kubectlFamilies, kubectlRows } from './rows-kubectl.ts'
import { kubernetesFamilies, kubernetesRows } from './rows-kubernetes.ts'

const families = { ...docker.families, ...kubectlFamilies, ...kubernetesFamilies }
const rows: Readonly<Record<string, Row>> = { ...docker.rows, ...kubectlRows, ...kubernetesRows }
const folder = join(import.meta.dirname, 'samples')

interface Sample {
  readonly captured: boolean
  readonly situation: Situation
}

/** `<cause>/<variant>`: that sample; where the variant is cut short by `/` or `-`, all that begin so. */
function samplesOf(shown: string): { name: string; code: string; sample: Sample }[] {
  const [code = '', variant = ''] = shown.split('/')
  const many = variant === '' || variant.endsWith('-')
  return readdirSync(join(folder, code))
    .map(file => file.replace('.json', ''))
    .filter(name => (many ? name.startsWith(variant) : name === variant))
    .map(name => {
      const sample = JSON.parse(readFileSync(join(folder, code, `${name}.json`), 'utf8')) as Sample
      return { name: `${code}/${name}`, code, sample }
    })
}

test(`every row of families ${Object.keys(families).join(', ')} is here`, () => {
  const ids = Object.entries(families).flatMap(([family, count]) =>
    Array.from({ length: count }, (_, i) => `${family}${String(i + 1).padStart(2, '0')}`),
  )
  expect(Object.keys(rows)).toEqual(ids)
})

const told = Object.entries(rows).flatMap(([id, row]) => ('shows' in row ? [{ id, ...row }] : []))

describe.each(told)('$id: $what', ({ shows, notCaptured }: Extract<Row, { shows: readonly string[] }>) => {
  test.each(shows)('%s', shown => {
    const samples = samplesOf(shown)
    expect(samples).not.toEqual([])
    for (const { name, code, sample } of samples) expect([name, diagnose(sample.situation)?.code]).toEqual([name, code])
  })

  test('comes from a real engine, or says why not', () => {
    const captured = shows.flatMap(samplesOf).some(({ sample }) => sample.captured)
    expect(captured).toBe(notCaptured === undefined)
  })
})

test('what BuildKit says is known from the legacy builder too', () => {
  const shown = told.flatMap(({ shows }) => shows.flatMap(samplesOf)).map(({ name }) => name)
  const alone = shown.filter(
    name => name.endsWith('-buildkit') && !shown.includes(name.replace('-buildkit', '-legacy')),
  )
  expect(alone).toEqual([])
})
