import { dirname, join } from 'node:path'
import type { Step } from '../lab/lab.ts'
import { isDone, labProgress, type Progress, stepProgress, withLab, withStep } from '../lab/progress.ts'
import { withEntries } from './ledger.ts'
import { observe } from './observe.ts'
import { emit, rememberVariables, type Session, saveLedger, saveProgress } from './session.ts'
import { endLeftover } from './undo.ts'

/** A session without what is kept of it, and the values of `--set`. */
export interface OpenOptions extends Omit<Session, 'progress' | 'ledger' | 'shells'> {
  readonly vars: Readonly<Record<string, string>>
}

/** Reads what is kept and makes the session. Files that could not be read are set aside, and that is said. */
export async function openSession(options: OpenOptions): Promise<Session> {
  const { store, vars, ...rest } = options
  const [progress, ledger, shells] = await Promise.all([store.progress(), store.ledger(), store.shells()])
  const session: Session = { ...rest, store, progress: progress.value, ledger: ledger.value, shells }
  for (const { setAside } of [progress, ledger])
    if (setAside)
      await emit(session, {
        event: 'warning',
        code: 'state.unreadable',
        text: {
          ko: `기록 파일을 읽을 수 없어서 ${setAside}(으)로 옮겨 두고 새로 시작해요.`,
          en: `A file of what was kept could not be read. It was moved to ${setAside}, and a new one begins.`,
        },
      })
  await rememberVariables(session, vars)
  return session
}

/** Makes the workspace ready for the lab: the folder, the files that the lab gives, the mark of when it began. */
export async function beginLab(session: Session): Promise<void> {
  const { world, lab, workspace } = session
  await makeWorkspace(session)
  await endLeftover(session)
  const before = labProgress(session.progress, lab.id)
  const resumed = before.startedAt > 0
  const startedAt = resumed ? before.startedAt : world.now()
  const progress: Progress = { ...withLab(session.progress, lab.id, { startedAt }), workspace, open: lab.id }
  await saveProgress(session, progress)
  await giveFiles(session)
  await emit(session, { event: 'lab.opened', workspace, resumed })
}

/** The folder and those above it that are missing, outermost first: `clean` takes them away again. */
async function makeWorkspace(session: Session): Promise<void> {
  const { world, workspace } = session
  const missing: string[] = []
  for (let path = workspace; !(await world.reader.file(path)); path = dirname(path)) missing.unshift(path)
  if (missing.length === 0) return
  const folders = missing.map(name => ({ lab: '', step: '', kind: 'folder', name }) as const)
  await saveLedger(session, withEntries(session.ledger, folders))
  await world.files.makeFolder(workspace)
}

/** Files of the lab's `files/`, those that the workspace does not have yet. The ledger knows of them before they are there. */
async function giveFiles(session: Session): Promise<void> {
  const { world, lab, workspace } = session
  const missing: { readonly from: string; readonly to: string }[] = []
  for (const name of (await world.reader.list(join(lab.dir, 'files'))) ?? []) {
    const to = join(workspace, name.replace(/\/$/, ''))
    if (!(await world.reader.file(to))) missing.push({ from: join(lab.dir, 'files', name), to })
  }
  if (missing.length === 0) return
  const entries = missing.map(({ to }) => ({ lab: lab.id, step: '', kind: 'path', name: to }) as const)
  await saveLedger(session, withEntries(session.ledger, entries))
  for (const { from, to } of missing) {
    const file = await world.reader.file(from)
    // Whole or not at all, where one call can do that.
    if (file?.text === undefined) await world.files.copy(from, to)
    else await world.files.write(to, file.text, Number.parseInt(file.mode, 8))
  }
}

/** A passed step whose checks should still hold: no later step has ended on purpose what it made. */
export function shouldHold(session: Session, step: Step): boolean {
  const status = (id: string) => stepProgress(session.progress, session.lab.id, id).status
  if (!['passed', 'solved'].includes(status(step.id))) return false
  return step.until === undefined || !isDone(status(step.until))
}

export interface Verified {
  /** Passed once, not true any more. */
  readonly gone: readonly Step[]
  /** The first step that could not be looked at, with the reason. */
  readonly blind?: Awaited<ReturnType<typeof observe>>['results'][number]
}

/** Looks at everything that was passed before. What is gone is to be done again, from the first such step on. */
export async function verifyPassed(session: Session): Promise<Verified> {
  const gone: { step: Step; at: number }[] = []
  for (const step of session.lab.steps) {
    if (!shouldHold(session, step)) continue
    const { results } = await observe(session, step, { once: true, quiet: true, signal: session.signal })
    if (session.signal.aborted) break
    const blind = results.find(result => result.verdict === 'error')
    if (blind) return { gone: [], blind }
    if (results.some(result => result.verdict !== 'passed'))
      gone.push({ step, at: stepProgress(session.progress, session.lab.id, step.id).at })
  }
  if (gone.length > 0) {
    await emit(session, { event: 'lab.gone', steps: gone.map(({ step, at }) => ({ id: step.id, at })) })
    for (const { step } of gone)
      await saveProgress(session, withStep(session.progress, session.lab.id, step.id, { status: 'todo' }))
  }
  return { gone: gone.map(({ step }) => step) }
}
