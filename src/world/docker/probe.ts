import type { Probe } from '../../check/reader.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import type { Creating, Looking, Removing } from './engine.ts'
import { object, string } from './raw.ts'

const label = 'handrail.probe'
const textCap = 1024 * 1024

/** Creates a container that is never started, reads from its file system, and removes it. */
export function createProbe(engine: Looking & Creating & Removing): Probe {
  const kept = new Map<string, ReturnType<Probe['imageFile']>>()

  async function imageFile(imageId: string, path: string): ReturnType<Probe['imageFile']> {
    const body = { Image: imageId, Cmd: ['-'], Labels: { [label]: 'true' } }
    const made = await engine.create('/containers/create', body)
    const id = string(object(made.json())['Id'])
    if (made.status >= 300 || id === '')
      throw new CouldNotLook('engine.error', { status: made.status, message: made.message() })
    try {
      const reply = await engine.get(`/containers/${id}/archive?path=${encodeURIComponent(path)}`)
      if (reply.status === 404) return null
      if (reply.status >= 300)
        throw new CouldNotLook('engine.error', { status: reply.status, message: reply.message() })
      return { path, ...firstOfTar(reply.body) }
    } finally {
      await engine.remove(`/containers/${id}?force=1&v=1`)
    }
  }

  return {
    imageFile(imageId, path) {
      // An image never changes, so one look is enough; a look that failed is tried again.
      const key = `${imageId} ${path}`
      const known = kept.get(key)
      if (known) return known
      const asked = imageFile(imageId, path)
      kept.set(key, asked)
      asked.catch(() => kept.delete(key))
      return asked
    },
  }
}

/** The first entry of a tar archive (POSIX ustar; extended headers are passed over). */
export function firstOfTar(tar: Buffer): {
  readonly type: 'file' | 'directory' | 'other'
  readonly mode: string
  readonly size: number
  readonly text?: string
} {
  for (let at = 0; at + 512 <= tar.length; ) {
    const field = (from: number, length: number) =>
      tar.toString('latin1', at + from, at + from + length).replace(/[\0 ]+$/, '')
    const size = Number.parseInt(field(124, 12) || '0', 8)
    const flag = field(156, 1)
    if (flag === 'x' || flag === 'g' || flag === 'L') {
      at += 512 + Math.ceil(size / 512) * 512
      continue
    }
    const type = flag === '5' ? 'directory' : flag === '0' || flag === '' ? 'file' : 'other'
    const mode = (Number.parseInt(field(100, 8), 8) & 0o7777).toString(8).padStart(4, '0')
    const content = tar.subarray(at + 512, at + 512 + size)
    return { type, mode, size, ...(type === 'file' && size <= textCap ? { text: content.toString('utf8') } : {}) }
  }
  throw new CouldNotLook('engine.error', { status: 200, message: 'an archive without an entry' })
}
