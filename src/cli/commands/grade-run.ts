import type { PlannedAssignment } from '../../grade/class.ts'
import { gradeRun, isFinal, regrade } from '../../grade/grade-run.ts'
import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade, StudentState } from '../../grade/result.ts'
import type { Student } from '../../grade/roster.ts'
import type { RunFolder } from '../../grade/run-folder.ts'
import { runIds } from '../../grade/run-folder.ts'
import { harmless } from '../../terminal/safe.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import {
  type Classroom,
  findAssignment,
  findRun,
  findStudent,
  folderOf,
  type GradeOptions,
  gradesOf,
  inClassroom,
  newRun,
  newRunId,
  openExam,
} from '../grade/classroom.ts'
import { createDriver } from '../grade/drivers.ts'

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
export function gradeStudents(id: string, options: RunOptions, collectOnly: boolean): Promise<Exit> {
  return inClassroom(options, async room => {
    const { context, book, commandFor } = room
    const { teller, world, signal } = context
    const { say } = teller
    const assignment = findAssignment(room, id)
    const jobs = number(room, '--jobs', options.jobs, 1, 256) ?? 16
    const limit = percent(room, options.failUnder)
    const { exam, digest, shipped } = await openExam(room, assignment)
    const { folder, students, again } = await chosen(room, assignment, options)
    const begun = await folder.info()
    const info = begun ?? newRun(room, assignment, runIdOf(folder), { id: exam.lab.id, digest, shipped })
    if (info.lab.digest !== digest)
      throw new Stop(exits.usage, say.grading.labChangedSince(info.id, commandFor(`evaluate ${id} --run ${info.id}`)))
    const { driver, refused, none } = await createDriver(room, assignment, exam, info)
    if (!begun) await folder.begin(info)
    if (refused.length > 0)
      teller.print(
        [
          say.grading.refusedEntries(refused.length),
          ...refused.map(({ name, why }) => `${harmless(name)}: ${say.grading.notTaken[why]}`),
        ].join('\n  '),
      )
    if (none !== undefined) teller.print(say.grading.noneFits(none))
    teller.print(say.grading.running(info.id, students.length))
    const bar = progressBar(room, students.length)
    const { stopped } = await gradeRun(students, {
      ...{ run: info, exam, folder, driver, jobs, collectOnly, signal, again },
      ...{ perHost: book.limits.perHost, limit: book.limits.student, now: world.now, listen: bar.listen },
    }).finally(bar.end)
    const goOn = commandFor(`${collectOnly ? 'collect' : 'run'} ${id} --resume`)
    if (signal.aborted) {
      teller.print(say.grading.interrupted(goOn))
      return exits.interrupted
    }
    if (stopped) {
      teller.print(`${say.grading.networkDown} ${say.grading.goOn(goOn)}`)
      return exits.environment
    }
    if (collectOnly) return await afterCollecting(room, assignment, folder, students)
    const narrowed = (options.student ?? []).length > 0 || options.section !== undefined
    const before = (await runIds(room.grades, id, world)).filter(each => each < info.id).at(-1)
    if (narrowed && !begun && before !== undefined) teller.print(say.grading.onlyChosen(before))
    return summary(room, assignment, folder, limit, narrowed ? students : undefined)
  })
}

async function afterCollecting(
  { context, commandFor }: Classroom,
  { id }: PlannedAssignment,
  folder: RunFolder,
  students: readonly Student[],
): Promise<Exit> {
  const { out, teller } = context
  const { counted, collected, collectedNext } = out.say.grading
  const states = { ...out.say.gradeReport.states, collected }
  const kept = await Promise.all(students.map(each => folder.collected(each.id)))
  const of = (state: string) => kept.filter(each => (each?.nothing?.state ?? 'collected') === state).length
  const counts = { collected: of('collected'), unreachable: of('unreachable'), held: of('held'), absent: of('absent') }
  const all = Object.entries(counts) as [keyof typeof counts, number][]
  if (context.options.json) out.print(JSON.stringify({ assignment: id, run: runIdOf(folder), counts }))
  else {
    out.print(
      all
        .filter(([, count]) => count > 0)
        .map(([state, count]) => counted(count, states[state]))
        .join(', '),
    )
    teller.print(collectedNext(commandFor(`run ${id} --resume`)))
  }
  return counts.unreachable > 0 ? exits.environment : exits.done
}

/** Judges stored evidence by the lab as it is now, as a new run. */
export function evaluateAgain(id: string, options: RunOptions): Promise<Exit> {
  return inClassroom(options, async room => {
    const { context, book, commandFor } = room
    const assignment = findAssignment(room, id)
    const limit = percent(room, options.failUnder)
    const from = await findRun(room, assignment, options.run)
    const { exam, digest, shipped } = await openExam(room, assignment, options.lab)
    const { lab } = (await from.info())!
    if (lab.id !== exam.lab.id) throw new Stop(exits.usage, context.teller.say.grading.otherLab(exam.lab.id, lab.id))
    const info = newRun(room, assignment, newRunId(context.world.now()), { id: exam.lab.id, digest, shipped })
    const into = folderOf(room, assignment, info.id)
    await regrade(book.students, from, into, info, exam, context.signal)
    if (context.signal.aborted) {
      context.teller.print(
        context.teller.say.grading.interruptedEvaluation(commandFor(`evaluate ${id} --run ${runIdOf(from)}`)),
      )
      return exits.interrupted
    }
    // Only now is it a run: one that was broken off must not be taken for the last.
    await into.begin(info)
    context.teller.print(context.teller.say.grading.evaluated(info.id, runIdOf(from)))
    return summary(room, assignment, into, limit)
  })
}

