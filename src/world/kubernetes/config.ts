import { createHash } from 'node:crypto'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import type { KubeConfigView } from '../../lab/cluster.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { list, object, type Raw, string } from '../docker/raw.ts'

/** A file of kubectl's configuration, parsed. */
export interface ConfigFile {
  readonly file: string
  readonly document: unknown
}

/** All files together. Clusters and users are as written, but for paths, which are absolute. */
export interface Config {
  readonly current: string | null
  readonly contexts: ReadonlyMap<
    string,
    { readonly cluster: string; readonly user: string; readonly namespace: string }
  >
  readonly clusters: ReadonlyMap<string, Raw>
  readonly users: ReadonlyMap<string, Raw>
  readonly files: readonly string[]
}

/** What a context leads to. */
export interface Target {
  readonly context: string
  readonly server: string
  readonly cluster: Raw
  readonly user: Raw
}

/** Where kubectl looks: the paths of KUBECONFIG, or the file in the home folder. */
export function configPaths(env: Readonly<Record<string, string | undefined>>, home: string): string[] {
  const paths = (env['KUBECONFIG'] ?? '').split(delimiter).filter(path => path !== '')
  return paths.length > 0 ? [...new Set(paths.map(path => resolve(path)))] : [join(home, '.kube', 'config')]
}

/** Of equal names the first wins, as with kubectl. Throws `k8s.bad-kubeconfig` for a file that is no configuration. */
export function mergeConfigs(files: readonly ConfigFile[]): Config {
  const contexts = new Map<string, { cluster: string; user: string; namespace: string }>()
  const clusters = new Map<string, Raw>()
  const users = new Map<string, Raw>()
  let current = ''
  for (const { file, document } of files) {
    const config = object(document)
    const empty = document === undefined || document === null
    if (!empty && config !== document) throw badConfig(file, 'not a kubeconfig')
    current ||= string(config['current-context'])
    for (const [name, { cluster, user, namespace }] of entries(config, 'contexts', 'context'))
      put(contexts, name, { cluster: string(cluster), user: string(user), namespace: string(namespace) || 'default' })
    for (const [name, cluster] of entries(config, 'clusters', 'cluster'))
      put(clusters, name, absolute(file, cluster, ['certificate-authority']))
    for (const [name, user] of entries(config, 'users', 'user')) {
      const exec = object(user['exec'])
      // A bare name is searched in PATH; a path is relative to its file.
      const command = string(exec['command']).includes('/') ? absolute(file, exec, ['command']) : exec
      const paths = absolute(file, user, ['client-certificate', 'client-key', 'tokenFile'])
      put(users, name, user['exec'] ? { ...paths, exec: command } : paths)
    }
  }
  return { current: current || null, contexts, clusters, users, files: files.map(({ file }) => file) }
}

export function badConfig(file: string, reason: string, cause?: unknown): CouldNotLook {
  return new CouldNotLook('k8s.bad-kubeconfig', { file, reason }, { cause })
}

/** `authority` gives the bytes of a cluster's authority, `null` for none. */
export function viewOf(config: Config, authority: (cluster: Raw) => Uint8Array | null): KubeConfigView {
  const contexts = [...config.contexts].map(([name, context]) => {
    const cluster = config.clusters.get(context.cluster) ?? {}
    const bytes = authority(cluster)
    const hash = bytes ? createHash('sha256').update(bytes).digest('hex').slice(0, 16) : ''
    return { name, ...context, server: serverOf(cluster), authority: hash }
  })
  return { current: config.current, contexts, files: config.files }
}

/** Throws `k8s.no-context` where the context, or what it names, is not there. */
export function targetOf(config: Config, context: string): Target {
  const found = config.contexts.get(context)
  if (!found) {
    const known = [...config.contexts.keys()].join(', ')
    throw new CouldNotLook('k8s.no-context', { context, known })
  }
  const cluster = config.clusters.get(found.cluster)
  const user = config.users.get(found.user)
  if (!cluster || !serverOf(cluster)) throw new CouldNotLook('k8s.no-context', { context, cluster: found.cluster })
  if (!user && found.user !== '') throw new CouldNotLook('k8s.no-context', { context, user: found.user })
  return { context, server: serverOf(cluster), cluster, user: user ?? {} }
}

function serverOf(cluster: Raw): string {
  return string(cluster['server']).replace(/\/+$/, '')
}

function entries(config: Raw, plural: string, singular: string): [string, Raw][] {
  return list(config[plural])
    .map(object)
    .filter(entry => entry['name'] !== undefined)
    .map(entry => [String(entry['name']), object(entry[singular])])
}

function put<T>(map: Map<string, T>, name: string, value: T): void {
  if (!map.has(name)) map.set(name, value)
}

function absolute(file: string, entry: Raw, names: readonly string[]): Raw {
  const paths = names.flatMap(name => {
    const path = string(entry[name])
    return path && !isAbsolute(path) ? [[name, join(dirname(file), path)]] : []
  })
  return { ...entry, ...Object.fromEntries(paths) }
}
