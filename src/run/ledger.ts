import { calls } from '../causes/line.ts'
import type { DockerSnapshot } from './world.ts'

/** What this learner's labs created, so that cleaning up is exact. */
export interface Ledger {
  readonly entries: readonly Entry[]
  /** Written before a command begins, so that a killed run leaves nothing unknown. */
  readonly running?: Running
}

export type Entry = Owner &
  (
    | { readonly kind: 'container' | 'network'; readonly id: string; readonly name: string }
    | { readonly kind: 'image'; readonly id: string; readonly name: string }
    | { readonly kind: 'volume'; readonly name: string }
    /** Of kind, with all its containers and the context of kubectl. */
    | { readonly kind: 'cluster'; readonly name: string }
    | { readonly kind: 'process'; readonly name: string; readonly group: number; readonly members: readonly Member[] }
    /** Absolute path. */
    | { readonly kind: 'path'; readonly name: string }
    /** A folder that the workspace needed: removed when nothing is in it any more. Belongs to the course, not to a lab. */
    | { readonly kind: 'folder'; readonly name: string }
    /** A file that the tool wrote over, and where the learner's own is kept; `null`: there was none. */
    | { readonly kind: 'edit'; readonly name: string; readonly copy: string | null }
  )

interface Owner {
  readonly lab: string
  readonly step: string
}

export interface Member {
  readonly pid: number
  readonly start: string
}

export interface Running extends Owner {
  readonly line: string
  readonly group: number
  readonly start: string | null
  readonly at: number
  readonly timeoutMs: number
  readonly before: Before
}

export interface Before {
  /** `null`: the lab does not use an engine, or none answered. */
  readonly docker: DockerSnapshot | null
  /** Absolute paths of what is in the workspace. */
  readonly paths: readonly string[]
}

/** The engine's clock and ours may differ a little. */
const slack = 2000

/** A line, and when it ran, ms. */
export interface Span {
  readonly line: string
  readonly from: number
  readonly to: number
}

/**
 * What came to be between two looks, while the command ran that is asked about; clusters only where it calls kind, since
 * others may make theirs at the same time. `owned`: image names that are the lab's already, whose next image is so, too.
 */
export function appeared(
  owner: Owner,
  before: Before,
  after: Before,
  span: Span,
  owned: ReadonlySet<string> = new Set(),
): Entry[] {
  const { lab, step } = owner
  const entries: Entry[] = []
  const within = (time: number) => time >= span.from - slack && time <= span.to + slack
  const makesClusters = calls(span.line, 'kind').length > 0
  if (before.docker && after.docker) {
    const was = before.docker
    for (const [id, { name, createdAt, cluster }] of Object.entries(after.docker.containers)) {
      if (was.containers[id] || !within(createdAt)) continue
      if (cluster === undefined) entries.push({ lab, step, kind: 'container', id, name })
      else if (makesClusters && !entries.some(entry => entry.kind === 'cluster' && entry.name === cluster))
        entries.push({ lab, step, kind: 'cluster', name: cluster })
    }
    // An image without a tag is what a builder or another user of the engine left: only named ones are surely ours.
    for (const [name, { id }] of Object.entries(after.docker.images))
      if (name !== id && (!was.images[name] || owned.has(name))) entries.push({ lab, step, kind: 'image', id, name })
    for (const [name, { createdAt }] of Object.entries(after.docker.volumes))
      if (!was.volumes[name] && within(createdAt)) entries.push({ lab, step, kind: 'volume', name })
    for (const [id, { name, createdAt }] of Object.entries(after.docker.networks))
      if (!was.networks[id] && within(createdAt)) entries.push({ lab, step, kind: 'network', id, name })
  }
  const known = new Set(before.paths)
  for (const path of after.paths) if (!known.has(path)) entries.push({ lab, step, kind: 'path', name: path })
  return entries
}

export function ownedImages(ledger: Ledger): Set<string> {
  return new Set(ledger.entries.flatMap(entry => (entry.kind === 'image' ? entry.name : [])))
}

/** Adds entries that are not there yet. A path, and a container of the same name, belongs to the step that made it first. */
export function withEntries(ledger: Ledger, added: readonly Entry[]): Ledger {
  const first = new Map(ledger.entries.map(entry => [`${entry.kind} ${entry.lab} ${entry.name}`, entry.step]))
  const entries = added.map(entry =>
    entry.kind === 'container'
      ? { ...entry, step: first.get(`container ${entry.lab} ${entry.name}`) ?? entry.step }
      : entry,
  )
  const key = (entry: Entry) =>
    entry.kind === 'path' || entry.kind === 'edit'
      ? `${entry.kind} ${entry.name}`
      : `${entry.kind} ${'id' in entry ? entry.id : ''} ${'group' in entry ? entry.group : ''} ${entry.name}`
  const known = new Set(ledger.entries.map(key))
  const { running: _, ...rest } = ledger
  return { ...rest, entries: [...ledger.entries, ...entries.filter(entry => !known.has(key(entry)))] }
}

export function withoutEntries(ledger: Ledger, gone: readonly Entry[]): Ledger {
  const set = new Set(gone)
  return { ...ledger, entries: ledger.entries.filter(entry => !set.has(entry)) }
}

const order = ['process', 'cluster', 'container', 'network', 'volume', 'image', 'edit', 'path', 'folder']

/** Newest first, and what holds another thing before what it holds: containers before their networks and images. */
export function removalOrder(entries: readonly Entry[]): Entry[] {
  return entries.toReversed().toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}
