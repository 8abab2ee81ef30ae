import { nearest } from '../../lab/near.ts'
import { fill } from '../../lab/template.ts'
import { type At, entries, field, items, word } from '../cursor.ts'
import { imagesOfDockerfile, imagesOfScript, imagesOfYaml, isKnowable, isPinned, wholeName } from '../image-names.ts'
import type { Report } from '../report.ts'
import { shellLines, stepsOf } from '../written.ts'

/** A file under `files/` or `solution/`. */
export interface LabFile {
  /** Relative to the lab's folder. */
  readonly path: string
  readonly text: string
}

/** Everything pulled is listed and pinned, everything listed is used. `made`: by the labs this one starts from. */
export function checkImages(root: At, files: readonly LabFile[], made: readonly string[], report: Report): void {
  const listed = items(field(root, 'images')).filter(at => word(at) !== undefined)
  const names = new Set(listed.map(at => wholeName(word(at)!)))
  const makes = new Set([...made, ...imagesMade(root)].map(wholeName))
  const used = new Set<string>()
  // What the learner is given to repair is wrong on purpose.
  const edits = stepsOf(root).flatMap(({ at }) => items(field(at, 'edits')))
  const repaired = new Set(edits.map(edit => `files/${word(field(edit, 'file'))}`))

  for (const { run, fails } of shellLines(root))
    for (const image of imagesOfScript(filled(root, word(run)!)).pulls)
      if (isMissing(image) && !fails)
        report({ ...run, inside: image }, 'image-not-listed', { image }, nearest(image, names))

  for (const file of files)
    for (const image of imagesOfFile(file)) {
      if (!isMissing(image) || repaired.has(file.path)) continue
      const code = file.path.startsWith('solution/') ? 'image-not-listed' : 'image-in-files'
      report({ file: file.path, ...placeOf(file.text, image) }, code, { image }, nearest(image, names))
    }

  for (const at of listed) {
    const image = word(at)!
    if (!isPinned(image)) report(at, 'image-not-pinned', { image })
    if (!used.has(wholeName(image))) report(at, 'image-not-used', { image })
  }

  function isMissing(image: string): boolean {
    const whole = wholeName(image)
    used.add(whole)
    return isKnowable(image) && !names.has(whole) && !makes.has(whole)
  }
}

/** Images that the lab builds or tags itself. */
export function imagesMade(root: At): string[] {
  return shellLines(root).flatMap(({ run }) => imagesOfScript(filled(root, word(run)!)).makes)
}

function imagesOfFile({ path, text }: LabFile): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/^(.*\.)?(Dockerfile|Containerfile)(\..*)?$/i.test(name)) return imagesOfDockerfile(text)
  return /\.ya?ml$/.test(name) ? imagesOfYaml(text) : []
}

function placeOf(text: string, image: string) {
  const rows = text.split('\n')
  const row = Math.max(
    0,
    rows.findIndex(each => each.includes(image)),
  )
  return { line: row + 1, column: rows[row]!.indexOf(image) + 1 }
}

function filled(root: At, run: string): string {
  const vars = new Map(entries(field(root, 'vars')).map(([name, at]) => [`vars.${name}`, String(at.value)]))
  return fill(run, name => vars.get(name))
}
