import { createHash } from 'node:crypto'
import type { DockerReader } from '../../src/check/reader.ts'
import type { ContainerView, ImageView } from '../../src/lab/machine.ts'
import { CouldNotLook, type Problem } from '../../src/lab/verdict.ts'
import type { DockerHands } from '../../src/run/world.ts'

/** A Docker engine in memory. Changing it is silent, unless `changed` is called. */
export interface FakeEngine {
  readonly reader: DockerReader
  readonly hands: DockerHands
  /** Makes a container, running unless told otherwise, and gives it. */
  run(name: string, image: string, change?: Partial<ContainerView>): ContainerView
  change(name: string, change: Partial<ContainerView>): void
  remove(name: string): void
  /** Makes an image; one that had the tag before loses it. */
  build(tag: string, change?: Partial<ImageView>): ImageView
  readonly containers: ContainerView[]
  readonly images: ImageView[]
  readonly volumes: Map<string, number>
  readonly networks: Map<string, { name: string; createdAt: number }>
  /** Lines by container name. */
  readonly logs: Map<string, string[]>
  /** Names and ids that cannot be removed, with the engine's words. */
  readonly stuck: Map<string, string>
  /** Set: no engine answers. */
  down: Problem | null
  /** An event, for those who watch. */
  changed(): void
}

export function fakeEngine(now: () => number, count: (name: string) => void): FakeEngine {
  const watchers = new Set<() => void>()
  const containers: ContainerView[] = []
  const images: ImageView[] = []
  const volumes: FakeEngine['volumes'] = new Map()
  const networks: FakeEngine['networks'] = new Map()
  const logs: FakeEngine['logs'] = new Map()
  const stuck: FakeEngine['stuck'] = new Map()
  let serial = 0
  const id = () => createHash('sha256').update(String(serial++)).digest('hex')
  const look = (name: string) => {
    count(name)
    if (engine.down) throw new CouldNotLook(engine.down.code, engine.down.evidence)
  }
  const imageOf = (ref: string) => images.find(each => each.id === ref || each.tags.includes(tagged(ref)))

  /** False: it was not there. */
  function drop(key: string, exists: boolean, remove: () => void): boolean {
    const why = stuck.get(key)
    if (why) throw new Error(why)
    if (exists) remove()
    return exists
  }

  const engine: FakeEngine = {
    containers,
    images,
    volumes,
    networks,
    logs,
    stuck,
    down: null,
    run(name, image, change = {}) {
      const made: ContainerView = {
        id: id(),
        name,
        image,
        imageId: imageOf(image)?.id ?? `sha256:${'0'.repeat(64)}`,
        state: 'running',
        exitCode: 0,
        error: '',
        oomKilled: false,
        health: 'none',
        restarts: 0,
        restartPolicy: 'no',
        createdAt: now(),
        startedAt: now(),
        finishedAt: 0,
        ports: {},
        asked: {},
        command: [],
        env: {},
        networks: ['bridge'],
        labels: {},
        ...change,
      }
      containers.push(made)
      return made
    },
    change(name, change) {
      const index = containers.findIndex(each => each.name === name)
      containers[index] = { ...containers[index]!, ...change }
    },
    remove(name) {
      containers.splice(0, containers.length, ...containers.filter(each => each.name !== name))
    },
    build(tag, change = {}) {
      const before = imageOf(tag)
      if (before) images[images.indexOf(before)] = { ...before, tags: before.tags.filter(each => each !== tagged(tag)) }
      const config = { Cmd: [], Entrypoint: [], Env: [], ExposedPorts: [], Labels: {}, User: '', WorkingDir: '' }
      const times = { createdAt: now(), taggedAt: now() }
      const common = { id: `sha256:${id()}`, tags: [tagged(tag)], size: 1000, architecture: 'amd64', ...times }
      const made: ImageView = { ...common, config, ...change }
      images.push(made)
      return made
    },
    changed: () => {
      for (const watcher of watchers) watcher()
    },
    reader: {
      async engine() {
        look('engine')
        return { running: true, version: '29.0.0', api: '1.52', os: 'linux', host: 'unix:///var/run/docker.sock' }
      },
      async containers() {
        look('containers')
        return [...containers]
      },
      async images() {
        look('images')
        return [...images]
      },
      async image(ref) {
        look('image')
        return imageOf(ref) ?? null
      },
      async logs(container) {
        look('logs')
        const found = containers.find(each => each.id === container)
        if (!found) return null
        return (logs.get(found.name) ?? []).map(text => ({ stream: 'stdout', at: now(), text }) as const)
      },
      watch(changed, signal) {
        count('watch')
        watchers.add(changed)
        signal.addEventListener('abort', () => watchers.delete(changed))
      },
    },
    hands: {
      async snapshot() {
        look('snapshot')
        return {
          containers: Object.fromEntries(containers.map(({ id, name, createdAt }) => [id, { name, createdAt }])),
          images: Object.fromEntries(
            images.flatMap(({ id, tags }) => (tags.length > 0 ? tags : [id]).map(tag => [tag, { id }])),
          ),
          volumes: Object.fromEntries([...volumes].map(([name, createdAt]) => [name, { createdAt }])),
          networks: Object.fromEntries(networks),
        }
      },
      async removeContainer(key) {
        const found = containers.find(each => each.id === key)
        return drop(found?.name ?? key, found !== undefined, () => engine.remove(found!.name))
      },
      async removeImage(ref) {
        const found = imageOf(ref)
        return drop(ref, found !== undefined, () => void images.splice(images.indexOf(found!), 1))
      },
      removeVolume: async name => drop(name, volumes.has(name), () => volumes.delete(name)),
      async removeNetwork(key) {
        return drop(networks.get(key)?.name ?? key, networks.has(key), () => networks.delete(key))
      },
    },
  }
  return engine
}

function tagged(ref: string): string {
  return /:[^/]*$/.test(ref) ? ref : `${ref}:latest`
}
