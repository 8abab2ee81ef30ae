import { join, relative } from 'node:path'
import { type Targets, targetsIn } from '../causes/kubectl-targets.ts'
import { type Check, type Command, isGroup, type Step } from '../lab/lab.ts'
import { withNothingDone, withStep } from '../lab/progress.ts'
import { fill, names } from '../lab/template.ts'
import { lookAround, runCommand } from './act.ts'
import { contextOf, foreignCluster, namespaceIn } from './cluster.ts'
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
  // In the future it began by a clock that was set back since then: so did what it made.
  const [now, longest] = [world.now(), running.at + running.timeoutMs]
  const span = { line: running.line, from: running.at, to: running.at > now ? longest : Math.min(now, longest) }
  const entries = appeared(
    running,
    running.before,
    await lookAround(session, running.line),
    span,
    ownedImages(session.ledger),
  )
  await saveLedger(session, withEntries(session.ledger, entries))
}

/** Brings back the state before a step, as far as the ledger and the lab's `reset` know it. Files are moved aside, not deleted. */
export async function resetStep(session: Session, step: Step): Promise<void> {
  const { lab } = session
  const mine = session.ledger.entries.filter(entry => entry.lab === lab.id && entry.step === step.id)
  for (const entry of removalOrder(mine)) await removeEntry(session, entry, 'move')
  await runAll(session, step, step.reset)
  // It begins anew: what came to be before does not count as done since its start.
  const now = session.world.now()
  const change = { status: 'todo', tries: 0, hints: 0, at: now, startedAt: now } as const
  await saveProgress(session, withStep(session.progress, lab.id, step.id, change))
  if (mine.length > 0 || step.reset.length > 0) await emit(session, { event: 'step.reset' }, step)
}

/** From the workspace: where a learner's shell stands does not matter. */
async function runAll(session: Session, step: Step, commands: readonly Command[]): Promise<void> {
  const state = { cwd: session.workspace, env: {} }
  for (const command of commands)
    await runCommand(session, ownerOf(session, step, command), command, fill(command.run, lookup(session)), state)
}

/**
 * What a recipe brings back belongs to the step that made it: that which this one ends, or whose own things it names. So
 * it goes when that step is taken back, whoever made it the first time.
 */
function ownerOf({ lab }: Session, step: Step, { run }: Command): Step {
  const named = names(run).map(({ name }) => name.split('.'))
  const owns = (each: Step) =>
    named.some(([of, id, key]) => of === 'steps' && id === each.id && ownCaptures(each).has(key))
  return lab.steps.find(each => each.until === step.id) ?? lab.steps.find(owns) ?? step
}

/** Values that a step found at what came to be in it. */
function ownCaptures({ checks }: Step): Set<string | undefined> {
  const all: readonly Check[] = checks.flatMap(check => (isGroup(check) ? [check, ...check.of] : [check]))
  return new Set(all.filter(({ since }) => since === 'step').flatMap(({ capture }) => Object.keys(capture)))
}

/** What the lab made that is still there, each once. */
export async function leftOf({ world, ledger, lab }: Session): Promise<Entry[]> {
  const docker = await world.docker.snapshot().catch(() => null)
  const clusters = new Set(Object.values(docker?.containers ?? {}).map(each => each.cluster))
  const isThere = async (entry: Entry): Promise<boolean> => {
    switch (entry.kind) {
      case 'container':
      case 'network':
        return !docker || entry.id in docker[`${entry.kind}s`]
      case 'image':
        return !docker || entry.name in docker.images || entry.id in docker.images
      case 'volume':
        return !docker || entry.name in docker.volumes
      case 'cluster':
        return !docker || clusters.has(entry.name)
      case 'process': {
        const starts = await Promise.all(entry.members.map(({ pid }) => world.shell.processStart(pid)))
        return entry.members.some(({ start }, index) => start === starts[index])
      }
      case 'path':
        return (await world.reader.file(entry.name)) !== null
      case 'edit':
      case 'folder':
        return false
    }
  }
  const mine = ledger.entries.filter(entry => entry.lab === lab.id)
  const there = await Promise.all(mine.map(isThere))
  const byName = new Map(mine.filter((_, index) => there[index]).map(entry => [`${entry.kind} ${entry.name}`, entry]))
  return [...byName.values()]
}

