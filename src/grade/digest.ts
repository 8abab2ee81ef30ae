import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Reader } from '../check/reader.ts'

const deepest = 8

/** `sha256:…` over everything in a lab's folder, by name: the same content, the same digest. */
export async function labDigest(dir: string, reader: Pick<Reader, 'file' | 'list'>): Promise<string> {
  const hash = createHash('sha256')
  async function add(path: string, depth: number): Promise<void> {
    for (const name of ((await reader.list(join(dir, path))) ?? []).toSorted()) {
      const below = `${path}${name}`
      if (name.endsWith('/')) {
        if (depth < deepest) await add(below, depth + 1)
        continue
      }
      const file = await reader.file(join(dir, below))
      hash.update(`${below}\0${file?.text ?? file?.size ?? ''}\0`)
    }
  }
  await add('', 0)
  return `sha256:${hash.digest('hex')}`
}

/** Of a lab and of what is graded on top of it. */
export function jointDigest(...digests: readonly string[]): string {
  return `sha256:${createHash('sha256').update(digests.join('\0')).digest('hex')}`
}
