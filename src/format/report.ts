import type { Language, Text } from '../lab/lab.ts'
import type { Problem } from '../lab/problem.ts'
import type { Position, YamlFile } from '../lab/yaml.ts'
import type { Path } from './cursor.ts'
import { type Code, type Details, messages } from './messages.ts'

/** Where a problem is: in the YAML file at hand, or in another file of the same folder. */
export type Place =
  | { readonly path: Path; readonly part?: 'key' | 'value'; readonly inside?: string }
  | (Position & { readonly file?: string })

export interface Report {
  <C extends Code>(place: Place, code: C, details: Details<C>, fix?: string): void
  /** With a message of somebody else's. */
  own(place: Place, code: string, message: Text, fix?: string): void
}

/** Collects problems of one YAML file and of the files beside it. `folder` and `file` are as they are shown. */
export function reporter(folder: string, file: string, yaml: YamlFile | null, into: Problem[]): Report {
  const add = (place: Place, code: string, message: Text, severity: Problem['severity'], fix?: string) => {
    const { line, column } =
      'path' in place ? (yaml?.locate(place.path, place.part, place.inside) ?? { line: 1, column: 1 }) : place
    const other = 'path' in place ? undefined : place.file
    into.push({
      file: `${folder}/${other ?? file}`,
      line,
      column,
      severity,
      code,
      message: fix === undefined ? message : withFix(message, fix),
      ...(fix === undefined ? {} : { fix }),
    })
  }
  const report = <C extends Code>(place: Place, code: C, details: Details<C>, fix?: string) => {
    const entry: { ko: string; en: string; warning?: true } = messages[code]
    const say = (language: Language) => filled(entry[language], details)
    add(place, code, { ko: say('ko'), en: say('en') }, entry.warning ? 'warning' : 'error', fix)
  }
  report.own = (place: Place, code: string, message: Text, fix?: string) => add(place, code, message, 'error', fix)
  return report
}

function filled(message: string, details: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (written, name: string) =>
    Object.hasOwn(details, name) ? shortened(String(details[name])) : written,
  )
}

/** What an author wrote may be very long or contain anything. */
function shortened(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 110)}…` : line
}

function withFix({ ko, en }: Text, fix: string): Text {
  const shown = shortened(fix)
  return { ko: `${ko} (혹시 ${shown}?)`, en: `${en} (did you mean ${shown}?)` }
}
