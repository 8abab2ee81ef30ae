import { join } from 'node:path'
import type { Step, Text } from '../lab/lab.ts'
import { nextStep } from '../lab/progress.ts'
import type { CheckResult, FoundCause } from '../lab/verdict.ts'
import { lookAround, shellAtStart } from './act.ts'
import { completes, isTry, isWanted, labCommand } from './attempt.ts'
import { type Answer, type Desk, deskName } from './desk.ts'
import { causeOfCommand } from './diagnosis.ts'
import type { LearnerShell, LearnerShellOptions, TypedCommand } from './learner-shell.ts'
import { appeared, type Before, ownedImages, withEntries } from './ledger.ts'
import { observe } from './observe.ts'
import { emit, type Session, saveLedger } from './session.ts'
import { beginStep, codesOf, countTry, giveHint, remember, settle, skipStep, solveStep } from './walk.ts'

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
  /** What the checks said when the step began. */
  let initial = ''
  /** The same, or what was last told. */
  let known = ''
  let noting = Promise.resolve()
  /** Something was said of the checks of this step. */
  let told = false
  /** What fails now, and why a command did: hints go by them. */
  let failing: readonly CheckResult[] = []
  let cause: FoundCause | null = null
  let hinted: Text | null = null
  /** A try that may yet succeed by itself. */
  let open = new AbortController()
  /** A command has not ended yet. */
  let running = false
  /** What there was to say meanwhile waits for its end: a look at the checks, a try whose time is over. */
  let dueLook = false
  let dueTry = false
  // One thing at a time: a command's end and a change of the world may come together.
  let turn = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work)
    return turn
  }

  /** Whether a look may finish a step now: what holds while a command runs may end with it, unless it is to stay. */
  function settles(here: Step): boolean {
    return !running || here.commands.some(command => command.background)
  }

  /** Waits beside the learner for what the checks of the step are about. */
  function watch(): void {
    dueLook = false
    watching.abort()
    watching = new AbortController()
    const here = step
    if (!here) return
    const signal = AbortSignal.any([watching.signal, session.signal])
    observe(session, here, { patient: true, quiet: true, signal })
      .then(seen =>
        inTurn(async () => {
          if (signal.aborted || step !== here) return
          // What is gone by now was there.
          await remember(session, here, seen)
          if (!settles(here)) {
            dueLook = true
            return
          }
          // What passed first may be broken by the time the last one passes.
          const observed = await lookOnce(here)
          if (signal.aborted || step !== here) return
          if (observed.results.some(({ verdict }) => verdict !== 'passed')) return watch()
          await remember(session, here, observed)
          await pass(here, observed.results)
          if (step) control?.say(await collect())
        }),
      )
      .catch(keptInTurn)
  }

  /** `shown`: the learner has just read what the checks say. */
  async function pass(done: Step, results: readonly CheckResult[], shown = false): Promise<void> {
    if (!shown) for (const result of results) await emit(session, { event: 'check.finished', result }, done)
    await settle(session, done, results, 'passed')
    await enter()
  }

  /** Goes to the next step that is not done already. */
  async function enter(): Promise<void> {
    for (step = currentStep(session); step; step = currentStep(session))
      if (!(await beginStep(session, step, settles(step)))) break
    if (step) begin(step)
    else control?.close()
  }

  /** What fails before anything was typed needs no telling. */
  function begin(here: Step): void {
    known = initial = ''
    told = false
    failing = []
    cause = null
    hinted = null
    dueTry = false
    open.abort()
    watch()
    noting = lookOnce(here).then(({ results }) => {
      if (step === here && known === '') known = initial = stateOf(results)
    })
  }

  function lookOnce(here: Step): ReturnType<typeof observe> {
    return observe(session, here, { once: true, quiet: 'but find causes', signal: session.signal })
  }

  async function ended(command: TypedCommand): Promise<void> {
    const here = step
    if (here) before = await takeIn(session, here, before, command)
    const found = await tellCommand(session, here, command)
    if (!here) {
      // All was done while this command was running, and a shell cannot be ended then.
      control?.close()
      return
    }
    await noting
    const observed = await lookOnce(here)
    if (session.signal.aborted || step !== here) return
    await remember(session, here, observed)
    const { results } = observed
    failing = results
    const shown = labCommand(command.line) === 'check'
    if (allPassed(results)) {
      watching.abort()
      return pass(here, results, shown && command.exit === 0)
    }
    // The learner has just read all of it.
    if (shown) {
      known = stateOf(results)
      told = true
    }
    // What did not change needs no repeating: `ls` is not answered with the same list again, but a build is that leaves
    // everything as it was, and what an earlier session has left half done is said once.
    const state = stateOf(results)
    // Back at the beginning is no news either: a mistake was put right.
    if (state === initial) known = state
    const changed = state !== known
    const ok = command.exit === 0 || isWanted(here, command)
    const tried = isTry(here, command, ok, changed)
    if (tried || found) cause = found
    const settled = !ok || isSettled(here, results)
    const halfDone = !told && results.some(result => result.verdict === 'passed')
    const answered = changed || halfDone || (ok && settled && completes(here, command.line))
    if (answered) await tellChecks(here, results)
    if (tried ? settled : dueTry) await missed(here, results)
    else if (tried) missedLater(here, answered)
    if (dueLook) watch()
  }

  async function tellChecks(here: Step, results: readonly CheckResult[]): Promise<void> {
    known = stateOf(results)
    told = true
    for (const result of results) await emit(session, { event: 'check.finished', result }, here)
  }

  /** A try that failed. Its hint is not repeated. */
  async function missed(here: Step, results: readonly CheckResult[]): Promise<void> {
    dueTry = false
    open.abort()
    hinted = (await countTry(session, here, results, cause, hinted)) ?? hinted
  }

  /** The checks have their time before a try counts as failed; that nothing has changed yet is said before. */
  function missedLater(here: Step, answered: boolean): void {
    dueTry = false
    open.abort()
    open = new AbortController()
    const signal = AbortSignal.any([open.signal, session.signal])
    const longest = Math.max(...here.checks.map(check => check.within))
    const first = answered ? 0 : Math.min(patience, longest)
    session.world
      .sleep(first, signal)
      .then(() =>
        inTurn(async () => {
          if (answered || signal.aborted || running || step !== here) return
          const { results } = await lookOnce(here)
          if (signal.aborted || allPassed(results)) return
          await tellChecks(here, results)
          control?.say(await collect())
        }),
      )
      .then(() => session.world.sleep(longest - first, signal))
      .then(() =>
        inTurn(async () => {
          if (signal.aborted || step !== here) return
          // This one may make it good.
          if (running) {
            dueTry = true
            return
          }
          const { results } = await lookOnce(here)
          if (signal.aborted || allPassed(results)) return
          failing = results
          if (stateOf(results) !== known) await tellChecks(here, results)
          await missed(here, results)
          control?.say(await collect())
        }),
      )
      .catch(keptInTurn)
  }

  /** `lab hint`, `lab solve` and `lab skip`, typed in the shell. */
  async function answer(words: readonly string[]): Promise<Answer> {
    const here = step
    if (!here) return { text: '', exit: 0 }
    let exit = 1
    await inTurn(async () => {
      watching.abort()
      if (words[0] === 'hint') await giveHint(session, here, codesOf(failing, cause))
      if (words[0] === 'skip') await skipStep(session, here)
      const failed = words[0] === 'solve' && (await solveStep(session, here)) !== null
      before = await lookAround(session)
      if (words[0] === 'hint' || failed) watch()
      else await enter()
      exit = failed ? 1 : 0
    }).catch(keptInTurn)
    return { text: await collect(), exit }
  }

  begin(first)
  const asking = await desk.open(join(session.store.dir, deskName), answer)
  const shellOptions: LearnerShellOptions = {
    state: await shellAtStart(session, first),
    greeting: await collect(),
    signal: session.signal,
    onReady: given => {
      control = given
    },
    onStart: line => {
      running = !['hint', 'solve', 'skip'].includes(labCommand(line) ?? '')
    },
    onCommand: (command, tell) => {
      running = false
      return inTurn(async () => {
        await ended(command)
        // What was told when the shell is about to end is said after it.
        const text = step ? await collect() : ''
        if (text !== '') tell(text)
      })
    },
  }
  const stop = (): void => {
    watching.abort()
    open.abort()
  }
  const { state } = await shell.open(shellOptions).finally(async () => {
    asking.close()
    stop()
    await turn.catch(keptInTurn)
    // A turn that was under way may have begun the next step.
    stop()
  })
  await turn
  const next = currentStep(session)
  if (next) {
    session.shells = { ...session.shells, [`${session.lab.id}/${next.id}`]: state }
    await session.store.saveShells(session.shells)
  }
}

