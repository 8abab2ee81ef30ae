import { describe, expect, test } from 'vitest'
import { type Context, judge } from '../../src/check/judge.ts'
import type { Fields, Place } from '../../src/check/kind.ts'
import { parseDockerfile } from '../../src/check/kinds/dockerfile.ts'
import { kinds } from '../../src/check/kinds/index.ts'
import type { KubeConfigView } from '../../src/lab/cluster.ts'
import type { Check, Json } from '../../src/lab/lab.ts'
import type { ContainerView } from '../../src/lab/machine.ts'
import { fakeWorld } from '../helpers/world.ts'

const context: Context = { now: 10_000, seenBefore: false, vars: {}, steps: {} }

function checkOf(kind: string, written: Record<string, Json>, more: Partial<Check> = {}): Check {
  const { expect: tree, ...fields } = written
  const base = { id: 'a', check: kind, title: { ko: 'a', en: 'a' }, fields, within: 0, for: 0, not: false, gone: false }
  const rest = { needs: [], capture: {}, hints: [], of: [] }
  return { ...base, ...rest, ...(tree === undefined ? {} : { expect: tree }), ...more }
}

function judged(kind: string, written: Record<string, Json>, seen: Json, more: Partial<Check> = {}, at = context) {
  const check = checkOf(kind, written, more)
  return judge(kinds[kind]!, check, check.fields as Fields, { at: 1, seen }, at)
}

describe.each(Object.values(kinds))('$name', kind => {
  test('the example passes, and fails, as it says', () => {
    expect(judged(kind.name, kind.example.check, kind.example.passes).holds).toBe(true)
    const failed = judged(kind.name, kind.example.check, kind.example.fails)
    expect(failed.holds).toBe(false)
    expect(failed.differences.length).toBeGreaterThan(0)
  })

  test('could not look is neither', () => {
    const check = checkOf(kind.name, kind.example.check)
    const problem = { code: 'engine.down', evidence: { socket: '/s' } }
    const judgement = judge(kind, check, check.fields as Fields, { at: 1, problem }, context)
    expect(judgement).toMatchObject({ holds: null, problem })
  })

  test('every field of the example is a field of the kind', () => {
    const { expect: _, ...fields } = kind.example.check
    expect(Object.keys(kind.fields)).toEqual(expect.arrayContaining(Object.keys(fields)))
  })
})

describe('near misses', () => {
  const images = [{ id: 'sha256:1', tags: ['getting-startd:latest'], createdAt: 1, size: 1 }]
  const containers = (kinds['docker.container']!.example.passes as { containers: Json[] }).containers
  test.each<[kind: string, written: Record<string, Json>, seen: Json, near: string]>([
    ['file', { path: 'app/Dockerfile' }, { file: null, names: ['dockerfile', 'src/'] }, 'dockerfile'],
    ['docker.image', { ref: 'getting-started' }, { image: null, images }, 'getting-startd:latest'],
    ['docker.image', { ref: 'getting-startd:1.0' }, { image: null, images }, 'getting-startd:latest'],
    ['docker.container', { name: 'kind_bel' }, { containers, imageId: null }, 'kind_bell'],
    ['k8s.object', { kind: 'ConfigMap', name: 'wbe' }, kinds['k8s.object']!.example.passes, 'web'],
    ['k8s.rollout', { name: 'webb' }, kinds['k8s.rollout']!.example.passes, 'web'],
    ['k8s.pods', { name: 'web-3' }, kinds['k8s.pods']!.example.passes, 'web-1'],
    ['k8s.service', { name: 'Web' }, kinds['k8s.service']!.example.passes, 'web'],
    ['k8s.logs', { name: 'web-3' }, { ...(kinds['k8s.pods']!.example.passes as object), logs: [] }, 'web-1'],
    ['kind.cluster', { name: 'kid' }, kinds['kind.cluster']!.example.passes, 'kind'],
    ['manifest', { path: 'web.yml' }, { file: null, names: ['web.yaml'], answer: null }, 'web.yaml'],
  ])('%s %j', (kind, written, seen, near) => {
    expect(judged(kind, written, seen).differences[0]).toMatchObject({ near })
  })
})

