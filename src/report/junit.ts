import { withoutEscapes } from './plain-text.ts'

/** JUnit XML as GitLab, Jenkins and GitHub's actions read it: what matters stands in the elements, not only in attributes. */

export interface JunitSuite {
  readonly name: string
  /** ms since the epoch. */
  readonly at: number
  readonly properties?: Readonly<Record<string, string>>
  readonly cases: readonly JunitCase[]
}

/** (`classname`, `name`) must be unique: GitLab uses only the first of equal ones. */
export interface JunitCase {
  readonly classname: string
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly tookMs: number
  /** Absent: it passed. */
  readonly result?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly text: string }
  /** Of a case that passed: what is worth a look all the same. */
  readonly output?: string
}

export function junit(name: string, suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(suite => suite.cases)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...counts(all) })}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

function suiteLines({ name, at, properties = {}, cases }: JunitSuite): string[] {
  const timestamp = new Date(at).toISOString().replace(/\.\d+Z$/, '')
  const facts = Object.entries(properties).map(([key, value]) => `      <property${attributes({ name: key, value })}/>`)
  return [
    `  <testsuite${attributes({ name, timestamp, ...counts(cases) })}>`,
    ...(facts.length > 0 ? ['    <properties>', ...facts, '    </properties>'] : []),
    ...cases.flatMap(caseLines),
    '  </testsuite>',
  ]
}

function caseLines({ classname, name, file, line, tookMs, result, output }: JunitCase): string[] {
  const open = `    <testcase${attributes({ classname, name, file, line, time: seconds(tookMs) })}`
  if (!result && output === undefined) return [`${open}/>`]
  return [
    `${open}>`,
    ...(result ? [resultLine(result)] : []),
    ...(output === undefined ? [] : [`      <system-out>${text(output)}</system-out>`]),
    '    </testcase>',
  ]
}

function resultLine({ kind, type, text: said }: NonNullable<JunitCase['result']>): string {
  const message = said.split('\n')[0]!
  const named = kind === 'skipped' ? { message } : { type, message }
  return `      <${kind}${attributes(named)}>${text(said)}</${kind}>`
}

function counts(cases: readonly JunitCase[]) {
  const of = (kind: string) => cases.filter(each => each.result?.kind === kind).length
  const ms = cases.reduce((sum, each) => sum + each.tookMs, 0)
  return {
    tests: cases.length,
    failures: of('failure'),
    errors: of('error'),
    skipped: of('skipped'),
    time: seconds(ms),
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        ` ${name}="${text(String(value))
          .replaceAll('"', '&quot;')
          .replace(/[\t\r\n]/g, ' ')}"`,
    )
    .join('')
}

function text(said: string): string {
  return withoutEscapes(said).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
