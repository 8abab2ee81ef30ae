import type { Json } from '../../lab/lab.ts'
import { type At, entries, field, isMap, isThere, items } from '../cursor.ts'
import type { Report } from '../report.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { stepsOf } from '../written.ts'

/** Expectations that fit anything, and what the matcher itself finds wrong with them. */
export function checkTrees(root: At, vocabulary: Vocabulary, report: Report): void {
  for (const check of stepsOf(root).flatMap(step => step.checks)) {
    const expect = field(check, 'expect')
    if (!isThere(expect)) continue
    if (expect.value === null) report({ ...expect, part: 'key' }, 'empty-expect', {})
    else tree(expect, report)
    for (const { path, code, message, fix } of vocabulary.checkTree?.(expect.value as Json) ?? [])
      report.own({ path: [...expect.path, ...path] }, code, message, fix)
  }
}

/** Operators whose argument may well be an empty list. */
const exact = new Set(['$exactly', '$set', '$eq', '$ne', '$ordered'])

function tree(at: At, report: Report): void {
  const key = String(at.path.at(-1))
  if (Array.isArray(at.value)) {
    if (at.value.length === 0 && !exact.has(key)) report(at, 'empty-list', {})
    for (const item of items(at)) tree(item, report)
  } else if (isMap(at.value)) {
    const fields = entries(at)
    if (fields.length === 0) report(at, 'empty-expect', {})
    const names = fields.map(([name]) => name)
    if (names.includes('$all') && !names.some(name => ['$count', '$length', '$notEmpty'].includes(name)))
      report({ ...field(at, '$all'), part: 'key' }, 'all-of-nothing', {})
    for (const [, value] of fields) tree(value, report)
  } else if (key === 'mode' && typeof at.value === 'number' && /^[0-7]{3,4}$/.test(String(at.value))) {
    report(at, 'unquoted-mode', {}, JSON.stringify(String(at.value).padStart(4, '0')))
  }
}