/** Objects in the lab's cluster that its cleanup deletes, as far as they can be seen, each once. */
export async function objectsLeft(session: Session): Promise<Target[]> {
  const { world, lab } = session
  if (lab.cluster === undefined || (await foreignCluster(session, world.reader).catch(() => 'unknown'))) return []
  const left = new Map<string, Target>()
  for (const { run } of lab.cleanup) {
    const line = fill(run, lookup(session))
    const place = { context: contextOf(session), namespace: namespaceIn(line) ?? 'default' }
    for (const { kind, name } of deletedIn(line)) {
      const found = await world.reader.cluster.list({ ...place, kind }).catch(() => null)
      if (found?.some(({ metadata }) => metadata.name === name)) left.set(`${kind} ${name}`, { kind, name })
    }
  }
  return [...left.values()]
}

type Target = Targets['objects'][number]

/** `pods,services web` are two. */
function deletedIn(line: string): Target[] {
  const targets = targetsIn(line)
  if (targets?.verb !== 'delete') return []
  return targets.objects.flatMap(({ kind, name }) =>
    kind.includes(',')
      ? kind.split(',').flatMap(each => deletedIn(`kubectl delete ${each} ${name}`))
      : [{ kind, name }],
  )
}

/** Removes everything that the lab made and says what could not be. True when nothing is left. */
export async function cleanLab(session: Session): Promise<boolean> {
  const { lab } = session
  const last = lab.steps.at(-1)
  if (last) await runAll(session, last, lab.cleanup)
  const mine = session.ledger.entries.filter(entry => entry.lab === lab.id)
  for (const entry of removalOrder(mine)) await removeEntry(session, entry, 'delete')
  for (const entry of session.ledger.entries.toReversed())
    if (entry.kind === 'folder' && (await session.world.files.removeFolder(entry.name)))
      await saveLedger(session, withoutEntries(session.ledger, [entry]))
  const shells = Object.entries(session.shells).filter(([key]) => !key.startsWith(`${lab.id}/`))
  session.shells = Object.fromEntries(shells)
  await session.store.saveShells(session.shells)
  await saveProgress(session, withNothingDone(session.progress, lab.id))
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
  const { world } = session
  switch (entry.kind) {
    case 'container':
      return world.docker.removeContainer(entry.id)
    case 'cluster':
      return deleteCluster(session, entry.name)
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
      // The learner may have gone on writing in it.
      if (files === 'move') await keepAside(session, entry.name)
      if (entry.copy === null) await world.files.remove(entry.name)
      else if (await world.reader.file(entry.name)) await world.files.copy(entry.copy, entry.name)
      return true
    case 'folder':
      return world.files.removeFolder(entry.name)
    case 'path': {
      if (!(await world.reader.file(entry.name))) return false
      if (files === 'move') await keepAside(session, entry.name)
      await world.files.remove(entry.name)
      return true
    }
  }
}

/** kind takes away the context of kubectl as well. It says the same of a cluster that is not there. */
async function deleteCluster({ world, workspace, signal }: Session, name: string): Promise<boolean> {
  const { containers } = await world.docker.snapshot()
  const there = Object.values(containers).some(each => each.cluster === name)
  const state = { cwd: workspace, env: {} }
  const quiet = { timeoutMs: 60_000, signal, onOutput: () => {} }
  const { exit, stderr } = await world.shell.run(`kind delete cluster --name ${quoted(name)}`, { state, ...quiet })
  if (exit !== 0) throw new Error(stderr.trim())
  return there
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

async function keepAside(session: Session, path: string): Promise<void> {
  const { world, store, lab, workspace } = session
  if (!(await world.reader.file(path))) return
  const stamp = new Date(world.now()).toISOString().replace(/[:.]/g, '-')
  const name = relative(workspace, path)
  const copy = join(store.dir, 'copies', lab.id, `${name}.reset-${stamp}`)
  await world.files.copy(path, copy)
  await emit(session, { event: 'copy.kept', name, copy })
}

async function endProcess(session: Session, entry: Extract<Entry, { kind: 'process' }>): Promise<boolean> {
  const { shell } = session.world
  for (const { pid, start } of entry.members)
    if ((await shell.processStart(pid)) === start) return shell.endGroup(entry.group)
  return false
}
