import type { PlannedAssignment } from '../../grade/class.ts'
import { gradeRun, regrade } from '../../grade/grade-run.ts'
import type { Grade } from '../../grade/gradebook.ts'
import type { StudentState } from '../../grade/result.ts'
import type { Student } from '../../grade/roster.ts'
import type { RunFolder } from '../../grade/run-folder.ts'
import { runIds } from '../../grade/run-folder.ts'
import { createDriver } from '../drivers.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import {
  type Desk,
  findAssignment,
  findRun,
  findStudent,
  folderOf,
  type GradeOptions,
  gradesOf,
  newRun,
  newRunId,
  openDesk,
  openRubric,
} from '../grading.ts'

export interface RunOptions extends GradeOptions {
  readonly student?: readonly string[]
  readonly section?: string
  /** Only those of the last run whose grade is not full, or who have none. */
  readonly failed?: boolean
  readonly ungraded?: boolean
  readonly resume?: boolean
  readonly jobs?: string
  readonly failUnder?: string
  readonly lab?: string
}

/** Collects evidence and, unless `collectOnly`, judges it. */
export async function gradeStudents(id: string, options: RunOptions, collectOnly: boolean): Promise<Exit> {
  const desk = await openDesk(options)
  const { context, book } = desk
  const { teller, world, signal } = context
  const { say } = teller
  try {
    const assignment = findAssignment(desk, id)
    const jobs = number(desk, '--jobs', options.jobs) ?? 16
    const limit = number(desk, '--fail-under', options.failUnder)
    const { rubric, digest, shipped } = await openRubric(desk, assignment)
    const { folder, students } = await chosen(desk, assignment, options)
    const info =
      (await folder.info()) ?? newRun(desk, assignment, runIdOf(folder), { id: rubric.lab.id, digest, shipped })
    await folder.begin(info)
    const { driver, refused } = await createDriver(context, book, assignment, rubric, digest)
    if (refused.length > 0) teller.print([say.grading.refusedEntries(refused.length), ...refused].join('\n  '))
    teller.print(say.grading.running(info.id, students.length))
    const bar = progressBar(desk, students.length)
    // Whoever is named of a run that is there is looked at anew.
    const again = Boolean(options.failed) || ((options.student ?? []).length > 0 && options.run !== undefined)
    const { stopped } = await gradeRun(students, {
      ...{ run: info, rubric, folder, driver, jobs, collectOnly, signal, again },
      ...{ perHost: book.limits.perHost, limit: book.limits.student, now: world.now, listen: bar.listen },
    })
    bar.end()
    const next = (words: string) => context.commandFor(`grade ${words}`)
    if (signal.aborted) {
      teller.print(say.grading.interrupted(next(`${collectOnly ? 'collect' : 'run'} ${id} --resume`)))
      return exits.interrupted
    }
    if (stopped) {
      teller.print(`${say.grading.networkDown} ${say.grading.goOn(next(`run ${id} --resume`))}`)
      return exits.environment
    }
    if (collectOnly) return await afterCollecting(folder, students)
    return summary(desk, assignment, folder, limit)
  } finally {
    context.close()
  }
}

async function afterCollecting(folder: RunFolder, students: readonly Student[]): Promise<Exit> {
  const kept = await Promise.all(students.map(each => folder.collected(each.id)))
  return kept.some(each => each?.nothing?.state === 'unreachable') ? exits.environment : exits.done
}

/** Judges stored evidence by the lab as it is now, as a new run. */
export async function evaluateAgain(id: string, options: RunOptions): Promise<Exit> {
  const desk = await openDesk(options)
  const { context, book } = desk
  try {
    const assignment = findAssignment(desk, id)
    const limit = number(desk, '--fail-under', options.failUnder)
    const from = await findRun(desk, assignment, options.run)
    const { rubric, digest, shipped } = await openRubric(desk, assignment, options.lab)
    const info = newRun(desk, assignment, newRunId(context.world.now()), { id: rubric.lab.id, digest, shipped })
    const into = folderOf(desk, assignment, info.id)
    await into.begin(info)
    await regrade(book.students, from, into, info, rubric, context.signal)
    if (context.signal.aborted) return exits.interrupted
    return summary(desk, assignment, into, limit)
  } finally {
    context.close()
  }
}

