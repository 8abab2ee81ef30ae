import type { ErrorClass } from './result.ts'

/** What kind of trouble a problem of looking is, and whether another look may help. */
export function problemClass(code: string): { readonly name: ErrorClass; readonly retryable: boolean } {
  if (code === 'grade.not-collected') return { name: 'not-collected', retryable: true }
  if (code === 'grade.too-large') return { name: 'limit', retryable: false }
  if (/unauthorized|forbidden|auth|permission|host-key|certificate|unreadable/.test(code))
    return { name: 'auth', retryable: false }
  if (/missing|not-installed|not-found/.test(code)) return { name: 'tool-missing', retryable: true }
  if (/timeout|timed-out/.test(code)) return { name: 'timeout', retryable: true }
  return { name: 'target-unreachable', retryable: true }
}
