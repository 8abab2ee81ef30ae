import type { Finding, LabProof, Trial } from '../prove/proof.ts'
import { verdictOf } from '../prove/proof.ts'
import { timeSpan } from '../text/index.ts'
import { ctrf } from './ctrf.ts'
import { type Annotation, annotation, cell } from './github.ts'
import { junit } from './junit.ts'
import type { Teller } from './teller.ts'

/** A proof in the formats that other programs read. */

export interface About {
  readonly course: string
  readonly version: string
  /** A file of the course as those programs know it: from the root of the repository. */
  readonly pathOf: (file: string) => string
}

export function proofJunit(teller: Teller, proofs: readonly LabProof[], { course, pathOf }: About): string {
  const suites = proofs.map(({ lab, file, at, trials }) => ({
    name: lab,
    at,
    cases: trials.map(trial => {
      const text = textOf(teller, trial)
      const place = trial.findings[0]
      return {
        classname: [lab, trial.step].filter(Boolean).join('.'),
        name: nameOf(trial),
        file: pathOf(place?.file ?? file),
        ...(place ? { line: place.line } : {}),
        tookMs: trial.tookMs,
        ...(trial.verdict === 'passed'
          ? text === ''
            ? {}
            : { output: text }
          : { result: { kind: kinds[trial.verdict], type: typeOf(trial), text: text || teller.say.proofNotReached } }),
      }
    }),
  }))
  return junit(course, suites)
}

const kinds = { failed: 'failure', error: 'error', skipped: 'skipped' } as const

export function proofCtrf(teller: Teller, proofs: readonly LabProof[], { version, pathOf }: About): string {
  const statuses = { passed: 'passed', failed: 'failed', error: 'other', skipped: 'skipped' } as const
  const start = Math.min(...proofs.map(proof => proof.at))
  const stop = Math.max(...proofs.map(proof => proof.at + proof.tookMs))
  const tests = proofs.flatMap(({ lab, file, trials }) =>
    trials.map(trial => {
      const [first] = trial.findings
      return {
        name: nameOf(trial),
        status: statuses[trial.verdict],
        rawStatus: trial.verdict,
        start: trial.at,
        duration: trial.tookMs,
        suite: [lab, ...(trial.step ? [trial.step] : [])],
        filePath: pathOf(first?.file ?? file),
        ...(first ? { message: teller.of(first.message), trace: textOf(teller, trial), line: first.line } : {}),
      }
    }),
  )
  const times = proofs.length > 0 ? { start, stop } : { start: 0, stop: 0 }
  return ctrf({ tool: { name: 'handrail', version }, ...times, tests })
}

/** Commands for the log of a workflow: each finding at its line. */
export function proofAnnotations({ of }: Teller, findings: readonly Finding[], { pathOf }: About): string[] {
  return findings.map(({ file, line, column, severity, code, message, details, step, about }) => {
    const made: Annotation = { severity, file: pathOf(file), line, column, title: code }
    const name = [step, about].filter(Boolean).join('/')
    const text = [`${name === '' ? '' : `${name}: `}${of(message)}`, ...details.map(of)].join('\n')
    return annotation(made, text)
  })
}

/** Markdown for the summary of a job. */
export function proofMarkdown(teller: Teller, proofs: readonly LabProof[], { pathOf }: About): string {
  const { say, of } = teller
  const { lab, verdict, trials, took } = say.proofColumns
  const marks = { passed: '✅', failed: '❌', error: '⚠️', skipped: '⏭️' }
  const rows = proofs.map(proof => {
    const result = verdictOf(proof.trials)
    const tried = proof.trials.filter(trial => trial.verdict !== 'skipped').length
    return `| ${cell(proof.lab)} | ${marks[result]} ${say.proofVerdicts[result]} | ${tried} | ${timeSpan(proof.tookMs, say)} |`
  })
  const found = proofs.flatMap(proof => proof.trials.flatMap(trial => trial.findings))
  const list = found.map(each => {
    const sign = each.severity === 'error' ? '❌' : '⚠️'
    return `- ${sign} \`${pathOf(each.file)}:${each.line}\` ${cell(of(each.message))} (${each.code})`
  })
  const table = [`| ${lab} | ${verdict} | ${trials} | ${took} |`, '| --- | --- | ---: | ---: |', ...rows]
  return `${[...table, ...(list.length > 0 ? ['', ...list] : [])].join('\n')}\n`
}

function nameOf({ part, name }: Trial): string {
  return name === undefined ? part : `${part}: ${name}`
}

function typeOf({ findings }: Trial): string {
  return findings.find(each => each.severity === 'error')?.code ?? 'not-reached'
}

function textOf({ of }: Teller, { findings }: Trial): string {
  return findings
    .map(({ file, line, column, code, about, message, details }) =>
      [`${about ? `${about}: ` : ''}${of(message)} [${code}]`, `${file}:${line}:${column}`, ...details.map(of)].join(
        '\n',
      ),
    )
    .join('\n\n')
}
