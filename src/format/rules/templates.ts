import { languages } from '../../lab/lab.ts'
import { nearest } from '../../lab/near.ts'
import { names } from '../../lab/template.ts'
import type { LabProse } from '../build.ts'
import { type At, entries, field, items, word } from '../cursor.ts'
import type { Place, Report } from '../report.ts'
import { has, type StepAt, stepsOf, textsIn } from '../written.ts'

/** Every `{{ }}` names something that is known by then. */
export function checkTemplates(root: At, report: Report): void {
  const steps = stepsOf(root)
  const known = knownNames(root, steps)
  for (const [name, at] of entries(root)) {
    if (name === 'steps') continue
    const scope = { ...known, step: name === 'cleanup' ? steps.length : -1, vars: name === 'vars' ? [] : known.vars }
    for (const each of textsIn(at))
      look(each.text, written => ({ ...each.at, part: each.part, inside: written }), scope)
  }
  for (const [index, { at }] of steps.entries())
    for (const each of textsIn(at)) {
      if (isExpression(each.at.path)) continue
      const hint = each.at.path.some(part => part === 'hints' || part === 'fallback')
      const place = (written: string): Place => ({ ...each.at, part: each.part, inside: written })
      look(each.text, place, { ...known, step: index, hint, path: each.at.path })
    }

  function look(text: string, place: (written: string) => Place, scope: Scope) {
    for (const { name, written, bare } of names(text)) judge(name, written, bare, place(written), scope, report)
  }
}

/**
 * The same for the texts. Commands are looked at in the YAML; other code may speak another template language.
 */
export function checkProseTemplates(root: At, prose: LabProse, report: Report): void {
  const steps = stepsOf(root)
  const known = knownNames(root, steps)
  for (const language of languages)
    for (const [row, { text, section, within }] of (prose[language]?.lines ?? []).entries())
      for (const { name, written, offset, bare } of within === 'command' ? [] : names(text)) {
        if (within === 'code' && (bare || !/^(vars|steps|url|course|lab|cluster)\./.test(name))) continue
        const step = section === 'debrief' ? steps.length : steps.findIndex(each => each.id === section)
        const place = { file: `${language}.md`, line: row + 1, column: offset + 1 }
        judge(name, written, bare, place, { ...known, step }, report)
      }
}

/** CEL has its own names. */
function isExpression(path: At['path']): boolean {
  return path.at(-1) === 'expr' || path.at(-2) === 'capture'
}

interface Known {
  readonly vars: readonly string[]
  /** Name -> index of the step, and the check in it. */
  readonly captures: ReadonlyMap<string, { readonly step: number; readonly check: string | undefined }>
  readonly steps: readonly StepAt[]
  /** The lab names a cluster. */
  readonly cluster: boolean
}

interface Scope extends Known {
  /** Only captures of steps before it are there, */
  readonly step: number
  /** and in a check those of the checks that it needs: where the text stands. */
  readonly path?: At['path']
  /** A hint may use what its cause found out. */
  readonly hint?: boolean
}

function knownNames(root: At, steps: readonly StepAt[]): Known {
  const captures = new Map<string, { step: number; check: string | undefined }>()
  for (const [step, { id, checks }] of steps.entries())
    for (const at of checks)
      for (const [name] of entries(field(at, 'capture'))) {
        const whole = `steps.${id}.${name}`
        if (!captures.has(whole)) captures.set(whole, { step, check: word(field(at, 'id')) })
      }
  const vars = entries(field(root, 'vars')).map(([name]) => `vars.${name}`)
  return { vars, captures, steps, cluster: has(root, 'cluster') }
}

function judge(name: string, written: string, bare: boolean, place: Place, scope: Scope, report: Report): void {
  const capture = scope.captures.get(name)
  if (bare) {
    const whole = `vars.${name}`
    report(place, 'bare-name', { written }, scope.vars.includes(whole) ? whole : nearest(whole, scope.vars))
  } else if (capture) {
    if (capture.step >= scope.step && !isNeeded(capture, scope))
      report(place, 'capture-too-early', { written, step: scope.steps[capture.step]?.id ?? '?' })
  } else if (
    !isPlace(name, scope.cluster) &&
    !scope.vars.includes(name) &&
    !(scope.hint && /^ev\.[\w-]+$/.test(name))
  ) {
    const known = [...scope.vars, ...scope.captures.keys(), 'course.dir', 'lab.dir', 'cluster.context']
    report(place, 'unknown-name', { written }, nearest(name, known))
  }
}

/** Whether the check that the text belongs to waits for the one that captures. */
function isNeeded(capture: { step: number; check: string | undefined }, { step, steps, path = [] }: Scope): boolean {
  if (capture.step !== step || path[2] !== 'checks') return false
  const checks = steps[step]?.checks ?? []
  const waits = new Set<unknown>()
  let todo = checks.filter(({ path: own }) => own.every((part, index) => part === path[index]))
  while (todo.length > 0) {
    const needs = todo.flatMap(check => items(field(check, 'needs'))).filter(({ value }) => !waits.has(value))
    for (const { value } of needs) waits.add(value)
    todo = checks.filter(check => needs.some(({ value }) => value === field(check, 'id').value))
  }
  return waits.has(capture.check)
}

function isPlace(name: string, cluster: boolean): boolean {
  if (name === 'cluster.context') return cluster
  if (name === 'course.dir' || name === 'lab.dir') return true
  const port = Number(/^url\.(\d{1,5})$/.exec(name)?.[1] ?? 0)
  return port >= 1 && port <= 65535
}
