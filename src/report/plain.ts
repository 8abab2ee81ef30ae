import type { Lab, Step } from '../lab/lab.ts'
import { showDuration } from '../lab/units.ts'
import type { RunEvent } from '../run/events.ts'
import { harmless } from '../terminal/safe.ts'
import { mark } from '../terminal/style.ts'
import { wrap } from '../terminal/width.ts'
import { timeAgo } from '../text/index.ts'
import { causeLines, checkLines } from './checks.ts'
import { labelled, marked, rule, type Teller } from './teller.ts'

/** What a view needs of the lab whose events it shows. */
export interface Scene {
  readonly lab: Lab
  /** Fills the `{{ }}` of a Markdown text and makes it readable; absent: no prose is shown. */
  readonly render?: (markdown: string) => string
  /** Commands are shown when they run: they need not stand in the text as well. */
  readonly playing: boolean
  /** What to type next, as this learner started the program. */
  readonly commandFor: (words: string) => string
  readonly nextLab: string | null
}

/** Lines of output that stay on the screen of one command. */
const keptLines = 20

/** Events as lines, one after the other; nothing is ever painted over. */
export function createPlainView(teller: Teller, scene: Scene): (event: RunEvent) => void {
  let output = ''
  return event => {
    if (event.event === 'command.output') output += event.text
    for (const line of lines(teller, scene, event, output)) teller.print(line)
    if (event.event === 'command.finished') output = ''
  }
}

/** What an event leaves on the screen. `output` is what the command printed so far. */
export function lines(teller: Teller, scene: Scene, event: RunEvent, output: string): string[] {
  const { say, paint, of } = teller
  const { lab } = scene
  const step = lab.steps.find(each => each.id === event.step)
  switch (event.event) {
    case 'lab.opened':
      return opened(teller, scene, event)
    case 'lab.gone':
      return event.steps.map(({ id, at }) => {
        const title = of(lab.steps.find(each => each.id === id)!.title)
        return marked(teller, 'error', say.gone(title, timeAgo(at, event.at, say)))
      })
    case 'lab.finished':
      return finished(teller, scene, event)
    case 'step.started':
      return started(teller, scene, step!, event.number, event.of)
    case 'step.reset':
      return [marked(teller, 'waiting', paint.faint(say.stepReset))]
    case 'step.finished':
      return [marked(teller, event.status === 'skipped' ? 'skipped' : 'passed', paint.strong(ended(teller, event)))]
    case 'edit.written': {
      const kept = event.copy ? [marked(teller, 'waiting', say.keptCopy(event.copy))] : []
      return [marked(teller, 'passed', say.written(event.file)), ...kept]
    }
    case 'command.started':
      return ['', ...commandLine(teller, event.line)]
    case 'command.finished':
      return commandEnd(teller, event, output)
    case 'typed':
      return event.cause ? ['', ...causeLines(teller, event.cause, 2)] : []
    case 'command.fallback':
      return ['', marked(teller, 'step', `${say.fallback}: ${of(event.text)}`)]
    case 'checks.started':
      return ['']
    case 'check.finished':
      return checkLines(teller, event.result)
    case 'hint.shown':
      return ['', labelled(teller, say.hint, of(event.text), 2, 4)]
    case 'leftover.ended':
      return [marked(teller, 'error', say.leftoverEnded(event.line))]
    case 'removed':
      return [marked(teller, 'passed', say.removed(say.kinds[event.kind] ?? event.kind, event.name))]
    case 'not.removed':
      return [
        marked(teller, 'failed', say.notRemoved(say.kinds[event.kind] ?? event.kind, event.name, harmless(event.why))),
      ]
    case 'warning':
      return [marked(teller, 'error', of(event.text))]
    case 'command.output':
    case 'check.waiting':
    case 'step.stuck':
      return []
  }
}

function opened(teller: Teller, { lab, render }: Scene, event: RunEvent & { event: 'lab.opened' }): string[] {
  const { say, paint, of } = teller
  if (event.resumed) return ['', paint.strong(say.resumed(of(lab.title))), paint.faint(say.workspace(event.workspace))]
  const intro = render ? [render(of(lab.intro))] : []
  const facts = `${say.levels[lab.level]}, ${say.minutes(lab.minutes)}`
  return [
    '',
    `${paint.accent(of(lab.title))}  ${paint.faint(facts)}`,
    '',
    ...intro,
    paint.faint(say.workspace(event.workspace)),
  ]
}

