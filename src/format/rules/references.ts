import { nearest } from '../../lab/near.ts'
import type { YamlFile } from '../../lab/yaml.ts'
import { type At, field, items, word } from '../cursor.ts'
import { cyclic } from '../cycle.ts'
import type { Report } from '../report.ts'
import { oneOrMany, type StepAt, stepsOf } from '../written.ts'

/** Names within a lab: unique, and known where they are used. */
export function checkReferences(root: At, yaml: YamlFile, causes: ReadonlySet<string>, report: Report): void {
  const steps = stepsOf(root)
  const ids = steps.map(step => step.id)
  unique(steps.map(step => step.at))
  unique(steps.flatMap(step => step.commands))
  unique(steps.flatMap(step => step.checks))
  for (const [index, step] of steps.entries()) {
    unique(items(field(step.at, 'mistakes')))
    needs(step, steps, report)
    until(index, step, ids, report)
    for (const at of causesIn(step)) {
      const name = word(at)
      if (name !== undefined && name !== '*' && !causes.has(name))
        report(at, 'unknown-cause', { name }, nearest(name, causes))
    }
  }

  function unique(list: readonly At[]) {
    const first = new Map<string, At>()
    for (const at of list.map(each => field(each, 'id'))) {
      const id = word(at)
      if (id === undefined) continue
      const other = first.get(id)
      if (other) report(at, 'duplicate-id', { id, line: yaml.locate(other.path).line })
      else first.set(id, at)
    }
  }
}

function needs(step: StepAt, steps: readonly StepAt[], report: Report): void {
  const own = new Map(step.checks.flatMap(check => entry(check)))
  for (const at of step.checks.flatMap(check => items(field(check, 'needs')))) {
    const name = word(at)
    if (name === undefined || own.has(name)) continue
    const other = steps.find(each => each.checks.some(check => word(field(check, 'id')) === name))
    if (other) report(at, 'needs-other-step', { name, step: other.id ?? '?' })
    else report(at, 'unknown-check', { name }, nearest(name, own.keys()))
  }
  const cycle = cyclic(new Map([...own].map(([id, check]) => [id, words(field(check, 'needs'))])))
  if (cycle.length > 0) report(field(own.get(cycle[0]!)!, 'needs'), 'needs-cycle', { names: cycle.join(', ') })
}

function entry(check: At): [string, At][] {
  const id = word(field(check, 'id'))
  return id === undefined ? [] : [[id, check]]
}

function words(at: At): string[] {
  return items(at).flatMap(each => word(each) ?? [])
}

function until(index: number, step: StepAt, ids: readonly (string | undefined)[], report: Report): void {
  const at = field(step.at, 'until')
  const name = word(at)
  if (name === undefined) return
  const found = ids.lastIndexOf(name)
  const later = ids.slice(index + 1).flatMap(id => id ?? [])
  if (found < 0) report(at, 'unknown-step', { name }, nearest(name, later))
  else if (found <= index) report(at, 'until-not-later', { name })
}

function causesIn(step: StepAt): At[] {
  const hints = [step.at, ...step.checks].flatMap(each => items(field(each, 'hints')))
  const fallbacks = step.commands.map(each => field(each, 'fallback'))
  const mistakes = items(field(step.at, 'mistakes')).map(each => field(each, 'cause'))
  return [...[...hints, ...fallbacks].flatMap(each => oneOrMany(field(each, 'on'))), ...mistakes]
}
