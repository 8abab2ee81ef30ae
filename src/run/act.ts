import { join } from 'node:path'
import type { Command, Edit, Step } from '../lab/lab.ts'
import { fill, names } from '../lab/template.ts'
import type { FoundCause } from '../lab/verdict.ts'
import { clustersMadeBy } from './cluster.ts'
import { causeOfCommand, causeOfRefusal } from './diagnosis.ts'
import { appeared, type Before, type Entry, ownedImages, withEntries } from './ledger.ts'
import { emit, filled, lookup, type Session, saveLedger } from './session.ts'
import type { DockerSnapshot, ShellResult, ShellState } from './world.ts'

export interface Ran {
  readonly ok: boolean
  readonly cause: FoundCause | null
  readonly interrupted: boolean
}

/** Whether to go the other way that a command has, now that it failed. */
export type AskFallback = (command: Command) => Promise<boolean>

/** Does a step as the lab says: its edits, then its commands. Stops at the first that does not end as expected. */
export async function doStep(session: Session, step: Step, askFallback: AskFallback): Promise<Ran> {
  for (const edit of step.edits) await writeEdit(session, step, edit)
  let state = await shellAtStart(session, step)
  const commands = step.solve.length > 0 ? step.solve : step.commands
  for (const command of commands) {
    const run = await runCommand(session, step, command, fill(command.run, lookup(session)), state)
    state = run.state
    if (run.ok) continue
    const { fallback } = command
    const other = !run.interrupted && fallback && run.cause && fallback.on.includes(run.cause.code)
    if (!other || !(await askFallback(command))) return run
    await emit(session, { event: 'command.fallback', command: command.id, text: filled(session, fallback.text) }, step)
    const second = await runCommand(session, step, command, fill(fallback.run, lookup(session)), state)
    state = second.state
    if (!second.ok) return second
  }
  await rememberShell(session, step, state)
  return { ok: true, cause: null, interrupted: false }
}

/** Runs one line, tells about it, and takes into the ledger what it made. */
export async function runCommand(
  session: Session,
  step: Step,
  command: Command,
  line: string,
  state: ShellState,
): Promise<Ran & { state: ShellState }> {
  const { world, store, lab } = session
  const missing = names(line).filter(({ bare }) => !bare)
  if (missing.length > 0) return notReady(session, step, missing[0]!.name, state)
  const refused = await causeOfRefusal(session, line, state)
  if (refused) {
    const text = { ko: `${refused.message.ko} ${refused.advice.ko}`, en: `${refused.message.en} ${refused.advice.en}` }
    await emit(session, { event: 'warning', code: refused.code, text }, step)
    return { ok: false, cause: refused, interrupted: false, state }
  }
  await emit(session, { event: 'command.started', command: command.id, line }, step)
  const before = await lookAround(session, line)
  const at = world.now()
  const result = await world.shell.run(line, {
    state,
    timeoutMs: command.timeout,
    signal: session.signal,
    onOutput: (stream, text) =>
      void emit(session, { event: 'command.output', command: command.id, stream, text }, step),
    onStart: async group => {
      const start = await world.shell.processStart(group)
      const running = { lab: lab.id, step: step.id, line, group, start, at, timeoutMs: command.timeout, before }
      await saveLedger(session, { ...session.ledger, running })
    },
    ...(command.background ? { background: { log: join(store.dir, 'logs', `${lab.id}-${command.id}.log`) } } : {}),
  })
  const owner = { lab: lab.id, step: step.id }
  const span = { line, from: at, to: world.now() }
  const entries = appeared(owner, before, await lookAround(session, line), span, ownedImages(session.ledger))
  const process = await processEntry(session, step, line, result)
  await saveLedger(session, withEntries(session.ledger, [...entries, ...process]))
  const ok = !result.interrupted && fits(command, result)
  const { exit, stdout, stderr, timedOut, tookMs } = result
  const asExpected = exit === command.expect.exit && !timedOut
  const outcome = { line, exit, stdout, stderr, timedOut, cwd: result.state.cwd }
  const cause = ok || result.interrupted || asExpected ? null : await causeOfCommand(session, outcome)
  const finished = { event: 'command.finished', command: command.id, line, exit, ok, tookMs } as const
  await emit(session, { ...finished, expected: command.expect.exit, cause }, step)
  return { ok, cause, interrupted: result.interrupted, state: result.state }
}

