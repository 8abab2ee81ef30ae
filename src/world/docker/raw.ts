/** Reading the engine's JSON without trusting its shape: null, [], {} and absent are alike over the engine's versions. */

export type Raw = Readonly<Record<string, unknown>>

export function object(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function strings(value: unknown): string[] {
  return list(value).filter(item => typeof item === 'string')
}

export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

/** Text values of a map such as labels. */
export function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(object(value)).map(([key, text]) => [key, string(text)]))
}

/** ms since the epoch of an RFC 3339 time; 0 for none, which the engine writes as the year 1. */
export function time(value: unknown): number {
  return Math.max(Date.parse(string(value)) || 0, 0)
}
