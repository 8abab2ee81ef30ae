import type { Json } from '../lab/lab.ts'
import { nearest } from '../lab/near.ts'
import type { Difference } from '../lab/verdict.ts'
import { isOperator, operators, type TreeProblem } from './operators.ts'

export interface Match {
  /** Empty: it fits. */
  readonly differences: readonly Difference[]
  /** How many single values were compared: of several candidates the closest has the fewest differences for its leaves. */
  readonly leaves: number
}

export type Seen = Json | undefined

/** A map that is an object and no list. */
export function isMap(value: Seen): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Compares a tree of expectations with what was seen. Maps match as subsets, lists as *contains, any order*, `null` as
 * absent or null, scalars by equality; keys that start with `$` are operators.
 */
export function match(expected: Json, seen: Seen, path = ''): Match {
  if (expected === null) return leaf(seen === undefined || seen === null, path, undefined, seen)
  if (Array.isArray(expected)) return contains(expected, seen, path)
  if (isMap(expected)) return matchMap(expected, seen, path)
  return leaf(expected === seen, path, expected, seen)
}

function leaf(fits: boolean, path: string, expected: Seen, seen: Seen): Match {
  if (fits) return { differences: [], leaves: 1 }
  return { differences: [difference(path, expected, seen)], leaves: 1 }
}

export function difference(path: string, expected: Seen, seen: Seen): Difference {
  const near =
    typeof expected === 'string' && typeof seen === 'string' && expected.toLowerCase() === seen.toLowerCase()
      ? { near: seen }
      : {}
  return {
    path,
    ...(expected === undefined ? {} : { expected: show(expected) }),
    ...(seen === undefined || seen === null ? {} : { seen: show(seen) }),
    ...near,
  }
}

function matchMap(expected: { readonly [key: string]: Json }, seen: Seen, path: string): Match {
  const parts: Match[] = []
  for (const [key, value] of Object.entries(expected)) {
    if (isOperator(key)) {
      parts.push(operators[key]!.match(value, seen, path))
      continue
    }
    const at = path === '' ? key : `${path}.${key}`
    if (!isMap(seen)) {
      parts.push({ differences: [difference(path, expected, seen)], leaves: 1 })
      break
    }
    const inner = match(value, seen[key], at)
    const near = seen[key] === undefined && inner.differences.length > 0 ? nearest(key, Object.keys(seen)) : undefined
    parts.push(near ? { ...inner, differences: inner.differences.map(each => ({ ...each, near })) } : inner)
  }
  return join(parts)
}

export function join(parts: readonly Match[]): Match {
  return {
    differences: parts.flatMap(part => part.differences),
    leaves: parts.reduce((sum, part) => sum + part.leaves, 0),
  }
}

/** Each expected item fits a different seen item, in any order (a bipartite matching, not a greedy one). */
function contains(expected: readonly Json[], seen: Seen, path: string): Match {
  if (!Array.isArray(seen)) return leaf(false, path, expected, seen)
  const { matched, unmatched } = pair(expected, seen)
  const free = seen.map((_, index) => index).filter(index => !matched.has(index))
  const missing = unmatched.map(item => closest(item, free.length > 0 ? free : [...seen.keys()], seen, path))
  return { differences: missing.flatMap(each => each.differences), leaves: Math.max(1, expected.length) }
}

/** `matched`: seen index -> expected index. */
export function pair(
  expected: readonly Json[],
  seen: readonly Json[],
): { matched: Map<number, number>; unmatched: readonly Json[] } {
  const fits = expected.map(item => seen.map(actual => match(item, actual).differences.length === 0))
  const matched = new Map<number, number>()
  const augment = (item: number, tried: Set<number>): boolean => {
    for (let index = 0; index < seen.length; index++) {
      if (!fits[item]![index] || tried.has(index)) continue
      tried.add(index)
      const holder = matched.get(index)
      if (holder === undefined || augment(holder, tried)) {
        matched.set(index, item)
        return true
      }
    }
    return false
  }
  return { matched, unmatched: expected.filter((_, item) => !augment(item, new Set())) }
}

/** The difference to the item that comes nearest; the item itself where nothing is like it. */
function closest(item: Json, indexes: readonly number[], seen: readonly Json[], path: string): Match {
  let best: Match | undefined
  for (const index of indexes) {
    const result = match(item, seen[index], `${path}[${index}]`)
    const alike = isMap(item) ? sharesKey(item, seen[index]) : result.differences.some(each => each.near)
    if (alike && (!best || result.differences.length < best.differences.length)) best = result
  }
  if (best) return best
  const near =
    typeof item === 'string'
      ? nearest(
          item,
          seen.filter(each => typeof each === 'string'),
        )
      : undefined
  return { differences: [{ path, expected: show(item), ...(near ? { near } : {}) }], leaves: 1 }
}

function sharesKey(item: { readonly [key: string]: Json }, seen: Seen): boolean {
  return isMap(seen) && Object.keys(item).some(key => key in seen)
}

/** A value for people: strings as they are, the rest as JSON; long ones shortened. */
export function show(value: Json): string {
  const text = typeof value === 'string' ? (value === '' ? '""' : value) : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 110)}… (${text.length})` : text
}

/** What is wrong with a tree of expectations before anything is looked at. */
export function checkTree(expect: Json, path: readonly (string | number)[] = []): TreeProblem[] {
  if (Array.isArray(expect)) return expect.flatMap((item, index) => checkTree(item, [...path, index]))
  if (!isMap(expect)) return []
  return Object.entries(expect).flatMap(([key, value]) => {
    const at = [...path, key]
    if (!key.startsWith('$')) return checkTree(value, at)
    const operator = operators[key]
    if (!operator) {
      const near = nearest(key, Object.keys(operators))
      return [
        {
          path: at,
          code: 'unknown-operator',
          message: { ko: `${key}라는 연산자는 없어요`, en: `there is no operator ${key}` },
          ...(near ? { fix: near } : {}),
        },
      ]
    }
    return operator.check(value, at)
  })
}
