import { dirname, join } from 'node:path'
import { labProgress, notInFuture, type Progress, withLab } from '../lab/progress.ts'
import { withEntries } from './ledger.ts'
import { neededSteps, standing } from './look-back.ts'
import { emit, rememberVariables, type Session, saveLedger, saveProgress } from './session.ts'
import type { Loaded } from './store.ts'
import { endLeftover } from './undo.ts'

/** A session without what is kept of it, and the values of `--set`. */
export interface OpenOptions extends Omit<Session, 'progress' | 'ledger' | 'shells' | 'active'> {
  readonly vars: Readonly<Record<string, string>>
}

/** Reads what is kept and makes the session. Files that could not be read are set aside, and that is said. */
export async function openSession(options: OpenOptions): Promise<Session> {
  const { store, vars, ...rest } = options
  const now = options.world.now()
  const [progress, ledger, shells] = options.readOnly
    ? ([{ value: await store.peek() }, { value: { entries: [] } }, {}] as const)
    : await Promise.all([store.progress(), store.ledger(), store.shells()])
  const kept = { progress: notInFuture(progress.value, now), ledger: ledger.value, shells }
  const session: Session = { ...rest, store, active: { at: now, ms: 0 }, ...kept }
  for (const { setAside } of [progress, ledger] as readonly Loaded<unknown>[])
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

/** Makes all ready for the lab: the workspace, the files that the lab gives, what a killed run had under way. */
export async function makeReady(session: Session): Promise<void> {
  await makeWorkspace(session)
  await endLeftover(session)
  await giveFiles(session)
}

/** The same, with the mark of when it began. */
export async function beginLab(session: Session): Promise<void> {
  const { world, lab, workspace } = session
  await makeWorkspace(session)
  const before = labProgress(session.progress, lab.id)
  const resumed = before.startedAt > 0
  const first = resumed ? {} : { startedAt: world.now(), restsOn: await standing(session, neededSteps(session)) }
  const progress: Progress = { ...withLab(session.progress, lab.id, first), workspace, open: lab.id }
  await saveProgress(session, progress)
  await makeReady(session)
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