/** What a command began may need this long to show, ms. */
const patience = 1000

/** What goes wrong in a turn is kept there: the next command, or the end of the shell, meets it. */
function keptInTurn(): void {}

function allPassed(results: readonly CheckResult[]): boolean {
  return results.length > 0 && results.every(result => result.verdict === 'passed')
}

function stateOf(results: readonly CheckResult[]): string {
  return JSON.stringify(
    results.map(({ id, verdict, differences, cause }) => [id, verdict, differences, cause?.code, cause?.evidence]),
  )
}

/** Nothing that fails becomes true by waiting. What Docker makes is there when its command ends. */
function isSettled(step: Step, results: readonly CheckResult[]): boolean {
  const failed = results.filter(result => result.verdict === 'failed')
  return failed.every(({ id, kind, differences }) => {
    const absent = kind.startsWith('docker.') && differences.every(({ path }) => path === '')
    return absent || step.checks.find(check => check.id === id)?.within === 0
  })
}

function currentStep(session: Session): Step | null {
  const id = nextStep(session.progress, session.lab)
  return session.lab.steps.find(step => step.id === id) ?? null
}

/** What a typed command made belongs to the ledger as well. */
async function takeIn(session: Session, step: Step, before: Before, command: TypedCommand): Promise<Before> {
  const after = await lookAround(session)
  const span = { line: command.line, from: command.startedAt, to: session.world.now() }
  const owner = { lab: session.lab.id, step: step.id }
  const entries = appeared(owner, before, after, span, ownedImages(session.ledger))
  if (entries.length > 0) await saveLedger(session, withEntries(session.ledger, entries))
  return after
}

