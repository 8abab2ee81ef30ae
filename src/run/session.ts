import type { Kind } from '../check/kind.ts'
import type { Course, Json, Lab, Step } from '../lab/lab.ts'
import { labProgress, type Progress, withLab } from '../lab/progress.ts'
import { fill } from '../lab/template.ts'
import type { Happening, Listen } from './events.ts'
import type { Ledger } from './ledger.ts'
import type { Store } from './store.ts'
import type { ShellState, World } from './world.ts'

/** One lab that is open: what is known of it, and the ways to look, act, remember and tell. */
export interface Session {
  readonly course: Course
  readonly lab: Lab
  readonly kinds: Readonly<Record<string, Kind>>
  readonly world: World
  readonly store: Store
  readonly workspace: string
  /** Aborts on Ctrl-C: what is half-way is ended. */
  readonly signal: AbortSignal
  /** The address of a port that a browser can open. */
  readonly browserUrl: (port: number) => string
  readonly listen: Listen
  /** Look only: another runner has the course. */
  readonly readOnly: boolean
  progress: Progress
  ledger: Ledger
  shells: Record<string, ShellState>
}

/** Tells listeners and keeps the event; output of commands is only told. */
export async function emit(session: Session, happening: Happening, step?: Step): Promise<void> {
  const event = {
    at: session.world.now(),
    lab: session.lab.id,
    ...(step ? { step: step.id } : {}),
    ...happening,
  }
  session.listen(event)
  if (happening.event !== 'command.output' && happening.event !== 'check.waiting' && !session.readOnly)
    await session.store.record(event)
}

export async function saveProgress(session: Session, progress: Progress): Promise<void> {
  session.progress = progress
  if (!session.readOnly) await session.store.saveProgress(progress)
}

export async function saveLedger(session: Session, ledger: Ledger): Promise<void> {
  session.ledger = ledger
  if (!session.readOnly) await session.store.saveLedger(ledger)
}

/** Values of the lab's variables: `--set`, else what was remembered, else what the lab says. */
export function variables(session: Pick<Session, 'lab' | 'progress'>): Record<string, string> {
  return { ...session.lab.vars, ...labProgress(session.progress, session.lab.id).vars }
}

export async function rememberVariables(session: Session, vars: Record<string, string>): Promise<void> {
  if (Object.keys(vars).length === 0) return
  const before = labProgress(session.progress, session.lab.id).vars
  await saveProgress(session, withLab(session.progress, session.lab.id, { vars: { ...before, ...vars } }))
}

export function captures(session: Session): Record<string, Readonly<Record<string, Json>>> {
  const { steps } = labProgress(session.progress, session.lab.id)
  return Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, step.captures]))
}

/** What `{{ name }}` stands for now; `undefined`: nothing yet. */
export function lookup(
  session: Session,
  steps: Record<string, Readonly<Record<string, Json>>> = captures(session),
): (name: string) => string | undefined {
  const vars = variables(session)
  return name => {
    const [root = '', first = '', second = ''] = name.split('.')
    switch (root) {
      case 'vars':
        return vars[first]
      case 'steps': {
        const value = steps[first]?.[second]
        return value === undefined || value === null ? undefined : String(value)
      }
      case 'url':
        return session.browserUrl(Number(first))
      case 'course':
        return first === 'dir' ? session.course.dir : undefined
      case 'lab':
        return first === 'dir' ? session.lab.dir : undefined
      default:
        return undefined
    }
  }
}

/** Fills every string of a tree. */
export function fillTree(tree: Json, look: (name: string) => string | undefined): Json {
  if (typeof tree === 'string') return fill(tree, look)
  if (Array.isArray(tree)) return tree.map(item => fillTree(item, look))
  if (typeof tree === 'object' && tree !== null)
    return Object.fromEntries(Object.entries(tree).map(([key, value]) => [fill(key, look), fillTree(value, look)]))
  return tree
}
