import { Environment } from '@marcbachmann/cel-js'
import type { Json } from '../lab/lab.ts'

/** What a CEL expression of a check may name. */
export interface Names {
  readonly self: Json
  readonly items: readonly Json[]
  readonly vars: Readonly<Record<string, string>>
  readonly steps: Readonly<Record<string, Readonly<Record<string, Json>>>>
  /** ms since the epoch. */
  readonly now: number
}

const environment = new Environment({ unlistedVariablesAreDyn: true })
const parsed = new Map<string, (names: Record<string, unknown>) => unknown>()

function parse(source: string): (names: Record<string, unknown>) => unknown {
  let program = parsed.get(source)
  if (!program) {
    program = environment.parse(source) as (names: Record<string, unknown>) => unknown
    parsed.set(source, program)
  }
  return program
}

/** What is wrong with the expression; `null` when it compiles. */
export function checkExpression(source: string): string | null {
  try {
    parse(source)
    return null
  } catch (error) {
    return (error as Error).message.split('\n')[0]!
  }
}

export type Evaluated = { readonly value: Json } | { readonly reason: string }

/** A field that is not there (yet) is a reason, not an exception: it means *not true yet*. */
export function evaluate(source: string, names: Names): Evaluated {
  try {
    return { value: plain(parse(source)({ ...names })) }
  } catch (error) {
    return { reason: (error as Error).message.split('\n')[0]! }
  }
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value)
  return (value ?? null) as Json
}
