import type { Language } from '../../lab/lab.ts'
import { nearest } from '../../lab/near.ts'
import type { Position } from '../../lab/yaml.ts'
import { withoutEnd } from '../build.ts'
import { type At, entries, field, word } from '../cursor.ts'
import type { Fence, Prose } from '../prose.ts'
import type { Report } from '../report.ts'
import { isId, stepsOf } from '../written.ts'

/** One language's text against the lab: every step has its section, every command stands there word for word. */
export function checkProse(root: At, language: Language, prose: Prose, other: Prose | null, report: Report): void {
  const file = `${language}.md`
  const steps = stepsOf(root).flatMap(step => (isId(step.id) ? [{ ...step, id: step.id }] : []))
  const at = (position: Position) => ({ file, ...position })

  for (const position of prose.nameless) report(at(position), 'section-without-id', {})
  if (prose.unclosed) report(at(prose.unclosed), 'unclosed-fence', {})
  sections()
  commands()

  function sections() {
    const ids = steps.map(step => step.id)
    const end = Math.max(1, prose.lines.findLastIndex(({ text }) => text.trim() !== '') + 1)
    const seen = new Set<string>()
    let last = -1
    for (const { id, at: position } of prose.sections) {
      const index = id === 'debrief' ? ids.length : ids.indexOf(id)
      if (index < 0) report(at(position), 'unknown-step', { name: id }, nearest(id, [...ids, 'debrief']))
      else if (seen.has(id)) report(at(position), 'duplicate-section', { name: id })
      else if (index < last) report(at(position), 'section-order', { name: ids[last] ?? 'debrief', before: id })
      seen.add(id)
      last = Math.max(last, index)
    }
    for (const [index, id] of ids.entries()) {
      if (seen.has(id)) continue
      const after = prose.sections.find(each => ids.indexOf(each.id) > index || each.id === 'debrief')
      report(at({ line: after?.at.line ?? end, column: 1 }), 'missing-section', { name: id })
    }
    if (!other) return
    if (prose.intro === '' && other.intro !== '') report(at({ line: 1, column: 1 }), 'missing-intro', {})
    if (!seen.has('debrief') && other.sections.some(each => each.id === 'debrief'))
      report(at({ line: end, column: 1 }), 'missing-debrief', {})
  }

  function commands() {
    const known = new Map(commandsOf(root).map(each => [each.id, each]))
    for (const fence of prose.fences) {
      const command = known.get(fence.command)
      if (!command) report(at(fence.at), 'unknown-command', { id: fence.command }, nearest(fence.command, known.keys()))
      else if (command.step !== fence.section)
        report(at(fence.at), 'command-elsewhere', { id: fence.command, step: command.step ?? '?' })
      if (command?.run !== undefined && command.run !== fence.content) {
        const fix = command.run.includes('\n') ? undefined : command.run
        report(at(differenceAt(fence, command.run)), 'command-differs', { id: fence.command }, fix)
      }
    }
    const shown = new Set(prose.fences.map(fence => fence.command))
    const sectioned = new Set(prose.sections.map(section => section.id))
    for (const { id, step, at: command } of known.values())
      if (!shown.has(id) && step !== undefined && sectioned.has(step))
        report(field(command, 'id'), 'command-not-shown', { id, file })
  }
}

/** The commands that a text may show, as a fence holds them. */
export function commandsOf(root: At): { id: string; run: string | undefined; step: string | undefined; at: At }[] {
  return stepsOf(root).flatMap(step =>
    step.commands.flatMap(at => {
      const id = word(field(at, 'id'))
      const run = word(field(at, 'run'))
      // Cut by a comma: what is left is not the command.
      const cut = entries(at).some(([, { value }]) => value === null)
      return id === undefined
        ? []
        : [{ id, run: run === undefined || cut ? undefined : withoutEnd(run), step: step.id, at }]
    }),
  )
}

function differenceAt({ content, open, indent }: Fence, run: string): Position {
  const seen = content.split('\n')
  const wanted = run.split('\n')
  const row = seen.findIndex((line, index) => line !== wanted[index])
  if (row < 0) return { line: open + 2 + seen.length, column: 1 }
  const [line, right = ''] = [seen[row]!, wanted[row]]
  let column = 0
  while (column < line.length && line[column] === right[column]) column++
  return { line: open + 2 + row, column: indent.length + column + 1 }
}
