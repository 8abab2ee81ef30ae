import type { Lab } from '../../lab/lab.ts'
import { labProgress, nextStep, withLab } from '../../lab/progress.ts'
import { checkLines } from '../../report/checks.ts'
import { neededGone, tellNeededGone, verifyPassed } from '../../run/look-back.ts'
import { beginLab } from '../../run/open.ts'
import { type Session, saveProgress } from '../../run/session.ts'
import { type Ending, type Person, walk } from '../../run/walk.ts'
import { type Context, createContext, settings } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import type { Common } from '../options.ts'
import { createSwitch, personAt, type Switch } from '../person.ts'
import { preflight } from '../preflight.ts'
import { labId, withSession } from '../session.ts'
import { consent } from '../trust.ts'
import { alone, createView, type View } from '../view.ts'

export async function runLab(given: string | undefined, options: Common): Promise<Exit> {
  const context = await createContext(options)
  try {
    const lab = await context.lab(labId(context, given))
    settings(context, lab)
    await consent(context, lab)
    let session: Session | undefined
    const view = await createView(context, lab, () => session!, true)
    const events = createSwitch(view)
    return await withSession(context, lab, { lock: 'needed', listen: events.listen }, async opened => {
      session = opened
      return goThrough(context, lab, opened, view, events)
    })
  } finally {
    context.close()
  }
}

async function goThrough(context: Context, lab: Lab, session: Session, view: View, events: Switch): Promise<Exit> {
  const { teller, options } = context
  await needsDone(context, lab)
  const begun = labProgress(session.progress, lab.id).startedAt > 0
  const ready = await preflight(context, lab, { portsToo: !begun })
  if (!ready) return exits.environment
  const gone = await neededGone(session)
  if (gone.length > 0) {
    await tellNeededGone(session, gone)
    // Later on the learner may go on with what is there.
    if (!begun) return exits.environment
  }
  await beginLab(session)
  if (options.lang) await saveProgress(session, { ...withLab(session.progress, lab.id, {}), language: options.lang })
  const { blind } = await verifyPassed(session)
  await view.settled()
  if (blind) {
    for (const line of checkLines(teller, blind)) teller.print(line)
    return exits.environment
  }
  const ending = session.signal.aborted
    ? { end: 'interrupted' as const }
    : await walk(session, personFor(context, session, view, events))
  await view.settled()
  return conclude(context, lab, ending)
}

function personFor(context: Context, session: Session, view: View, events: Switch): Person | null {
  if (alone(context)) return null
  const person = personAt(context, session, view, events)
  return context.options.watch ? { ...person, action: async () => 'watch' } : person
}

/** A lab may start from the end of another one. */
async function needsDone({ progress, teller, commandFor, lab: load }: Context, lab: Lab): Promise<void> {
  for (const id of lab.needs) {
    const other = await load(id)
    if (nextStep(progress, other) === null) continue
    throw new Stop(exits.environment, teller.say.needsLab(other.title[teller.language], commandFor(`run ${id}`)))
  }
}

function conclude({ teller, commandFor }: Context, lab: Lab, ending: Ending): Exit {
  const { say, print, paint } = teller
  switch (ending.end) {
    case 'finished':
    case 'quit':
      return exits.done
    case 'interrupted':
      print(`\n${say.interrupted}`)
      return exits.interrupted
    case 'stuck':
      print('')
      print(say.stuckNext(paint.code(commandFor(`run ${lab.id}`))))
      return ending.verdict === 'error' ? exits.environment : exits.failed
  }
}
