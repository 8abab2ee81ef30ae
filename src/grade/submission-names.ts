import type { Student } from './roster.ts'

/** Whose a submitted file is, by its name alone: what is in it may say anything. */

/** Of a folder: the last part of a path such as `submissions/{id}*.labz`. */
export interface FolderNames {
  /** Whether a name would fit, were its student in the roster. */
  isLike(name: string): boolean
  /** Of several whose columns fit (`s1`, `s10`), the one of whom more stands in the name; `null`: nobody, or two alike. */
  ownerOf(name: string): Student | null
}

export function folderNames(written: string, roster: readonly Student[]): FolderNames {
  const like = patternOf(written, () => '.+')
  const all = roster.flatMap(student => {
    const filled = [...written.matchAll(/\{(\w+)\}/g)].map(([, name]) => student.columns[name!]?.trim() ?? '')
    // Nobody is known by an empty cell.
    if (filled.some(value => value === '')) return []
    const pattern = patternOf(written, column => plain(student.columns[column]!.trim()))
    return [{ student, pattern, length: filled.join('').length }]
  })
  return {
    isLike: name => like.test(name),
    ownerOf(name) {
      const [first, second] = all
        .filter(({ pattern }) => pattern.test(name))
        .toSorted((one, other) => other.length - one.length)
      return first && first.length !== second?.length ? first.student : null
    },
  }
}

/** As an expression, with what each `{column}` stands for. */
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
  // What is in the folder's name the student has not written.
  const folder = path.slice(0, -file.length)
  const words = new Set(folder.split(/[^A-Za-z0-9._-]+/).flatMap(word => [word, ...word.split('_')]))
  return longest(among.filter(({ id }) => words.has(id))) ?? longest(among.filter(({ id }) => beginsWith(file, id)))
}

/** `s1-a` rather than `s1`; `null`: none, or several who have nothing to do with each other. */
function longest(students: readonly Student[]): Student | null {
  const [first, ...others] = students.toSorted((a, b) => b.id.length - a.id.length)
  return first && others.every(({ id }) => first.id.includes(id)) ? first : null
}

/** `s1-lab.labz` begins with `s1`, and not with `s`. Canvas puts something before it and numbers after it. */
function beginsWith(file: string, id: string): boolean {
  const at = file.indexOf(id)
  if (at < 0) return false
  const [before, after] = [file[at - 1] ?? '_', file[at + id.length] ?? '_']
  return before === '_' && /[-_.]/.test(after)
}
