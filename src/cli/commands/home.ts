import type { Lab } from '../../lab/lab.ts'
import { labProgress, nextStep, stepProgress } from '../../lab/progress.ts'
import { checkLines } from '../../report/checks.ts'
import { stepList } from '../../report/plain.ts'
import { inline, marked } from '../../report/teller.ts'
import { type LookedBack, lookBack, stood } from '../../run/look-back.ts'
import { timeAgo } from '../../text/index.ts'
import { type Context, createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'
import { lookingSession } from '../session.ts'

/** Where you are, what of it is still true, and what is next. */
export async function home(options: Common): Promise<Exit> {
  const context = await createContext(options)
  try {
    const { course, progress, out, commandFor } = context
    const { say, of, paint } = out
    const open = progress.open && course.labs.includes(progress.open) ? await context.lab(progress.open) : null
    const step = open ? nextStep(progress, open) : null
    const following = open && !step ? course.labs[course.labs.indexOf(open.id) + 1] : undefined
    const next = step ? open!.id : open ? following : course.labs[0]!
    const found = open ? await lookBack(await lookingSession(context, open)) : null
    if (options.json) {
      out.print(
        JSON.stringify({ course: course.id, lab: open?.id ?? null, step, next: next ?? null, ...looked(found) }),
      )
      return exits.done
    }
    out.print(`${paint.accent(of(course.title))}\n`)
    if (open && found && labProgress(progress, open.id).startedAt > 0) {
      out.print(where(context, open, step))
      for (const line of state(context, open, found)) out.print(line)
      out.print('')
    }
    const command = paint.code(commandFor(`run ${next ?? ''}`.trim()))
    out.print(!open ? say.homeNothing(command) : next ? say.homeContinue(command) : say.homeAllDone)
    out.print(paint.faint(inline(out, say.homeOthers(commandFor('list'), commandFor('--help')))))
    return exits.done
  } finally {
    context.close()
  }
}

function where({ out, progress, world }: Context, lab: Lab, step: string | null): string {
  const { say, of, paint } = out
  const title = paint.strong(of(lab.title))
  if (!step) {
    const ended = Math.max(...lab.steps.map(({ id }) => stepProgress(progress, lab.id, id).at))
    return say.homeEnded(title, timeAgo(ended, world.now(), say))
  }
  const number = lab.steps.findIndex(each => each.id === step)
  return say.homeWhere(title, of(lab.steps[number]!.title), number + 1, lab.steps.length)
}

/** What was looked at again, as lines. */
function state({ out, progress, world, commandFor }: Context, lab: Lab, { held, gone, blind }: LookedBack): string[] {
  const { say, paint } = out
  if (blind) return [marked(out, 'error', say.homeBlind), ...checkLines(out, blind).map(line => `  ${line}`)]
  const all = held.length + gone.length
  if (all === 0) return []
  const holds = marked(out, held.length === all ? 'passed' : 'waiting', say.homeHolds(held.length, all))
  if (gone.length === 0) return [holds]
  const steps = gone.map(({ id, title }) => ({ title, at: stepProgress(progress, lab.id, id).at }))
  const at = stood({ progress, lab })
  const command = paint.code(commandFor(at ? `goto ${at}` : `run ${lab.id} --yes`))
  const list = say.gone(stepList(out, steps, world.now()))
  return [holds, marked(out, 'error', list), `  ${say.bringBack(command)}`]
}

function looked(found: LookedBack | null) {
  const ids = (steps: LookedBack['held']) => steps.map(({ id }) => id)
  return found ? { holds: ids(found.held), gone: ids(found.gone), looked: !found.blind } : {}
}
