import { basename, join } from 'node:path'
import type { Reader } from '../check/reader.ts'
import type { Course, Language } from '../lab/lab.ts'
import { languages } from '../lab/lab.ts'
import { nearest } from '../lab/near.ts'
import { hasErrors, type Problem } from '../lab/problem.ts'
import { readYaml, type YamlFile } from '../lab/yaml.ts'
import { buildCourse, type LabProse } from './build.ts'
import { type At, field, items, word } from './cursor.ts'
import { type Prose, readProse } from './prose.ts'
import { type Report, reporter } from './report.ts'
import { reportShape } from './rules/shape.ts'
import { courseFlaws, type WrittenCourse } from './schema.ts'
import { isId } from './written.ts'

/** Reading the files; everything after it is pure. What cannot be read (rights, I/O) throws `CouldNotLook`. */
export type Files = Pick<Reader, 'file' | 'list'>

/** What may be wrong with a file is `problems`; `report` adds to them. */
interface Source {
  readonly root: At
  readonly yaml: YamlFile | null
  readonly report: Report
  readonly problems: Problem[]
}

export interface CourseSource extends Source {
  /** Absolute. */
  readonly dir: string
  readonly course: Course | null
  /** Ids that look right, in order, even where the rest of the file is wrong. */
  readonly labs: readonly At[]
  readonly languages: readonly Language[]
}

export interface LabSource extends Source {
  readonly id: string
  /** Absolute. */
  readonly dir: string
  readonly prose: LabProse
}

const largest = 256

export async function readCourse(dir: string, files: Files): Promise<CourseSource> {
  const { text, problems, report, yaml, root } = await source(dir, basename(dir), 'course.yaml', files)
  if (text === null) report({ line: 1, column: 1 }, 'no-file', { file: 'course.yaml' })
  if (yaml) reportShape(yaml, root, courseFlaws, report)
  const said = items(field(root, 'languages')).flatMap(each => languages.find(one => one === word(each)) ?? [])
  return {
    dir,
    root,
    yaml,
    report,
    problems,
    course: yaml && !hasErrors(problems) ? buildCourse(root.value as WrittenCourse, dir) : null,
    labs: items(field(root, 'labs')).filter(each => isId(word(each))),
    languages: said.length > 0 ? said : languages,
  }
}

/** `null`: no such folder. */
export async function readLab(course: string, id: string, files: Files): Promise<LabSource | null> {
  if (!isId(id)) return null
  const dir = join(course, id)
  const shown = `${basename(course)}/${id}`
  const [read, ...texts] = await Promise.all([
    source(dir, shown, 'lab.yaml', files),
    ...languages.map(language => files.file(join(dir, `${language}.md`))),
  ])
  if (read.text === null) {
    if ((await files.list(dir)) === null) return null
    read.report({ line: 1, column: 1 }, 'no-file', { file: 'lab.yaml' })
  }
  const prose: Record<Language, Prose | null> = { ko: null, en: null }
  languages.forEach((language, index) => {
    const text = texts[index]?.text
    if (texts[index] && text === undefined)
      read.report({ file: `${language}.md`, line: 1, column: 1 }, 'too-large', { limit: 1024 })
    prose[language] = text === undefined ? null : readProse(text)
  })
  if (read.text !== null && !prose.ko && !prose.en)
    read.report({ file: `${languages[0]}.md`, line: 1, column: 1 }, 'no-prose', { file: 'ko.md, en.md' })
  return { id, dir, prose, root: read.root, yaml: read.yaml, report: read.report, problems: read.problems }
}

/** A lab that is named but not there. */
export function reportNoLab(course: CourseSource, at: At, id: string): void {
  const known = course.labs.flatMap(each => word(each) ?? []).filter(each => each !== id)
  course.report(at, 'unknown-lab', { name: id }, nearest(id, known))
}

async function source(dir: string, shown: string, name: string, files: Files) {
  const problems: Problem[] = []
  const view = await files.file(join(dir, name))
  const text = view?.type === 'file' ? (view.text ?? null) : null
  const fits = text !== null && text.length <= largest * 1024
  const yaml = fits ? readYaml(text.replace(/^\uFEFF/, '')) : null
  const report = reporter(shown, name, yaml, problems)
  if (view && !fits && (text !== null || view.size > 0)) report({ line: 1, column: 1 }, 'too-large', { limit: largest })
  const root: At = { value: yaml?.value, path: [] }
  return { text: view ? (text ?? '') : null, yaml, report, problems, root }
}
