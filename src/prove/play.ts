import { join } from 'node:path'
import type { Path } from '../format/cursor.ts'
import type { Check, Command, Edit, Step } from '../lab/lab.ts'
import { stepProgress, withStep } from '../lab/progress.ts'
import type { CheckResult, FoundCause } from '../lab/verdict.ts'
import { doStep, type Ran } from '../run/act.ts'
import { lookBack } from '../run/look-back.ts'
import { observe } from '../run/observe.ts'
import { type Session, saveProgress } from '../run/session.ts'
import { goTo, resetTo } from '../run/steer.ts'
import { lookAt, settle } from '../run/walk.ts'
import { ofCheck, ofCommand } from './details.ts'
import type { Finding } from './proof.ts'
import { finding, type HeardCommand, type Log, type Scene } from './scene.ts'
import { texts } from './texts.ts'

/** The four looks at a step: before it, after it, taken back, done again. */

export async function begin({ session }: Pick<Scene, 'session'>, step: Step): Promise<void> {
  const { lab, world } = session
  const startedAt = stepProgress(session.progress, lab.id, step.id).startedAt ?? world.now()
  const change = { status: 'active', startedAt, at: world.now() } as const
  await saveProgress(session, withStep(session.progress, lab.id, step.id, change))
}

function once(session: Session, step: Step): Promise<readonly CheckResult[]> {
  return observe(session, step, { once: true, quiet: true, signal: session.signal }).then(seen => seen.results)
}

/** Each check by itself must not pass; one that needs another is allowed to wait for it. */
export async function failsBefore(scene: Scene, step: Step): Promise<Finding[]> {
  const results = await once(scene.session, step)
  if (scene.session.signal.aborted) return [interrupted(scene, step)]
  return results.flatMap(result => {
    if (result.verdict === 'passed')
      return [aboutCheck(scene, step, result, 'passes-before', texts['passes-before'](), ofCheck(result))]
    if (result.verdict !== 'error' || isNotThereYet(scene, result)) return []
    const blind = texts['blind-before']()
    return [{ ...aboutCheck(scene, step, result, 'blind-before', blind, ofCheck(result)), blind: true as const }]
  })
}

/** Where the lab itself makes the cluster, there is nothing to look at before that. */
function isNotThereYet({ session }: Scene, { cause }: CheckResult): boolean {
  const { lab, needed = [] } = session
  const notThere = ['k8s.no-context', 'k8s.cluster-missing', 'k8s.node-stopped', 'k8s.unreachable']
  const given = needed.some(other => other.cluster === lab.cluster)
  return lab.cluster !== undefined && !given && notThere.includes(cause?.code ?? '')
}

/** Does the step as the machine does it and waits for its checks. Nothing found: it passed, and is settled. */
export async function doesIt(scene: Scene, step: Step): Promise<Finding[]> {
  const { session } = scene
  const ran = await doStep(session, step, async () => true)
  if (ran.interrupted) return [interrupted(scene, step)]
  const patience = ran.ok ? {} : { once: true }
  const results = await lookAt(session, step, { ...patience, signal: session.signal })
  if (session.signal.aborted) return [interrupted(scene, step)]
  const settled = await settle(session, step, results, 'solved', ran.cause)
  if (settled && ran.ok) return []
  const failed = scene.heard.commands.findLast(command => !command.ok)
  if (!ran.ok) return [commandFailed(scene, step, failed, ran)]
  return results.flatMap(result => {
    if (result.verdict === 'failed') {
      const found = aboutCheck(scene, step, result, 'not-passed', texts['not-passed'](), ofCheck(result))
      return [isOfTheMachine(result.cause) ? { ...found, blind: true as const } : found]
    }
    if (result.verdict !== 'error') return []
    const after = texts['blind-after']()
    return [{ ...aboutCheck(scene, step, result, 'blind-after', after, ofCheck(result)), blind: true as const }]
  })
}

/** What was passed before must hold after the step, unless the lab says that the step ends it. */
export async function keepsEarlier(scene: Scene, step: Step): Promise<Finding[]> {
  const { session } = scene
  const { gone } = await lookBack(session)
  return gone
    .filter(each => each !== step)
    .map(each => aboutStep(scene, step, 'breaks-earlier', texts['breaks-earlier'](each.id)))
}

/** Takes the step back, as `lab reset` does. Each check must fail again. */
export async function failsAfterReset(scene: Scene, step: Step): Promise<Finding[]> {
  const { session, heard } = scene
  await resetTo(session, step)
  if (session.signal.aborted) return [interrupted(scene, step)]
  const own = new Map(step.reset.map((command, index) => [command.id, index]))
  const failed = heard.commands.filter(({ id, ok }) => own.has(id) && !ok)
  const results = await once(session, step)
  const { gone } = await lookBack(session)
  const place = step.reset.length > 0 ? { part: 'key' as const } : null
  const reset = place ? scene.locate(at(scene, step, 'reset'), place) : scene.locate(at(scene, step, 'id'))
  return [
    ...gone.map(each => finding(ids(scene, step), reset, 'reset-breaks', texts['reset-breaks'](each.id))),
    ...failed.map(command => ({
      ...finding(
        ids(scene, step),
        scene.locate(at(scene, step, 'reset', own.get(command.id)!)),
        'reset-failed',
        texts['reset-failed'](),
        { details: ofCommand(command), severity: 'warning' },
      ),
    })),
    ...results.flatMap(result => {
      const code = result.verdict === 'passed' ? 'passes-after-reset' : 'blind-after-reset'
      if (result.verdict !== 'passed' && (result.verdict !== 'error' || isNotThereYet(scene, result))) return []
      const found = aboutCheck(scene, step, result, code, texts[code](), ofCheck(result))
      return [place ? { ...found, ...reset } : found]
    }),
  ]
}

