import type { ClusterReader, DockerReader, LiveCluster, Reader } from '../check/reader.ts'
import type { World } from './world.ts'

/** The reader of one round: what several checks look at is read once. `cluster`: in whose place the reader's own stands. */
export function roundReader(reader: Reader, cluster: ClusterReader = reader.cluster): Reader {
  const kept = new Map<string, Promise<unknown>>()
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    let promise = kept.get(key) as Promise<T> | undefined
    if (!promise) kept.set(key, (promise = read()))
    return promise
  }
  const { docker } = reader
  const dockerOnce: DockerReader = {
    engine: () => once('engine', () => docker.engine()),
    containers: () => once('containers', () => docker.containers()),
    images: () => once('images', () => docker.images()),
    image: ref => once(`image ${ref}`, () => docker.image(ref)),
    logs: (id, options) => once(`logs ${id} ${options.tail}`, () => docker.logs(id, options)),
    watch: (changed, signal) => docker.watch(changed, signal),
  }
  const clusterOnce: ClusterReader = {
    config: () => once('config', () => cluster.config()),
    list: query => once(`objects ${JSON.stringify(query)}`, () => cluster.list(query)),
    get: (context, path, options) => once(`get ${context} ${path}`, () => cluster.get(context, path, options)),
    live: () => cluster.live(),
  }
  return {
    file: path => once(`file ${path}`, () => reader.file(path)),
    list: path => once(`list ${path}`, () => reader.list(path)),
    run: (argv, options) => reader.run(argv, options),
    connect: (host, port, timeoutMs) => once(`connect ${host} ${port}`, () => reader.connect(host, port, timeoutMs)),
    http: request => once(`http ${JSON.stringify(request)}`, () => reader.http(request)),
    tool: name => reader.tool(name),
    listeners: () => once('listeners', () => reader.listeners()),
    free: path => once(`free ${path}`, () => reader.free(path)),
    docker: dockerOnce,
    cluster: clusterOnce,
  }
}

export interface Waker {
  /** Until `ms` have passed (false) or something changed (true). */
  wait(ms: number): Promise<boolean>
  stop(): void
}

/** Events of the engine come in bursts: wait this long (ms) for the rest before asking it. A change in a cluster has come with its object. */
const debounce = 20

/** What can cut a sleep short: events of the engine, changes in a cluster. */
export interface Sources {
  readonly engine: boolean
  readonly cluster?: LiveCluster | undefined
}

/** Sleeps that an event cuts short. The streams are opened at the first wait: what is green at once needs none. */
export function createWaker(world: World, signal: AbortSignal, { engine, cluster }: Sources): Waker {
  const stopped = new AbortController()
  let woken = false
  let settled = true
  let wake: (() => void) | undefined
  let watching = false
  const wakeUp = () => {
    woken = true
    wake?.()
  }
  const engineChanged = () => {
    settled = false
    wakeUp()
  }
  return {
    async wait(ms) {
      if (!watching) {
        watching = true
        const end = AbortSignal.any([signal, stopped.signal])
        if (engine) world.reader.docker.watch(engineChanged, end)
        cluster?.watch(wakeUp, end)
      }
      if (!woken) {
        const slept = new AbortController()
        wake = () => slept.abort()
        await world.sleep(ms, AbortSignal.any([signal, slept.signal]))
        wake = undefined
      }
      if (!woken) return false
      woken = false
      if (settled) return true
      await world.sleep(debounce, signal)
      woken = false
      settled = true
      return true
    },
    stop: () => stopped.abort(),
  }
}
