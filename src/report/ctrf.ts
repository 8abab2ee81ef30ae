import { withoutEscapes } from './plain-text.ts'

/**
 * CTRF (ctrf.io), in the profile that every revision of its schema since October 2025 takes: nothing of ours but within
 * `extra`, and none of the fields that are still on their way.
 */

export interface CtrfTest {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending' | 'other'
  /** Our own word for it. */
  readonly rawStatus?: string
  /** ms since the epoch. */
  readonly start: number
  /** ms. */
  readonly duration: number
  readonly suite: readonly string[]
  readonly message?: string
  readonly trace?: string
  readonly filePath?: string
  readonly line?: number
}

export interface CtrfRun {
  readonly tool: { readonly name: string; readonly version: string }
  readonly start: number
  readonly stop: number
  readonly tests: readonly CtrfTest[]
}

export function ctrf({ tool, start, stop, tests }: CtrfRun): string {
  const of = (status: CtrfTest['status']) => tests.filter(test => test.status === status).length
  const summary = {
    tests: tests.length,
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped'),
    pending: of('pending'),
    other: of('other'),
    start: Math.round(start),
    stop: Math.round(stop),
  }
  const document = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    timestamp: new Date(stop).toISOString(),
    generatedBy: tool.name,
    results: { tool, summary, tests: tests.map(plain) },
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

function plain(test: CtrfTest): Record<string, unknown> {
  const { message, trace, start, duration, ...rest } = test
  return {
    ...rest,
    start: Math.round(start),
    stop: Math.round(start + duration),
    duration: Math.round(duration),
    ...(message === undefined ? {} : { message: withoutEscapes(message) }),
    ...(trace === undefined ? {} : { trace: withoutEscapes(trace) }),
  }
}
