import { describe, expect, test } from 'vitest'
import type { DockerReader, Reader } from '../../../src/check/reader.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import type { ContainerView, ImageView, Listener, ToolView } from '../../../src/lab/machine.ts'
import { CouldNotLook, type Evidence } from '../../../src/lab/verdict.ts'
import { examine, type Finding } from '../../../src/run/doctor/examine.ts'
import { findingText } from '../../../src/run/doctor/texts.ts'
import { systems } from './systems.ts'

const Gi = 2 ** 30

type Needs = Partial<Lab['requires']> & { images?: readonly string[] }

function lab(id: string, { tools = {}, ports = [], disk, images = [] }: Needs): Lab {
  const text = { ko: id, en: id }
  return {
    id,
    title: text,
    dir: `/labs/${id}`,
    level: 'beginner',
    minutes: 10,
    needs: [],
    requires: { tools, ports, ...(disk === undefined ? {} : { disk }) },
    images,
    vars: {},
    intro: text,
    debrief: text,
    steps: [],
    cleanup: [],
  }
}

interface FakeMachine {
  /** Version of each tool; `null`: not installed. */
  readonly tools?: Readonly<Record<string, string | null | Error>>
  readonly engine?: string | Error
  readonly engineHost?: string
  readonly containers?: readonly ContainerView[]
  readonly listeners?: readonly Listener[] | null | Error
  /** Ports that answer a connection. */
  readonly open?: readonly number[] | Error
  readonly free?: Readonly<Record<string, number | null>> | Error
  readonly images?: readonly string[] | Error
  readonly files?: Readonly<Record<string, string>>
}

function give<T>(value: T | Error): T {
  if (value instanceof Error) throw value
  return value
}

function readerOf(machine: FakeMachine): Reader {
  const docker = {
    async engine() {
      const version = give(machine.engine ?? '28.2.2')
      const host = machine.engineHost ?? '/var/run/docker.sock'
      return { running: true as const, version, api: '1.50', os: 'linux', host }
    },
    async containers() {
      if (machine.engine instanceof Error) throw machine.engine
      return machine.containers ?? []
    },
    async image(ref: string) {
      return give(machine.images ?? []).includes(ref) ? ({ id: 'sha256:1', tags: [ref] } as unknown as ImageView) : null
    },
  } satisfies Partial<DockerReader>
  const reader = {
    async tool(name: string): Promise<ToolView | null> {
      const version = give(machine.tools?.[name] ?? null)
      return version === null ? null : { name, path: `/usr/bin/${name}`, version }
    },
    listeners: async () => give(machine.listeners === undefined ? [] : machine.listeners),
    async connect(host: string, port: number) {
      const open = give(machine.open ?? []).includes(port)
      return { host, port, open, answering: open ? [host] : [] }
    },
    free: async (path: string) => give(machine.free ?? {})[path] ?? null,
    async file(path: string) {
      const text = machine.files?.[path]
      return text === undefined ? null : { path, type: 'file' as const, mode: '0644', size: 1, modifiedAt: 0, text }
    },
    docker: docker as unknown as DockerReader,
  } satisfies Partial<Reader>
  return reader as unknown as Reader
}

function container(name: string, port: number, more: Partial<ContainerView> = {}): ContainerView {
  const asked = { '3000/tcp': [{ host: '127.0.0.1', port }] }
  return { name, state: 'running', ports: { '3000/tcp': port }, asked, labels: {}, ...more } as ContainerView
}

function listener(port: number, more: Partial<Listener> = {}): Listener {
  return { address: '127.0.0.1', port, ...more }
}

async function found(labs: readonly Lab[], machine: FakeMachine, more = {}): Promise<Finding[]> {
  return examine(labs, { reader: readerOf(machine), system: systems.amazon, workspace: '/home/me/labs', ...more })
}

const down = new CouldNotLook('engine.down', { socket: '/var/run/docker.sock', source: 'default' })
const couldNot = new CouldNotLook('look.timeout')

