import type { Kind } from '../check/kind.ts'
import type { Course, Json, Lab, Step, Text } from '../lab/lab.ts'
import { labProgress, type Progress, withLab } from '../lab/progress.ts'
import { fill, type Lookup, lookupIn } from '../lab/template.ts'
import { contextOf } from './cluster.ts'
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
  /** The labs whose end state this one starts from. */
  readonly needed?: readonly Lab[]
  /** When somebody was last at it, and how long since the progress was last kept, ms. */
  active: { readonly at: number; readonly ms: number }
  progress: Progress
  ledger: Ledger
  shells: Record<string, ShellState>
}

/** Longer than this without a sign of life is a break, ms. */
const longestPause = 15 * 60_000

function signOfLife(session: Session): void {
  const now = session.world.now()
  const { at, ms } = session.active
  session.active = { at: now, ms: ms + Math.min(longestPause, Math.max(0, now - at)) }
}

/** Tells listeners and keeps the event; output of commands is only told. */
export async function emit(session: Session, happening: Happening, step?: Step): Promise<void> {
  const event = {
    at: session.world.now(),
    lab: session.lab.id,
    ...(step ? { step: step.id } : {}),
    ...happening,
  }
  signOfLife(session)
  session.listen(event)
  if (happening.event !== 'command.output' && happening.event !== 'check.waiting' && !session.readOnly)
    await session.store.record(event)
}

export async function saveProgress(session: Session, progress: Progress): Promise<void> {
  signOfLife(session)
  const { startedAt, activeMs = 0 } = labProgress(progress, session.lab.id)
  const begun = startedAt > 0
  session.progress = begun ? withLab(progress, session.lab.id, { activeMs: activeMs + session.active.ms }) : progress
  session.active = { ...session.active, ms: 0 }
  if (!session.readOnly) await session.store.saveProgress(session.progress)
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

/** A text of the lab with its `{{ }}` filled in. */
export function filled(session: Session, text: Text): Text {
  const look = lookup(session)
  return { ko: fill(text.ko, look), en: fill(text.en, look) }
}

/** What `{{ name }}` stands for now. */
export function lookup(
  session: Session,
  steps: Record<string, Readonly<Record<string, Json>>> = captures(session),
): Lookup {
  const { course, lab, browserUrl } = session
  const place = { courseDir: course.dir, labDir: lab.dir, context: contextOf(session), url: browserUrl }
  return lookupIn({ ...place, vars: variables(session), captures: steps })
}
