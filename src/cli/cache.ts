import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { World } from '../run/world.ts'

/**
 * What was made of some files, kept until one of them or the program changes: reading and checking a lab takes longer than
 * everything else that `lab check` does. Losing the copy costs time only, so whatever goes wrong here is passed over.
 */
export async function remembered<T>(
  { reader, files }: Pick<World, 'reader' | 'files'>,
  dir: string,
  sources: readonly string[],
  make: () => Promise<T>,
  keep: (made: T) => boolean,
): Promise<T> {
  const program = fileURLToPath(import.meta.url)
  const seen = await Promise.all([program, ...sources].map(path => reader.file(path)))
  const stamp = JSON.stringify(seen.map(file => (file ? [file.path, file.modifiedAt, file.size] : null)))
  const name = createHash('sha256').update(sources.join('\n')).digest('hex').slice(0, 16)
  const path = join(dir, `${basename(sources[0]!)}-${name}.json`)
  const copy = parse<{ stamp: string; value: T }>(await files.read(path).catch(() => null))
  if (copy?.stamp === stamp) return copy.value
  const value = await make()
  if (keep(value)) await files.write(path, JSON.stringify({ stamp, value }), 0o600).catch(() => {})
  return value
}

function parse<T>(content: string | null): T | null {
  try {
    return content === null ? null : (JSON.parse(content) as T)
  } catch {
    return null
  }
}
