import type { Path } from '../lab/yaml.ts'

export type { Path }

/** Walking through what an author wrote, whatever it is: a wrong type looks like nothing there, so rules never throw. */

export interface At {
  readonly value: unknown
  readonly path: Path
}

/** `value` is `undefined` where there is no such field. */
export function field(at: At, name: string): At {
  const value = isMap(at.value) && Object.hasOwn(at.value, name) ? at.value[name] : undefined
  return { value, path: [...at.path, name] }
}

export function items(at: At): At[] {
  return Array.isArray(at.value) ? at.value.map((value, index) => ({ value, path: [...at.path, index] })) : []
}

export function entries(at: At): [string, At][] {
  if (!isMap(at.value)) return []
  return Object.entries(at.value).map(([key, value]) => [key, { value, path: [...at.path, key] }])
}

/** `undefined` for everything but a text. */
export function word(at: At): string | undefined {
  return typeof at.value === 'string' ? at.value : undefined
}

export function isThere(at: At): boolean {
  return at.value !== undefined
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
