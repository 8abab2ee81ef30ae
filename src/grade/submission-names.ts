import type { Student } from './roster.ts'

/** Whose a submitted file is, by its name alone: what is in it may say anything. */

/** `submissions/{id}*.labz` as an expression over the last part of a path, with what each `{column}` stands for. */
function patternOf(written: string, column: (name: string) => string): RegExp {
  const parts = written.split(/(\{\w+\}|\*)/).map(part => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (part === '*') return '.*'
    return name === undefined ? plain(part) : column(name)
  })
  return new RegExp(`^${parts.join('')}$`, 's')
}

function plain(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Whether a file of a folder would fit, were its student in the roster. */
export function isLike(name: string, written: string): boolean {
  return patternOf(written, () => '.+').test(name)
}

/** The student to whom a file of a folder belongs; of several whose ids fit (`s1`, `s10`), the one with the longest. */
export function ownerByPattern(name: string, written: string, roster: readonly Student[]): Student | null {
  const fitting = roster.filter(({ columns }) =>
    patternOf(written, column => plain(columns[column]?.trim() ?? '')).test(name),
  )
  return fitting.toSorted((a, b) => b.id.length - a.id.length)[0] ?? null
}

/**
 * The student to whom an entry of a learning platform's bulk download belongs: by Moodle's folder
 * (`Mira Kim_4711_assignsubmission_file_/…`), by Canvas' number (`kimmira_90211_…`), or by our own file name
 * (`s1023-lab.labz`). What the platform wrote goes before what the student did. `null`: nobody, or more than one.
 */
export function ownerInArchive(name: string, roster: readonly Student[]): Student | null {
  const path = name.normalize('NFC')
  const file = path.slice(path.lastIndexOf('/') + 1)
  const person = /^(?:.*\/)?([^/]+)_\d+_assignsubmission_/.exec(path)?.[1]
  const byName = person === undefined ? [] : roster.filter(student => student.name.normalize('NFC') === person)
  if (byName.length === 1) return byName[0]!
  const number = /^[^_]*_(?:late_)?(\d+)_\d+_/i.exec(file)?.[1]
  const byNumber = number === undefined ? [] : roster.filter(({ columns }) => columns['canvas_id']?.trim() === number)
  if (byNumber.length > 0) return byNumber.length === 1 ? byNumber[0]! : null
  // Of several of one name in Moodle, the folder says that it is one of them.
  const among = byName.length > 1 ? byName : roster
  const words = new Set(path.split(/[^A-Za-z0-9._-]+/).flatMap(word => [word, ...word.split('_')]))
  const byId = among.filter(({ id }) => words.has(id) || beginsWith(file, id))
  return byId.toSorted((a, b) => b.id.length - a.id.length)[0] ?? null
}

/** `s1-lab.labz` begins with `s1`, and not with `s`. Canvas puts something before it and numbers after it. */
function beginsWith(file: string, id: string): boolean {
  const at = file.indexOf(id)
  if (at < 0) return false
  const [before, after] = [file[at - 1] ?? '_', file[at + id.length] ?? '_']
  return before === '_' && /[-_.]/.test(after)
}
