import type { Course, Lab } from '../lab/lab.ts'
import { hasErrors, inOrder, type Problem } from '../lab/problem.ts'
import { buildLab } from './build.ts'
import { checkReferences } from './rules/references.ts'
import { reportShape } from './rules/shape.ts'
import { checkTemplates } from './rules/templates.ts'
import { checkTrees } from './rules/trees.ts'
import { labFlaws, type WrittenLab } from './schema.ts'
import { type CourseSource, type Files, type LabSource, readCourse, readLab, reportNoLab } from './sources.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Every lab of a course. One with errors is not in `labs`; what is wrong with it is in `problems`. */
export async function loadCourse(
  dir: string,
  vocabulary: Vocabulary,
  files: Files,
): Promise<{ course: Course | null; labs: Map<string, Lab>; problems: Problem[] }> {
  const { course, labs } = await readAll(dir, files)
  const loaded = labs.flatMap(source => buildFrom(source, vocabulary) ?? [])
  return {
    course: course.course,
    labs: new Map(loaded.map(lab => [lab.id, lab])),
    problems: inOrder([course, ...labs].flatMap(source => source.problems)),
  }
}

/** The course and one of its labs, without reading the others. */
export async function loadLab(
  dir: string,
  id: string,
  vocabulary: Vocabulary,
  files: Files,
): Promise<{ course: Course | null; lab: Lab | null; problems: Problem[] }> {
  const [course, source] = await Promise.all([readCourse(dir, files), readLab(dir, id, files)])
  if (!source) reportNoLab(course, { value: undefined, path: ['labs'] }, id)
  const lab = source ? buildFrom(source, vocabulary) : null
  return { course: course.course, lab, problems: inOrder([...course.problems, ...(source?.problems ?? [])]) }
}

export async function readAll(dir: string, files: Files): Promise<{ course: CourseSource; labs: LabSource[] }> {
  const course = await readCourse(dir, files)
  const ids = new Map(course.labs.map(at => [String(at.value), at]))
  const read = await Promise.all([...ids].map(async ([id, at]) => ({ id, at, source: await readLab(dir, id, files) })))
  for (const { id, at, source } of read) if (!source) reportNoLab(course, at, id)
  return { course, labs: read.flatMap(({ source }) => source ?? []) }
}

/** `null` when something is wrong that a run would stumble over. */
export function buildFrom(source: LabSource, vocabulary: Vocabulary): Lab | null {
  const { root, yaml, report, problems, prose, id, dir } = source
  if (!yaml) return null
  reportShape(yaml, root, value => labFlaws(value, vocabulary.kinds), report)
  if (yaml.value === undefined) return null
  checkReferences(root, yaml, vocabulary.causes, report)
  checkTemplates(root, report)
  checkTrees(root, vocabulary, report)
  if (hasErrors(problems)) return null
  const written = root.value as WrittenLab
  return buildLab(written, { id, dir }, prose, vocabulary.kinds, name => yaml.source(['vars', name]))
}
