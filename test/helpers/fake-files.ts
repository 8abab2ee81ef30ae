import { dirname } from 'node:path'
import type { Reader } from '../../src/check/reader.ts'
import type { FileView } from '../../src/lab/machine.ts'
import { CouldNotLook } from '../../src/lab/verdict.ts'
import type { Files } from '../../src/run/world.ts'

/** A disk in memory. Paths are absolute. */
export interface FakeFiles {
  readonly files: Files
  readonly reader: Pick<Reader, 'file' | 'list'>
  put(path: string, content: string): void
  folder(path: string): void
  take(path: string): void
  /** `null`: no such file. */
  get(path: string): string | null
  /** Every file, in order. */
  paths(): string[]
  /** Paths that cannot be read, and those below them that cannot be changed: path -> `EACCES`, `ENOSPC` … */
  readonly broken: Map<string, string>
}

interface Node {
  /** `null`: a folder. */
  readonly content: string | null
  readonly modifiedAt: number
}

export function fakeFiles(now: () => number, count: (name: string) => void): FakeFiles {
  const nodes = new Map<string, Node>([['/', { content: null, modifiedAt: 0 }]])
  const broken = new Map<string, string>()
  const below = (path: string) => [...nodes.keys()].filter(each => each === path || each.startsWith(`${path}/`))
  const get = (path: string) => nodes.get(path)?.content ?? null

  function folder(path: string): void {
    if (nodes.has(path)) return
    folder(dirname(path))
    nodes.set(path, { content: null, modifiedAt: now() })
  }
  function put(path: string, content: string): void {
    folder(dirname(path))
    nodes.set(path, { content, modifiedAt: now() })
  }
  function take(path: string): void {
    for (const each of below(path)) nodes.delete(each)
  }
  function copy(from: string, to: string): void {
    folder(dirname(to))
    for (const each of below(from)) nodes.set(to + each.slice(from.length), nodes.get(each)!)
  }
  function guard(path: string): void {
    const code = [...broken].find(([each]) => path === each || path.startsWith(`${each}/`))?.[1]
    if (code) throw Object.assign(new Error(`${code}: ${path}`), { code })
  }

  return {
    put,
    folder,
    take,
    get,
    broken,
    paths: () =>
      [...nodes]
        .filter(([, node]) => node.content !== null)
        .map(([path]) => path)
        .sort(),
    reader: {
      async file(path): Promise<FileView | null> {
        count(`file ${path}`)
        if (broken.has(path)) throw new CouldNotLook('file.unreadable', { path, error: broken.get(path)! })
        const node = nodes.get(path)
        if (!node) return null
        const common = { path, mode: '0644', size: node.content?.length ?? 0, modifiedAt: node.modifiedAt }
        if (node.content === null) return { ...common, type: 'directory' }
        return { ...common, type: 'file', text: node.content }
      },
      async list(path) {
        if (nodes.get(path)?.content !== null) return null
        const names = [...nodes].filter(([each]) => each !== path && dirname(each) === path)
        return names.map(([each, node]) => each.slice(path.length + 1) + (node.content === null ? '/' : '')).sort()
      },
    },
    files: {
      async read(path) {
        if (broken.get(path) === 'EACCES') guard(path)
        return get(path)
      },
      async write(path, content) {
        guard(path)
        put(path, content)
      },
      async append(path, content) {
        guard(path)
        put(path, (get(path) ?? '') + content)
      },
      makeFolder: async path => folder(path),
      copy: async (from, to) => copy(from.replace(/\/$/, ''), to),
      async remove(path) {
        guard(path)
        take(path)
      },
      async removeFolder(path) {
        if (nodes.get(path)?.content !== null || below(path).length > 1) return false
        return nodes.delete(path)
      },
      async rename(from, to) {
        copy(from, to)
        take(from)
      },
      async create(path, content) {
        guard(path)
        if (nodes.has(path)) return false
        put(path, content)
        return true
      },
    },
  }
}
