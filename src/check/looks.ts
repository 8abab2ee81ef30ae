import type { ClusterReader, DockerReader, Probe, Reader } from './reader.ts'

/** Does one look, or gives what an equal one gave. `key` names the look: equal keys, equal looks. */
export type Look = <T>(key: string, read: () => Promise<T>) => Promise<T>

/** A reader each of whose looks goes through one function: to do it once, to keep what was seen, or to give what was kept. */
export function readerThrough(look: Look, reader: Reader, cluster: ClusterReader = reader.cluster): Reader {
  const { docker } = reader
  const dockerThrough: DockerReader = {
    engine: () => look('engine', () => docker.engine()),
    containers: () => look('containers', () => docker.containers()),
    images: () => look('images', () => docker.images()),
    image: ref => look(`image ${ref}`, () => docker.image(ref)),
    logs: (id, options) => look(`logs ${id} ${options.tail}`, () => docker.logs(id, options)),
    watch: (changed, signal) => docker.watch(changed, signal),
  }
  const clusterThrough: ClusterReader = {
    config: () => look('config', () => cluster.config()),
    list: query => look(`objects ${JSON.stringify(query)}`, () => cluster.list(query)),
    get: (context, path, options) => look(`get ${context} ${path}`, () => cluster.get(context, path, options)),
    live: () => cluster.live(),
  }
  return {
    file: path => look(`file ${path}`, () => reader.file(path)),
    list: path => look(`list ${path}`, () => reader.list(path)),
    run: (argv, options) => {
      const { cwd, env = {}, stdin = '' } = options
      return look(`run ${JSON.stringify([argv, cwd, env, stdin])}`, () => reader.run(argv, options))
    },
    connect: (host, port, timeoutMs) => look(`connect ${host} ${port}`, () => reader.connect(host, port, timeoutMs)),
    http: request => look(`http ${JSON.stringify(request)}`, () => reader.http(request)),
    tool: name => look(`tool ${name}`, () => reader.tool(name)),
    listeners: () => look('listeners', () => reader.listeners()),
    free: path => look(`free ${path}`, () => reader.free(path)),
    docker: dockerThrough,
    cluster: clusterThrough,
  }
}

export function probeThrough(look: Look, probe: Probe): Probe {
  return {
    imageFile: (imageId, path) => look(`image-file ${imageId} ${path}`, () => probe.imageFile(imageId, path)),
  }
}

/** Each look is done once. */
export function once(): Look {
  const kept = new Map<string, Promise<unknown>>()
  return <T>(key: string, read: () => Promise<T>) => {
    let promise = kept.get(key) as Promise<T> | undefined
    if (!promise) kept.set(key, (promise = read()))
    return promise
  }
}
