import { existsSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import pkg from '../../../package.json' with { type: 'json' }
import { kinds } from '../../check/kinds/index.ts'
import { type ClassBook, openClass, type PlannedAssignment } from '../../grade/class.ts'
import type { RunInfo } from '../../grade/collected.ts'
import { jointDigest, labDigest } from '../../grade/digest.ts'
import type { Exam } from '../../grade/evaluate.ts'
import { type Grade, gradebook } from '../../grade/gradebook.ts'
import { repeatedSteps, withHidden } from '../../grade/hidden.ts'
import { withSharedMachines } from '../../grade/judging.ts'
import { overridesOf } from '../../grade/overrides.ts'
import type { Result } from '../../grade/result.ts'
import type { Student } from '../../grade/roster.ts'
import { type RunFolder, runDir, runFolder, runIds } from '../../grade/run-folder.ts'
import type { Lab } from '../../lab/lab.ts'
import { nearest } from '../../lab/near.ts'
import { hasErrors } from '../../lab/problem.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { type Context, createContext, problemLines } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import type { Common } from '../options.ts'
import { reasonOf } from '../unwritable.ts'

/** What the commands of an instructor start from. */

export interface GradeOptions extends Common {
  /** `class.yaml`. */
  readonly class?: string
  /** Folder of what was graded; default: `grades` beside the class file. */
  readonly grades?: string
  readonly run?: string
}

export const tool = { name: pkg.name, version: pkg.version }

export interface Classroom {
  readonly context: Context
  readonly book: ClassBook
  readonly grades: string
  /** A command of `lab grade` for this class, as one would type it. */
  commandFor(words: string): string
}

/**
 * Does a command's work with the class. Files that cannot be written become a sentence: they are the instructor's to put
 * right.
 */
export async function inClassroom(options: GradeOptions, work: (room: Classroom) => Promise<Exit>): Promise<Exit> {
  const room = await openClassroom(options)
  const { context } = room
  const { say } = context.teller
  try {
    return await work(room)
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException
    const why = path === undefined ? null : reasonOf(error, say)
    if (why === null) throw error
    throw new Stop(exits.environment, say.grading.unwritable(shown(path!), why))
  } finally {
    context.close()
  }
}

/** Reads the class, or says what is wrong with it, line by line. */
async function openClassroom(options: GradeOptions): Promise<Classroom> {
  const given = resolve(options.class ?? 'class.yaml')
  const file = statSync(given, { throwIfNoEntry: false })?.isDirectory() ? join(given, 'class.yaml') : given
  // The class says which course it is about; the one that came with the program is only a place to begin.
  const context = await createContext(options)
  const { say } = context.teller
  if (!existsSync(file)) throw new Stop(exits.usage, say.grading.noClass(shown(file)))
  const { book, problems } = await openClass(file, context.world.reader).catch(error => {
    if (!(error instanceof CouldNotLook)) throw error
    throw new Stop(
      exits.environment,
      say.grading.unreadableClass(shown(String(error.problem.evidence['path'] ?? file))),
    )
  })
  const told = problems.map(each => ({ ...each, file: shown(each.file) }))
  if (!book) throw new Stop(exits.usage, problemLines(context.teller, told))
  const same = (['class', 'grades'] as const).flatMap(name => {
    const value = options[name]
    return value === undefined ? [] : [`--${name} ${/^[\w./~-]+$/.test(value) ? value : JSON.stringify(value)}`]
  })
  return {
    ...{ context, book, grades: resolve(options.grades ?? join(book.dir, 'grades')) },
    commandFor: words => context.commandFor(['grade', words, ...same].join(' ')),
  }
}

/** A path as people are told of it. */
export function shown(file: string): string {
  const near = relative(process.cwd(), file)
  return near.startsWith('..') ? file : near
}

export function findAssignment({ context, book }: Classroom, id: string): PlannedAssignment {
  const { say } = context.teller
  const found = book.assignments.find(each => each.id === id)
  if (found) return found
  const ids = book.assignments.map(each => each.id)
  const near = nearest(id, ids)
  const rest = near ? say.didYouMean(near) : say.grading.theAssignmentsAre(ids.join(', '))
  throw new Stop(exits.usage, `${say.grading.noAssignment(id)} ${rest}`)
}

export function findStudent({ context, book }: Classroom, id: string): Student {
  const { say } = context.teller
  const found = book.students.find(each => each.id === id)
  if (found) return found
  const near = nearest(
    id,
    book.students.map(each => each.id),
  )
  throw new Stop(exits.usage, `${say.grading.noStudent(id)} ${near ? say.didYouMean(near) : say.grading.seeRoster}`)
}

/**
 * The assignment's lab, as it is now, with the hidden checks. A path is the folder of a lab within a course. `shipped` is the
 * digest of what students have, `digest` that of everything.
 */
export async function openExam(
  room: Classroom,
  assignment: Pick<PlannedAssignment, 'lab' | 'hidden' | 'digest'>,
  lab = assignment.lab,
) {
  const { context, book } = room
  const { say } = context.teller
  const path = /[/\\]/.test(lab) ? (isAbsolute(lab) ? lab : join(book.dir, lab)) : null
  const { course, lab: found } = path
    ? await withCourse(context, dirname(resolve(path)), basename(path))
    : { course: context.course, lab: await context.lab(lab) }
  const plain: Exam = { course, lab: found, kinds }
  const shipped = await labDigest(found.dir, context.world.reader)
  const hidden = assignment.hidden === undefined ? null : await openHidden(room, assignment.hidden, found)
  const exam = hidden ? withHidden(plain, hidden) : plain
  const digest = hidden ? jointDigest(shipped, await labDigest(hidden.dir, context.world.reader)) : shipped
  if (assignment.digest !== undefined && assignment.digest !== digest)
    throw new Stop(exits.usage, say.grading.labChanged(assignment.digest, digest))
  return { exam, digest, shipped }
}

/** What students never get: the folder of a lab, of no course. */
async function openHidden({ context, book }: Classroom, path: string, lab: Lab): Promise<Lab> {
  const { teller, world } = context
  const { say } = teller
  const dir = resolve(book.dir, path)
  const [{ readLab }, { buildFrom }, { vocabulary }] = await Promise.all([
    import('../../format/sources.ts'),
    import('../../format/load.ts'),
    import('../vocabulary.ts'),
  ])
  const source = await readLab(dirname(dir), basename(dir), world.reader)
  if (!source) throw new Stop(exits.usage, say.grading.noHidden(shown(dir)))
  const hidden = buildFrom(source, vocabulary)
  if (!hidden || hasErrors(source.problems)) {
    const errors = source.problems.filter(({ severity }) => severity === 'error')
    const told = errors.map(each => ({ ...each, file: shown(join(dirname(dirname(dir)), each.file)) }))
    throw new Stop(exits.usage, [say.grading.hiddenBroken(shown(dir)), problemLines(teller, told)].join('\n'))
  }
  const repeated = repeatedSteps(lab, hidden)
  if (repeated.length > 0)
    throw new Stop(exits.usage, say.grading.hiddenRepeats(repeated.join(', '), lab.id, shown(dir)))
  return hidden
}

async function withCourse(context: Context, dir: string, id: string) {
  const other = await createContext({ ...context.options, course: dir })
  try {
    return { course: other.course, lab: await other.lab(id) }
  } finally {
    other.close()
  }
}

/** A run that is there: the one that is named, else the last. */
export async function findRun(room: Classroom, assignment: PlannedAssignment, id?: string): Promise<RunFolder> {
  const { say } = room.context.teller
  const ids = await runIds(room.grades, assignment.id, room.context.world)
  const found = id ?? (await lastOf(room, assignment, ids))
  if (found === undefined)
    throw new Stop(exits.usage, say.grading.noRun(room.commandFor(`run ${assignment.id}`), shown(room.grades)))
  if (!ids.includes(found)) {
    const rest = ids.length > 0 ? say.grading.theRunsAre(ids.slice(-10).join(', ')) : ''
    throw new Stop(exits.usage, `${say.grading.noSuchRun(found)} ${rest}`.trim())
  }
  const folder = folderOf(room, assignment, found)
  if (!(await folder.info())) throw new Stop(exits.usage, say.grading.brokenRun(shown(join(folder.dir, 'run.json'))))
  return folder
}

/** The last one; an evaluation that was broken off is none. */
async function lastOf(room: Classroom, assignment: PlannedAssignment, ids: readonly string[]) {
  for (const id of ids.toReversed()) if (await folderOf(room, assignment, id).isThere()) return id
  return undefined
}

export function folderOf({ grades, context }: Classroom, assignment: PlannedAssignment, id: string): RunFolder {
  return runFolder(runDir(grades, assignment.id, id), context.world)
}

/** Sorts by time, and is unlike that of another run of the same moment. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '')
  return `${time}-${crypto.randomUUID().slice(0, 4)}`
}

export function newRun(room: Classroom, assignment: PlannedAssignment, id: string, lab: RunInfo['lab']): RunInfo {
  const startedAt = new Date(room.context.world.now()).toISOString()
  return { id, assignment: assignment.id, course: room.book.course, lab, tool, startedAt }
}

/** Grades of one run, as the policy and the overrides are now. */
export async function gradesOf(room: Classroom, assignment: PlannedAssignment, folder: RunFolder): Promise<Grade[]> {
  const results: ReadonlyMap<string, readonly Result[]> = withSharedMachines(await folder.all())
  const { students, overrides } = room.book
  return gradebook(assignment, students, results, overridesOf(overrides, assignment.id))
}