function started(teller: Teller, { render, playing }: Scene, step: Step, number: number, count: number): string[] {
  const { of, say } = teller
  const heading = rule(teller, `${number}/${count} ${of(step.title)}`)
  const files = step.edits.map(edit => labelled(teller, say.editsHeading, edit.file, 2, 0))
  const text = render?.(playing ? withoutCommands(of(step.text)) : of(step.text)) ?? ''
  // A command that is played brings an empty line of its own.
  const gap = playing && files.length === 0 ? [] : ['']
  return ['', heading, ...(text === '' ? [] : ['', text]), ...gap, ...(render ? files : [])]
}

/** The text without the fences of commands. */
function withoutCommands(markdown: string): string {
  return markdown.replace(/^```\w* run=[^\n]*\n[\s\S]*?\n```\n*/gm, '')
}

function ended({ say }: Teller, { status, already }: RunEvent & { event: 'step.finished' }): string {
  if (already) return say.already
  if (status === 'solved') return say.stepSolved
  return status === 'skipped' ? say.stepSkipped : say.stepDone
}

export function commandLine({ paint }: Teller, line: string): string[] {
  return line.split('\n').map((part, index) => `${paint.faint(index === 0 ? '$' : '>')} ${paint.code(part)}`)
}

function commandEnd(teller: Teller, event: RunEvent & { event: 'command.finished' }, output: string): string[] {
  const { say, paint, look } = teller
  const all = outputLines(output)
  const shown = output.trim() === '' ? [] : all.slice(-keptLines)
  const hidden = all.length - shown.length
  const bar = paint.faint(look.unicode ? '│' : '|')
  const printed = [
    ...(shown.length > 0 && hidden > 0 ? [`${bar} ${paint.faint(say.linesLeftOut(hidden))}`] : []),
    ...shown.map(line => wrap(line, look.columns, { indent: `${bar} ` })),
  ]
  const took = event.tookMs >= 1000 ? ` ${showDuration(event.tookMs)}` : ''
  if (event.ok && event.exit === 0) return [...printed, `${mark(look, 'passed')}${paint.faint(took)}`]
  if (event.ok) return [...printed, `${mark(look, 'passed')} ${paint.faint(say.exitAsExpected(event.exit) + took)}`]
  const { exit, expected } = event
  const how = exit === expected ? say.outputUnexpected(exit) : say.exitUnexpected(exit, expected)
  const failed = marked(teller, 'failed', how + took)
  return [...printed, failed, ...(event.cause ? causeLines(teller, event.cause, 2) : [])]
}

/** Of a line that was painted over, what stood there last; without anything that would steer the terminal. */
export function outputLines(output: string): string[] {
  const lines = output.replace(/\n+$/, '').split('\n')
  return lines.map(line => harmless(line.replace(/^.*\r(?=[^\r])/s, '')))
}

function finished(teller: Teller, scene: Scene, event: RunEvent & { event: 'lab.finished' }): string[] {
  const { say, of, paint } = teller
  const { lab, render, commandFor, nextLab } = scene
  const title = of(lab.title)
  if (event.again)
    return ['', marked(teller, 'passed', say.finishedAgain(title)), ...next(teller, commandFor, nextLab, lab)]
  const debrief = render ? [render(of(lab.debrief)), ''] : []
  const head = paint.strong(say.finished(title, showDuration(event.tookMs)))
  return [
    '',
    rule(teller, title),
    '',
    ...debrief,
    marked(teller, 'passed', head),
    ...next(teller, commandFor, nextLab, lab),
  ]
}

function next({ say, paint }: Teller, commandFor: Scene['commandFor'], nextLab: string | null, lab: Lab): string[] {
  return [
    nextLab ? say.nextLab(paint.code(commandFor(`run ${nextLab}`))) : say.courseFinished,
    paint.faint(say.cleanUp(commandFor(`clean ${lab.id}`))),
  ]
}
