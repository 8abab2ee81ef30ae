import type { Kind } from '../check/kind.ts'
import type { Json, Text } from '../lab/lab.ts'

/** What a lab may speak of beyond the format itself; the caller knows it. */
export interface Vocabulary {
  /** By name. */
  readonly kinds: Readonly<Record<string, Kind>>
  readonly causes: ReadonlySet<string>
  /** What is wrong with a tree of expectations. */
  checkTree?(expect: Json): readonly TreeProblem[]
  /** Why an expression does not compile; `null` when it does. */
  checkExpr?(cel: string): string | null
}

export interface TreeProblem {
  /** Within `expect`. */
  readonly path: readonly (string | number)[]
  readonly code: string
  readonly message: Text
  readonly fix?: string
}
