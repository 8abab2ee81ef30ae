import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileView } from '../lab/machine.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import { isFolder } from './folders.ts'

const textCap = 1024 * 1024

/** Links are followed. Throws `CouldNotLook` `file.unreadable`. */
export function lookAtFile(path: string): Promise<FileView | null> {
  return looking(path, async () => {
    const found = await stat(path)
    const type = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
    const mode = (found.mode & 0o7777).toString(8).padStart(4, '0')
    const view = { path, type, mode, size: found.size, modifiedAt: Math.floor(found.mtimeMs) } as const
    if (type !== 'file' || found.size > textCap) return view
    const text = decoded(await readFile(path))
    return text === null ? view : { ...view, text }
  })
}

/** Sorted; folders with a trailing slash. Throws `CouldNotLook` `file.unreadable`. */
export function listFolder(path: string): Promise<readonly string[] | null> {
  return looking(path, async () => {
    const entries = await readdir(path, { withFileTypes: true })
    const names = entries.map(async entry => {
      const folder = entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(path, entry.name))))
      return folder ? `${entry.name}/` : entry.name
    })
    return (await Promise.all(names)).sort()
  })
}

async function looking<T>(path: string, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new CouldNotLook('file.unreadable', { path, error: code }, { cause: error })
  }
}

/** `null`: not UTF-8. */
function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
