import type { CommandOutcome, FailedCheck, Situation } from '../causes/cause.ts'
import { simpleCommands } from '../causes/line.ts'
import { soughtIn } from '../causes/sought.ts'
import type { Judgement } from '../check/judge.ts'
import type { Fields } from '../check/kind.ts'
import { namespaceOf } from '../check/kinds/k8s-objects.ts'
import type { Reader } from '../check/reader.ts'
import { type Check, isGroup, type Json, type Step } from '../lab/lab.ts'
import { labProgress, stepProgress } from '../lab/progress.ts'
import type { FoundCause, Observation, Problem } from '../lab/verdict.ts'
import { callsCluster, contextOf, foreignCluster, guardLine, namespaceIn } from './cluster.ts'
import { gatherFacts } from './facts.ts'
import type { Session } from './session.ts'
import type { ShellState } from './world.ts'

/** A check that has not passed, as far as it was looked at. */
interface Looked {
  readonly check: Check
  readonly fields: Fields
  readonly startedAt: number
  judgement?: Judgement
  observation?: Observation
}

/** Whether events of an engine can tell anything about this lab. */
export function usesEngine(session: Session): boolean {
  return 'docker' in session.lab.requires.tools
}

/** When what `since` names began; `undefined`: any time will do. */
export function sinceOf(session: Session, step: Step, { since }: Check): number | undefined {
  if (since === undefined) return undefined
  const { id } = session.lab
  const begun = since === 'lab' ? labProgress(session.progress, id) : stepProgress(session.progress, id, step.id)
  return begun.startedAt || undefined
}

export async function causeOfCheck(
  session: Session,
  step: Step,
  { check, judgement, observation, fields }: Looked,
  reader: Reader,
): Promise<FoundCause | null> {
  if (!judgement || isGroup(check)) return null
  const since = sinceOf(session, step, check)
  const { startedAt } = labProgress(session.progress, session.lab.id)
  const failed: FailedCheck = {
    kind: check.check,
    fields,
    ...(check.expect === undefined ? {} : { expect: check.expect }),
    ...(observation && 'seen' in observation ? { seen: observation.seen } : {}),
    ...(judgement.problem ? { problem: judgement.problem } : {}),
    differences: judgement.differences,
    ...(since === undefined ? {} : { since }),
  }
  const facts = await gatherFacts(reader, {
    workspace: session.workspace,
    paths: typeof fields['path'] === 'string' ? [fields['path']] : [],
    ports: portsOf(fields),
    since: usesEngine(session) ? startedAt : Number.POSITIVE_INFINITY,
    filesSince: startedAt,
    ...clusterOf(session, namespaceOf(fields), judgement.problem, { check: failed }),
  })
  const { diagnose } = await import('../causes/index.ts')
  return diagnose({ check: failed, facts })
}

/** Why a line failed, that the runner ran or the learner typed. */
export async function causeOfCommand(session: Session, command: CommandOutcome): Promise<FoundCause | null> {
  const { reader } = session.world
  const ports = [...command.line.matchAll(/(\d{2,5}):\d{2,5}/g)].map(match => Number(match[1]))
  const problem = callsCluster(command.line) ? await foreignCluster(session, reader).catch(() => null) : null
  const facts = await gatherFacts(reader, {
    workspace: session.workspace,
    cwd: command.cwd,
    ports,
    sought: filesIn(command.line),
    // Where a lab does without an engine, what runs there explains nothing.
    ...(usesEngine(session) ? {} : { since: Number.POSITIVE_INFINITY }),
    ...clusterOf(session, namespaceIn(command.line), problem, { command }),
  })
  const { diagnose } = await import('../causes/index.ts')
  return diagnose({ command, facts })
}

/** Why the runner must not run a line: it would go to another cluster than the lab's. */
export async function causeOfRefusal(session: Session, line: string, state: ShellState): Promise<FoundCause | null> {
  if (session.lab.cluster === undefined || !callsCluster(line)) return null
  const { reader } = session.world
  const problem =
    guardLine(line, contextOf(session), await currentContext(session, state)) ??
    (await foreignCluster(session, reader).catch(() => null))
  if (!problem || problem.code === 'k8s.cluster-missing') return null
  const cluster = { context: contextOf(session), namespace: 'default', config: await reader.cluster.config(), problem }
  const { diagnose } = await import('../causes/index.ts')
  const facts = { workspace: session.workspace, cluster }
  return diagnose({ check: { kind: '', fields: {}, differences: [], problem }, facts })
}

/** What kubectl would use in a shell with this state. */
async function currentContext({ world, workspace }: Session, { env }: ShellState): Promise<string | null> {
  const own = env['KUBECONFIG']
  if (own === undefined) return (await world.reader.cluster.config()).current
  const argv = ['kubectl', 'config', 'current-context']
  const { exitCode, stdout } = await world.reader.run(argv, {
    cwd: workspace,
    env: { KUBECONFIG: own ?? '' },
    timeoutMs: 5000,
  })
  return exitCode === 0 ? stdout.trim() : null
}

/** Words that look like files. */
function filesIn(line: string): string[] {
  const words = simpleCommands(line).flatMap(words => words.slice(1))
  return words.filter(word => /^[\w./-]*[\w-]\.[a-z]{1,5}$/i.test(word) && !word.startsWith('-')).slice(0, 4)
}

function clusterOf(
  session: Session,
  namespace: string | undefined,
  problem: Problem | null | undefined,
  failed: Pick<Situation, 'check' | 'command'>,
) {
  if (session.lab.cluster === undefined) return {}
  const context = contextOf(session)
  const sought = soughtIn(failed)
  return { cluster: { context, namespace, problem: problem ?? null, sought, throughService: asksService(failed) } }
}

/** Whether the answer may have come, or not come, through a Service. */
function asksService({ check, command }: Pick<Situation, 'check' | 'command'>): boolean {
  if (check) return ['http', 'tcp', 'k8s.http'].includes(check.kind)
  return /\b(curl|wget|port-forward)\b/.test(command?.line ?? '')
}

/** Which ports a check is about. */
function portsOf({ url, port }: Fields): number[] {
  if (port !== undefined && port !== null) return [Number(port)]
  if (typeof url !== 'string' || !URL.canParse(url)) return []
  return [Number(new URL(url).port || 80)]
}

/** What explains a cluster's state comes after it: the cause is looked for again this often, ms. */
const causeAgain = 5000

/** What a cause in a cluster may rest on besides the check's own objects, and a new turn now and then. */
export async function podStates(
  session: Session,
  { check, judgement, fields, startedAt }: Looked,
  reader: Reader,
): Promise<Json> {
  if (!session.kinds[check.check]?.cluster || judgement?.problem) return null
  const query = { context: contextOf(session), kind: 'Pod', namespace: namespaceOf(fields) }
  const pods = await reader.cluster.list(query).catch(() => null)
  const turn = Math.floor((session.world.now() - startedAt) / causeAgain)
  return [turn, (pods ?? []).map(pod => pod.metadata.resourceVersion ?? '')]
}
