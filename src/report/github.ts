import { withoutEscapes } from './plain-text.ts'

/** What GitHub Actions read in a log and in the summary of a job. */

export interface Annotation {
  readonly severity: 'error' | 'warning'
  /** From the root of the repository. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly title: string
}

/** One workflow command, one line. */
export function annotation({ severity, file, line, column, title }: Annotation, text: string): string {
  const properties = Object.entries({ file, line, col: column, title })
  const written = properties
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`)
    .join(',')
  return `::${severity} ${written}::${data(text)}`
}

function data(text: string): string {
  return withoutEscapes(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** A text of a student or a machine: besides, nothing in it is code, and calls nobody. */
export function plainCell(text: string): string {
  return cell(text).replaceAll('`', '\\`').replaceAll('@', '&#64;')
}

/** A text within a line or a table of Markdown: nothing in it is taken for markup. */
export function cell(text: string): string {
  const line = withoutEscapes(text).replace(/\s+/g, ' ')
  return line
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([|\\*_[\]])/g, '\\$1')
}
