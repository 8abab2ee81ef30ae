import { userInfo } from 'node:os'
import { writeCsv } from '../../grade/csv.ts'
import { flawOf, type Override } from '../../grade/overrides.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import { findAssignment, findStudent, type GradeOptions, openDesk } from '../grading.ts'

export interface OverrideOptions extends GradeOptions {
  readonly reason?: string
  readonly by?: string
}

const columns = ['id', 'assignment', 'field', 'value', 'reason', 'by', 'at'] as const

/** Adds a row to `overrides.csv`: what a person decides, and why. */
export async function override(
  assignment: string,
  student: string,
  field: string,
  value: string,
  options: OverrideOptions,
): Promise<Exit> {
  const desk = await openDesk(options)
  const { book, context } = desk
  const { out, world } = context
  const { say } = out
  try {
    findAssignment(desk, assignment)
    findStudent(desk, student)
    if (flawOf({ field, value }) !== null) throw new Stop(exits.usage, say.grading.badOverride(field, value))
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
  } finally {
    context.close()
  }
}