describe('not, gone and since', () => {
  const open = { host: '127.0.0.1', port: 3000, open: true, answering: ['127.0.0.1'] }
  const closed = { ...open, open: false, answering: [], error: 'ECONNREFUSED' }
  const before = { ...context, seenBefore: true }
  test.each<[about: string, more: Partial<Check>, seen: Json, at: Context, holds: boolean]>([
    ['not, closed', { not: true }, closed, context, true],
    ['not, open', { not: true }, open, context, false],
    ['gone, seen before', { gone: true }, closed, before, true],
    ['gone, never seen', { gone: true }, closed, context, false],
    ['gone, still there', { gone: true }, open, before, false],
  ])('%s', (_, more, seen, at, holds) => {
    expect(judged('tcp', { port: 3000 }, seen, more, at).holds).toBe(holds)
  })

  test('what is older than the step does not count', () => {
    const { check, passes } = kinds['docker.container']!.example
    expect(judged('docker.container', check, passes, {}, { ...context, since: 1 }).holds).toBe(true)
    const old = judged('docker.container', check, passes, {}, { ...context, since: 5 })
    expect(old.holds).toBe(false)
    expect(old.differences[0]).toMatchObject({ rule: 'too-old' })
  })

  test('a container that is being removed never counts', () => {
    const { passes } = kinds['docker.container']!.example
    const seen = passes as { containers: { state: string }[] }
    const removing = { ...seen, containers: seen.containers.map(each => ({ ...each, state: 'removing' })) }
    expect(judged('docker.container', { image: 'todo' }, removing as unknown as Json).holds).toBe(false)
  })
})

describe('objects of a cluster', () => {
  type Objects = { objects: { metadata: Record<string, Json>; spec?: Json; status?: Json }[] }
  const deploymentWith = (change: Record<string, Json>, meta: Record<string, Json> = {}): Json => {
    const { objects } = kinds['k8s.rollout']!.example.passes as unknown as Objects
    const [object] = objects
    const status = { ...(object!.status as Record<string, Json>), ...change }
    return { objects: [{ ...object!, metadata: { ...object!.metadata, ...meta }, status } as unknown as Json] }
  }

  test.each<[about: string, seen: Json, holds: boolean]>([
    ['all of the newest template, and available', deploymentWith({}), true],
    ['the controller has not seen the change', deploymentWith({}, { generation: 2 }), false],
    ['pods of the old template are still there', deploymentWith({ replicas: 3 }), false],
    ['some are of the old template', deploymentWith({ updatedReplicas: 1 }), false],
    ['not available yet', deploymentWith({ availableReplicas: 1 }), false],
    ['is being deleted', deploymentWith({}, { deletionTimestamp: '2026-01-01T00:00:01Z' }), false],
  ])('rolled out: %s', (_, seen, holds) => {
    expect(judged('k8s.rollout', { name: 'web' }, seen).holds).toBe(holds)
  })

  test.each<[selector: string, holds: boolean]>([
    ['app=web', true],
    ['app==web', true],
    ['app', true],
    ['app=Web', false],
    ['app=web,tier=front', false],
    ['tier', false],
  ])('selector %s', (selector, holds) => {
    const { passes } = kinds['k8s.pods']!.example
    expect(judged('k8s.pods', { selector }, passes).holds).toBe(holds)
  })

  test('a kind that the server does not know', () => {
    const [difference] = judged('k8s.object', { kind: 'Shop', name: 'web' }, { objects: null }).differences
    expect(difference).toMatchObject({ expected: 'Shop web', seen: 'no kind Shop' })
  })

  test('an object of the second in which the step began is new', () => {
    const born = Date.parse('2026-01-01T00:00:00Z')
    const at = (since: number) =>
      judged(
        'k8s.object',
        { kind: 'ConfigMap', name: 'web' },
        kinds['k8s.object']!.example.passes,
        {},
        { ...context, since },
      )
    expect(at(born + 900).holds).toBe(true)
    expect(at(born + 1900).differences[0]).toMatchObject({ rule: 'too-old' })
  })

  test.each<[about: string, change: Record<string, Json>, seen: string]>([
    ['stopped', { state: 'exited' }, 'kind-control-plane exited'],
    ['elsewhere', { asked: {}, ports: {} }, 'leads to https://127.0.0.1:34567'],
  ])('a kind cluster that is there, but %s', (_, change, seen) => {
    const { containers, ...rest } = kinds['kind.cluster']!.example.passes as { containers: Record<string, Json>[] }
    const view = { ...rest, containers: containers.map(each => ({ ...each, ...change })) } as unknown as Json
    expect(judged('kind.cluster', { name: 'kind' }, view).differences[0]?.seen).toContain(seen)
  })

  test('a Service whose port has no name at the pods has an endpoint, and no port', () => {
    const { slices, ...rest } = kinds['k8s.service']!.example.passes as { slices: Record<string, Json>[] }
    const view = { ...rest, slices: slices.map(({ ports: _, ...each }) => each) } as unknown as Json
    expect(judged('k8s.service', { name: 'web' }, view).holds).toBe(false)
  })
})

