import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { asEvidence, type Evidence, isTooDeep } from './evidence.ts'

/** What a student hands in: evidence in one file, `<student>-<lab>.labz`. There are no names of files in it to be tricked by. */

/** What one may grow to, bytes. */
export const largestBundle = { packed: 8 * 1024 * 1024, unpacked: 32 * 1024 * 1024 }

export function pack(evidence: Evidence): Uint8Array {
  return gzipSync(JSON.stringify(evidence), { level: 6 })
}

export type Refusal = 'too-large' | 'too-deep' | 'not-packed' | 'not-json' | 'not-evidence'

export function unpack(packed: Uint8Array): { readonly evidence: Evidence } | { readonly refused: Refusal } {
  if (packed.byteLength > largestBundle.packed) return { refused: 'too-large' }
  let text: string
  try {
    text = gunzipSync(packed, { maxOutputLength: largestBundle.unpacked }).toString('utf8')
  } catch (error) {
    return { refused: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-packed' }
  }
  if (isTooDeep(text)) return { refused: 'too-deep' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { refused: 'not-json' }
  }
  const evidence = asEvidence(value)
  return evidence ? { evidence } : { refused: 'not-evidence' }
}

/** Of evidence as it is kept: the same for the same. */
export function evidenceDigest(evidence: Evidence): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(evidence)).digest('hex')}`
}
