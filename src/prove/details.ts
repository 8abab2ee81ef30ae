import type { Text } from '../lab/lab.ts'
import type { CheckResult, FoundCause } from '../lab/verdict.ts'
import { messages } from '../text/index.ts'

/** What was seen, as lines under a finding. */

const [ko, en] = [messages('ko'), messages('en')]
/** Lines of output that help; the end says why. */
const lastLines = 8

export function ofCheck({ subject, differences, cause }: CheckResult): Text[] {
  const lines = differences.slice(0, 3).map(({ path, expected, seen, rule }): Text => {
    if (rule === 'never-existed') return { ko: ko.neverExisted, en: en.neverExisted }
    if (rule === 'too-old')
      return { ko: ko.tooOld(expected ?? '', seen ?? ''), en: en.tooOld(expected ?? '', seen ?? '') }
    const at = path === '' ? '' : `${path} `
    const say = (m: typeof en) => {
      const wanted = rule === 'must-exist' ? m.anyValue : (expected ?? m.unwanted)
      return `${m.expected}: ${at}${wanted}, ${m.seen}: ${seen ?? m.missing}`
    }
    return { ko: say(ko), en: say(en) }
  })
  return [{ ko: `${ko.lookedAt}: ${subject}`, en: `${en.lookedAt}: ${subject}` }, ...lines, ...ofCause(cause)]
}

export function ofCause(cause: FoundCause | null): Text[] {
  if (!cause) return []
  return [{ ko: `${cause.code}: ${cause.message.ko}`, en: `${cause.code}: ${cause.message.en}` }]
}

/** A command, how it ended, and the end of what it printed. */
export function ofCommand(command: {
  readonly line: string
  readonly exit: number
  readonly expected: number
  readonly output: string
  readonly cause: FoundCause | null
}): Text[] {
  const { line, exit, expected, output, cause } = command
  const printed = output.trimEnd().split('\n').filter(Boolean).slice(-lastLines)
  const ended = (m: typeof en) => (exit === expected ? m.outputUnexpected(exit) : m.exitUnexpected(exit, expected))
  return [
    same(`$ ${line}`),
    { ko: ended(ko), en: ended(en) },
    ...printed.map(each => same(`| ${each}`)),
    ...ofCause(cause),
  ]
}

function same(line: string): Text {
  return { ko: line, en: line }
}
