import type { Json, Text } from '../lab/lab.ts'
import { checkTree, difference, isMap, join, type Match, match, pair, type Seen, show } from './matcher.ts'
import { pattern } from './regex.ts'

export interface TreeProblem {
  readonly path: readonly (string | number)[]
  readonly code: string
  readonly message: Text
  readonly fix?: string
}

interface Operator {
  match(argument: Json, seen: Seen, path: string): Match
  /** What is wrong with the argument itself. */
  check(argument: Json, path: readonly (string | number)[]): TreeProblem[]
}

type Path = readonly (string | number)[]

function one(fits: boolean, path: string, expected: string, seen: Seen): Match {
  return { differences: fits ? [] : [{ ...difference(path, undefined, seen), expected }], leaves: 1 }
}

function problem(path: Path, code: string, ko: string, en: string): TreeProblem[] {
  return [{ path, code, message: { ko, en } }]
}

const anyArgument = (): TreeProblem[] => []
const wants =
  (fits: (argument: Json) => boolean, ko: string, en: string) =>
  (argument: Json, path: Path): TreeProblem[] =>
    fits(argument)
      ? []
      : problem(path, 'bad-operand', `${String(path.at(-1))}에는 ${ko} 필요해요`, `${String(path.at(-1))} takes ${en}`)

const wantsNumber = wants(value => typeof value === 'number', '숫자가', 'a number')
const wantsList = wants(Array.isArray, '목록이', 'a list')
const wantsText = wants(value => typeof value === 'string', '문자열이', 'a text')

function compare(sign: string, holds: (seen: number, limit: number) => boolean): Operator {
  return {
    match: (limit, seen, path) =>
      one(typeof seen === 'number' && holds(seen, Number(limit)), path, `${sign} ${show(limit)}`, seen),
    check: wantsNumber,
  }
}

/** `telling` chooses the line of a longer text that says most about why it does not fit. */
function text(
  fits: (seen: string, argument: string) => boolean,
  sign: string,
  telling: (seen: string, argument: string) => string | undefined,
): Operator {
  return {
    match(argument, seen, path) {
      const wanted = String(argument)
      const lines = typeof seen === 'string' && seen.includes('\n')
      const shown = lines ? (telling(seen, wanted) ?? `${seen.trim().split('\n')[0]} …`).trim() : seen
      return one(typeof seen === 'string' && fits(seen, wanted), path, `${sign} ${show(argument)}`, shown)
    },
    check: wantsText,
  }
}

const offending = (seen: string, source: string) => seen.split('\n').find(line => pattern(source).test(line))

/** The line that is most like what is wanted: the one that shares the longest piece with it. */
function mostAlike(seen: string, wanted: string): string | undefined {
  const pieces = Array.from({ length: Math.max(0, wanted.length - 3) }, (_, at) => wanted.slice(at, at + 4))
  const shared = (line: string) => pieces.filter(piece => line.includes(piece)).length
  const best = seen
    .split('\n')
    .slice(0, 2000)
    .toSorted((a, b) => shared(b) - shared(a))[0]
  return best !== undefined && shared(best) > 0 ? best : undefined
}

const regexCheck = (argument: Json, path: Path): TreeProblem[] => {
  if (typeof argument !== 'string') return wantsText(argument, path)
  try {
    pattern(argument)
    return []
  } catch (error) {
    const why = (error as Error).message
    return problem(
      path,
      'bad-regex',
      `정규식을 읽을 수 없어요: ${why}`,
      `this regular expression cannot be read: ${why}`,
    )
  }
}

/** Counts the items that fit `of`, then compares the count: `$count: { of: …, $gte: 2 }`. */
function count(argument: Json, seen: Seen, path: string): Match {
  if (!isMap(argument) || !Array.isArray(seen)) return one(false, path, show(argument), seen)
  const { of, ...limits } = argument
  const number = seen.filter(item => of === undefined || match(of, item).differences.length === 0).length
  return match(limits, number, `${path}.$count`)
}

export const operators: Readonly<Record<string, Operator>> = {
  $ne: {
    match: (value, seen, path) => one(match(value, seen).differences.length > 0, path, `≠ ${show(value)}`, seen),
    check: anyArgument,
  },
  $in: {
    match: (values, seen, path) =>
      one(
        (values as readonly Json[]).some(value => match(value, seen).differences.length === 0),
        path,
        `∈ ${show(values)}`,
        seen,
      ),
    check: wantsList,
  },
  $gt: compare('>', (seen, limit) => seen > limit),
  $gte: compare('≥', (seen, limit) => seen >= limit),
  $lt: compare('<', (seen, limit) => seen < limit),
  $lte: compare('≤', (seen, limit) => seen <= limit),
  $match: { ...text((seen, source) => pattern(source).test(seen), '~', mostAlike), check: regexCheck },
  $notMatch: { ...text((seen, source) => !pattern(source).test(seen), '!~', offending), check: regexCheck },
  $contains: text((seen, part) => seen.includes(part), '⊃', mostAlike),
  $exists: {
    match: (wanted, seen, path) => {
      const there = seen !== undefined && seen !== null
      const result = one(there === wanted, path, wanted ? '*' : '∅', seen)
      if (!wanted) return result
      return { ...result, differences: result.differences.map(each => ({ ...each, rule: 'must-exist' as const })) }
    },
    check: wants(value => typeof value === 'boolean', 'true나 false가', 'true or false'),
  },
  $length: {
    match: (expected, seen, path) =>
      Array.isArray(seen) || typeof seen === 'string'
        ? match(expected, seen.length, `${path}.$length`)
        : one(false, path, `$length ${show(expected)}`, seen),
    check: anyArgument,
  },
  $count: {
    match: count,
    check: (argument, path) =>
      isMap(argument) && Object.keys(argument).some(key => key.startsWith('$'))
        ? checkTree(argument, path)
        : problem(
            path,
            'bad-operand',
            '$count에는 { of: …, $gte: 1 } 꼴이 필요해요',
            '$count takes { of: …, $gte: 1 }',
          ),
  },
  $exactly: {
    match: (expected, seen, path) => {
      if (!Array.isArray(expected) || !Array.isArray(seen) || expected.length !== seen.length)
        return one(false, path, show(expected), seen)
      return join(expected.map((item: Json, index: number) => match(item, seen[index], `${path}[${index}]`)))
    },
    check: wantsList,
  },
  $set: {
    match: (expected, seen, path) => {
      const fits =
        Array.isArray(expected) &&
        Array.isArray(seen) &&
        expected.length === seen.length &&
        pair(expected, seen).unmatched.length === 0
      return one(fits, path, show(expected), seen)
    },
    check: wantsList,
  },
  $all: {
    match: (expected, seen, path) =>
      Array.isArray(seen)
        ? join(seen.map((item, index) => match(expected, item, `${path}[${index}]`)))
        : one(false, path, `$all ${show(expected)}`, seen),
    check: anyArgument,
  },
  $not: {
    match: (expected, seen, path) =>
      one(match(expected, seen).differences.length > 0, path, `¬ ${show(expected)}`, seen),
    check: (argument, path) => checkTree(argument, path),
  },
}

export function isOperator(key: string): boolean {
  return key.startsWith('$') && Object.hasOwn(operators, key)
}
