import { rule } from '../../report/teller.ts'
import { createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'
import { findStep, labId, withSession } from '../session.ts'
import { renderer } from '../view.ts'

/** The text of a lab, or of one step, as the run shows it. */
export async function show(given: string | undefined, stepId: string | undefined, options: Common): Promise<Exit> {
  const context = await createContext(options)
  const { out } = context
  const { of } = out
  try {
    const lab = await context.lab(labId(context, given))
    const steps = stepId ? [findStep(context, lab, stepId)] : lab.steps
    return await withSession(context, lab, { lock: 'if-free' }, async session => {
      const render = await renderer(out, () => session)
      if (options.json) {
        const texts = steps.map(step => ({ id: step.id, title: of(step.title), text: of(step.text) }))
        out.print(JSON.stringify({ lab: lab.id, title: of(lab.title), steps: texts }))
        return exits.done
      }
      if (!stepId) out.print(`${out.paint.accent(of(lab.title))}\n\n${render(of(lab.intro))}`)
      for (const step of steps) out.print(`\n${rule(out, of(step.title))}\n\n${render(of(step.text))}`)
      return exits.done
    })
  } finally {
    context.close()
  }
}
