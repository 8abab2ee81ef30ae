import { randomUUID } from 'node:crypto'
import { cp, link, mkdir, open, readFile, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Files } from '../run/world.ts'

/** Changes files. Folders on the way are made. Errors keep the system's `code` (`ENOSPC`, `EROFS`, `EACCES`) and have a `path`. */
export function createFiles(): Files {
  return {
    read: path => unless(['ENOENT', 'ENOTDIR'], readFile(path, 'utf8'), null),
    write: (path, content, mode) => about(path, write(path, content, mode)),
    append: (path, content) => about(path, append(path, content)),
    makeFolder: makeFolders,
    copy: (from, to) => about(to, copy(from, to)),
    remove: path => rm(path, { recursive: true, force: true }),
    removeFolder: path =>
      unless(
        ['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'],
        rmdir(path).then(() => true),
        false,
      ),
    async rename(from, to) {
      await makeFolders(dirname(to))
      await rename(from, to)
    },
    async create(path, content) {
      await makeFolders(dirname(path))
      // A link appears with its whole content: nobody ever reads half a lock.
      const temp = `${path}.${randomUUID()}.tmp`
      try {
        await about(path, writeFile(temp, content, { mode: 0o600 }))
        return await unless(
          ['EEXIST'],
          link(temp, path).then(() => true),
          false,
        )
      } finally {
        await rm(temp, { force: true })
      }
    },
  }
}

async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    // So Node says where the file system is read-only; one folder at a time it says why.
    await mkdir(dirname(path)).catch((reason: NodeJS.ErrnoException) => {
      if (reason.code === 'ENOENT') return makeFolders(dirname(path))
      if (reason.code !== 'EEXIST') throw reason
    })
    await mkdir(path)
  }
}

async function copy(from: string, to: string): Promise<void> {
  await makeFolders(dirname(to))
  await cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
}

/** Whole or not at all, as far as the disk lets it: half a line would spoil the next one. */
async function append(path: string, content: string): Promise<void> {
  await makeFolders(dirname(path))
  const file = await open(path, 'a', 0o600)
  try {
    const { size } = await file.stat()
    try {
      await file.appendFile(content)
    } catch (error) {
      await file.truncate(size).catch(() => {})
      throw error
    }
  } finally {
    await file.close()
  }
}

/** A link stays a link: what it points to is written. */
async function write(path: string, content: string, mode?: number): Promise<void> {
  await makeFolders(dirname(path))
  const target = await unless(['ENOENT'], realpath(path), path)
  const old = await unless(['ENOENT'], stat(target), null)
  const wanted = mode ?? (old ? old.mode & 0o7777 : undefined)
  const temp = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  try {
    const file = await open(temp, 'wx', wanted ?? 0o666)
    try {
      await file.writeFile(content)
      // Beyond what the umask let through at `open`.
      if (wanted !== undefined) await file.chmod(wanted)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temp, target)
  } catch (error) {
    await rm(temp, { force: true }).catch(() => {})
    throw error
  }
}

/** A full disk does not say where it is. */
async function about<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path })
  }
}

async function unless<T, E>(codes: readonly string[], promise: Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await promise
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise
    throw error
  }
}