describe('tools', () => {
  test.each<[string, string | null | Error, string, Partial<Finding>]>([
    ['there', '2.40.1', '>=2.30', { code: 'tool.ready', ok: true, have: '2.40.1', want: '>=2.30' }],
    ['there, any version', '2.40.1', '*', { code: 'tool.ready', ok: true, have: '2.40.1' }],
    ['there without a version', '', '*', { code: 'tool.ready', ok: true }],
    ['there, its version not readable', '', '>=2', { code: 'tool.version-unknown', ok: true, want: '>=2' }],
    ['missing', null, '>=2.30', { code: 'tool.missing', ok: false, want: '>=2.30' }],
    ['too old', '2.9.1', '>=2.30', { code: 'tool.too-old', ok: false, have: '2.9.1', want: '>=2.30' }],
    ['too new', '3.0.0', '^2.30', { code: 'tool.too-new', ok: false, have: '3.0.0', want: '^2.30' }],
    ['not to be looked at', couldNot, '*', { code: 'tool.unknown', ok: false }],
  ])('%s', async (_, version, range, expected) => {
    const findings = await found([lab('a', { tools: { git: range } })], { tools: { git: version } })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ subject: 'git', labs: ['a'], ...expected })
    expect('have' in findings[0]!).toBe('have' in expected)
    expect('want' in findings[0]!).toBe('want' in expected)
  })

  test('one that several labs need is one finding, about the labs that cannot go on', async () => {
    const labs = [
      lab('a', { tools: { node: '>=18' } }),
      lab('b', { tools: { node: '>=22', git: '*' } }),
      lab('c', { tools: { node: '>=24' } }),
    ]
    const [node, git] = await found(labs, { tools: { node: '20.19.0', git: '2.40.1' } })
    expect(node).toMatchObject({ code: 'tool.too-old', labs: ['b', 'c'], want: '>=22, >=24' })
    expect(git).toMatchObject({ code: 'tool.ready', labs: ['b'] })
    const [missing] = await found(labs, { tools: { node: null, git: '2.40.1' } })
    expect(missing).toMatchObject({ code: 'tool.missing', labs: ['a', 'b', 'c'], want: '>=18, >=22, >=24' })
    expect(missing?.repair?.commands[0]).toBe('sudo dnf install -y nodejs24 nodejs24-npm')
  })
})

describe('the engine', () => {
  const dockerLab = lab('a', { tools: { docker: '>=20.10' } })
  const docker = { docker: '28.2.2' }

  test.each<[string, FakeMachine, Partial<Finding>]>([
    ['answers', {}, { code: 'engine.ready', ok: true, have: '28.2.2' }],
    ['too old', { engine: '19.03.15' }, { code: 'engine.too-old', ok: false, have: '19.03.15', want: '>=20.10' }],
    ['down', { engine: down }, { code: 'engine.down', ok: false }],
    [
      'not permitted',
      { engine: new CouldNotLook('engine.permission', { socket: '/s', user: 'ec2-user' }) },
      { code: 'engine.permission', ok: false },
    ],
    [
      'not permitted yet',
      {
        engine: new CouldNotLook('engine.permission', { socket: '/s', user: 'ec2-user' }),
        files: { '/etc/group': 'root:x:0:\ndocker:x:993:other,ec2-user\n' },
      },
      { code: 'engine.new-login', ok: false },
    ],
    [
      'of a context that is gone',
      { engine: new CouldNotLook('engine.wrong-context', { context: 'old', socket: '', source: 'docker context' }) },
      { code: 'engine.wrong-context', ok: false },
    ],
    ['slow', { engine: new CouldNotLook('engine.timeout', { socket: '/s', seconds: 10 }) }, { code: 'engine.timeout' }],
    ['confused', { engine: new CouldNotLook('engine.error', { message: 'no' }) }, { code: 'engine.error', ok: false }],
    ['unheard of', { engine: new CouldNotLook('engine.new-trouble') }, { code: 'engine.new-trouble', ok: false }],
    // Podman's own 5.4 is no Docker 5.4.
    ['Podman', { engine: '5.4.0', engineHost: '/run/podman/podman.sock' }, { code: 'engine.ready', have: '5.4.0' }],
  ])('%s', async (_, machine, expected) => {
    const findings = await found([dockerLab, lab('b', { tools: { git: '*' } })], { tools: docker, ...machine })
    const engine = findings.find(finding => finding.subject === 'docker engine')
    expect(engine).toMatchObject({ labs: ['a'], ...expected })
    expect(engine?.message.ko).not.toMatch(/undefined/)
  })

  test('is not asked for where no lab needs it', async () => {
    const findings = await found([lab('b', { tools: { git: '*' } })], { engine: new Error('must not be asked') })
    expect(findings.map(finding => finding.subject)).toEqual(['git'])
  })

  test('is not said to be down where docker is not installed: installing it starts it', async () => {
    const findings = await found([dockerLab], { tools: { docker: null }, engine: down })
    expect(findings.map(finding => finding.code)).toEqual(['tool.missing'])
    expect(findings[0]?.repair).toMatchObject({ needsNewLogin: true })
  })

  test('is needed by kind, and docker with it', async () => {
    const findings = await found([lab('k', { tools: { kind: '*' } })], { tools: { kind: '0.27.0' }, engine: down })
    expect(findings.map(finding => [finding.code, finding.subject])).toEqual([
      ['tool.ready', 'kind'],
      ['tool.missing', 'docker'],
    ])
  })

  test('a bug of ours is not taken for an engine that is down', async () => {
    await expect(found([dockerLab], { tools: docker, engine: new TypeError('ours') })).rejects.toThrow('ours')
  })
})

