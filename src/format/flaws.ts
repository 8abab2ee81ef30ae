import type { Path } from './cursor.ts'
import type { Code } from './messages.ts'
import type { z } from './shapes.ts'

/** One difference between a value and its shape. */
export interface Flaw {
  readonly path: Path
  readonly code: Code | 'wrong-type'
  /** Names that would have been right. */
  readonly known: readonly string[]
  /** What should be here, as zod calls it. */
  readonly expected: readonly string[]
}

export function flawsOf(shape: z.ZodType, value: unknown): Flaw[] {
  const result = shape.safeParse(value)
  return result.success ? [] : result.error.issues.flatMap(issue => flaws(issue, [], value))
}

function flaws(issue: z.core.$ZodIssue, above: Path, value: unknown): Flaw[] {
  const path = [...above, ...(issue.path as (string | number)[])]
  const flaw = (own: Flaw['code'], more: Partial<Flaw> = {}): Flaw[] => [
    { path, code: own, known: [], expected: [], ...more },
  ]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.flatMap(key => flaw('unknown-field', { path: [...path, key], known: issue.message.split(' ') }))
  if (valueAt(value, path) === undefined) return flaw('missing-field')
  if (/^[a-z]+(-[a-z]+)+$/.test(issue.message)) return flaw(issue.message as Code)
  if (issue.code === 'invalid_key') return flaw('bad-name')
  if (issue.code === 'invalid_value') return flaw('bad-value', { known: issue.values.map(String) })
  if (issue.code === 'invalid_type') return flaw('wrong-type', { expected: [issue.expected] })
  if (issue.code !== 'invalid_union') return flaw('wrong-type')
  if (issue.discriminator !== undefined)
    return flaw(issue.discriminator === 'check' ? 'unknown-kind' : 'bad-value', { known: optionsOf(issue) })
  const fitting = issue.errors.find(branch => !branch.some(each => each.path.length === 0 && isType(each)))
  if (fitting) return fitting.flatMap(each => flaws(each, path, value))
  return flaw('wrong-type', { expected: issue.errors.flat().flatMap(each => (isType(each) ? [each.expected] : [])) })
}

function isType(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === 'invalid_type'
}

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string | number, unknown>)[step]
  }
  return at
}
