import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Problem } from '../../lab/verdict.ts'
import { object, string } from './raw.ts'

/** What named the engine; `default`: nothing did, and a well-known socket was taken. */
export type Source = 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'docker context' | 'default'

/** PEM texts. */
export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly verify: boolean
}

export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: Tls | null }
  | { readonly kind: 'ssh'; readonly url: string }

export interface Endpoint {
  readonly address: Address
  /** As DOCKER_HOST would say it: a socket's path, `tcp://…`, `ssh://…`. */
  readonly shown: string
  readonly source: Source
  /** The docker context it is of. */
  readonly context?: string
}

/** The part of the disk that the choice depends on. */
export interface Disk {
  /** `null`: no such file, or not readable. */
  text(path: string): string | null
  exists(path: string): boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The engine that the `docker` CLI would talk to; where it would find none, one at a well-known place. */
export function chooseEndpoint(env: Environment, home: string, disk: Disk): Endpoint | Problem {
  const config = env['DOCKER_CONFIG'] || join(home, '.docker')
  const host = env['DOCKER_HOST']
  if (host) {
    const verify = Boolean(env['DOCKER_TLS_VERIFY'])
    return located(host, 'DOCKER_HOST', verify ? readTls(disk, env['DOCKER_CERT_PATH'] || config, true) : null)
  }
  const named = env['DOCKER_CONTEXT']
  if (named) return inContext(named, 'DOCKER_CONTEXT', config, disk) ?? wellKnown(env, home, disk)
  const current = string(parsed(disk.text(join(config, 'config.json')))['currentContext'])
  if (current) return inContext(current, 'docker context', config, disk) ?? wellKnown(env, home, disk)
  return wellKnown(env, home, disk)
}

/** `undefined`: the context leaves the choice to the default. */
function inContext(name: string, source: Source, config: string, disk: Disk): Endpoint | Problem | undefined {
  if (name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const meta = parsed(disk.text(join(config, 'contexts', 'meta', id, 'meta.json')))
  const docker = object(object(meta['Endpoints'])['docker'])
  const host = string(docker['Host'])
  if (meta['Name'] === undefined && !host)
    return { code: 'engine.wrong-context', evidence: { context: name, socket: '', source } }
  if (!host) return undefined
  const tls = readTls(disk, join(config, 'contexts', 'tls', id, 'docker'), docker['SkipTLSVerify'] !== true)
  return located(host, source, tls.ca || tls.cert || host.startsWith('https:') ? tls : null, name)
}

function wellKnown(env: Environment, home: string, disk: Disk): Endpoint {
  const runtime = env['XDG_RUNTIME_DIR']
  const places = [
    '/var/run/docker.sock',
    join(home, '.docker/run/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'colima/default/docker.sock'),
    join(home, '.rd/docker.sock'),
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ]
  const path = places.find(place => disk.exists(place)) ?? places[0]!
  return { address: { kind: 'unix', path }, shown: path, source: 'default' }
}

function located(host: string, source: Source, tls: Tls | null, context?: string): Endpoint | Problem {
  const rest = { source, ...(context === undefined ? {} : { context }) }
  if (host.startsWith('unix://')) {
    const path = host.slice('unix://'.length)
    if (path) return { address: { kind: 'unix', path }, shown: path, ...rest }
  }
  if (host.startsWith('ssh://')) return { address: { kind: 'ssh', url: host }, shown: host, ...rest }
  if (host.startsWith('npipe:')) return unusable(`named pipes are not supported: ${host}`, source)
  // Like the CLI: an address without a scheme is TCP.
  const url = /^(tcp|https?):\/\//.test(host) ? host : /^[\w.-]+:\d+$/.test(host) ? `tcp://${host}` : ''
  const match = /^(?:tcp|https?):\/\/(\[[0-9a-fA-F:.]+\]|[^/:[\]]+)(?::(\d{1,5}))?\/?$/.exec(url)
  if (!match) return unusable(`not the address of an engine: ${host}`, source)
  const port = match[2] ? Number(match[2]) : tls ? 2376 : 2375
  const name = match[1]!.replace(/^\[|\]$/g, '')
  return { address: { kind: 'tcp', host: name, port, tls }, shown: `tcp://${match[1]}:${port}`, ...rest }
}

function unusable(message: string, source: Source): Problem {
  return { code: 'engine.error', evidence: { status: 0, message, source } }
}

function readTls(disk: Disk, folder: string, verify: boolean): Tls {
  const file = (key: 'ca' | 'cert' | 'key') => {
    const pem = disk.text(join(folder, `${key}.pem`))
    return pem === null ? {} : { [key]: pem }
  }
  return { ...file('ca'), ...file('cert'), ...file('key'), verify }
}

/** A file that is not there or not JSON says nothing; the CLI, too, goes on without it. */
function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    return object(JSON.parse(text ?? ''))
  } catch {
    return {}
  }
}
