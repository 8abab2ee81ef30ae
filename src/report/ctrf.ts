import type { Json } from '../lab/lab.ts'
import { withoutEscapes } from './plain-text.ts'

/**
 * CTRF (ctrf.io), in the profile that every revision of its schema since October 2025 takes: nothing of ours but within
 * `extra`, and none of the fields that are still on their way.
 */

type Extra = Readonly<Record<string, Json>>

export interface CtrfTest {
  /** A UUID. */
  readonly id?: string
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
  /** Keys have the name of who made them: `lab.grade`. */
  readonly extra?: Extra
}

export interface CtrfRun {
  /** A UUID. */
  readonly reportId?: string
  readonly tool: { readonly name: string; readonly version: string }
  readonly start: number
  readonly stop: number
  readonly tests: readonly CtrfTest[]
  readonly environment?: CtrfEnvironment
  /** Of the summary. */
  readonly extra?: Extra
}

export interface CtrfEnvironment {
  readonly reportName: string
  readonly appName: string
  readonly appVersion: string
  /** `false`: not everything could be looked at. */
  readonly healthy: boolean
  readonly extra: Extra
}

export function ctrf({ reportId, tool, start, stop, tests, environment, extra }: CtrfRun): string {
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
    ...(extra ? { extra } : {}),
  }
  const document = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    ...(reportId ? { reportId } : {}),
    timestamp: new Date(stop).toISOString(),
    generatedBy: tool.name,
    results: { tool, summary, tests: tests.map(plain), ...(environment ? { environment } : {}) },
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

function plain(test: CtrfTest): Record<string, unknown> {
  const { message, trace, start, duration, ...rest } = test
  return {
    ...rest,
    name: withoutEscapes(rest.name),
    start: Math.round(start),
    stop: Math.round(start + duration),
    duration: Math.round(duration),
    ...(message === undefined ? {} : { message: withoutEscapes(message) }),
    ...(trace === undefined ? {} : { trace: withoutEscapes(trace) }),
  }
}
