import type { ContainerView, ImageSummary, ImageView } from '../../lab/machine.ts'
import { list, number, object, type Raw, string, strings, texts, time } from './raw.ts'

/** The engine's answer about one container, whichever engine and version it is from. */
export function containerView(value: unknown, podman: boolean): ContainerView {
  const raw = object(value)
  const config = object(raw['Config'])
  const host = object(raw['HostConfig'])
  const state = object(raw['State'])
  const network = object(raw['NetworkSettings'])
  const networks = Object.keys(object(network['Networks']))
  const path = string(raw['Path'])
  return {
    id: string(raw['Id']),
    name: string(raw['Name']).replace(/^\//, ''),
    image: familiar(string(config['Image']), podman),
    imageId: imageId(raw['Image']),
    state: containerState(state),
    exitCode: number(state['ExitCode']),
    error: string(state['Error']),
    oomKilled: state['OOMKilled'] === true,
    health: health(state),
    restarts: number(raw['RestartCount']),
    restartPolicy: string(object(host['RestartPolicy'])['Name']) || 'no',
    createdAt: time(raw['Created']),
    startedAt: time(state['StartedAt']),
    finishedAt: time(state['FinishedAt']),
    ports: published(network['Ports']),
    asked: asked(host['PortBindings']),
    command: path ? [path, ...strings(raw['Args'])] : [...strings(config['Entrypoint']), ...strings(config['Cmd'])],
    ...(config['AttachStdout'] === true ? { attached: true } : {}),
    env: Object.fromEntries(strings(config['Env']).map(keyAndValue)),
    // Rootless Podman has no network object, only a mode such as `pasta`.
    networks: networks.length > 0 || !host['NetworkMode'] ? networks : [string(host['NetworkMode'])],
    labels: texts(config['Labels']),
  }
}

export function imageSummary(value: unknown, podman: boolean): ImageSummary {
  const raw = object(value)
  return {
    id: imageId(raw['Id']),
    tags: tagsOf(raw).map(tag => familiar(tag, podman)),
    // A list has seconds, one image RFC 3339.
    createdAt: time(raw['Created']) || Math.max(number(raw['Created']), 0) * 1000,
    size: number(raw['Size']),
  }
}

export function imageView(value: unknown, podman: boolean): ImageView {
  const raw = object(value)
  const config = object(raw['Config'])
  const summary = imageSummary(raw, podman)
  return {
    ...summary,
    taggedAt: time(object(raw['Metadata'])['LastTagTime']) || summary.createdAt,
    architecture: string(raw['Architecture']),
    config: {
      Cmd: strings(config['Cmd']),
      Entrypoint: strings(config['Entrypoint']),
      Env: strings(config['Env']),
      ExposedPorts: Object.keys(object(config['ExposedPorts'])),
      Labels: texts(config['Labels']),
      User: string(config['User']),
      WorkingDir: string(config['WorkingDir']),
    },
  }
}

/** Tags exactly as the engine has them: what it must be told to remove them. */
export function tagsOf(raw: Raw): string[] {
  return strings(raw['RepoTags']).filter(tag => !tag.startsWith('<none>'))
}

/** `sha256:…`; Podman leaves the algorithm out. */
export function imageId(value: unknown): string {
  const id = string(value)
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id
}

/** Podman writes names out in full: `docker.io/library/alpine:3.22`, `localhost/todo:latest`. People do not. */
function familiar(ref: string, podman: boolean): string {
  const short = ref.replace(/^docker\.io\/(library\/)?/, '')
  return podman ? short.replace(/^localhost\//, '') : short
}

const states = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const
/** Podman's own words. */
const otherStates: Readonly<Record<string, ContainerView['state']>> = {
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
}

function containerState(state: Raw): ContainerView['state'] {
  const status = string(state['Status'])
  return states.find(known => known === status) ?? otherStates[status] ?? (state['Running'] ? 'running' : 'exited')
}

function health(state: Raw): ContainerView['health'] {
  const status = string(object(state['Health'] ?? state['Healthcheck'])['Status'])
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none'
}

interface Binding {
  readonly host: string
  readonly port: number
}

function bindings(value: unknown): Binding[] {
  return list(value).map(item => ({
    host: string(object(item)['HostIp']) || '0.0.0.0',
    // `8000-8010` is a range to choose from.
    port: Number.parseInt(string(object(item)['HostPort']), 10) || 0,
  }))
}

function asked(value: unknown): Record<string, readonly Binding[]> {
  const ports = Object.entries(object(value)).map(([port, bound]) => [port, bindings(bound)] as const)
  return Object.fromEntries(ports.filter(([, bound]) => bound.length > 0))
}

/** Empty for a moment after the start, too. IPv4 and IPv6 may differ; people type the IPv4 one. */
function published(value: unknown): Record<string, number> {
  const ports: Record<string, number> = {}
  for (const [port, bound] of Object.entries(asked(value))) {
    const open = bound.filter(binding => binding.port > 0)
    const first = open.find(binding => !binding.host.includes(':')) ?? open[0]
    if (first) ports[port] = first.port
  }
  return ports
}

function keyAndValue(entry: string): [string, string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}
