/** Durations as Go and Kubernetes write them (`500ms`, `2m30s`), sizes as Kubernetes does (`2Gi`, `500M`). */

const millis: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds, or `null` for what is not a duration. A plain `0` is one. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null
  let total = 0
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g)) total += Number(number) * millis[unit!]!
  return total
}

/** `1m 05s` for people; below a minute `4.2s`. */
export function showDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`
  return `${Math.floor(ms / 60_000)}m ${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')}s`
}

const bytes: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** Bytes, or `null` for what is not a size. */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?B?$/.exec(text)
  return match ? Number(match[1]) * bytes[match[2] ?? '']! : null
}

export function showSize(size: number): string {
  for (const unit of ['Gi', 'Mi', 'Ki']) if (size >= bytes[unit]!) return `${(size / bytes[unit]!).toFixed(1)}${unit}`
  return `${size}`
}