/** Says why a command failed, and gives it; one that the lab wants to fail is as it should be. */
async function tellCommand(session: Session, step: Step | null, command: TypedCommand): Promise<FoundCause | null> {
  const { line, exit, tookMs } = command
  const asExpected = exit === 0 || labCommand(line) !== null || (step && isWanted(step, command))
  const cause = asExpected ? null : await causeOf(session, command)
  await emit(session, { event: 'typed', line: withoutSecrets(line), exit, cause, tookMs }, step ?? undefined)
  return cause
}

async function causeOf(session: Session, { line, exit, output, cwd }: TypedCommand): Promise<FoundCause | null> {
  // Ctrl-C is no failure.
  if (exit === 130) return null
  const found = await causeOfCommand(session, { line, exit, stdout: output, stderr: '', timedOut: false, cwd })
  // The learner sees the exit code and the text: a fallback that repeats them says nothing.
  return found && found.code !== 'command.failed' ? found : null
}

/** What looks like a password or token is not kept. */
export function withoutSecrets(line: string): string {
  return line
    .replace(/((?:password|passwd|token|secret|api[-_]?key)\S*?[=\s]+)(?!-)\S+/gi, '$1***')
    .replace(/(:\/\/[^:/\s]+:)[^@\s]+@/g, '$1***@')
}