describe('a port of a cluster', () => {
  const node = container('lab-control-plane', 3000, { labels: { 'io.x-k8s.kind.cluster': 'lab' } })
  test.each<[about: string, cluster: string | undefined, codes: string[]]>([
    ["the lab's own, from another day", 'lab', []],
    ['another one', 'other', ['port.taken-by-container']],
    ['of a lab without one', undefined, ['port.taken-by-container']],
  ])('%s', async (_, cluster, codes) => {
    const one = { ...lab('a', { ports: [3000] }), ...(cluster === undefined ? {} : { cluster }) }
    expect((await found([one], { containers: [node] })).map(each => each.code)).toEqual(codes)
  })
})

describe('ports', () => {
  const labs = [lab('a', { ports: [3000] })]

  test.each<[string, FakeMachine, string, string]>([
    ['free', {}, 'port.free', '3000'],
    [
      'a container',
      { containers: [container('web', 3000)], listeners: [listener(3000)] },
      'port.taken-by-container',
      '`web`',
    ],
    [
      'a container, forwarded by the kernel',
      { containers: [container('web', 3000)] },
      'port.taken-by-container',
      '`web`',
    ],
    ['a container that is stopped', { containers: [container('web', 3000, { state: 'exited' })] }, 'port.free', ''],
    [
      'a container at another address',
      { containers: [container('web', 3000, { asked: { '3000/tcp': [{ host: '192.168.0.7', port: 3000 }] } })] },
      'port.free',
      '',
    ],
    [
      'a container on a port that Docker chose',
      { containers: [container('web', 3000, { asked: {} })] },
      'port.taken-by-container',
      '`web`',
    ],
    [
      'a container we may not see',
      { engine: down, listeners: [listener(3000, { process: 'docker-proxy', pid: 9 })] },
      'port.taken-by-container',
      'a container',
    ],
    [
      'a process',
      { listeners: [listener(3000, { process: 'node', pid: 42 })] },
      'port.taken-by-process',
      '`node` (PID 42)',
    ],
    [
      'a process on every address',
      { listeners: [listener(3000, { address: '[::]', pid: 42 })] },
      'port.taken-by-process',
      '(PID 42)',
    ],
    [
      'a process of somebody else',
      { listeners: [listener(3000, { address: '0.0.0.0' })] },
      'port.taken',
      'some program',
    ],
    [
      'a process at another address',
      { listeners: [listener(3000, { address: '172.17.0.1', pid: 42 })] },
      'port.free',
      '',
    ],
    ['another port', { listeners: [listener(3001, { pid: 42 })] }, 'port.free', ''],
    ['somebody, the system does not tell who', { listeners: null, open: [3000] }, 'port.taken', ''],
    ['nobody, the system does not tell', { listeners: null }, 'port.free', ''],
    ['listeners not to be looked at', { listeners: couldNot, open: [3000] }, 'port.taken', ''],
    ['nothing to be looked at', { listeners: couldNot, open: couldNot }, 'port.unknown', ''],
  ])('%s', async (_, machine, code, words) => {
    const findings = await found(labs, machine)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ code, ok: code === 'port.free', subject: 'port 3000', labs: ['a'] })
    expect(findings[0]?.message.en).toContain(words)
  })

  test('skipped for a lab that is under way', async () => {
    expect(await found(labs, { listeners: [listener(3000)] }, { skipPorts: true })).toEqual([])
  })

  test('one that two labs need is one finding', async () => {
    const both = [...labs, lab('b', { ports: [8080, 3000] })]
    const findings = await found(both, { listeners: [listener(3000, { process: 'node', pid: 42 })] })
    expect(findings.map(({ code, labs }) => [code, labs])).toEqual([
      ['port.taken-by-process', ['a', 'b']],
      ['port.free', ['b']],
    ])
  })
})

