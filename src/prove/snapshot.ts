import { join } from 'node:path'
import { contextOfKind } from '../check/kinds/kind-cluster.ts'
import type { Reader } from '../check/reader.ts'
import type { Lab } from '../lab/lab.ts'
import { needsEngine } from '../run/doctor/look.ts'
import type { DockerSnapshot } from '../run/world.ts'
import type { Stand } from './stand.ts'

/** What a lab could leave behind. */
export interface Snapshot {
  /** `null`: the lab does not use an engine. */
  readonly docker: DockerSnapshot | null
  /** Of kubectl. */
  readonly contexts: readonly string[]
  /** In the labs' clusters: `Deployment default/web`, without what others own or the cluster keeps for itself. */
  readonly objects: readonly string[]
  /** Below the folders of the stand: absolute, folders with a trailing slash. */
  readonly files: readonly string[]
  /** Ports of this machine that somebody listens on. */
  readonly ports: readonly number[]
  /** Lines of living processes that the lab has started. */
  readonly processes: readonly string[]
}

export type LeftKind =
  | 'container'
  | 'image'
  | 'volume'
  | 'network'
  | 'cluster'
  | 'context'
  | 'object'
  | 'file'
  | 'port'
  | 'process'

/** Something that is there after and was not before, or the other way round. */
export interface Change {
  readonly kind: LeftKind
  readonly name: string
  readonly gone?: true
}

/** What tools keep for themselves in a home, and nobody misses. */
const ownToTools = /^(\.kube\/(config|cache\/.*|cache\/|config\.lock)?|\.kube|\.cache|\.npm|\.docker|\.config)(\/.*)?$/

/** What these labs could leave behind, as it is now. Throws `CouldNotLook`. */
export async function takeSnapshot(
  { world, workspace, home, temp, processes }: Stand,
  labs: readonly Lab[],
): Promise<Snapshot> {
  const { reader } = world
  const config = await reader.cluster.config()
  const contexts = config.contexts.map(each => each.name)
  const [docker, objects, listeners, living, atHome, ...others] = await Promise.all([
    labs.some(needsEngine) ? world.docker.snapshot() : null,
    objectsOf(
      reader,
      contextsOf(labs).filter(name => contexts.includes(name)),
    ),
    reader.listeners(),
    processes(),
    filesBelow(reader, home),
    filesBelow(reader, workspace),
    filesBelow(reader, temp),
  ])
  const kept = atHome.filter(path => !ownToTools.test(path.slice(home.length + 1)))
  return {
    docker,
    contexts,
    objects,
    files: [...kept, ...others.flat()],
    ports: [...new Set((listeners ?? []).map(each => each.port))],
    processes: living,
  }
}

function contextsOf(labs: readonly Lab[]): string[] {
  return [...new Set(labs.flatMap(({ cluster }) => (cluster === undefined ? [] : contextOfKind(cluster))))]
}

/** Kinds that labs make. What a controller makes of them goes with them. */
const objectKinds = [
  ...['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'Ingress'],
  ...['ConfigMap', 'Secret', 'PersistentVolumeClaim', 'NetworkPolicy', 'ServiceAccount', 'Namespace'],
]

/** What the cluster makes by itself in every namespace, a moment after it. */
const byItself = /^(ServiceAccount .*\/default|ConfigMap .*\/kube-root-ca\.crt|Service default\/kubernetes)$/

async function objectsOf({ cluster }: Reader, contexts: readonly string[]): Promise<string[]> {
  const lists = contexts.flatMap(context => objectKinds.map(kind => cluster.list({ context, kind })))
  return (await Promise.all(lists))
    .flatMap(list => list ?? [])
    .filter(({ metadata }) => !metadata.ownerReferences?.length && metadata.deletionTimestamp === undefined)
    .filter(({ metadata }) => !/^(kube|local-path)-/.test(metadata.namespace ?? metadata.name))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`)
    .filter(name => !byItself.test(name))
}

/** Links are followed, and one to a folder above would never end. */
const deepest = 12

async function filesBelow(reader: Reader, folder: string, depth = 0): Promise<string[]> {
  const names = (await reader.list(folder)) ?? []
  const found = await Promise.all(
    names.map(async name => {
      const path = join(folder, name)
      if (!name.endsWith('/') || depth === deepest) return [path]
      return [path, ...(await filesBelow(reader, path.slice(0, -1), depth + 1))]
    }),
  )
  return found.flat()
}

/** In the order of the kinds; of a folder that is new only itself, not what is in it. */
export function changesBetween(before: Snapshot, after: Snapshot): Change[] {
  return [
    ...engineChanges(before.docker, after.docker),
    ...differing('context', before.contexts, after.contexts),
    ...differing('object', before.objects, after.objects),
    ...withoutContents(differing('file', before.files, after.files)),
    ...differing('port', before.ports.map(String), after.ports.map(String)),
    ...differing('process', before.processes, after.processes),
  ]
}

function engineChanges(before: DockerSnapshot | null, after: DockerSnapshot | null): Change[] {
  if (!before || !after) return []
  const named = (objects: Readonly<Record<string, { readonly name: string }>>) =>
    Object.values(objects).map(each => each.name)
  const clusters = ({ containers }: DockerSnapshot) => Object.values(containers).flatMap(({ cluster }) => cluster ?? [])
  const alone = ({ containers }: DockerSnapshot) =>
    Object.entries(containers).flatMap(([id, { name, cluster }]) => (cluster === undefined ? `${name} ${id}` : []))
  const images = (from: DockerSnapshot) =>
    Object.entries(from.images).map(([name, { id }]) => (name === id ? name : `${name} ${id}`))
  const had = new Set(Object.values(before.images).map(({ id }) => id))
  return [
    ...differing('cluster', clusters(before), clusters(after)),
    ...differing('container', alone(before), alone(after)),
    // One that has only lost its name to another is not new.
    ...differing('image', images(before), images(after)).filter(each => 'gone' in each || !had.has(each.name)),
    ...differing('volume', Object.keys(before.volumes), Object.keys(after.volumes)),
    ...differing('network', named(before.networks), named(after.networks)),
  ].map(change => ({ ...change, name: change.name.split(' ')[0]! }))
}

function differing(kind: LeftKind, before: readonly string[], after: readonly string[]): Change[] {
  const [was, is] = [new Set(before), new Set(after)]
  return [
    ...[...is].filter(name => !was.has(name)).map(name => ({ kind, name })),
    ...[...was].filter(name => !is.has(name)).map(name => ({ kind, name, gone: true as const })),
  ]
}

function withoutContents(changes: readonly Change[]): Change[] {
  const folders = changes.filter(({ name }) => name.endsWith('/'))
  return changes.filter(
    change =>
      !folders.some(folder => folder !== change && folder.gone === change.gone && change.name.startsWith(folder.name)),
  )
}
