import { dirname } from 'node:path'
import type { Reader } from '../../check/reader.ts'
import type { FileView } from '../../lab/machine.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { statError } from './problem.ts'
import type { Remote } from './remote.ts'
import { fileScript, freeScript, listScript } from './script.ts'
import type { Answer } from './shell.ts'

const textCap = 1024 * 1024

export function createFiles(remote: Remote): Pick<Reader, 'file' | 'list' | 'free'> {
  return {
    async file(path) {
      const answer = await remote.look(fileScript(path, textCap))
      const { line, rest } = firstLine(answer.stdout)
      const found = statOf(line)
      if (!found) return missing(path, answer.stdout.toString())
      if (answer.exitCode !== 0) throw unreadable(path, answer)
      const view = { path, ...found }
      if (found.type !== 'file' || found.size > textCap || rest.length > textCap) return view
      const text = decoded(rest)
      return text === null ? view : { ...view, text }
    },
    async list(path) {
      const answer = await remote.look(listScript(path))
      const { line, rest } = firstLine(answer.stdout)
      const found = statOf(line)
      if (!found) return missing(path, answer.stdout.toString())
      if (answer.exitCode !== 0) throw unreadable(path, answer)
      if (found.type !== 'directory') return null
      return rest.toString().split('\0').slice(0, -1).sort()
    },
    async free(path) {
      const folders = [path]
      while (folders.at(-1) !== dirname(folders.at(-1)!)) folders.push(dirname(folders.at(-1)!))
      const { stdout } = await remote.look(freeScript(folders))
      const [blocks, size] = stdout.toString().trim().split(' ').map(Number)
      return Number.isFinite(blocks) && Number.isFinite(size) ? blocks! * size! : null
    },
  }
}

/** What `stat -c '%f %s %Y %y'` says; `null`: it is a complaint. */
export function statOf(line: string): Omit<FileView, 'path' | 'text'> | null {
  const found = /^([0-9a-f]{1,8}) (\d{1,19}) (-?\d{1,19}) [\d-]+ [\d:]+(?:\.(\d+))?/.exec(line)
  if (!found) return null
  const [, hex = '', size = '', seconds = '', fraction = ''] = found
  const mode = Number.parseInt(hex, 16)
  const kind = mode & 0o170000
  return {
    type: kind === 0o100000 ? 'file' : kind === 0o040000 ? 'directory' : 'other',
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    size: Number(size),
    modifiedAt: Number(seconds) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3)),
  }
}

export function firstLine(output: Buffer): { readonly line: string; readonly rest: Buffer } {
  const end = output.indexOf(10)
  if (end < 0) return { line: output.toString(), rest: Buffer.alloc(0) }
  return { line: output.toString('utf8', 0, end), rest: output.subarray(end + 1) }
}

function missing(path: string, complaint: string): null {
  const error = statError(complaint)
  if (error === 'ENOENT' || error === 'ENOTDIR') return null
  throw new CouldNotLook('file.unreadable', { path, error })
}

function unreadable(path: string, { stderr }: Answer): CouldNotLook {
  return new CouldNotLook('file.unreadable', { path, error: statError(stderr.toString()) })
}

/** `null`: not UTF-8. */
function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