describe('disk', () => {
  const small = lab('small', { disk: Gi })
  const big = lab('big', { tools: { docker: '*' }, disk: 8 * Gi })
  const workspace = '/home/me/labs'
  const docker = { docker: '28.2.2' }

  test.each<[string, FakeMachine, Partial<Finding> | undefined]>([
    [
      'enough',
      { free: { [workspace]: 20 * Gi } },
      { code: 'disk.enough', ok: true, labs: ['small', 'big'], have: '20.0Gi', want: '8.0Gi' },
    ],
    [
      'enough for one',
      { free: { [workspace]: 2 * Gi } },
      { code: 'disk.low', ok: false, labs: ['big'], have: '2.0Gi', want: '8.0Gi' },
    ],
    [
      'for none',
      { free: { [workspace]: Gi / 2 } },
      { code: 'disk.low', labs: ['small', 'big'], have: '512.0Mi', want: '8.0Gi' },
    ],
    [
      'enough, but not where images are kept',
      { free: { [workspace]: 20 * Gi, '/var/lib/docker': Gi / 2 }, files: { '/var/lib/docker': '' } },
      { code: 'disk.low', labs: ['big'], have: '512.0Mi' },
    ],
    [
      'the images are kept elsewhere',
      { free: { [workspace]: 20 * Gi, '/var/lib/docker': 1 } },
      { code: 'disk.enough' },
    ],
    ['not known', {}, undefined],
    ['not to be looked at', { free: couldNot }, undefined],
  ])('%s', async (_, machine, expected) => {
    const findings = await found([small, big], { tools: docker, ...machine })
    const disk = findings.find(finding => finding.subject === 'disk')
    if (expected) expect(disk).toMatchObject(expected)
    else expect(disk).toBeUndefined()
  })

  test('is cleaned through the engine only where one answers', async () => {
    const commands = async (engine: string | Error) => {
      const findings = await found([big], { tools: docker, engine, free: { [workspace]: Gi } })
      return findings.find(finding => finding.code === 'disk.low')?.repair?.commands
    }
    expect(await commands('28.2.2')).toContain('docker builder prune -f')
    expect(await commands(down)).toEqual([])
  })
})

describe('images', () => {
  const images = ['node:24-alpine', 'nginx:1.28-alpine', 'mysql:8', 'registry:3', 'busybox:1.37']
  const labs = [
    lab('a', { tools: { docker: '*' }, images: images.slice(0, 2) }),
    lab('b', { tools: { docker: '*' }, images: images.slice(1) }),
    lab('c', { images: ['never:1'] }),
  ]

  test.each<[string, FakeMachine, string | undefined, string[]]>([
    ['all here', { images }, 'images.here', ['a', 'b']],
    ['one away', { images: images.slice(1) }, 'images.to-pull', ['a']],
    ['none here', {}, 'images.to-pull', ['a', 'b']],
    ['not to be looked at', { images: couldNot }, undefined, []],
    ['no engine', { engine: down }, undefined, []],
  ])('%s', async (_, machine, code, expected) => {
    const findings = await found(labs, { tools: { docker: '28.2.2' }, ...machine })
    const finding = findings.find(each => each.subject === 'images')
    expect(finding?.code).toBe(code)
    expect(finding?.labs ?? []).toEqual(expected)
    expect(finding?.ok ?? true).toBe(true)
  })
})

