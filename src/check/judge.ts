import type { Check, Json } from '../lab/lab.ts'
import type { Difference, Observation, Problem } from '../lab/verdict.ts'
import { evaluate } from './expression.ts'
import type { Fields, Kind, Subjects } from './kind.ts'
import { match, show } from './matcher.ts'

/** What a verdict depends on besides the check and what was seen. */
export interface Context {
  readonly now: number
  /** Start of the step or lab that `since` names. */
  readonly since?: number
  /** An earlier check saw the object that should be gone now. */
  readonly seenBefore: boolean
  readonly vars: Readonly<Record<string, string>>
  readonly steps: Readonly<Record<string, Readonly<Record<string, Json>>>>
}

/** The condition at one instant. */
export interface Judgement {
  /** `null`: could not look. */
  readonly holds: boolean | null
  readonly differences: readonly Difference[]
  readonly problem?: Problem
  readonly heldSince?: number
  /** Of a condition that does not hold: how much of it does, from 0 to 1, where the check says how to tell. */
  readonly share?: number
  /** The object was there, whatever its state. */
  readonly sighted: boolean
  readonly captures: Readonly<Record<string, Json>>
}

const nothing = { differences: [], captures: {} } as const

/** Judges one look. Pure; `fields`, `check.expect` and `check.expr` have their `{{ }}` filled in. */
export function judge(kind: Kind, check: Check, fields: Fields, observation: Observation, context: Context): Judgement {
  if ('problem' in observation) return { ...nothing, holds: null, problem: observation.problem, sighted: false }
  const { found, missing } = kind.subjects(fields, observation.seen)
  const candidates = found.map(subject => examine(kind, check, subject, found, context))
  const fitting = candidates.find(candidate => candidate.differences.length === 0)
  const sighted = found.length > 0

  if (check.gone) {
    const there = fitting !== undefined || missing?.there === true
    const seen = there ? [{ path: '', seen: kind.identity(fields) }] : []
    const never = !there && !context.seenBefore ? [{ path: '', rule: 'never-existed' as const }] : []
    const differences = [...seen, ...never]
    return { ...nothing, holds: differences.length === 0, differences, sighted }
  }
  if (check.not) {
    const differences = fitting ? [{ path: '', seen: kind.identity(fields) }] : []
    return { ...nothing, holds: !fitting, differences, sighted }
  }
  if (fitting) {
    const heldSince = kind.since?.(fitting.subject)
    const captures = capture(check, fitting.subject, found, context)
    if ('missing' in captures) return { ...nothing, holds: false, differences: [captures.missing], sighted }
    return {
      holds: true,
      differences: [],
      sighted,
      captures: captures.values,
      ...(heldSince === undefined ? {} : { heldSince }),
    }
  }
  // What is older and wrong besides is another thing altogether.
  const meant = candidates.filter(
    ({ differences: all }) => all.length === 1 || all.every(each => each.rule !== 'too-old'),
  )
  const best = meant.toSorted((a, b) => a.differences.length - b.differences.length)[0]
  const differences = best?.differences ?? [nothingThere(kind, fields, missing)]
  const share = shareOf(check, found, context)
  return { ...nothing, holds: false, differences, sighted, ...(share > 0 ? { share } : {}) }
}

/** The best that any of the objects reaches. */
function shareOf({ partial }: Check, found: readonly Json[], context: Context): number {
  if (!partial) return 0
  const number = (source: string, subject: Json) => {
    const result = evaluate(source, names(subject, found, context))
    return 'value' in result && typeof result.value === 'number' ? result.value : 0
  }
  const shares = found.map(subject => {
    const reached = number(partial.from, subject)
    if ('of' in partial) return reached / number(partial.of, subject)
    const rungs = Object.entries(partial.table).filter(([rung]) => Number(rung) <= reached)
    return Math.max(0, ...rungs.map(([, share]) => share))
  })
  return Math.min(1, Math.max(0, ...shares.filter(Number.isFinite)))
}

function nothingThere(kind: Kind, fields: Fields, missing: Subjects['missing']): Difference {
  const { what = kind.identity(fields), ...rest } = missing ?? {}
  return { path: '', expected: what, ...rest }
}

interface Candidate {
  readonly subject: Json
  readonly differences: readonly Difference[]
}

function examine(kind: Kind, check: Check, subject: Json, found: readonly Json[], context: Context): Candidate {
  const expect = check.expect ?? kind.expects
  const differences: Difference[] = expect === undefined ? [] : [...match(expect, subject).differences]
  if (check.expr !== undefined) {
    const result = evaluate(check.expr, names(subject, found, context))
    if ('reason' in result) differences.push({ path: check.expr, expected: 'true', seen: result.reason })
    else if (result.value !== true) differences.push({ path: check.expr, expected: 'true', seen: show(result.value) })
  }
  const born = kind.bornAt?.(subject)
  if (context.since !== undefined && born !== undefined && born < context.since)
    differences.push({ path: '', rule: 'too-old', expected: iso(context.since), seen: iso(born) })
  return { subject, differences }
}

function capture(
  check: Check,
  subject: Json,
  found: readonly Json[],
  context: Context,
): { values: Record<string, Json> } | { missing: Difference } {
  const values: Record<string, Json> = {}
  for (const [name, source] of Object.entries(check.capture)) {
    const result = evaluate(source, names(subject, found, context))
    if ('reason' in result) return { missing: { path: source, expected: name, seen: result.reason } }
    values[name] = result.value
  }
  return { values }
}

function names(self: Json, items: readonly Json[], context: Context) {
  return { self, items, vars: context.vars, steps: context.steps, now: context.now }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

/** A group at one instant, from the judgements of its members. */
export function judgeGroup(check: Check, members: readonly Judgement[]): Judgement {
  const holding = members.filter(member => member.holds === true).length
  const unknown = members.filter(member => member.holds === null).length
  const [min, max] = limits(check, members.length)
  const sure = holding >= min && holding + unknown <= max
  const impossible = holding + unknown < min || holding > max
  const holds = sure ? true : impossible ? false : null
  const problem = members.find(member => member.problem)?.problem
  const failing = members.filter(member => member.holds === false)
  const wanted = check.check === 'none' ? members.filter(member => member.holds === true) : failing
  return {
    holds: check.not ? (holds === null ? null : !holds) : holds,
    differences: holds ? [] : wanted.flatMap(member => member.differences),
    ...(holds === null && problem ? { problem } : {}),
    sighted: members.some(member => member.sighted),
    captures: Object.assign({}, ...members.map(member => member.captures)),
  }
}

function limits(check: Check, members: number): [min: number, max: number] {
  switch (check.check) {
    case 'all':
      return [members, members]
    case 'any':
      return [1, members]
    case 'none':
      return [0, 0]
    default:
      return [check.min ?? 0, check.max ?? members]
  }
}