describe('a kind cluster whose API server was not reached', () => {
  const { containers, config } = kinds['kind.cluster']!.example.passes as unknown as {
    containers: ContainerView[]
    config: KubeConfigView
  }
  const look = (code: string) => {
    const world = fakeWorld()
    world.cluster.config = config
    world.cluster.problem = { code, evidence: {} }
    const reader = { ...world.reader, docker: { ...world.reader.docker, containers: async () => containers } }
    return kinds['kind.cluster']!.look({ name: 'kind' }, { reader } as unknown as Place)
  }

  test('is not ready', async () => {
    expect(await look('k8s.unreachable')).toMatchObject({ api: { ready: false } })
  })
  test('because the way to the machine was cut, is not judged', async () => {
    await expect(look('ssh.lost')).rejects.toMatchObject({ problem: { code: 'ssh.lost' } })
  })
})

describe('expr and capture', () => {
  const { check, passes } = kinds['docker.container']!.example
  test('CEL over self', () => {
    expect(judged('docker.container', check, passes, { expr: "self.ports['3000/tcp'] == 3000" }).holds).toBe(true)
    expect(judged('docker.container', check, passes, { expr: 'self.restarts > 0' }).holds).toBe(false)
  })
  test('a field that is not there is not yet true, and says so', () => {
    const judgement = judged('docker.container', check, passes, { expr: 'self.nothing == 1' })
    expect(judgement.holds).toBe(false)
    expect(judgement.differences[0]!.seen).toContain('nothing')
  })
  test('captures', () => {
    const captured = judged('docker.container', check, passes, { capture: { port: "self.ports['3000/tcp']" } })
    expect(captured.captures).toEqual({ port: 3000 })
    expect(judged('docker.container', check, passes, { capture: { port: 'self.nope' } }).holds).toBe(false)
  })
})

test.each<[about: string, source: string, words: Json]>([
  ['comments and blank lines', '# a\n\nFROM x\n', [{ FROM: 'x', line: 3 }]],
  [
    'words in small letters',
    'from x\ncopy . .\n',
    [
      { FROM: 'x', line: 1 },
      { COPY: '. .', line: 2 },
    ],
  ],
  [
    'a continued line',
    'RUN a && \\\n  # why\n  b\nCMD c\n',
    [
      { RUN: 'a && b', line: 1 },
      { CMD: 'c', line: 4 },
    ],
  ],
  ['an exec form', 'CMD ["node",   "a.js"]', [{ CMD: ['node', 'a.js'], line: 1 }]],
  ['a broken exec form is a shell form', "CMD ['node', 'a.js']", [{ CMD: "['node', 'a.js']", line: 1 }]],
  [
    'a here-document',
    'RUN <<EOF\nFROM nothing\nEOF\nCMD x',
    [
      { RUN: '<<EOF', line: 1 },
      { CMD: 'x', line: 4 },
    ],
  ],
  [
    'Windows line ends and a byte order mark',
    '\uFEFFFROM x\r\nEXPOSE 80\r\n',
    [
      { FROM: 'x', line: 1 },
      { EXPOSE: '80', line: 2 },
    ],
  ],
  ['nothing', '', []],
])('Dockerfile: %s', (_, source, instructions) => {
  expect(parseDockerfile(source)).toEqual(instructions)
})
