import { kinds } from '../check/kinds/index.ts'
import type { Lab } from '../lab/lab.ts'
import { nearest } from '../lab/near.ts'
import type { Listen } from '../run/events.ts'
import { openSession } from '../run/open.ts'
import type { Session } from '../run/session.ts'
import { browserUrl } from '../terminal/urls.ts'
import { type Context, settings } from './context.ts'
import { type Exit, exits, Stop } from './exit.ts'

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
  const { store, teller, course, world, workspace, signal } = context
  const taken = await takeLock(context)
  if ('heldBy' in taken && lock === 'needed') throw new Stop(exits.environment, teller.say.heldBy(taken.heldBy))
  try {
    const session = await openSession({
      course,
      lab,
      kinds,
      world,
      store,
      workspace,
      signal,
      listen,
      browserUrl: port => browserUrl(port, process.env),
      readOnly: 'heldBy' in taken,
      vars: settings(context, lab),
    })
    return await work(session)
  } finally {
    if ('release' in taken) await taken.release()
  }
}

async function takeLock({ store, teller }: Context) {
  try {
    return await store.lock()
  } catch (error) {
    throw unwritable(error, store.dir, teller.say) ?? error
  }
}

/** A folder that cannot be written is the machine's trouble, not our bug: said as such. */
export function unwritable(error: unknown, dir: string, say: Context['teller']['say']): Stop | null {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Stop(exits.environment, say.diskFull(dir))
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR')
    return new Stop(exits.environment, say.stateUnwritable(dir, code))
  return null
}
