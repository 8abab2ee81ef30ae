import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import yauzl from 'yauzl'
import { largestBundle } from '../grade/bundle.ts'
import type { NotTaken, Submission, Submissions } from '../grade/record-driver.ts'
import type { Student } from '../grade/roster.ts'
import { folderNames, ownerInArchive } from '../grade/submission-names.ts'
import { CouldNotLook } from '../lab/verdict.ts'

/** More entries than any class hands in. */
const mostEntries = 20_000

/**
 * What lies at `path` (absolute): files that fit a pattern such as `…/{id}*.labz`, or what a zip file holds. Nothing is ever
 * unpacked to disk. Throws `CouldNotLook` (`file.unreadable`) where there is no such folder or archive.
 */
export async function openSubmissions(path: string, roster: readonly Student[]): Promise<Submissions> {
  const all = /\.zip$/i.test(path) ? await inArchive(path, roster) : await inFolder(path, roster)
  const own = new Map<string, Submission[]>()
  for (const { owner, submission } of all.owned) own.set(owner, [...(own.get(owner) ?? []), submission])
  return {
    refused: all.refused,
    count: all.owned.length,
    of: async student => own.get(student.id) ?? [],
  }
}

interface Found {
  readonly owned: readonly { readonly owner: string; readonly submission: Submission }[]
  readonly refused: readonly NotTaken[]
}

async function inFolder(path: string, roster: readonly Student[]): Promise<Found> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(error => unreadable(folder, error))
  const { ownerOf, isLike } = folderNames(basename(path), roster)
  const owned: Found['owned'][number][] = []
  const refused: NotTaken[] = []
  for (const name of names.toSorted()) {
    const owner = ownerOf(name)
    if (!owner) {
      if (isLike(name)) refused.push({ name: name.slice(0, 200), why: 'nobody' })
      continue
    }
    const file = join(folder, name)
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) continue
    const read = () => bytesOf(createReadStream(file))
    owned.push({ owner: owner.id, submission: { name, read } })
  }
  return { owned, refused }
}

async function inArchive(path: string, roster: readonly Student[]): Promise<Found> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true }
  const archive = await yauzl.openPromise(path, options).catch(error => unreadable(path, error))
  const owned: Found['owned'][number][] = []
  const refused: NotTaken[] = []
  await new Promise<void>((resolve, reject) => {
    let count = 0
    archive.on('error', error => reject(new CouldNotLook('file.unreadable', { path, reason: String(error.message) })))
    archive.on('end', resolve)
    archive.on('entry', (entry: yauzl.Entry) => {
      const name = nameOf(entry.fileName as unknown as Buffer)
      if (++count > mostEntries)
        return reject(new CouldNotLook('file.unreadable', { path, reason: `${count} entries` }))
      const why = flawOf(entry, name)
      const owner = /\.labz$/i.test(name) ? ownerInArchive(name, roster) : null
      if (why) refused.push({ name: name.slice(0, 200), why })
      else if (!owner && /\.labz$/i.test(name)) refused.push({ name: name.slice(0, 200), why: 'nobody' })
      // What must not be read was handed in all the same.
      const read = async () => (why ? null : bytesOf(await archive.openReadStreamPromise(entry)))
      if (owner) owned.push({ owner: owner.id, submission: { name, read } })
      archive.readEntry()
    })
    archive.readEntry()
  })
  return { owned, refused }
}

/** Korean tools write names in the code page of their system, without saying so. */
function nameOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('euc-kr').decode(bytes)
  }
}

function flawOf(entry: yauzl.Entry, name: string): NotTaken['why'] | null {
  const kind = (entry.externalFileAttributes >>> 16) & 0xf000
  if (kind === 0xa000) return 'link'
  if (yauzl.validateFileName(name) !== null || name.includes('\0')) return 'outside'
  if ((entry.generalPurposeBitFlag & 1) !== 0) return 'encrypted'
  if (/\.labz$/i.test(name) && entry.uncompressedSize > largestBundle.packed) return 'too-large'
  return null
}

/** `null`: more than we take, whatever was said of its size. */
async function bytesOf(stream: NodeJS.ReadableStream): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    // The stream is ended by leaving the loop.
    if (size > largestBundle.packed) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unreadable(path: string, error: Error): never {
  throw new CouldNotLook('file.unreadable', { path, reason: (error as NodeJS.ErrnoException).code ?? error.message })
}
