import type { Student } from './roster.ts'

/** Whose a submitted file is, by its name alone: what is in it may say anything. */

/** `submissions/{id}*.labz` for one student, as an expression over the last part of a path. */
function patternOf(student: Student, written: string): RegExp {
  const parts = written.split(/(\{\w+\}|\*)/).map(part => {
    if (part === '*') return '.*'
    const column = /^\{(\w+)\}$/.exec(part)?.[1]
    return (column === undefined ? part : (student.columns[column]?.trim() ?? '')).replace(
      /[.*+?^${}()|[\]\\]/g,
      '\\$&',
    )
  })
  return new RegExp(`^${parts.join('')}$`, 's')
}

/** The student to whom a file of a folder belongs; of several whose ids fit (`s1`, `s10`), the one with the longest. */
export function ownerByPattern(name: string, written: string, roster: readonly Student[]): Student | null {
  const fitting = roster.filter(student => patternOf(student, written).test(name))
  return fitting.toSorted((a, b) => b.id.length - a.id.length)[0] ?? null
}

/**
 * The student to whom an entry of a learning platform's bulk download belongs: by our own file name (`s1023-lab.labz`), by
 * Canvas' number (`kimmira_90211_…`), or by Moodle's folder (`Mira Kim_4711_assignsubmission_file_/…`). `null`: nobody, or
 * more than one.
 */
export function ownerInArchive(name: string, roster: readonly Student[]): Student | null {
  const path = name.normalize('NFC')
  const words = new Set(path.split(/[^A-Za-z0-9._-]+/).flatMap(word => [word, ...word.split('_')]))
  const file = path.slice(path.lastIndexOf('/') + 1)
  const byId = roster.filter(({ id }) => words.has(id) || beginsWith(file, id))
  if (byId.length > 0) return byId.toSorted((a, b) => b.id.length - a.id.length)[0]!
  const byNumber = roster.filter(({ columns }) => {
    const number = columns['canvas_id']?.trim()
    return number ? new RegExp(`_(late_|LATE_)?${number}_`).test(path) : false
  })
  if (byNumber.length > 0) return byNumber.length === 1 ? byNumber[0]! : null
  const person = /^(?:.*\/)?([^/]+)_\d+_assignsubmission_/.exec(path)?.[1]
  const byName = person === undefined ? [] : roster.filter(student => student.name.normalize('NFC') === person)
  return byName.length === 1 ? byName[0]! : null
}

/** `s1-lab.labz` begins with `s1`, and not with `s`. Canvas puts something before it and numbers after it. */
function beginsWith(file: string, id: string): boolean {
  const at = file.indexOf(id)
  if (at < 0) return false
  const [before, after] = [file[at - 1] ?? '_', file[at + id.length] ?? '_']
  return before === '_' && /[-_.]/.test(after)
}
