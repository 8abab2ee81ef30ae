import { posix } from 'node:path'
import type { Kind } from '../../check/kind.ts'
import { groupKinds, type Lab } from '../../lab/lab.ts'
import { possibleOf } from '../../lab/points.ts'
import { showDuration } from '../../lab/units.ts'
import { duration } from '../build.ts'
import { type At, entries, field, isThere, items, word } from '../cursor.ts'
import type { Report } from '../report.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { has, stepsOf } from '../written.ts'

/** Checks that contradict themselves, and checks that could never fail. */
export function checkChecks(root: At, vocabulary: Vocabulary, report: Report): void {
  for (const check of stepsOf(root).flatMap(step => step.checks)) {
    const name = word(field(check, 'check'))
    const group = groupKinds.find(each => each === name)
    const kind = name !== undefined && Object.hasOwn(vocabulary.kinds, name) ? vocabulary.kinds[name]! : undefined
    if (!kind && !group) continue
    if (kind) {
      fields(check, kind, report)
      if (has(check, 'since') && !kind.bornAt)
        report({ ...field(check, 'since'), part: 'key' }, 'no-birth', { kind: kind.name })
      if (kind.cluster && !has(root, 'cluster')) report(field(check, 'check'), 'no-cluster', { kind: kind.name })
    }
    if (group === 'count' && !has(check, 'min') && !has(check, 'max')) report(check, 'cannot-fail', {})
    timing(check, kind, report)
    expressions(check, vocabulary, report)
  }
}

function fields(check: At, kind: Kind, report: Report): void {
  for (const names of kind.oneOfFields ?? [])
    if (!names.some(name => has(check, name))) report(check, 'missing-one-of', { names: names.join(', ') })
  const own = Object.keys(kind.fields)
  const picks = own.some(name => has(check, name)) || (kind.oneOfFields ?? []).length > 0
  const expects = has(check, 'expect') || has(check, 'expr') || kind.expects !== undefined
  const needed = Object.values(kind.fields).some(each => each.required)
  if (own.length > 0 && !needed && !picks && !expects) report(check, 'cannot-fail', {})
}

function timing(check: At, kind: Kind | undefined, report: Report): void {
  const said = (name: string) => {
    const { value } = field(check, name)
    return typeof value === 'string' || value === 0 ? duration(value as string | 0) : undefined
  }
  const not = field(check, 'not')
  const within = said('within')
  const held = said('for') ?? 0
  const every = said('every')
  if (not.value === true && field(check, 'gone').value === true)
    report({ ...field(check, 'gone'), part: 'key' }, 'gone-and-not', {})
  else if (not.value === true && held === 0 && (within ?? kind?.within ?? 0) > 0)
    report({ ...not, part: 'key' }, 'not-at-once', {})
  const effective = within ?? kind?.within ?? 0
  if (every !== undefined && effective > 0 && effective < every) {
    const place = isThere(field(check, 'within')) ? field(check, 'within') : field(check, 'every')
    report(place, 'within-below-every', { within: showDuration(effective), every: showDuration(every) })
  }
}

function expressions(check: At, vocabulary: Vocabulary, report: Report): void {
  const captures = entries(field(check, 'capture')).map(([, at]) => at)
  const partial = field(check, 'partial')
  for (const at of [field(check, 'expr'), ...captures, field(partial, 'from'), field(partial, 'of')]) {
    const source = word(at)
    const detail = source === undefined ? null : (vocabulary.checkExpr?.(source) ?? null)
    if (detail !== null) report(at, 'bad-expression', { detail })
  }
}

/** Steps that no machine can do, that prove nothing, or whose files are not there. */
export function checkSteps(root: At, there: ReadonlySet<string>, report: Report): void {
  for (const { at, checks } of stepsOf(root)) {
    const ways = ['commands', 'edits', 'solve'].some(name => items(field(at, name)).length > 0)
    if (!ways && !has(at, 'manual')) report(at, 'no-way', {})
    if (checks.length === 0) report(at, 'no-checks', {})
    const mistakes = items(field(at, 'mistakes'))
    for (const mistake of mistakes)
      if (!has(mistake, 'run') && items(field(mistake, 'edits')).length === 0)
        report(mistake, 'missing-one-of', { names: 'run, edits' })
    const edits = items(field(at, 'edits'))
    const wrong = mistakes.flatMap(mistake => items(field(mistake, 'edits')))
    for (const edit of [...edits, ...wrong]) {
      const file = word(field(edit, 'file'))
      const solution = word(field(edit, 'solution'))
      if (file !== undefined && leaves(file)) report(field(edit, 'file'), 'outside-workspace', { file })
      if (solution === undefined) continue
      if (leaves(solution)) report(field(edit, 'solution'), 'outside-lab', { file: solution })
      else if (!there.has(posix.normalize(solution))) report(field(edit, 'solution'), 'no-solution', { file: solution })
    }
  }
}

/** The author's own sum of the points, done again. */
export function checkPoints(root: At, lab: Lab, report: Report): void {
  if (lab.possible === undefined) return
  const { possible } = possibleOf(lab)
  if (possible !== lab.possible) report(field(root, 'possible'), 'points-differ', { sum: possible })
}

/** Absolute, from home, or with more `..` than folders. */
function leaves(path: string): boolean {
  if (/^([/\\~]|[A-Za-z]:)/.test(path)) return true
  let depth = 0
  for (const part of path.split(/[/\\]/)) {
    depth += part === '..' ? -1 : part === '.' || part === '' ? 0 : 1
    if (depth < 0) return true
  }
  return false
}
