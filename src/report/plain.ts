import type { Lab, Step, Text } from '../lab/lab.ts'
import { showDuration } from '../lab/units.ts'
import type { RunEvent } from '../run/events.ts'
import { harmless } from '../terminal/safe.ts'
import { mark } from '../terminal/style.ts'
import { columns, wrap } from '../terminal/width.ts'
import { timeAgo, timeSpan } from '../text/index.ts'
import { causeLines, checkLines, newsLines } from './checks.ts'
import { createNews } from './news.ts'
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
  let explained = ''
  const news = createNews(each => {
    for (const line of newsLines(teller, each)) teller.print(line)
  })
  return event => {
    news(event)
    if (event.event === 'command.output') output += event.text
    if (event.event === 'typed') explained = event.cause ? teller.of(event.cause.message) : ''
    for (const line of lines(teller, scene, withoutRepeat(teller, event, explained), output)) teller.print(line)
    if (event.event === 'command.finished') output = ''
  }
}

/** What was just said of a command is not said again of a check. */
function withoutRepeat({ of }: Teller, event: RunEvent, explained: string): RunEvent {
  if (event.event !== 'check.finished' || !event.result.cause) return event
  return of(event.result.cause.message) === explained ? { ...event, result: { ...event.result, cause: null } } : event
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
      return gone(teller, scene, event)
    case 'needed.gone':
      return neededGone(teller, scene, event)
    case 'lab.finished':
      return finished(teller, scene, event)
    case 'step.started':
      return started(teller, scene, step!, event.number, event.of)
    case 'step.reset':
      return [marked(teller, 'waiting', paint.faint(say.stepReset))]
    case 'step.finished':
      return [
        marked(teller, event.status === 'skipped' ? 'skipped' : 'passed', paint.strong(ended(teller, step!, event))),
      ]
    case 'edit.written': {
      const kept = event.copy ? [marked(teller, 'waiting', say.keptCopy(event.copy))] : []
      return [marked(teller, 'passed', say.written(event.file)), ...kept]
    }
    case 'copy.kept':
      return [marked(teller, 'waiting', say.kept(event.name, event.copy))]
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
    case 'hint.none':
      return [marked(teller, 'blocked', say.noMoreHints(scene.commandFor('solve')))]
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

function ended({ say, of }: Teller, { title }: Step, event: RunEvent & { event: 'step.finished' }): string {
  const { status, already } = event
  if (already) return say.already(of(title))
  if (status === 'solved') return say.stepSolved
  return status === 'skipped' ? say.stepSkipped : say.stepDone
}

export function commandLine({ paint }: Teller, line: string): string[] {
  return line.split('\n').map((part, index) => `${paint.faint(index === 0 ? '$' : '>')} ${paint.code(part)}`)
}

/** Wrapping takes the blanks away that a line begins with, and in YAML they mean something. */
function indentationOf(line: string, columns: number): string {
  return (/^ */.exec(line)?.[0] ?? '').slice(0, Math.floor(columns / 2))
}

function commandEnd(teller: Teller, event: RunEvent & { event: 'command.finished' }, output: string): string[] {
  const { say, paint, look } = teller
  const all = outputLines(output)
  const shown = output.trim() === '' ? [] : all.slice(-keptLines)
  const hidden = all.length - shown.length
  const bar = paint.faint(look.unicode ? '│' : '|')
  const printed = [
    ...(shown.length > 0 && hidden > 0 ? [`${bar} ${paint.faint(say.linesLeftOut(hidden))}`] : []),
    ...shown.map(line => wrap(line, look.columns, { indent: `${bar} ${indentationOf(line, look.columns)}` })),
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

function gone(teller: Teller, { lab, playing, commandFor }: Scene, event: RunEvent & { event: 'lab.gone' }): string[] {
  const { say, paint } = teller
  const steps = event.steps.map(({ id, at }) => ({ title: lab.steps.find(each => each.id === id)!.title, at }))
  const what = marked(teller, 'error', say.gone(stepList(teller, steps, event.at)))
  if (playing) return [what]
  const command = event.stood ? `goto ${event.stood}` : `run ${lab.id} --yes`
  return [what, `  ${say.goneBack(paint.code(commandFor(command)))}`]
}

function neededGone(teller: Teller, scene: Scene, event: RunEvent & { event: 'needed.gone' }): string[] {
  const { say, of, paint } = teller
  const { needed, stood } = event
  const command = stood ? `goto ${stood} ${scene.lab.id}` : `run ${needed} --yes`
  return [
    marked(teller, 'error', say.neededGone(of(event.title), stepList(teller, event.steps, event.at))),
    `  ${say.bringBack(paint.code(scene.commandFor(command)))}`,
  ]
}

/** `Run it (yesterday), Add an item (an hour ago)` */
export function stepList(
  { of, say }: Teller,
  steps: readonly { readonly title: Text; readonly at: number }[],
  now: number,
): string {
  return steps.map(({ title, at }) => `${of(title)} (${timeAgo(at, now, say)})`).join(', ')
}

function finished(teller: Teller, scene: Scene, event: RunEvent & { event: 'lab.finished' }): string[] {
  const { say, of, paint } = teller
  const { lab } = scene
  const title = of(lab.title)
  const after = next(teller, scene)
  if (event.again) return ['', marked(teller, 'passed', say.finishedAgain(title)), ...after]
  const head = marked(teller, 'passed', paint.strong(say.finished(title, timeSpan(event.tookMs, say))))
  return [
    '',
    rule(teller, title),
    '',
    ...lookingBack(teller, scene),
    head,
    ...byTheTool(teller, scene, event),
    ...after,
  ]
}

/** What was learnt: the lab's own words, else its steps. */
function lookingBack({ say, of, paint }: Teller, { lab, render }: Scene): string[] {
  if (!render) return []
  const debrief = of(lab.debrief).trim()
  const text = debrief === '' ? lab.steps.map(step => `- ${of(step.title)}`).join('\n') : debrief
  return [paint.strong(debrief === '' ? say.whatYouDid : say.lookingBack), '', render(text), '']
}

function byTheTool(teller: Teller, { lab }: Scene, event: RunEvent & { event: 'lab.finished' }): string[] {
  const { say, of } = teller
  const titles = (ids: readonly string[]) => ids.map(id => of(lab.steps.find(step => step.id === id)!.title)).join(', ')
  const { solved, skipped } = event
  if (solved.length === lab.steps.length) return [`  ${say.solvedAll}`]
  return [
    ...(solved.length > 0 ? [labelled(teller, say.solvedSteps, titles(solved), 2, columns(say.solvedSteps))] : []),
    ...(skipped.length > 0 ? [labelled(teller, say.skippedSteps, titles(skipped), 2, columns(say.skippedSteps))] : []),
  ]
}

function next({ say, paint }: Teller, { lab, nextLab, commandFor }: Scene): string[] {
  return [
    nextLab ? say.nextLab(paint.code(commandFor(`run ${nextLab}`))) : say.courseFinished,
    paint.faint(say.cleanUp(commandFor(`clean ${lab.id}`))),
  ]
}
