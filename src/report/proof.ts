import { showDuration } from '../lab/units.ts'
import { type Finding, findingsOf, type LabProof, type ProofListen, type Trial, verdictOf } from '../prove/proof.ts'
import type { RunEvent } from '../run/events.ts'
import { harmless } from '../terminal/safe.ts'
import { type Mark, mark } from '../terminal/style.ts'
import { wrap } from '../terminal/width.ts'
import { timeSpan } from '../text/index.ts'
import { commandLine } from './plain.ts'
import { inline, rule, type Teller } from './teller.ts'

/** A proof as it goes: a line for each step, and what was found under the lab. `verbose`: every command, too. */
export function createProofView(teller: Teller, verbose: boolean): ProofListen {
  const { say, of, print } = teller
  let line: Trial[] = []
  const endLine = () => {
    if (line.length > 0) print(trialsLine(teller, line))
    for (const finding of line.flatMap(trial => trial.findings))
      for (const each of findingLines(teller, finding)) print(each)
    line = []
  }
  return event => {
    if (!event.event.startsWith('proof.')) {
      if (verbose) for (const each of commandLines(teller, event as RunEvent)) print(each)
      return
    }
    if (event.event === 'proof.lab-started') {
      print('')
      print(rule(teller, say.proofLab(`${event.lab}: ${of(event.title)}`, event.number, event.of)))
    }
    if (event.event === 'proof.trial-finished') {
      if (line.length > 0 && line[0]!.step !== event.trial.step) endLine()
      line.push(event.trial)
      if (event.trial.step === undefined) endLine()
    }
    if (event.event === 'proof.lab-finished') endLine()
  }
}

const marks: Readonly<Record<Trial['verdict'], Mark>> = {
  passed: 'passed',
  failed: 'failed',
  error: 'error',
  skipped: 'skipped',
}

/** `✔ build  fails before, 3 of 3 mistakes noticed, solution 12s` */
function trialsLine(teller: Teller, trials: readonly Trial[]): string {
  const { look, paint, say } = teller
  const { step } = trials[0]!
  const mistakes = trials.filter(trial => trial.part === 'mistakes')
  const caught = mistakes.filter(trial => trial.verdict === 'passed').length
  const words = trials
    .filter(trial => trial.part !== 'mistakes' || trial === mistakes[0])
    .filter(trial => trial.part !== 'near-misses' || trial.tried !== 0)
    .map(trial => {
      if (trial.part === 'mistakes') return say.proofMistakes(caught, mistakes.length)
      if (trial.part === 'near-misses')
        return say.proofNearMisses((trial.tried ?? 0) - trial.findings.length, trial.tried ?? 0)
      if (trial.verdict === 'skipped') return say.proofNotReached
      const took = trial.tookMs >= 1000 ? ` ${showDuration(trial.tookMs)}` : ''
      return say.proofParts[trial.part] + paint.faint(took)
    })
  const name = step === undefined ? '' : `${paint.strong(step)}  `
  const first = `${mark(look, marks[verdictOf(trials)])} `
  return wrap(`${name}${words.join(', ')}`, look.columns, { indent: '    ', first })
}

/** As `lab lint` says it, and below it what was seen. */
export function findingLines(teller: Teller, finding: Finding): string[] {
  const { paint, say, of, look } = teller
  const { file, line, column, severity, code, message, details } = finding
  const kind = severity === 'error' ? paint.bad(say.error) : paint.warn(say.warning)
  const name = [finding.step, finding.about].filter(Boolean).join('/')
  const where = name === '' ? '' : `${paint.faint(name)} `
  return [
    `${paint.strong(`${file}:${line}:${column}:`)} ${kind}: ${where}${inline(teller, of(message))} ${paint.faint(`[${code}]`)}`,
    ...details.map(detail => wrap(of(detail), look.columns, { indent: '    ' })),
  ]
}

function commandLines(teller: Teller, event: RunEvent): string[] {
  if (event.event === 'command.started') return commandLine(teller, event.line)
  if (event.event === 'command.output')
    return event.text
      .trimEnd()
      .split('\n')
      .map(each => `| ${harmless(each)}`)
  return []
}

/** The last line. */
export function proofSummary({ say }: Teller, proofs: readonly LabProof[]): string {
  if (proofs.length === 0) return say.proofNothing
  const verdicts = proofs.map(proof => verdictOf(proof.trials))
  const count = (...wanted: string[]) => verdicts.filter(verdict => wanted.includes(verdict)).length
  // Some go side by side.
  const took = Math.max(...proofs.map(({ at, tookMs }) => at + tookMs)) - Math.min(...proofs.map(({ at }) => at))
  const { length: warnings } = findingsOf(proofs).filter(each => each.severity === 'warning')
  const rest = warnings > 0 ? ` (${say.lintSummary(findingsOf(proofs).length - warnings, warnings)})` : ''
  return say.proofSummary(count('passed'), count('failed'), count('error', 'skipped'), timeSpan(took, say)) + rest
}
