import type { DockerReader, Reader } from '../check/reader.ts'
import type { World } from './world.ts'

/** The reader of one round: what several checks look at is read once. */
export function roundReader(reader: Reader): Reader {
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
  }
}

export interface Waker {
  /** Until `ms` have passed (false) or something changed (true). */
  wait(ms: number): Promise<boolean>
  stop(): void
}

/** Events come in bursts: wait this long (ms) for the rest before looking. */
const debounce = 20

/** Sleeps that an event of the engine cuts short. The stream is opened at the first wait: what is green at once needs none. */
export function createWaker(world: World, signal: AbortSignal, engine: boolean): Waker {
  const stopped = new AbortController()
  let woken = false
  let wake: (() => void) | undefined
  let watching = !engine
  const changed = () => {
    woken = true
    wake?.()
  }
  return {
    async wait(ms) {
      if (!watching) {
        watching = true
        world.reader.docker.watch(changed, AbortSignal.any([signal, stopped.signal]))
      }
      if (!woken) {
        const slept = new AbortController()
        wake = () => slept.abort()
        await world.sleep(ms, AbortSignal.any([signal, slept.signal]))
        wake = undefined
      }
      if (!woken) return false
      woken = false
      await world.sleep(debounce, signal)
      woken = false
      return true
    },
    stop: () => stopped.abort(),
  }
}
