import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

/** The folder, or where it is not there the nearest one above it. */
export async function nearestFolder(path: string): Promise<string> {
  let at = path
  while (at !== dirname(at) && !(await isFolder(at))) at = dirname(at)
  return at
}

/** Bytes a user without privileges may still write where `path` is, or would be; `null` where the system does not tell. */
export async function freeSpace(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(await nearestFolder(path))
    return bavail * bsize
  } catch {
    return null
  }
}
