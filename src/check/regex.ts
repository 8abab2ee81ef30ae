import { RE2JS } from 're2js'

/** Regular expressions from labs: RE2, so that no pattern takes exponential time. `.` stays within a line; `^` and `$` match at lines. */
export interface Pattern {
  test(text: string): boolean
}

const compiled = new Map<string, Pattern>()

/** Throws when RE2 cannot compile it. */
export function pattern(source: string): Pattern {
  let found = compiled.get(source)
  if (!found) {
    const regex = RE2JS.compile(source, RE2JS.MULTILINE)
    found = { test: text => regex.matcher(text).find() }
    compiled.set(source, found)
  }
  return found
}
