import { describe, expect, test } from 'vitest'
import type { Reader } from '../../src/check/reader.ts'
import type { ContainerView, FileView } from '../../src/lab/machine.ts'
import { CouldNotLook } from '../../src/lab/verdict.ts'
import { gatherFacts, ofInterest } from '../../src/run/facts.ts'
import { fakeCluster } from '../helpers/fake-cluster.ts'

function container(name: string, state: ContainerView['state'], createdAt: number, port?: number): ContainerView {
  const asked = port === undefined ? {} : { '3000/tcp': [{ host: '0.0.0.0', port }] }
  const rest = { exitCode: 0, error: '', oomKilled: false, health: 'none', restarts: 0, restartPolicy: 'no' } as const
  const more = { startedAt: 0, finishedAt: 0, ports: {}, command: [], env: {}, networks: [], labels: {} }
  return { id: name, name, image: 'todo', imageId: 'sha256:1', state, createdAt, asked, ...rest, ...more }
}

const fail = () => Promise.reject(new CouldNotLook('engine.down', {}))
const never = () => new Promise<never>(() => {})

/** A machine with these files and containers. */
function reader(files: readonly string[], containers: readonly ContainerView[] = []): Reader {
  const names = (folder: string) => {
    const inside = files.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1))
    return [...new Set(inside.map(name => (name.includes('/') ? `${name.split('/')[0]}/` : name)))]
  }
  const view = (path: string): FileView | null =>
    files.includes(path) ? { path, type: 'file', mode: '0644', size: 1, modifiedAt: 1, text: 'x' } : null
  return {
    file: async path => view(path),
    list: async path => (names(path).length > 0 ? names(path) : null),
    run: fail,
    connect: fail,
    http: fail,
    tool: async () => null,
    free: fail,
    listeners: async () => [{ address: '0.0.0.0', port: 3000, pid: 1, process: 'node' }],
    docker: {
      engine: fail,
      containers: async () => containers,
      images: async () => [],
      image: async () => null,
      logs: async id => [{ stream: 'stdout', at: 1, text: `log of ${id}` }],
      watch: () => {},
    },
    cluster: fakeCluster(
      () => 0,
      () => {},
    ).reader,
  }
}

describe('gatherFacts', () => {
  test('finds Dockerfiles and lost files around the workspace, without their text', async () => {
    const machine = reader(['/w/app/Dockerfile', '/w/app/server.js', '/w/notes.txt', '/elsewhere/Dockerfile'])
    const facts = await gatherFacts(machine, { workspace: '/w', paths: ['server.js'] })
    expect(Object.keys(facts.files ?? {}).toSorted()).toEqual([
      '/w/Dockerfile',
      '/w/app/Dockerfile',
      '/w/app/server.js',
      '/w/server.js',
    ])
    expect(facts.files?.['/w/server.js']).toBeNull()
    expect(facts.files?.['/w/app/Dockerfile']).not.toHaveProperty('text')
    expect(facts.names).toEqual(['app/', 'notes.txt'])
    expect(facts.listeners).toHaveLength(1)
  })

  test('never throws; what could not be looked at is absent', async () => {
    const machine = reader(['/w/a'])
    const docker = { ...machine.docker, containers: fail, images: fail }
    const facts = await gatherFacts({ ...machine, listeners: fail, docker }, { workspace: '/w' })
    expect(facts).not.toHaveProperty('containers')
    expect(facts).not.toHaveProperty('images')
    expect(facts).not.toHaveProperty('listeners')
    expect(facts.names).toEqual(['a'])
  })

  test('gives up after 2 s and keeps what is there', async () => {
    const machine = reader(['/w/a'])
    const started = Date.now()
    const facts = await gatherFacts(
      { ...machine, docker: { ...machine.docker, containers: never } },
      { workspace: '/w' },
    )
    expect(Date.now() - started).toBeLessThan(2500)
    expect(facts.names).toEqual(['a'])
  })

  test('reads the logs of two containers at most', async () => {
    const all = [1, 2, 3, 4].map(n => container(`c${n}`, 'exited', n))
    const facts = await gatherFacts(reader([], all), { workspace: '/w' })
    expect(facts.logs).toEqual({ c4: ['log of c4'], c3: ['log of c3'] })
  })
})

test.each<[what: string, containers: ContainerView[], ports: number[], names: string[]]>([
  [
    'the one on the port, and the newest',
    [container('old', 'running', 1, 3000), container('x', 'running', 2), container('new', 'created', 3)],
    [3000],
    ['old', 'new'],
  ],
  [
    'a running one before one that only asked',
    [container('asks', 'created', 9, 3000), container('has', 'running', 1, 3000)],
    [3000],
    ['has', 'asks'],
  ],
  ['the newest that ended', [container('up', 'running', 5), container('ended', 'exited', 1)], [], ['ended', 'up']],
  ['none', [], [3000], []],
])('of interest: %s', (_what, containers, ports, names) => {
  expect(ofInterest(containers, ports).map(each => each.name)).toEqual(names)
})
