import { join } from 'node:path'
import type { Step } from '../lab/lab.ts'
import { withLab, withStep } from '../lab/progress.ts'
import { fill } from '../lab/template.ts'
import { lookAround } from './act.ts'
import { appeared, type Entry, ownedImages, removalOrder, withEntries, withoutEntries } from './ledger.ts'
import { emit, lookup, type Session, saveLedger, saveProgress } from './session.ts'

/**
 * Ends what a killed run had under way, and takes into the ledger what it made: the next start knows as much as the one
 * that was killed.
 */
export async function endLeftover(session: Session): Promise<void> {
  const { running } = session.ledger
  if (!running || running.lab !== session.lab.id) return
  const { world } = session
  const ended = running.start !== null && (await world.shell.endGroup(running.group, running.start))
  if (ended) await emit(session, { event: 'leftover.ended', line: running.line })
  const window = { from: running.at, to: Math.min(world.now(), running.at + running.timeoutMs) }
  const entries = appeared(running, running.before, await lookAround(session), window, ownedImages(session.ledger))
  await saveLedger(session, withEntries(session.ledger, entries))
}

/** Brings back the state before a step, as far as the ledger and the lab's `reset` know it. Files are moved aside, not deleted. */
export async function resetStep(session: Session, step: Step): Promise<void> {
  const { lab } = session
  const mine = session.ledger.entries.filter(entry => entry.lab === lab.id && entry.step === step.id)
  for (const entry of removalOrder(mine)) await removeEntry(session, entry, 'move')
  for (const command of step.reset) await quietly(session, fill(command.run, lookup(session)), command.timeout)
  await forget(session, step)
  if (mine.length > 0 || step.reset.length > 0) await emit(session, { event: 'step.reset' }, step)
}

async function quietly(session: Session, line: string, timeoutMs: number): Promise<void> {
  const state = { cwd: session.workspace, env: {} }
  await session.world.shell.run(line, { state, timeoutMs, signal: session.signal, onOutput: () => {} })
}

async function forget(session: Session, step: Step): Promise<void> {
  const change = { status: 'todo', captures: {}, tries: 0, at: session.world.now() } as const
  await saveProgress(session, withStep(session.progress, session.lab.id, step.id, change))
}

/** Removes everything that the lab made and says what could not be. True when nothing is left. */
export async function cleanLab(session: Session): Promise<boolean> {
  const { lab } = session
  for (const command of lab.cleanup) await quietly(session, fill(command.run, lookup(session)), command.timeout)
  const mine = session.ledger.entries.filter(entry => entry.lab === lab.id)
  for (const entry of removalOrder(mine)) await removeEntry(session, entry, 'delete')
  for (const entry of session.ledger.entries.toReversed())
    if (entry.kind === 'folder' && (await session.world.files.removeFolder(entry.name)))
      await saveLedger(session, withoutEntries(session.ledger, [entry]))
  const shells = Object.entries(session.shells).filter(([key]) => !key.startsWith(`${lab.id}/`))
  session.shells = Object.fromEntries(shells)
  await session.store.saveShells(session.shells)
  await saveProgress(session, withLab(session.progress, lab.id, { startedAt: 0, steps: {}, sightings: {} }))
  return !session.ledger.entries.some(entry => entry.lab === lab.id)
}

async function removeEntry(session: Session, entry: Entry, files: 'move' | 'delete'): Promise<void> {
  const { kind, name } = entry
  try {
    const removed = await remove(session, entry, files)
    if (removed && kind !== 'edit') await emit(session, { event: 'removed', kind, name })
    await saveLedger(session, withoutEntries(session.ledger, [entry]))
  } catch (error) {
    await emit(session, { event: 'not.removed', kind, name, why: (error as Error).message })
  }
}

/** False: it was gone already. */
async function remove(session: Session, entry: Entry, files: 'move' | 'delete'): Promise<boolean> {
  const { world, store } = session
  switch (entry.kind) {
    case 'container':
      return world.docker.removeContainer(entry.id)
    case 'image': {
      const named = await world.docker.removeImage(entry.name)
      // An earlier image of the same name has lost it, and stands there by its id.
      const { images } = await world.docker.snapshot()
      return (images[entry.id] && (await world.docker.removeImage(entry.id))) || named
    }
    case 'volume':
      return world.docker.removeVolume(entry.name)
    case 'network':
      return world.docker.removeNetwork(entry.id)
    case 'process':
      return endProcess(session, entry)
    case 'edit':
      if (entry.copy === null) await world.files.remove(entry.name)
      else if (await world.reader.file(entry.name)) await world.files.copy(entry.copy, entry.name)
      return true
    case 'folder':
      return world.files.removeFolder(entry.name)
    case 'path': {
      if (!(await world.reader.file(entry.name))) return false
      if (files === 'delete') await world.files.remove(entry.name)
      else {
        const stamp = new Date(world.now()).toISOString().replace(/[:.]/g, '-')
        const target = join(store.dir, 'copies', session.lab.id, `${entry.name.split('/').at(-1)}.${stamp}`)
        await world.files.copy(entry.name, target)
        await world.files.remove(entry.name)
      }
      return true
    }
  }
}

async function endProcess(session: Session, entry: Extract<Entry, { kind: 'process' }>): Promise<boolean> {
  const { shell } = session.world
  for (const { pid, start } of entry.members)
    if ((await shell.processStart(pid)) === start) return shell.endGroup(entry.group)
  return false
}