/** A value that an earlier step would have found out: that step was skipped, or done in a way that did not show it. */
async function notReady(
  session: Session,
  step: Step,
  name: string,
  state: ShellState,
): Promise<Ran & { state: ShellState }> {
  const from = session.lab.steps.find(each => each.id === name.split('.')[1])
  const title = from?.title ?? { ko: name, en: name }
  const text = {
    ko: `이 명령에는 \`${title.ko}\` 단계에서 알아낸 값이 필요해요. 그 단계부터 해 주세요.`,
    en: `This command needs a value that the step "${title.en}" finds out. Do that step first.`,
  }
  await emit(session, { event: 'warning', code: 'value.missing', text }, step)
  return { ok: false, cause: null, interrupted: false, state }
}

function fits({ expect }: Command, result: ShellResult): boolean {
  return (
    result.exit === expect.exit &&
    !result.timedOut &&
    (expect.stdout === undefined || result.stdout.includes(expect.stdout)) &&
    (expect.stderr === undefined || result.stderr.includes(expect.stderr))
  )
}

async function processEntry(session: Session, step: Step, line: string, result: ShellResult): Promise<Entry[]> {
  if (result.group === undefined) return []
  const members = await session.world.shell.members(result.group)
  return [{ lab: session.lab.id, step: step.id, kind: 'process', name: line, group: result.group, members }]
}

/** What is there now, for the ledger to compare with, before and after this line. */
export async function lookAround(session: Session, line = ''): Promise<Before> {
  const { world, workspace, lab } = session
  const uses = 'docker' in lab.requires.tools
  const [docker, names] = await Promise.all([
    uses ? world.docker.snapshot().catch(() => null) : null,
    world.reader.list(workspace),
  ])
  return {
    docker: docker && withoutOtherClusters(docker, [lab.cluster, ...clustersMadeBy(line)]),
    paths: (names ?? []).map(name => join(workspace, name.replace(/\/$/, ''))),
  }
}

/** Of kind's clusters only the lab's own, and one that a line makes by name, may become its property, and be deleted with it. */
function withoutOtherClusters(snapshot: DockerSnapshot, own: readonly (string | undefined)[]): DockerSnapshot {
  const kept = Object.entries(snapshot.containers).filter(
    ([, { cluster }]) => cluster === undefined || own.includes(cluster),
  )
  return { ...snapshot, containers: Object.fromEntries(kept) }
}

/** Writes a file for the learner; what was there is kept, and the copy is named. */
async function writeEdit(session: Session, step: Step, edit: Edit): Promise<void> {
  const { world, store, lab, workspace } = session
  const path = join(workspace, edit.file)
  const solution = await world.files.read(join(lab.dir, edit.solution))
  if (solution === null) throw new Error(`${lab.id}: ${edit.solution} is missing`)
  const content = fill(solution, lookup(session))
  const old = await world.files.read(path)
  if (old === content) return
  const known = session.ledger.entries.some(entry => entry.kind === 'edit' && entry.name === path)
  const stamp = new Date(world.now()).toISOString().replace(/[:.]/g, '-')
  const copy = old === null ? null : join(store.dir, 'copies', lab.id, `${edit.file}.${stamp}`)
  if (copy !== null) await world.files.copy(path, copy)
  if (!known) {
    const entry: Entry = { lab: lab.id, step: step.id, kind: 'edit', name: path, copy }
    await saveLedger(session, withEntries(session.ledger, [entry]))
  }
  await world.files.write(path, content)
  await emit(session, { event: 'edit.written', file: edit.file, copy }, step)
}

/** A line that only moves the shell: it can be run again without harm, and must be when the step before was done elsewhere. */
function onlyMoves(command: Command): boolean {
  return /^(cd|export|unset)\b[^;&|`]*$/.test(command.run) && !command.run.includes('$(')
}

/** The folder and variables that a step begins with: kept from the step before, else what its lines would have left. */
export async function shellAtStart(session: Session, step: Step): Promise<ShellState> {
  const { lab, shells, workspace, world } = session
  const index = lab.steps.indexOf(step)
  const kept = shells[`${lab.id}/${step.id}`]
  if (kept) return kept
  const previous = lab.steps[index - 1]
  if (!previous) return { cwd: workspace, env: {} }
  let state = await shellAtStart(session, previous)
  for (const command of previous.commands.filter(onlyMoves)) {
    const line = fill(command.run, lookup(session))
    const quiet = { timeoutMs: 5000, signal: session.signal, onOutput: () => {} }
    const result = await world.shell.run(line, { state, ...quiet })
    if (result.exit === 0) state = result.state
  }
  return state
}

async function rememberShell(session: Session, step: Step, state: ShellState): Promise<void> {
  const next = session.lab.steps[session.lab.steps.indexOf(step) + 1]
  if (!next) return
  session.shells = { ...session.shells, [`${session.lab.id}/${next.id}`]: state }
  await session.store.saveShells(session.shells)
}
