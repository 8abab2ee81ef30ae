import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Json } from '../../lab/lab.ts'
import type { FileView } from '../../lab/machine.ts'
import { nearest } from '../../lab/near.ts'
import { type Fields, type Kind, type Place, text } from '../kind.ts'

/** What looking at a path gives: the file, and the names beside it for near misses. */
export interface FileSeen {
  readonly file: FileView | null
  readonly names: readonly string[]
}

export async function lookAtFile(fields: Fields, { reader, workspace }: Place): Promise<FileSeen> {
  const path = text(fields, 'path')
  const at = isAbsolute(path) ? path : join(workspace, path)
  const file = await reader.file(at)
  return { file, names: file ? [] : ((await reader.list(dirname(at))) ?? []) }
}

export function missingFile(fields: Fields, { names }: FileSeen) {
  const path = text(fields, 'path')
  const near = nearest(basename(path), names)
  return { found: [], missing: { what: path, ...(near ? { near } : {}) } }
}

export const file: Kind = {
  name: 'file',
  about: 'A file or folder of the workspace: that it is there, and what is in it.',
  fields: { path: { type: 'text', required: true, about: 'Relative to the workspace.' } },
  within: 0,
  wake: 'poll',
  async look(fields, place) {
    const seen = await lookAtFile(fields, place)
    return { ...seen, ...(await parsed(seen.file)) } as unknown as Json
  },
  subjects(fields, seen) {
    const { file, names, ...content } = seen as unknown as FileSeen & Content
    if (!file) return missingFile(fields, { file, names })
    return { found: [{ ...file, ...content } as unknown as Json] }
  },
  bornAt: subject => (subject as unknown as FileView).modifiedAt,
  identity: fields => `file ${text(fields, 'path')}`,
  example: {
    check: { path: 'app/package.json', expect: { type: 'file', json: { name: '101-app' } } },
    passes: { file: fileOf('{"name":"101-app","version":"1.0.0"}'), names: [], json: { name: '101-app' } },
    fails: { file: fileOf('{"name":"other"}'), names: [], json: { name: 'other' } },
  },
}

/** What is in a file that is JSON or YAML, by its name; nothing where it cannot be read as such. */
interface Content {
  readonly json?: Json
  readonly yaml?: Json
}

async function parsed(file: FileView | null): Promise<Content> {
  const { path = '', text } = file ?? {}
  if (text === undefined) return {}
  if (/\.ya?ml$/.test(path)) {
    const { readYaml } = await import('../../lab/yaml.ts')
    const { value, faults } = readYaml(text)
    return faults.length > 0 ? {} : { yaml: value as Json }
  }
  try {
    return path.endsWith('.json') ? { json: JSON.parse(text) as Json } : {}
  } catch {
    return {}
  }
}

function fileOf(content: string): Json {
  return { path: '/w/app/package.json', type: 'file', mode: '0644', size: content.length, modifiedAt: 1, text: content }
}
