import type { ManifestSeen } from '../check/kinds/manifest.ts'
import { output, type Situation } from './cause.ts'
import { failing, looked, seenAs } from './look.ts'

/** What kubectl or the API server said against a manifest, applied or only looked at; empty: nothing. */
export function refusal(situation: Situation): string {
  const check = looked(situation, 'manifest')
  const answer = check && seenAs<ManifestSeen>(check).answer
  if (answer) return answer.exitCode === 0 ? '' : withoutKlog(answer.stderr)
  const command = failing(situation)
  return command ? withoutKlog(output(command)) : ''
}

/** kubectl logs its own troubles before it says what is wrong. */
function withoutKlog(text: string): string {
  return text.replace(/^[EWIF]\d{4} .*\n?/gm, '')
}

/** What an object is refused for by the rules of its kind: `The Pod "web" is invalid: spec.x: Required value: …`. */
export interface Invalid {
  readonly object: string
  /** `spec.containers[0].image`. */
  readonly field: string
  /** `Required value`, `Invalid value`, `Unsupported value`, `Forbidden`, `Not found`, `Duplicate value`. */
  readonly type: string
  readonly value?: string
  readonly detail: string
}

const entry =
  /(?:^|\n)(?:\* |The \S+ "[^"]*" is invalid: (?!\n))(?<field>[\w.[\]*-]+): (?<type>[A-Z][a-z]+(?: value| found)?)(?:: (?<rest>.*))?/g

/** All of them, as the server orders them. */
export function invalidities(situation: Situation): readonly Invalid[] {
  const text = refusal(situation)
  const object = /The (\S+ "[^"]*") is invalid: /.exec(text)?.[1]?.replaceAll('"', '')
  if (object === undefined) return []
  return [...text.matchAll(entry)].map(({ groups = {} }) => {
    const { field = '', type = '', rest = '' } = groups
    const value = /^"((?:[^"\\]|\\.)*)"(?:: |$)/.exec(rest) ?? /^(\d+)(?:: |$)/.exec(rest)
    const detail = value ? rest.slice(value[0].length) : rest
    return { object, field, type, detail, ...(value ? { value: value[1] ?? '' } : {}) }
  })
}
