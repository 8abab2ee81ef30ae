import type { Json } from '../lab/lab.ts'
import type { Probe, Reader } from './reader.ts'

/** How a field of a check is written; the schema, the docs and `lab lint` are made from it. */
export interface Field {
  readonly type: 'text' | 'integer' | 'boolean' | 'texts' | 'map' | 'duration'
  readonly about: string
  readonly required?: true
  /** Allowed values of a text. */
  readonly oneOf?: readonly string[]
}

/** Field values after `{{ }}` was filled in. */
export type Fields = Readonly<Record<string, Json>>

/** What a look needs besides the fields. */
export interface Place {
  readonly reader: Reader
  /** For kinds that are marked as probes only. */
  readonly probe: Probe
  /** Absolute path that relative paths of a check start from. */
  readonly workspace: string
  /** Of kubectl, for the lab's cluster; empty where the lab has none. */
  readonly context: string
  readonly signal: AbortSignal
}

/** What the matcher is applied to. */
export interface Subjects {
  /** The objects that the check selects; one that fits is enough. */
  readonly found: readonly Json[]
  /**
   * Where nothing was selected: what was looked for, what is nearly that, and what was seen instead. `there`: the thing
   * itself is there and only not ready, so it is not `gone`.
   */
  readonly missing?: { readonly what: string; readonly near?: string; readonly seen?: string; readonly there?: true }
}

/**
 * A check kind: its fields, what it reads, and which objects of that its condition is about. Reading (`look`) is thin and
 * touches the machine only through the `Reader`; everything else is pure.
 */
export interface Kind {
  readonly name: string
  /** One English sentence for the docs. */
  readonly about: string
  readonly fields: Readonly<Record<string, Field>>
  /** At least one field of each list must be there. */
  readonly oneOfFields?: readonly (readonly string[])[]
  /** Deadline where the check names none, ms. */
  readonly within: number
  /** `docker`, `cluster`: woken by events of the engine or of the API server; `poll`: looked at in growing intervals. */
  readonly wake: 'docker' | 'cluster' | 'poll'
  /** Must run or create something to look, which `look` removes again. */
  readonly probe?: true
  /** Looks at the lab's cluster, so the lab must name one. */
  readonly cluster?: true
  look(fields: Fields, place: Place): Promise<Json>
  subjects(fields: Fields, seen: Json): Subjects
  /** What `expect` means when the check has none; absent: being there is enough. */
  readonly expects?: Json
  /** Since when (ms) the found object has been as it is, where it says so itself: `for` counts from there. */
  since?(subject: Json): number | undefined
  /** When the object came to be (ms), for `since: step`. */
  bornAt?(subject: Json): number | undefined
  /** Names what is looked at, the same for the same object: `gone` and the report use it. */
  identity(fields: Fields): string
  /** Used by the docs and by a test: with this check, `passes` passes and `fails` fails. */
  readonly example: { readonly check: Record<string, Json>; readonly passes: Json; readonly fails: Json }
}

export function text(fields: Fields, name: string): string {
  const value = fields[name]
  return value === undefined || value === null ? '' : String(value)
}