function runIdOf(folder: RunFolder): string {
  return folder.dir.slice(folder.dir.lastIndexOf('/') + 1)
}

/** Which students, in which run. */
async function chosen(room: Classroom, assignment: PlannedAssignment, options: RunOptions) {
  const { context, book } = room
  const { say } = context.teller
  const goingOn = options.resume || options.failed || options.ungraded || options.run !== undefined
  const folder = goingOn
    ? await findRun(room, assignment, options.run)
    : folderOf(room, assignment, newRunId(context.world.now()))
  const named = (options.student ?? []).map(id => findStudent(room, id))
  let students = book.students.filter(each => each.status === 'active')
  if (named.length > 0) students = students.filter(each => named.includes(each))
  if (options.section !== undefined) students = students.filter(each => each.section === options.section)
  const graded = await folder.all()
  if (options.failed || options.ungraded) {
    const grades = new Map((await gradesOf(room, assignment, folder)).map(grade => [grade.student.id, grade]))
    students = students.filter(each => isWanted(grades.get(each.id), options))
  }
  if (book.students.length === 0) throw new Stop(exits.usage, say.grading.emptyRoster)
  if (students.length === 0) throw new Stop(exits.usage, say.grading.nobody)
  if (options.resume) {
    const count = students.filter(({ id }) => graded.get(id)?.every(({ state }) => isFinal(state))).length
    context.teller.print(say.grading.resuming(runIdOf(folder), count, students.length))
  }
  // Whoever is chosen by name or by grade is looked at anew; what was only collected is judged first.
  const anew = named.length > 0 || options.failed || options.ungraded
  const again = students.filter(({ id }) => goingOn && anew && (named.length > 0 || graded.has(id))).map(({ id }) => id)
  return { folder, students, again: new Set(again) }
}

function isWanted(grade: Grade | undefined, { failed, ungraded }: RunOptions): boolean {
  const open = !grade || grade.final === null
  if (ungraded && open) return true
  return Boolean(failed) && !open && grade.raw.earned < grade.raw.possible
}

const order: readonly StudentState[] = ['graded', 'incomplete', 'unreachable', 'waiting', 'held', 'absent', 'excused']

const unseen = new Set<StudentState>(['unreachable', 'waiting'])

function isLeftToPerson({ error }: CheckGrade): boolean {
  return error?.class === 'manual'
}

function isUnseen(check: CheckGrade): boolean {
  return check.status === 'error' && !isLeftToPerson(check)
}

/** How many of what (`only`: among these), what to do next, and the exit code: whether everyone was graded, whatever the grades. */
async function summary(
  room: Classroom,
  assignment: PlannedAssignment,
  folder: RunFolder,
  limit: number | undefined,
  only?: readonly Student[],
): Promise<Exit> {
  const { context, commandFor } = room
  const { out } = context
  const { say } = out
  const all = await gradesOf(room, assignment, folder)
  const grades = only ? all.filter(({ student }) => only.some(({ id }) => id === student.id)) : all
  const counts = Object.fromEntries(order.map(state => [state, grades.filter(each => each.state === state).length]))
  const run = runIdOf(folder)
  if (context.options.json) out.print(JSON.stringify({ assignment: assignment.id, run, counts }))
  else {
    const told = order.filter(state => counts[state]! > 0)
    out.print(told.map(state => say.grading.counted(counts[state]!, say.gradeReport.states[state])).join(', '))
    if (grades.some(({ state, checks }) => unseen.has(state) || (state === 'incomplete' && checks.some(isUnseen))))
      context.teller.print(say.grading.ungradedNext(commandFor(`run ${assignment.id} --ungraded`)))
    const open = grades.flatMap(({ checks }) => checks.filter(isLeftToPerson)).at(0)
    if (open) {
      const words = `override ${assignment.id} ID ${open.step}/${open.id} POINTS --reason WHY`
      context.teller.print(say.grading.manualNext(commandFor(words)))
    }
    if (counts['held']! > 0)
      context.teller.print(
        say.grading.heldNext(
          commandFor(`status ${assignment.id}`),
          commandFor(`override ${assignment.id} ID state released --reason WHY`),
        ),
      )
    context.teller.print(say.grading.reportNext(commandFor(`report ${assignment.id} -f html,csv`)))
  }
  const bugs = grades.some(grade => grade.result?.flags.some(flag => flag.code === 'check-bug'))
  if (bugs) return exits.bug
  if (grades.some(({ state }) => unseen.has(state) || state === 'incomplete' || state === 'held'))
    return exits.environment
  if (limit === undefined) return exits.done
  const below = grades.filter(each => each.final !== null && each.final < (each.raw.possible * limit) / 100).length
  if (below > 0) context.teller.print(say.grading.belowLimit(below, limit))
  return below > 0 ? exits.failed : exits.done
}

function progressBar({ context }: Classroom, all: number) {
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

/** `60` or `60%`. */
function percent(room: Classroom, given: string | undefined): number | undefined {
  return number(room, '--fail-under', given?.replace(/%$/, ''), 0, 100)
}

/** Throws `Stop` where it is none between `least` and `most`; of students at a time there is no half one. */
function number({ context }: Classroom, option: string, given: string | undefined, least: number, most: number) {
  if (given === undefined) return undefined
  const value = Number(given)
  const fits = /^\d+(\.\d+)?$/.test(given) && value >= least && value <= most
  if (!fits || (least === 1 && !Number.isInteger(value)))
    throw new Stop(exits.usage, context.teller.say.grading.badNumber(option, least, most, given))
  return value
}
