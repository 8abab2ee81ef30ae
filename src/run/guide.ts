import { join } from 'node:path'
import type { Step } from '../lab/lab.ts'
import { nextStep } from '../lab/progress.ts'
import type { CheckResult } from '../lab/verdict.ts'
import { lookAround, shellAtStart } from './act.ts'
import { type Answer, type Desk, deskName } from './desk.ts'
import { gatherFacts } from './facts.ts'
import type { LearnerShell, TypedCommand } from './learner-shell.ts'
import { appeared, type Before, ownedImages, withEntries } from './ledger.ts'
import { observe } from './observe.ts'
import { emit, type Session, saveLedger } from './session.ts'
import { beginStep, giveHint, remember, settle, skipStep, solveStep } from './walk.ts'

/** What was told since the last call, ready to be put above a prompt; empty: nothing. */
export type Collect = () => Promise<string>

/**
 * The learner types in their own shell and the runner looks on: after each command, and whenever the world changes, it
 * looks again, says above the next prompt what is done and what is missing, and goes on to the next step. Returns when
 * the shell ends: by the learner, wherever they are by then, or by us when every step is done.
 */
export async function guide(session: Session, shell: LearnerShell, desk: Desk, collect: Collect): Promise<void> {
  const first = currentStep(session)
  if (!first) return
  let step: Step | null = first
  let watching = new AbortController()
  let control: Parameters<NonNullable<Parameters<LearnerShell['open']>[0]['onReady']>>[0] | undefined
  let before = await lookAround(session)
  let shown = ''
  /** Of the checks that fail now: hints go by them. */
  let codes: string[] = []
  // One thing at a time: a command's end and a change of the world may come together.
  let turn = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work)
    return turn
  }

  /** Waits beside the learner for what the checks of the step are about. */
  function watch(): void {
    watching.abort()
    watching = new AbortController()
    const here = step
    if (!here) return
    const signal = AbortSignal.any([watching.signal, session.signal])
    void observe(session, here, { patient: true, quiet: true, signal }).then(observed =>
      inTurn(async () => {
        if (signal.aborted || step !== here) return
        await remember(session, here, observed)
        await pass(here, observed.results)
        if (step) control?.say(await collect())
      }),
    )
  }

  async function pass(done: Step, results: readonly CheckResult[]): Promise<void> {
    for (const result of results) await emit(session, { event: 'check.finished', result }, done)
    await settle(session, done, results, 'passed')
    await enter()
  }

  /** Goes to the next step that is not done already. */
  async function enter(): Promise<void> {
    for (step = currentStep(session); step; step = currentStep(session)) if (!(await beginStep(session, step))) break
    shown = ''
    if (step) watch()
    else control?.close()
  }

  async function ended(command: TypedCommand): Promise<void> {
    const here = step
    if (here) before = await takeIn(session, here, before, command)
    await tellCommand(session, here, command)
    if (!here) return
    const observed = await observe(session, here, { once: true, quiet: 'but find causes', signal: session.signal })
    if (session.signal.aborted || step !== here) return
    await remember(session, here, observed)
    const { results } = observed
    codes = results.flatMap(result => result.cause?.code ?? [])
    if (results.length > 0 && results.every(result => result.verdict === 'passed')) {
      watching.abort()
      return pass(here, results)
    }
    // What did not change needs no repeating: `ls` is not answered with the same list again.
    const state = JSON.stringify(results.map(({ id, verdict, differences }) => [id, verdict, differences]))
    if (state === shown) return
    const nothingYet = shown === '' && results.every(result => result.verdict !== 'passed')
    shown = state
    if (nothingYet) return
    for (const result of results) await emit(session, { event: 'check.finished', result }, here)
  }

  /** `lab hint`, `lab solve` and `lab skip`, typed in the shell. */
  async function answer(words: readonly string[]): Promise<Answer> {
    const here = step
    if (!here) return { text: '', exit: 0 }
    let exit = 0
    await inTurn(async () => {
      watching.abort()
      if (words[0] === 'hint') await giveHint(session, here, codes)
      if (words[0] === 'skip') await skipStep(session, here)
      if (words[0] === 'solve') exit = (await solveStep(session, here)) ? 1 : 0
      before = await lookAround(session)
      if (words[0] === 'hint' || exit > 0) watch()
      else await enter()
    })
    return { text: await collect(), exit }
  }

  watch()
  const open = await desk.open(join(session.store.dir, deskName), answer)
  const { state } = await shell.open({
    state: await shellAtStart(session, first),
    greeting: await collect(),
    signal: session.signal,
    onReady: given => {
      control = given
    },
    onCommand: (command, tell) =>
      inTurn(async () => {
        await ended(command)
        // What was told when the shell is about to end is said after it.
        const text = step ? await collect() : ''
        if (text !== '') tell(text)
      }),
  })
  open.close()
  watching.abort()
  await turn
  const next = currentStep(session)
  if (next) {
    session.shells = { ...session.shells, [`${session.lab.id}/${next.id}`]: state }
    await session.store.saveShells(session.shells)
  }
}

function currentStep(session: Session): Step | null {
  const id = nextStep(session.progress, session.lab)
  return session.lab.steps.find(step => step.id === id) ?? null
}

/** What a typed command made belongs to the ledger as well. */
async function takeIn(session: Session, step: Step, before: Before, command: TypedCommand): Promise<Before> {
  const after = await lookAround(session)
  const window = { from: command.startedAt, to: session.world.now() }
  const owner = { lab: session.lab.id, step: step.id }
  const entries = appeared(owner, before, after, window, ownedImages(session.ledger))
  if (entries.length > 0) await saveLedger(session, withEntries(session.ledger, entries))
  return after
}

/** Says why a command failed; one that the lab wants to fail is as it should be. */
async function tellCommand(session: Session, step: Step | null, command: TypedCommand): Promise<void> {
  const { line, exit, output, cwd, tookMs } = command
  const wanted = step?.commands.some(
    ({ expect }) =>
      exit !== 0 && expect.exit === exit && (expect.stderr === undefined || output.includes(expect.stderr)),
  )
  const cause = exit === 0 || wanted ? null : await causeOf(session, { line, exit, output, cwd })
  await emit(session, { event: 'typed', line: withoutSecrets(line), exit, cause, tookMs }, step ?? undefined)
}

async function causeOf(session: Session, typed: Pick<TypedCommand, 'line' | 'exit' | 'output' | 'cwd'>) {
  const { line, exit, output, cwd } = typed
  // Ctrl-C is no failure.
  if (exit === 130) return null
  const ports = [...line.matchAll(/(\d{2,5}):\d{2,5}/g)].map(match => Number(match[1]))
  const facts = await gatherFacts(session.world.reader, { workspace: session.workspace, cwd, ports })
  const { diagnose } = await import('../causes/index.ts')
  const found = diagnose({ command: { line, exit, stdout: output, stderr: '', timedOut: false, cwd }, facts })
  // The learner sees the exit code and the text: a fallback that repeats them says nothing.
  return found && found.code !== 'command.failed' ? found : null
}

/** What looks like a password or token is not kept. */
export function withoutSecrets(line: string): string {
  return line
    .replace(/((?:password|passwd|token|secret|api[-_]?key)\S*?[=\s]+)(?!-)\S+/gi, '$1***')
    .replace(/(:\/\/[^:/\s]+:)[^@\s]+@/g, '$1***@')
}
