import { basename, dirname, join, posix } from 'node:path'
import type { Course, Lab } from '../lab/lab.ts'
import { inOrder, type Problem } from '../lab/problem.ts'
import { field, items, word } from './cursor.ts'
import { buildFrom, readAll } from './load.ts'
import { checkChecks, checkPoints, checkSteps } from './rules/checks.ts'
import { checkCourse } from './rules/course.ts'
import { checkImages, imagesMade, type LabFile } from './rules/images.ts'
import { checkProse } from './rules/prose.ts'
import { checkProseTemplates } from './rules/templates.ts'
import { checkTools } from './rules/tools.ts'
import { type CourseSource, type Files, type LabSource, readLab } from './sources.ts'
import type { Vocabulary } from './vocabulary.ts'
import { isId, stepsOf } from './written.ts'

/** `loadCourse`, and every rule that an author wants to hear of; warnings too. `ids`: of all its labs, broken ones included. */
export async function lintCourse(
  dir: string,
  vocabulary: Vocabulary,
  files: Files,
): Promise<{ course: Course | null; ids: string[]; labs: Map<string, Lab>; problems: Problem[] }> {
  const { course, labs } = await readAll(dir, files)
  const loaded = labs.flatMap(source => {
    const lab = buildFrom(source, vocabulary)
    if (lab) checkPoints(source.root, lab, source.report)
    return lab ?? []
  })
  checkCourse(course, labs, await labFolders(dir, files))
  await Promise.all(labs.map(lab => lintLab(lab, labs, course, vocabulary, files)))
  return {
    course: course.course,
    ids: course.labs.map(at => String(at.value)),
    labs: new Map(loaded.map(lab => [lab.id, lab])),
    problems: inOrder([course, ...labs].flatMap(source => source.problems)),
  }
}

/** Of a lab that is in no course, such as hidden checks: what would keep it from being used. `null`: there is none. */
export async function lintFolder(dir: string, vocabulary: Vocabulary, files: Files): Promise<Problem[] | null> {
  const source = await readLab(dirname(dir), basename(dir), files)
  if (!source) return null
  buildFrom(source, vocabulary)
  return inOrder(source.problems)
}

async function lintLab(
  lab: LabSource,
  labs: readonly LabSource[],
  course: CourseSource,
  vocabulary: Vocabulary,
  files: Files,
): Promise<void> {
  const { root, report, prose } = lab
  for (const language of course.languages) {
    const own = prose[language]
    const others = course.languages.filter(each => each !== language)
    if (!own && others.some(each => prose[each]))
      report({ file: `${language}.md`, line: 1, column: 1 }, 'no-prose', { file: `${language}.md` })
  }
  if (root.value === undefined) return
  checkChecks(root, vocabulary, report)
  checkTools(root, report)
  checkSteps(root, await solutionsThere(lab, files), report)
  checkImages(root, await givenFiles(lab, files), madeBefore(lab, labs), report)
  for (const language of course.languages) {
    const own = prose[language]
    const other = course.languages.find(each => each !== language)
    if (own) checkProse(root, language, own, other ? prose[other] : null, report)
  }
  checkProseTemplates(root, prose, report)
}

/** Images of the labs whose end state this one starts from, and of those that they start from. */
function madeBefore(lab: LabSource, labs: readonly LabSource[]): string[] {
  const before = new Set<LabSource>()
  const todo = [lab]
  for (let next = todo.pop(); next; next = todo.pop())
    for (const at of items(field(next.root, 'needs'))) {
      const other = labs.find(each => each.id === word(at))
      if (other && other !== lab && !before.has(other)) todo.push(other)
      if (other) before.add(other)
    }
  return [...before].flatMap(each => imagesMade(each.root))
}

async function labFolders(dir: string, files: Files): Promise<string[]> {
  const names = (await files.list(dir)) ?? []
  const folders = names.filter(name => name.endsWith('/')).map(name => name.slice(0, -1))
  const holds = await Promise.all(folders.map(name => files.file(join(dir, name, 'lab.yaml'))))
  return folders.filter((name, index) => holds[index] && isId(name))
}

/** Solutions of edits that are there. */
async function solutionsThere(lab: LabSource, files: Files): Promise<Set<string>> {
  const steps = stepsOf(lab.root).map(step => step.at)
  const mistakes = steps.flatMap(at => items(field(at, 'mistakes')))
  const edits = [...steps, ...mistakes].flatMap(at => items(field(at, 'edits')))
  const paths = edits
    .flatMap(edit => word(field(edit, 'solution')) ?? [])
    .filter(path => !path.includes('\0'))
    .map(path => posix.normalize(path))
  const found = await Promise.all(paths.map(path => files.file(join(lab.dir, path))))
  return new Set(paths.filter((_, index) => found[index]?.type === 'file'))
}

const mostFiles = 500

/** What is under `files/` and `solution/`, as far as it is text. */
async function givenFiles(lab: LabSource, files: Files): Promise<LabFile[]> {
  const todo = ['files/', 'solution/']
  const found: LabFile[] = []
  for (let path = todo.pop(); path !== undefined && found.length < mostFiles; path = todo.pop()) {
    if (path.endsWith('/')) {
      const names = (await files.list(join(lab.dir, path))) ?? []
      todo.push(...names.filter(name => name !== 'node_modules/').map(name => posix.join(path!, name)))
    } else if (/\.ya?ml$|(docker|container)file/i.test(path)) {
      const view = await files.file(join(lab.dir, path))
      if (view?.text !== undefined) found.push({ path, text: view.text })
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}
