import { fittingHints } from '../lab/hints.ts'
import type { Mistake, Step, Text } from '../lab/lab.ts'
import { fill } from '../lab/template.ts'
import type { CheckResult, FoundCause } from '../lab/verdict.ts'
import { completes } from '../run/attempt.ts'
import { lookup } from '../run/session.ts'
import { codesOf } from '../run/walk.ts'
import { ofCheck, ofCommand } from './details.ts'
import { at, backToBefore, doWrongly, ids, interrupted } from './play.ts'
import type { Finding } from './proof.ts'
import { finding, type Scene } from './scene.ts'
import { texts } from './texts.ts'

/** When the cause of a mistake has mostly shown, ms. Only where it has not, the step's own time is waited for. */
const looks = [4000, 20_000, Number.POSITIVE_INFINITY]

/** Plays a mistake on the state before the step, and brings that back. */
export async function playMistake(scene: Scene, step: Step, mistake: Mistake): Promise<Finding[]> {
  const { session, locate } = scene
  const index = step.mistakes.indexOf(mistake)
  const wrong = { edits: mistake.edits, commands: commandsOf(step, mistake) }
  const { results, ran } = await doWrongly(scene, step, wrong, looks, done =>
    codesOf(done.results, done.ran.cause).includes(mistake.cause),
  )
  if (session.signal.aborted) return [interrupted(scene, step)]
  const command = scene.heard.commands.findLast(each => each.id === mistake.id)
  const found = judgeMistake(step, mistake, { results, cause: ran.cause }, line => fill(line, lookup(session)))
  const seen = [
    ...(command && command.exit !== 0 ? ofCommand(command) : []),
    ...results.filter(result => result.verdict !== 'passed').flatMap(ofCheck),
  ]
  const about = { about: mistake.id, details: seen }
  const findings = found.map(({ code, field, message }) =>
    finding(ids(scene, step), locate(at(scene, step, 'mistakes', index, ...field)), code, message, about),
  )
  if (await backToBefore(scene, step)) return findings
  const place = locate(at(scene, step, 'mistakes', index))
  const message = texts['not-restored'](mistake.id)
  return [...findings, finding(ids(scene, step), place, 'not-restored', message, { about: mistake.id })]
}

function commandsOf({ commands, solve }: Step, { id, run, timeout }: Mistake) {
  if (run === undefined) return []
  const patience = Math.max(60_000, ...[...commands, ...solve].map(command => command.timeout))
  return [{ id, run, timeout: timeout ?? patience, expect: { exit: 0 }, background: false }]
}

interface Flaw {
  readonly code: string
  /** Of the mistake. */
  readonly field: readonly string[]
  readonly message: Text
}

/** What came of a mistake against what must: not passed, the cause named, the answer not told. Pure. */
export function judgeMistake(
  step: Pick<Step, 'checks' | 'commands' | 'edits' | 'hints'>,
  mistake: Mistake,
  seen: { readonly results: readonly CheckResult[]; readonly cause: FoundCause | null },
  filled: (line: string) => string = line => line,
): Flaw[] {
  const { results, cause } = seen
  if (results.length > 0 && results.every(result => result.verdict === 'passed'))
    return [{ code: 'mistake-passes', field: [], message: texts['mistake-passes']() }]
  const codes = [...new Set(codesOf(results, cause))]
  const flaws: Flaw[] = []
  if (!codes.includes(mistake.cause)) {
    const named = codes.length > 0 ? codes.map(code => `\`${code}\``).join(', ') : '-'
    flaws.push({
      code: 'mistake-other-cause',
      field: ['cause'],
      message: texts['mistake-other-cause'](mistake.cause, named),
    })
  }
  const told = toldTo(step, codes, [cause, ...results.map(result => result.cause)])
  const said = told.flatMap(({ ko, en }) => [filled(ko), filled(en)])
  const answer = answers(step, filled).find(line => said.some(text => text.includes(line)))
  if (answer) flaws.push({ code: 'mistake-tells', field: [], message: texts['mistake-tells'](answer) })
  return flaws
}

/** What is said at the first failed try. */
function toldTo(
  step: Pick<Step, 'checks' | 'hints'>,
  codes: readonly string[],
  causes: readonly (FoundCause | null)[],
): Text[] {
  const hints = [...step.checks.flatMap(check => check.hints), ...step.hints]
  return [
    ...causes.flatMap(cause => (cause ? [cause.message, cause.advice] : [])),
    ...fittingHints(hints, { codes, tries: 1 }),
  ]
}

/** Whole lines that do the step: those that only look or move tell nothing. */
function answers(step: Pick<Step, 'commands' | 'edits'>, filled: (line: string) => string): string[] {
  return step.commands
    .filter(command => completes({ ...(step as Step), commands: [command] }, command.run))
    .map(command => filled(command.run).trim())
    .filter(line => line.length >= 8)
}
