import type { Json } from '../lab/lab.ts'
import type { Problem } from '../lab/verdict.ts'

/** What was seen on one student's machine, raw, at one time: enough to grade it again and again without the machine. */
export interface Evidence {
  readonly schema: 'lab/evidence/v1'
  readonly tool: { readonly name: string; readonly version: string }
  readonly course: string
  readonly lab: { readonly id: string; readonly digest: string }
  /** Whom it says it is of. Nobody's word but its own. */
  readonly student?: string
  /** When the last look was over, and how long all of them took. ms. */
  readonly collectedAt: number
  readonly tookMs: number
  /** How often the whole was looked at until it was as it should be, or the time was over. */
  readonly tries: number
  /** Absolute path, on that machine. */
  readonly workspace: string
  /** The student's own record, as its files say; absent: there is none. */
  readonly record: Partial<Record<RecordFile, string>> & {
    /** Of the events only the last are here. */ readonly cut?: true
  }
  /** By what was looked at. */
  readonly looks: Readonly<Record<string, Looked>>
}

export type RecordFile = 'progress.json' | 'events.ndjson'

export type Looked = { readonly at: number; readonly seen: Json } | { readonly at: number; readonly problem: Problem }

/** Bounds of what is kept, bytes. */
export interface EvidenceLimits {
  readonly look: number
  readonly all: number
}

const mebibyte = 1024 * 1024
export const evidenceLimits: EvidenceLimits = { look: mebibyte, all: 16 * mebibyte }

/** Nothing that a look gives is deeper; what walks it has a stack that ends. */
const deepest = 100
/** Characters of a path. */
const longestPath = 4096

/** Whether JSON nests deeper than anything of ours, told without a stack. */
export function isTooDeep(json: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < json.length; at++) {
    const char = json[at]
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '[' || char === '{') {
      if (++depth > deepest) return true
    } else if (char === ']' || char === '}') depth--
  }
  return false
}

/** Of somebody's file: `null` when it is no evidence of ours. Values are checked where they are used. */
export function asEvidence(value: unknown): Evidence | null {
  const all = value as Partial<Evidence> | null
  if (typeof all !== 'object' || all === null || all.schema !== 'lab/evidence/v1') return null
  const { lab, looks, record, tool } = all
  const isMap = (each: unknown) => typeof each === 'object' && each !== null && !Array.isArray(each)
  if (![lab, looks, record, tool].every(isMap)) return null
  const { cut: _, ...files } = record!
  const texts = [all.course, lab!.id, lab!.digest, all.workspace, tool!.name, tool!.version, ...Object.values(files)]
  if (!texts.every(each => typeof each === 'string')) return null
  if (!isPlace(all.workspace!)) return null
  if (all.student !== undefined && typeof all.student !== 'string') return null
  if (![all.collectedAt, all.tookMs, all.tries].every(each => Number.isFinite(each) && each! >= 0)) return null
  return Object.values(looks!).every(isLooked) ? (all as Evidence) : null
}

/** An absolute path that a file system takes. */
export function isPlace(path: string): boolean {
  return path.startsWith('/') && path.length <= longestPath && !path.includes('\0')
}

function isLooked(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !Number.isFinite((value as Looked).at)) return false
  // Hiding a secret may make it longer.
  if ('seen' in value) return (JSON.stringify(value.seen) ?? '').length <= 2 * evidenceLimits.look
  const { problem } = value as { problem?: Partial<Problem> }
  return typeof problem?.code === 'string' && typeof problem.evidence === 'object' && problem.evidence !== null
}
