import { nextStep } from '../../lab/progress.ts'
import { createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'

/** Where you are, and what is next. */
export async function home(options: Common): Promise<Exit> {
  const context = await createContext(options)
  const { course, progress, out, commandFor } = context
  const { say, of, paint } = out
  const open = progress.open && course.labs.includes(progress.open) ? await context.lab(progress.open) : null
  const step = open ? open.steps.find(each => each.id === nextStep(progress, open)) : undefined
  const following = open && !step ? course.labs[course.labs.indexOf(open.id) + 1] : undefined
  const next = step ? open!.id : open ? following : course.labs[0]!
  if (options.json) {
    const document = { course: course.id, lab: open?.id ?? null, step: step?.id ?? null, next: next ?? null }
    out.print(JSON.stringify(document))
  } else {
    out.print(paint.accent(of(course.title)))
    out.print('')
    const command = paint.code(commandFor(`run ${next ?? ''}`.trim()))
    if (open && step) out.print(say.homeWhere(of(open.title), of(step.title)))
    out.print(!open ? say.homeNothing(command) : next ? say.homeContinue(command) : say.homeAllDone)
    out.print(paint.faint(say.homeOthers))
  }
  context.close()
  return exits.done
}
