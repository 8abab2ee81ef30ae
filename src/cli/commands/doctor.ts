import { marked } from '../../report/teller.ts'
import { confirm } from '../../terminal/prompt.ts'
import { type Context, createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'
import { findingLines, findings } from '../preflight.ts'

/** What this machine still needs for one lab or all of them; with `--fix` the repairs are run after asking. */
export async function doctor(given: string | undefined, options: Common & { fix?: boolean }): Promise<Exit> {
  const context = await createContext(options)
  const { out, course } = context
  const { say, of } = out
  try {
    const labs = await Promise.all((given ? [given] : course.labs).map(id => context.lab(id)))
    const found = await findings(context, labs, true)
    const missing = found.filter(finding => !finding.ok)
    if (options.json) {
      const plain = found.map(({ message, repair, ...rest }) => ({
        ...rest,
        message: of(message),
        repair: repair ? { commands: repair.commands, note: repair.note ? of(repair.note) : null } : null,
      }))
      process.stdout.write(`${JSON.stringify({ ok: missing.length === 0, findings: plain })}\n`)
    } else
      for (const finding of found) {
        for (const line of findingLines(out, finding)) out.print(line)
        if (!finding.ok) out.print(`    ${out.paint.faint(say.doctorFor(finding.labs.join(', ')))}`)
      }
    if (!options.json) out.print(missing.length === 0 ? say.doctorReady : say.doctorNotReady)
    if (missing.length === 0) return exits.done
    return options.fix ? await fix(context, missing) : exits.environment
  } finally {
    context.close()
  }
}

async function fix(context: Context, missing: Awaited<ReturnType<typeof findings>>): Promise<Exit> {
  const { teller, world, signal, options } = context
  const { say, paint, look } = teller
  const commands = [...new Set(missing.flatMap(finding => finding.repair?.commands ?? []))]
  if (commands.length === 0) return exits.environment
  for (const command of commands) teller.print(`  ${paint.code(command)}`)
  if (!options.yes && !(await confirm(say.repairRun, { yes: say.yes, no: say.no }, { signal }, look)))
    return exits.environment
  for (const command of commands) {
    teller.print(`$ ${command}`)
    const exit = await world.shell.attended(command)
    if (exit !== 0) {
      teller.print(marked(teller, 'failed', say.repairFailed(command, exit)))
      return exits.environment
    }
  }
  if (missing.some(finding => finding.repair?.needsNewLogin)) {
    teller.print(say.repairLogin)
    return exits.environment
  }
  const labs = await Promise.all([...new Set(missing.flatMap(finding => finding.labs))].map(id => context.lab(id)))
  const still = (await findings(context, labs, true)).filter(finding => !finding.ok)
  for (const finding of still) for (const line of findingLines(teller, finding)) teller.print(line)
  return still.length === 0 ? exits.done : exits.environment
}
