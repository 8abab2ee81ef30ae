import { codes } from '../causes/index.ts'
import { checkExpression } from '../check/expression.ts'
import { kinds } from '../check/kinds/index.ts'
import { checkTree } from '../check/matcher.ts'
import type { Vocabulary } from '../format/vocabulary.ts'

/** What labs may speak of: the kinds, causes, operators and expressions that this program has. */
export const vocabulary: Vocabulary = { kinds, causes: codes, checkTree, checkExpr: checkExpression }