test('a ready machine for a whole course', async () => {
  const course = [
    lab('first', { tools: { node: '>=18' }, ports: [3000] }),
    lab('todo', { tools: { git: '*', docker: '>=20.10' }, ports: [3000], disk: Gi, images: ['node:24-alpine'] }),
  ]
  const tools = { node: '20.19.0', git: '2.40.1', docker: '28.2.2' }
  const findings = await found(course, { tools, free: { '/home/me/labs': 9 * Gi } })
  expect(findings.map(({ code, subject, ok, repair }) => [code, subject, ok, repair])).toEqual([
    ['tool.ready', 'node', true, undefined],
    ['tool.ready', 'git', true, undefined],
    ['tool.ready', 'docker', true, undefined],
    ['engine.ready', 'docker engine', true, undefined],
    ['port.free', 'port 3000', true, undefined],
    ['disk.enough', 'disk', true, undefined],
    ['images.to-pull', 'images', true, undefined],
  ])
})

const socket = '/var/run/docker.sock'

/** With and without what is not always known. */
const sentences: [string, Evidence][] = [
  ['tool.ready', { tool: 'git', have: '2.40.1' }],
  ['tool.ready', { tool: 'curl' }],
  ['tool.version-unknown', { tool: 'tree', want: '>=2' }],
  ['tool.missing', { tool: 'docker' }],
  ['tool.missing', { tool: 'kubectl' }],
  ['tool.missing', { tool: 'git' }],
  ['tool.too-old', { tool: 'docker', have: '19.03.15', want: '>=20.10' }],
  ['tool.too-new', { tool: 'kubectl', have: '1.36.1', want: '~1.32' }],
  ['tool.unknown', { tool: 'kind' }],
  ['engine.ready', { have: '28.2.2' }],
  ['engine.ready', {}],
  ['engine.down', { socket, source: 'default' }],
  ['engine.down', { socket: 'tcp://10.0.0.5:2375', source: 'DOCKER_HOST' }],
  ['engine.permission', { socket, user: 'ec2-user' }],
  ['engine.permission', { socket }],
  ['engine.new-login', { socket, user: 'ec2-user' }],
  ['engine.wrong-context', { context: 'old', socket: '' }],
  ['engine.wrong-context', { context: 'desktop-linux', socket: '/Users/me/.docker/run/docker.sock' }],
  ['engine.timeout', { socket, seconds: 10 }],
  ['engine.error', { message: 'no Api-Version in the answer to /_ping' }],
  ['engine.too-old', { have: '19.03.15', want: '>=20.10' }],
  ['engine.too-new', { have: '29.0.1', want: '<29' }],
  ['engine.api-too-old', { ours: '1.41', theirs: '1.39' }],
  ['engine.api-too-new', { ours: '1.50', theirs: '1.52' }],
  ['engine.new-trouble', { problem: 'engine.new-trouble' }],
  ['port.free', { port: 3000 }],
  ['port.taken-by-container', { port: 3000, container: 'web' }],
  ['port.taken-by-container', { port: 3000 }],
  ['port.taken-by-process', { port: 3000, process: 'node', pid: 4242 }],
  ['port.taken-by-process', { port: 3000, process: 'node' }],
  ['port.taken-by-process', { port: 3000, pid: 4242 }],
  ['port.taken', { port: 3000 }],
  ['port.unknown', { port: 3000 }],
  ['disk.enough', { have: '20.0Gi', want: '2.0Gi' }],
  ['disk.low', { have: '512.0Mi', want: '2.0Gi', path: '/var/lib/docker' }],
  ['images.here', { count: 1 }],
  ['images.here', { count: 3 }],
  ['images.to-pull', { count: 1, images: '`node:24-alpine`' }],
  ['images.to-pull', { count: 5, images: '`node:24-alpine`, `mysql:8`, `registry:3`, …' }],
]

test('every sentence, for a person to read', async () => {
  const parts = sentences.map(([code, evidence]) => {
    const { ko, en } = findingText(code, evidence)
    return `# ${code}\nko ${ko}\nen ${en}\n`
  })
  expect(parts.join('')).not.toContain('undefined')
  await expect(parts.join('\n')).toMatchFileSnapshot('__golden__/findings.txt')
})
