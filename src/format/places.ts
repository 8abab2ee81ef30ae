import { basename, join } from 'node:path'
import { readYaml } from '../lab/yaml.ts'
import type { Path } from './cursor.ts'
import type { Files } from './sources.ts'

/** A place in a file of a course. */
export interface FilePlace {
  /** Relative to the folder that holds the course, with forward slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** Where a part of lab.yaml stands: `['steps', 2, 'reset']`. `inside`: a piece of it. */
export type Locate = (path: Path, options?: { readonly part?: 'key' | 'value'; readonly inside?: string }) => FilePlace

/** For findings that come up after a lab was read. A file that is gone meanwhile has everything at its beginning. */
export async function placesOf(course: string, id: string, files: Files): Promise<Locate> {
  const file = `${basename(course)}/${id}/lab.yaml`
  const text = (await files.file(join(course, id, 'lab.yaml')))?.text ?? ''
  const yaml = readYaml(text.replace(/^\uFEFF/, ''))
  return (path, { part, inside } = {}) => ({ file, ...yaml.locate(path, part, inside) })
}
