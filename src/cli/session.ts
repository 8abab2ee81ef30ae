import { kinds } from '../check/kinds/index.ts'
import type { Lab } from '../lab/lab.ts'
import { nearest } from '../lab/near.ts'
import { inline, type Teller } from '../report/teller.ts'
import { chooseContext } from '../run/choose-context.ts'
import type { Listen } from '../run/events.ts'
import { openSession } from '../run/open.ts'
import type { Session } from '../run/session.ts'
import { browserUrl } from '../terminal/urls.ts'
import { nestingVariable } from '../world/learner-shell/environment.ts'
import { type Context, commandFor, settings } from './context.ts'
import { type Exit, exits, Stop } from './exit.ts'
import { unwritable } from './unwritable.ts'

/** The lab that a command is about: the one that is named, else the one last open, else the first of the course. */
export function labId({ progress, course }: Context, given: string | undefined): string {
  const open = course.labs.find(id => id === progress.open)
  return given ?? open ?? course.labs[0]!
}

/** The step of a lab by its id; a mistyped one ends the command. */
export function findStep({ teller }: Context, lab: Lab, id: string) {
  const step = lab.steps.find(each => each.id === id)
  if (step) return step
  const near = nearest(
    id,
    lab.steps.map(each => each.id),
  )
  const names = lab.steps.map(each => each.id).join(', ')
  const rest = near ? teller.say.didYouMean(near) : names
  throw new Stop(exits.usage, `${teller.say.noSuchStep(id, lab.id)} ${rest}`)
}

export interface WithSession {
  readonly listen?: Listen
  /** Looking is possible beside a runner that has the course; what needs to write is not. */
  readonly lock: 'needed' | 'if-free'
}

/** Opens a session for one command, and closes it on every way out. */
export async function withSession(
  context: Context,
  lab: Lab,
  { listen = () => {}, lock }: WithSession,
  work: (session: Session) => Promise<Exit>,
): Promise<Exit> {
  const { store, teller, workspace } = context
  const options = await optionsOf(context, lab)
  try {
    const taken = await store.lock()
    if ('heldBy' in taken && lock === 'needed') throw new Stop(exits.environment, heldBy(teller, taken.heldBy))
    try {
      const session = await openSession({ ...options, listen, readOnly: 'heldBy' in taken })
      await nameContext(context, session)
      return await work(session)
    } finally {
      if ('release' in taken) await taken.release()
    }
  } catch (error) {
    throw unwritable(error, { state: store.dir, workspace }, teller.say) ?? error
  }
}

function heldBy(teller: Teller, pid: number): string {
  const { say } = teller
  if (process.env[nestingVariable] !== String(pid)) return say.heldBy(pid)
  return inline(teller, say.heldByShell(commandFor(process.argv.slice(2).join(' '))))
}

/** A session that only looks: nothing is written, and nothing is told. */
export async function lookingSession(context: Context, lab: Lab): Promise<Session> {
  const session = await openSession({ ...(await optionsOf(context, lab)), listen: () => {}, readOnly: true })
  await nameContext(context, session)
  return session
}

/** `--context`. */
async function nameContext({ options, teller }: Context, session: Session): Promise<void> {
  if (options.context === undefined) return
  const names = await chooseContext(session, options.context)
  if (!names) return
  const near = nearest(options.context, names)
  const rest = near ? teller.say.didYouMean(near) : names.join(', ')
  throw new Stop(exits.usage, `${teller.say.noSuchContext(options.context)} ${rest}`.trim())
}

async function optionsOf(context: Context, lab: Lab) {
  const { course, world, store, workspace, signal } = context
  const needed = await Promise.all(lab.needs.map(id => context.lab(id)))
  const vars = settings(context, lab)
  const url = (port: number) => browserUrl(port, process.env)
  return { course, lab, needed, kinds, world, store, workspace, signal, browserUrl: url, vars }
}