function runIdOf(folder: RunFolder): string {
  return folder.dir.slice(folder.dir.lastIndexOf('/') + 1)
}

/** Which students, in which run. */
async function chosen(desk: Desk, assignment: PlannedAssignment, options: RunOptions) {
  const { context, book } = desk
  const { say } = context.teller
  const ids = await runIds(desk.grades, assignment.id, context.world)
  const old = options.resume || options.failed || options.ungraded ? (options.run ?? ids.at(-1)) : options.run
  const folder = folderOf(desk, assignment, old ?? newRunId(context.world.now()))
  const named = (options.student ?? []).map(id => findStudent(desk, id))
  let students = book.students.filter(each => each.status === 'active')
  if (named.length > 0) students = students.filter(each => named.includes(each))
  if (options.section !== undefined) students = students.filter(each => each.section === options.section)
  if (options.failed || options.ungraded) {
    const grades = new Map((await gradesOf(desk, assignment, folder)).map(grade => [grade.student.id, grade]))
    students = students.filter(each => isWanted(grades.get(each.id), options))
  }
  if (students.length === 0) throw new Stop(exits.usage, say.grading.nobody)
  if (options.resume && old !== undefined) {
    const done = (await folder.all()).size
    context.teller.print(say.grading.resuming(old, done, students.length))
  }
  return { folder, students }
}

function isWanted(grade: Grade | undefined, { failed, ungraded }: RunOptions): boolean {
  const open = !grade || grade.final === null
  if (ungraded && open) return true
  return Boolean(failed) && !open && grade.raw.earned < grade.raw.possible
}

const order: readonly StudentState[] = ['graded', 'incomplete', 'unreachable', 'held', 'absent', 'excused']

/** How many of what, what to do next, and the exit code: whether everyone was graded, whatever the grades. */
async function summary(
  desk: Desk,
  assignment: PlannedAssignment,
  folder: RunFolder,
  limit: number | undefined,
): Promise<Exit> {
  const { context } = desk
  const { out, commandFor } = context
  const { say } = out
  const grades = await gradesOf(desk, assignment, folder)
  const counts = Object.fromEntries(order.map(state => [state, grades.filter(each => each.state === state).length]))
  const run = runIdOf(folder)
  if (context.options.json) out.print(JSON.stringify({ assignment: assignment.id, run, counts }))
  else {
    const told = order.filter(state => counts[state]! > 0)
    out.print(told.map(state => say.grading.counted(counts[state]!, say.grading.states[state])).join(', '))
    if (counts['incomplete']! + counts['unreachable']! > 0)
      context.teller.print(say.grading.ungradedNext(commandFor(`grade run ${assignment.id} --ungraded`)))
    if (counts['held']! > 0) context.teller.print(say.grading.heldNext(commandFor(`grade status ${assignment.id}`)))
    context.teller.print(say.grading.reportNext(commandFor(`grade report ${assignment.id} -f html,csv`)))
  }
  const bugs = grades.some(grade => grade.result?.flags.some(flag => flag.code === 'check-bug'))
  if (bugs) return exits.bug
  if (counts['incomplete']! + counts['unreachable']! > 0) return exits.environment
  if (limit === undefined) return exits.done
  const below = grades.filter(each => each.final !== null && each.final < (each.raw.possible * limit) / 100).length
  if (below > 0) context.teller.print(say.grading.belowLimit(below, limit))
  return below > 0 ? exits.failed : exits.done
}

function progressBar({ context }: Desk, all: number) {
  const { teller } = context
  let done = 0
  const live = teller.look.repaint && context.options.json !== true
  return {
    listen: (event: { readonly event: string }) => {
      if (event.event === 'student.finished') done++
      if (live) process.stderr.write(`\r${teller.say.grading.progress(done, all)} `)
    },
    end: () => {
      if (live) process.stderr.write('\r\x1b[K')
    },
  }
}

export function number({ context }: Desk, option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const value = Number(given)
  if (given.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Stop(exits.usage, context.teller.say.grading.badNumber(option, given))
  return value
}
