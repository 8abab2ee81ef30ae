import { type At, entries, field, word } from '../cursor.ts'
import type { Report } from '../report.ts'
import { commandsIn } from '../shell-words.ts'
import { shellLines, stepsOf } from '../written.ts'

/** Either says that the lab works with the engine. */
const ofEngine = ['docker', 'kind']

/** A lab that works with the engine says so: only then is looked at what it makes there, to take it away again. */
export function checkTools(root: At, report: Report): void {
  const required = entries(field(field(root, 'requires'), 'tools')).map(([name]) => name)
  if (ofEngine.some(name => required.includes(name))) return
  const runs = shellLines(root).flatMap(({ run }) =>
    commandsIn(word(run)!)
      .filter(([program = '']) => ofEngine.includes(program))
      .map(([tool = '']) => ({ at: { ...run, inside: tool }, tool })),
  )
  const looks = stepsOf(root)
    .flatMap(({ checks }) => checks.map(check => field(check, 'check')))
    .flatMap(at => ofEngine.filter(name => word(at)?.startsWith(`${name}.`)).map(tool => ({ at, tool })))
  const [first] = [...runs, ...looks]
  if (first) report(first.at, 'engine-not-required', { tool: first.tool })
}
