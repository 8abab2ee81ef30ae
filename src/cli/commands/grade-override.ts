import { userInfo } from 'node:os'
import type { PlannedAssignment } from '../../grade/class.ts'
import { writeCsv } from '../../grade/csv.ts'
import { flawOf, type Override } from '../../grade/overrides.ts'
import { nearest } from '../../lab/near.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import {
  type Classroom,
  findAssignment,
  findStudent,
  type GradeOptions,
  inClassroom,
  openExam,
} from '../grade/classroom.ts'

export interface OverrideOptions extends GradeOptions {
  readonly reason?: string
  readonly by?: string
}

const columns = ['id', 'assignment', 'field', 'value', 'reason', 'by', 'at'] as const

/** Adds a row to `overrides.csv`: what a person decides, and why. */
export function override(
  assignment: string,
  student: string,
  field: string,
  value: string,
  options: OverrideOptions,
): Promise<Exit> {
  return inClassroom(options, async room => {
    const { book, context } = room
    const { out, world } = context
    const { say } = out
    const planned = findAssignment(room, assignment)
    findStudent(room, student)
    if (flawOf({ field, value }) !== null) throw new Stop(exits.usage, say.grading.badOverride(field, value))
    if (field.includes('/')) await mustBeOfLab(room, planned, field, Number(value))
    if (!options.reason?.trim()) throw new Stop(exits.usage, say.grading.reasonNeeded)
    const row: Override = {
      ...{ id: student, assignment, field, value, reason: options.reason.trim() },
      ...{ by: options.by ?? userInfo().username, at: new Date(world.now()).toISOString() },
    }
    const before = (await world.files.read(book.overridesFile)) ?? ''
    const head = before === '' ? writeCsv([columns]) : before.endsWith('\n') ? '' : '\r\n'
    await world.files.append(book.overridesFile, head + writeCsv([columns.map(name => row[name])]))
    if (options.json) out.print(JSON.stringify(row))
    else out.print(say.grading.overridden(book.overridesFile))
    return exits.done
  })
}

/** Points of a check or item of a rubric that the lab has, and no more than it gives. */
async function mustBeOfLab(
  room: Classroom,
  { digest: _, ...unpinned }: PlannedAssignment,
  field: string,
  points: number,
): Promise<void> {
  const { say } = room.context.teller
  const { lab } = (await openExam(room, unpinned)).exam
  const most = new Map(
    lab.steps.flatMap(step =>
      [...step.checks, ...step.rubric].map(each => [`${step.id}/${each.id}`, each.points ?? 1]),
    ),
  )
  const own = most.get(field)
  if (own === undefined) {
    const near = nearest(field, [...most.keys()])
    const rest = near ? say.didYouMean(near) : say.grading.theChecksAre([...most.keys()].join(', '))
    throw new Stop(exits.usage, `${say.grading.noCheckInLab(field)} ${rest}`)
  }
  if (points > own) throw new Stop(exits.usage, say.grading.tooManyPoints(field, own))
}
