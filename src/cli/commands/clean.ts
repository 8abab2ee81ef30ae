import { fill } from '../../lab/template.ts'
import { commandLine } from '../../report/plain.ts'
import { inline, labelled } from '../../report/teller.ts'
import { lookup } from '../../run/session.ts'
import { cleanLab, endLeftover, leftOf, objectsLeft } from '../../run/undo.ts'
import { confirm } from '../../terminal/prompt.ts'
import { createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'
import { labId, withSession } from '../session.ts'
import { consent } from '../trust.ts'
import { createView } from '../view.ts'

/** Removes what the ledger knows of a lab, and says what is left. */
export async function clean(given: string | undefined, options: Common): Promise<Exit> {
  const context = await createContext(options)
  const { teller, signal } = context
  const { say, look, of } = teller
  try {
    const lab = await context.lab(labId(context, given))
    if (lab.cleanup.length > 0) await consent(context, lab)
    const view = await createView(context, lab, () => undefined as never, false)
    return await withSession(context, lab, { lock: 'needed', listen: view.listen }, async session => {
      await endLeftover(session)
      const mine = await leftOf(session)
      if (mine.length === 0 && lab.cleanup.length === 0) {
        await cleanLab(session)
        teller.print(say.cleanNothing(of(lab.title)))
        return exits.done
      }
      if (!options.yes && !options.json) {
        const all = [...mine, ...(await objectsLeft(session))]
        if (all.length > 0) teller.print(say.cleanWill)
        for (const { kind, name } of all) teller.print(labelled(teller, say.kinds[kind] ?? kind, name, 2, 10))
        if (lab.cleanup.length > 0) teller.print(say.cleanRuns)
        for (const { run } of lab.cleanup)
          for (const line of commandLine(teller, fill(run, lookup(session)))) teller.print(`  ${line}`)
        const words = { yes: say.yes, no: say.no, preferred: 'no' } as const
        const agreed = await confirm(say.cleanQuestion(of(lab.title)), words, { signal }, look)
        if (!agreed) return agreed === null ? exits.interrupted : exits.done
      }
      const complete = await cleanLab(session)
      await view.settled()
      teller.print(complete ? say.cleanDone(of(lab.title)) : say.cleanLeft(of(lab.title)))
      if (mine.some(entry => entry.kind === 'image')) teller.print(inline(teller, say.cacheKept))
      return complete ? exits.done : exits.environment
    })
  } finally {
    context.close()
  }
}
