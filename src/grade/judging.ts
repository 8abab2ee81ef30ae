import type { Progress } from '../lab/progress.ts'
import { uuidOf } from '../lab/uuid.ts'
import { evidenceDigest } from './bundle.ts'
import { evaluateEvidence } from './collect.ts'
import type { Collected, RunInfo } from './collected.ts'
import { begunAt, type Exam } from './evaluate.ts'
import type { Evidence } from './evidence.ts'
import { progressIn, recordFlags, variableFlags } from './record.ts'
import type { EvidenceLevel, Flag, Result, StudentState } from './result.ts'
import type { Student } from './roster.ts'

/** Every attempt of one student, judged by the lab as it is now. Pure: the same for the same. */
export async function judgeStudent(
  run: RunInfo,
  exam: Exam,
  student: Student,
  collected: Collected,
): Promise<Result[]> {
  const common = {
    schema: 'lab/result/v1',
    runId: run.id,
    tool: run.tool,
    course: run.course,
    assignment: run.assignment,
    lab: { id: run.lab.id, digest: run.lab.digest },
    student: { id: student.id, group: student.group || null },
    target: collected.target,
  } as const
  const id = (attempt: number) => uuidOf(run.id, student.id, String(attempt))
  if (collected.attempts.length === 0) {
    const { state, reason } = collected.nothing ?? { state: 'absent', reason: null }
    return [
      {
        ...common,
        ...{ resultId: id(0), state, reason, attempt: 0, checks: [], steps: [], flags: collected.flags },
        evidence: { level: collected.level, collectedAt: iso(collected.at), digest: null },
        times: { startedAt: null, submittedAt: null, gradedAt: run.startedAt, collectMs: 0 },
        totals: { earned: 0, possible: 0, ungraded: 0, bonus: 0 },
        machines: [],
      },
    ]
  }
  const results: Result[] = []
  for (const [index, { submittedAt, evidence }] of collected.attempts.entries()) {
    const evaluation = await evaluateEvidence(exam, evidence, collected.level)
    const progress = progressIn(evidence.record)
    const started = begunAt(progress, exam.lab.id)
    const flags = [
      ...collected.flags,
      ...identityFlags(run, student, evidence),
      ...recordFlags(evidence, progress, run.lab.id, evaluation.checks),
      ...variableFlags(exam.lab, progress),
      ...bugFlags(evaluation.checks, collected.level),
      ...placeFlags(evidence, progress, collected.level, evaluation.checks),
    ]
    results.push({
      ...common,
      ...evaluation,
      resultId: id(index + 1),
      evidence: { level: collected.level, collectedAt: iso(evidence.collectedAt), digest: evidenceDigest(evidence) },
      state: stateOf(collected, evaluation, flags, started !== null),
      attempt: index + 1,
      times: {
        startedAt: started === null ? null : iso(started),
        submittedAt: iso(submittedAt),
        gradedAt: run.startedAt,
        collectMs: evidence.tookMs,
      },
      flags,
      reason: null,
      machines: machinesOf(evidence),
    })
  }
  return results
}

function stateOf(
  { level }: Collected,
  { checks }: Pick<Result, 'checks'>,
  flags: readonly Flag[],
  begun: boolean,
): StudentState {
  if (flags.some(flag => flag.severity === 'hold')) return 'held'
  const looked = checks.filter(check => check.error?.class !== 'manual')
  const blind = looked.filter(check => check.status === 'error')
  if (looked.length > 0 && blind.length === looked.length) return 'unreachable'
  if (level === 'live' && !begun && looked.every(check => check.earned === 0)) return 'absent'
  return checks.some(check => check.status === 'error') ? 'incomplete' : 'graded'
}

/** A record says whose it is and of what; the roster and the run know better. */
function identityFlags(run: RunInfo, student: Student, { student: claimed, lab, collectedAt }: Evidence): Flag[] {
  const flags: Flag[] = []
  if (claimed !== undefined && claimed !== student.id)
    flags.push({ code: 'other-student', severity: 'hold', detail: claimed.slice(0, 64) })
  if (lab.id !== run.lab.id) flags.push({ code: 'other-lab-version', severity: 'hold', detail: lab.id.slice(0, 64) })
  else if (lab.digest !== run.lab.digest && lab.digest !== run.lab.shipped)
    flags.push({ code: 'other-lab-version', severity: 'warn', detail: lab.digest.slice(0, 80) })
  if (collectedAt > Date.parse(run.startedAt) + 86_400_000)
    flags.push({ code: 'clock', severity: 'warn', detail: iso(collectedAt) })
  return flags
}

/** What somebody handed in may look like nothing that a look gives; what we looked at ourselves does not. */
function bugFlags(checks: Result['checks'], level: EvidenceLevel): Flag[] {
  const kind = level === 'live' ? ({ code: 'check-bug', severity: 'warn' } as const) : malformed
  return checks
    .filter(check => check.error?.class === 'check-bug')
    .map(check => ({ ...kind, detail: `${check.step}/${check.id}: ${check.error!.detail}` }))
}

/** Files that nobody found may be elsewhere, where something else of the student was found. */
function placeFlags(
  { looks, workspace }: Evidence,
  progress: Progress | null,
  level: EvidenceLevel,
  checks: Result['checks'],
): Flag[] {
  const folder = looks[`file ${workspace}`]
  const missing = level === 'live' && !progress && folder && 'seen' in folder && folder.seen === null
  if (!missing || checks.every(check => !check.earned)) return []
  return [{ code: 'no-workspace', severity: 'hold', detail: workspace.slice(0, 200) }]
}

const malformed = { code: 'bundle-refused', severity: 'hold' } as const

/** Ids of containers are random: whoever has the same one has the same machine, or a copy of what it says. */
function machinesOf({ looks }: Evidence): string[] {
  const looked = looks['containers']
  const all = looked && 'seen' in looked && Array.isArray(looked.seen) ? looked.seen : []
  const ids = all.flatMap(each => {
    const id = (each as { id?: unknown } | null)?.id
    return typeof id === 'string' && /^[0-9a-f]{12,64}$/.test(id) ? [id.slice(0, 12)] : []
  })
  return ids.toSorted().slice(0, 50)
}

/** Students who show the same machine: each is held until a person has looked at it. */
export function withSharedMachines(results: ReadonlyMap<string, readonly Result[]>): Map<string, readonly Result[]> {
  const owners = new Map<string, Set<string>>()
  for (const [student, own] of results)
    for (const machine of own.flatMap(each => each.machines))
      owners.set(machine, (owners.get(machine) ?? new Set()).add(student))
  const flagged = (student: string, result: Result): Result => {
    const others = new Set(
      result.machines.flatMap(machine => [...owners.get(machine)!]).filter(each => each !== student),
    )
    if (others.size === 0) return result
    const flag: Flag = { code: 'same-machine', severity: 'hold', detail: [...others].toSorted().join(', ') }
    return { ...result, state: 'held', flags: [...result.flags, flag] }
  }
  return new Map([...results].map(([student, own]) => [student, own.map(each => flagged(student, each))]))
}

function iso(time: number): string {
  return new Date(Math.min(time, 8.64e15)).toISOString()
}
