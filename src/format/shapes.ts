import * as z from 'zod'
import type { Code } from './messages.ts'

/**
 * The only user of `zod`: small shapes of what authors and instructors write. No transforms: what is read stays as written.
 * Where a shape has a code of its own for what is wrong, it stands in the place of zod's message, which nobody sees.
 */

// Compiling a parser for each shape would cost more than the one or two times it is used.
z.config({ jitless: true })

export const code = (own: Code) => ({ error: own as string })

export const line = z.string().regex(/\S/, code('empty-text'))
export const text = z
  .union([line, z.strictObject({ ko: line, en: line }, known('ko en'))])
  .describe('A text for people: `{ ko: …, en: … }`, or one string for both.')
export const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, code('bad-id'))
export const name = z.string().regex(/^[A-Za-z][\w-]*$/, code('bad-name'))
export const duration = z
  .union([z.literal(0), z.string().regex(/^(0|(\d+(\.\d+)?(ms|s|m|h))+)$/, code('bad-duration'))], code('bad-duration'))
  .describe('`500ms`, `20s`, `2m30s`.')
export const count = z.int(code('bad-count')).min(0, code('bad-count'))

function known(names: string) {
  return { error: (issue: { code?: string }) => (issue.code === 'unrecognized_keys' ? names : undefined) }
}

/** A map with these fields and no others. Their names are handed on for "did you mean". */
export function map<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, known(Object.keys(shape).join(' ')))
}

export const points = z.number(code('bad-points')).min(0, code('bad-points')).multipleOf(0.001, code('bad-points'))
export const share = z.number(code('bad-share')).min(0, code('bad-share')).max(1, code('bad-share'))

export { z }
