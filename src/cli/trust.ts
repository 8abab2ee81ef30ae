import { join } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import { confirm } from '../terminal/prompt.ts'
import { harmless } from '../terminal/safe.ts'
import { type Context, installedCourse } from './context.ts'
import { exits, Stop } from './exit.ts'
import { unwritable } from './unwritable.ts'

/** A course from anywhere but the installation runs what its author wants: asked once a course, showing the commands. */
export async function consent(
  { course, world, store, teller, options, signal, workspace }: Context,
  lab: Lab,
): Promise<void> {
  if (course.dir === installedCourse()) return
  const { say, look, paint } = teller
  const file = join(store.dir, 'trusted.json')
  const trusted = listIn((await world.files.read(file)) ?? '[]')
  if (trusted.includes(course.dir) || options.yes) return
  teller.print(say.foreign(course.dir))
  const commands = lab.steps.flatMap(step => [...step.commands, ...step.solve, ...step.reset])
  const lines = [...commands, ...lab.cleanup].flatMap(({ run, fallback }) => (fallback ? [run, fallback.run] : [run]))
  for (const line of lines) teller.print(`  ${paint.code(harmless(line))}`)
  const words = { yes: say.yes, no: say.no, preferred: 'no' } as const
  const agreed = process.stdin.isTTY && (await confirm(say.foreignQuestion, words, { signal }, look))
  if (agreed === null) throw new Stop(exits.interrupted, say.foreignRefused)
  if (!agreed) throw new Stop(exits.usage, say.foreignRefused)
  try {
    await world.files.write(file, JSON.stringify([...trusted, course.dir]), 0o600)
  } catch (error) {
    throw unwritable(error, { state: store.dir, workspace }, say) ?? error
  }
}

/** A file that somebody broke trusts nobody. */
function listIn(content: string): string[] {
  try {
    const list: unknown = JSON.parse(content)
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}
