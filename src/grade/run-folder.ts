import { join } from 'node:path'
import type { Reader } from '../check/reader.ts'
import type { Files } from '../run/world.ts'
import type { Collected, RunInfo } from './collected.ts'
import type { Result } from './result.ts'

/**
 * `grades/<assignment>/runs/<id>/`: `run.json`, `evidence/<student>.json`, `results/<student>.json`. Each file is written
 * whole or not at all, so that a run can be ended at any moment and taken up again.
 */
export interface RunFolder {
  readonly dir: string
  /** Whether it has been begun, readable or not. */
  isThere(): Promise<boolean>
  info(): Promise<RunInfo | null>
  begin(info: RunInfo): Promise<void>
  collected(student: string): Promise<Collected | null>
  keepCollected(collected: Collected): Promise<void>
  /** Of one student, oldest attempt first; `null`: not graded yet. */
  results(student: string): Promise<readonly Result[] | null>
  keepResults(student: string, results: readonly Result[]): Promise<void>
  /** Of all who were graded. */
  all(): Promise<Map<string, readonly Result[]>>
}

export interface Disk {
  readonly files: Pick<Files, 'read' | 'write'>
  readonly reader: Pick<Reader, 'list'>
}

export function runFolder(dir: string, { files, reader }: Disk): RunFolder {
  const at = (...names: string[]) => join(dir, ...names)
  const read = async <T>(path: string) => parsed<T>(await files.read(path))
  // Without indentation: what is nested deeply would grow beyond what a string may hold.
  const write = (path: string, value: unknown) => files.write(path, `${JSON.stringify(value)}\n`)
  const folder: RunFolder = {
    dir,
    isThere: async () => (await files.read(at('run.json'))) !== null,
    info: () => read(at('run.json')),
    begin: info => write(at('run.json'), info),
    collected: student => read(at('evidence', `${student}.json`)),
    keepCollected: collected => write(at('evidence', `${collected.student}.json`), collected),
    results: student => read(at('results', `${student}.json`)),
    keepResults: (student, results) => write(at('results', `${student}.json`), results),
    async all() {
      const names = ((await reader.list(at('results'))) ?? []).filter(name => name.endsWith('.json')).toSorted()
      const found = new Map<string, readonly Result[]>()
      for (const name of names) {
        const student = name.slice(0, -'.json'.length)
        const results = await folder.results(student)
        if (results) found.set(student, results)
      }
      return found
    },
  }
  return folder
}

/** Ids of the runs of an assignment, oldest first. */
export async function runIds(grades: string, assignment: string, { reader }: Disk): Promise<string[]> {
  const names = (await reader.list(join(grades, assignment, 'runs'))) ?? []
  return names
    .filter(name => name.endsWith('/'))
    .map(name => name.slice(0, -1))
    .toSorted()
}

export function runDir(grades: string, assignment: string, id: string): string {
  return join(grades, assignment, 'runs', id)
}

function parsed<T>(text: string | null): T | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as T
  } catch {
    // Only somebody else can have written half of it: it is made again.
    return null
  }
}