/** The state before the step, whatever was done to it; what a wrong way has taken along of earlier steps is done again. */
export async function backToBefore(scene: Scene, step: Step): Promise<boolean> {
  const { session } = scene
  const still = await resetTo(session, step)
  const { gone } = await lookBack(session)
  const ending = gone.length > 0 ? await goTo(session, step) : null
  await begin(scene, step)
  return still.length === 0 && ending === null
}

export interface DoneWrongly {
  readonly ran: Ran
  readonly results: readonly CheckResult[]
}

/**
 * A step done wrongly: these edits and lines instead of its own. Nothing of it is remembered but what it made. Its checks
 * have the first of `patience` ms, or less where they say so, then the next, until it is `enough`.
 */
export async function doWrongly(
  scene: Scene,
  step: Step,
  wrong: { readonly edits: readonly Edit[]; readonly commands: readonly Command[] },
  patience: readonly number[],
  enough: (done: DoneWrongly) => boolean = () => false,
): Promise<DoneWrongly> {
  const { session } = scene
  const { lab, progress } = session
  const { manual: _, ...rest } = step
  const played: Step = { ...rest, ...wrong, solve: [] }
  const other: Session = { ...session, lab: { ...lab, steps: lab.steps.map(each => (each === step ? played : each)) } }
  const ran = await doStep(other, played, async () => false)
  session.ledger = other.ledger
  const { signal } = session
  let results: readonly CheckResult[] = []
  for (const most of patience) {
    const hurried = { ...step, checks: step.checks.map(each => ({ ...each, within: Math.min(each.within, most) })) }
    results = await lookAt(session, hurried, { signal })
    const rushed = step.checks.some(each => each.within > most)
    if (signal.aborted || !rushed || enough({ ran, results })) break
  }
  await saveProgress(session, progress)
  await session.store.saveShells(session.shells)
  return { ran, results }
}

/** Not the lab's doing: another machine, or this one on another day, would have done it. */
const ofTheMachine =
  /^((disk|engine|look|dns)\..*|image\.(rate-limit|registry-.*)|build\.offline|git\.unreachable|docker\.config-unreadable|kind\.(node-start|kubeadm|docker-init|networks-full|rootless|not-ready))$/

function isOfTheMachine(cause: FoundCause | null): boolean {
  return cause !== null && ofTheMachine.test(cause.code)
}

function commandFailed(scene: Scene, step: Step, command: HeardCommand | undefined, ran: Ran): Finding {
  const list = step.solve.length > 0 ? 'solve' : 'commands'
  const index = step[list].findIndex(each => each.id === command?.id)
  const details = command ? ofCommand(command) : ran.cause ? [ran.cause.message] : []
  const place = scene.locate(index < 0 ? at(scene, step, list) : at(scene, step, list, index))
  const blind = isOfTheMachine(ran.cause) ? { blind: true as const } : {}
  const more = { details, ...blind, ...(command ? { about: command.id } : {}) }
  return finding(ids(scene, step), place, 'command-failed', texts['command-failed'](), more)
}

export function interrupted({ lab, locate }: Log, step?: Step): Finding {
  const where = { lab: lab.id, ...(step ? { step: step.id } : {}) }
  const place = locate(step ? ['steps', lab.steps.indexOf(step)] : [])
  return finding(where, place, 'interrupted', texts.interrupted(), { blind: true })
}

function aboutCheck(
  scene: Scene,
  step: Step,
  { id }: CheckResult,
  code: string,
  message: Finding['message'],
  details: Finding['details'],
): Finding {
  const index = step.checks.findIndex((check: Check) => check.id === id)
  return finding(ids(scene, step), scene.locate(at(scene, step, 'checks', index)), code, message, {
    details,
    about: id,
  })
}

export function aboutStep(scene: Scene, step: Step, code: string, message: Finding['message']): Finding {
  return finding(ids(scene, step), scene.locate(at(scene, step, 'id')), code, message)
}

export function ids({ session }: Pick<Scene, 'session'>, step?: Step): { lab: string; step?: string } {
  return { lab: session.lab.id, ...(step ? { step: step.id } : {}) }
}

/** Where a part of a step stands in lab.yaml. */
export function at({ session }: Pick<Scene, 'session'>, step: Step, ...rest: Path): Path {
  return ['steps', session.lab.steps.findIndex(each => each.id === step.id), ...rest]
}

/** A file of the lab, from where its commands run. */
export function inWorkspace({ session }: Pick<Scene, 'session'>, file: string): string {
  return join(session.workspace, file)
}
