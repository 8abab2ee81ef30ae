import { describe, expect, test } from 'vitest'
import { courseYaml, withLab } from '../../src/format/skeleton.ts'
import type { Mistake, Step } from '../../src/lab/lab.ts'
import type { CheckResult, FoundCause, Verdict } from '../../src/lab/verdict.ts'
import { chainsOf, nextChain } from '../../src/prove/chains.ts'
import { alreadyThere } from '../../src/prove/fresh.ts'
import { ownership } from '../../src/prove/leftovers.ts'
import { judgeMistake } from '../../src/prove/mistakes.ts'
import { verdictFrom, verdictOf } from '../../src/prove/proof.ts'
import { shardOf, takeTurns } from '../../src/prove/prove.ts'
import { changesBetween, type Snapshot } from '../../src/prove/snapshot.ts'
import { openFixture } from '../helpers/played-lab.ts'

const { lab } = await openFixture()

describe('what of an engine that others use is the lab’s', () => {
  test.each<[Parameters<typeof ownership>[2], ReturnType<typeof ownership>]>([
    [{ kind: 'container', name: 'web' }, 'ours'],
    [{ kind: 'container', name: 'somebody' }, 'perhaps'],
    [{ kind: 'container', name: 'somebody', gone: true }, 'not ours'],
    [{ kind: 'container', name: 'web', gone: true }, 'ours'],
    [{ kind: 'image', name: 'app:latest', gone: true }, 'ours'],
    [{ kind: 'image', name: 'nginx:1.28-alpine' }, 'not ours'],
    [{ kind: 'volume', name: 'data', gone: true }, 'not ours'],
    [{ kind: 'file', name: '/proof/home/x' }, 'ours'],
    [{ kind: 'context', name: 'kind-web' }, 'ours'],
    [{ kind: 'object', name: 'Pod default/web' }, 'ours'],
    [{ kind: 'object', name: 'Pod default/web', gone: true }, 'not ours'],
    [{ kind: 'process', name: 'node index.js' }, 'ours'],
    [{ kind: 'port', name: '8080' }, 'ours'],
    [{ kind: 'port', name: '8080', gone: true }, 'not ours'],
    [{ kind: 'port', name: '54321' }, 'not ours'],
  ])('%j: %s', (change, expected) => {
    expect(ownership(lab, new Set(['web']), change)).toBe(expected)
  })
})

test('what differs between two snapshots; of a new folder only itself', () => {
  const network = { name: 'n', createdAt: 1 }
  const before: Snapshot = {
    docker: {
      containers: { a: { name: 'web', createdAt: 1 }, k: { name: 'k8s', createdAt: 1, cluster: 'kind' } },
      images: { 'app:latest': { id: 'sha256:1' }, 'sha256:3': { id: 'sha256:3' } },
      volumes: {},
      networks: { n1: network },
    },
    contexts: [],
    objects: ['Pod default/old'],
    files: ['/h/a', '/h/old/', '/h/old/b'],
    ports: [80],
    processes: [],
  }
  const after: Snapshot = {
    docker: {
      containers: { b: { name: 'web', createdAt: 2 } },
      images: { 'app:latest': { id: 'sha256:2' }, 'sha256:3': { id: 'sha256:3' }, 'sha256:1': { id: 'sha256:1' } },
      volumes: { v: { createdAt: 2 } },
      networks: { n1: network },
    },
    contexts: ['kind-x'],
    objects: ['Pod default/new'],
    files: ['/h/a', '/h/new/', '/h/new/c', '/h/new/d/'],
    ports: [80, 3000],
    processes: ['node x.js'],
  }
  expect(changesBetween(before, after).map(({ kind, name, gone }) => `${gone ? '-' : '+'}${kind} ${name}`)).toEqual([
    '-cluster kind',
    '+container web',
    '-container web',
    '+image app:latest',
    '-image app:latest',
    '+volume v',
    '+context kind-x',
    '+object Pod default/new',
    '-object Pod default/old',
    '+file /h/new/',
    '-file /h/old/',
    '+port 3000',
    '+process node x.js',
  ])
  expect(changesBetween(before, before)).toEqual([])
})

test('what a lab makes by name and is there already', () => {
  const docker = {
    containers: { a: { name: 'web', createdAt: 1 }, b: { name: 'other', createdAt: 1 } },
    images: { 'app:latest': { id: 'sha256:1' }, 'nginx:1.28-alpine': { id: 'sha256:2' } },
    volumes: {},
    networks: {},
  }
  expect(alreadyThere([lab], docker)).toEqual(['container web', 'image app:latest'])
  const cluster = { ...lab, cluster: 'kind', steps: [{ ...lab.steps[0]!, commands: [command('kind create cluster')] }] }
  const node = { name: 'kind-control-plane', createdAt: 1, cluster: 'kind' }
  expect(alreadyThere([cluster], { ...docker, containers: { n: node } })).toEqual(['cluster kind'])
  expect(alreadyThere([{ ...cluster, cluster: 'own' }], { ...docker, containers: { n: node } })).toEqual([])
})

function command(run: string) {
  return { id: 'go', run, timeout: 1000, expect: { exit: 0 }, background: false }
}

describe('a mistake', () => {
  const same = (text: string) => ({ ko: text, en: text })
  const cause = (code: string, advice = 'Look again.'): FoundCause => ({
    ...{ code, evidence: {}, final: false },
    message: same('It is wrong.'),
    advice: same(advice),
  })
  const result = (verdict: Verdict, found: FoundCause | null = null): CheckResult => ({
    ...{ id: 'c', step: 's', kind: 'file', title: same('c'), verdict, cause: found, differences: [] },
    ...{ subject: 'x', tookMs: 1, captures: {} },
  })
  const step = {
    ...{ checks: [], edits: [] },
    commands: [command('docker run -d --name web app'), command('docker ps -a')],
    hints: [
      { on: ['port.taken'], after: 0, text: same('Try `docker run -d --name web app`.') },
      { on: [], after: 1, text: same('See `docker ps -a`.') },
      { on: [], after: 3, text: same('Type docker run -d --name web app') },
    ],
  } satisfies Pick<Step, 'checks' | 'commands' | 'edits' | 'hints'>
  const mistake = (code: string): Mistake => ({ id: 'm', edits: [], run: 'x', cause: code })

  test.each<[string, Mistake, readonly CheckResult[], FoundCause | null, string[]]>([
    ['noticed by a check', mistake('file.missing'), [result('failed', cause('file.missing'))], null, []],
    ['noticed by the command', mistake('port.taken'), [result('failed')], cause('port.taken'), ['mistake-tells']],
    ['one of several', mistake('b'), [result('failed', cause('a')), result('error', cause('b'))], null, []],
    ['another cause', mistake('b'), [result('failed', cause('a')), result('blocked')], null, ['mistake-other-cause']],
    ['no cause', mistake('b'), [result('failed')], null, ['mistake-other-cause']],
    ['passes', mistake('b'), [result('passed')], cause('b'), ['mistake-passes']],
    [
      'the cause itself tells',
      mistake('a'),
      [result('failed', cause('a', 'Type `docker run -d --name web app` instead.'))],
      null,
      ['mistake-tells'],
    ],
  ])('%s', (_, made, results, found, codes) => {
    expect(judgeMistake(step, made, { results, cause: found }).map(flaw => flaw.code)).toEqual(codes)
  })
})

test('shards: the longest first, each lab in exactly one', () => {
  const labs = [15, 30, 20, 40, 20, 25].map((minutes, index) => ({ id: `lab-${index}`, minutes }))
  expect([1, 2, 3].map(index => shardOf(labs, index, 3))).toEqual([
    ['lab-0', 'lab-3'],
    ['lab-1', 'lab-4'],
    ['lab-2', 'lab-5'],
  ])
  expect(shardOf(labs, 1, 1)).toEqual(labs.map(each => each.id))
  expect(shardOf(labs.slice(0, 1), 2, 2)).toEqual([])
})

describe('chains', () => {
  const made = (id: string, needs: string[], port: number, engine = true) =>
    [id, { ...lab, id, needs, requires: { tools: engine ? { docker: '*' } : {}, ports: [port] } }] as const
  const labs = new Map([
    made('hand', [], 3000, false),
    made('app', [], 3000),
    made('cluster', [], 30080),
    made('pods', ['cluster'], 1),
    made('more-pods', ['cluster'], 2),
    made('last', ['pods'], 3),
  ])
  const ids = [...labs.keys()]

  test('labs that start from the same state are together', () => {
    const chains = chainsOf(labs, [...ids, 'broken'])
    expect(chains.map(chain => chain.labs.join(' '))).toEqual([
      ...['hand', 'app', 'cluster', 'pods more-pods', 'last', 'broken'],
    ])
    expect([...chains[3]!.uses]).toEqual(['engine', 'port 30080', 'port 1', 'port 2'])
  })

  test('side by side goes what shares neither engine nor port', () => {
    const [hand, app, cluster] = chainsOf(labs, ids)
    expect(nextChain([app!, cluster!], [hand!])).toBe(cluster)
    expect(nextChain([app!, cluster!], [cluster!])).toBeUndefined()
    expect(nextChain([hand!], [cluster!])).toBe(hand)
  })

  test('what is told of a lab comes in one piece', () => {
    const heard: string[] = []
    const turns = takeTurns(event => heard.push(event.lab))
    const say = (listen: ReturnType<typeof turns.begin>['listen'], id: string) =>
      listen({ at: 0, lab: id, event: 'proof.trial-started', part: 'clean' })
    const [first, second] = [turns.begin(), turns.begin()]
    say(second.listen, 'b1')
    say(first.listen, 'a1')
    say(second.listen, 'b2')
    expect(heard).toEqual(['a1'])
    say(first.listen, 'a2')
    first.end()
    expect(heard).toEqual(['a1', 'a2', 'b1', 'b2'])
    say(second.listen, 'b3')
    second.end()
    expect(heard.at(-1)).toBe('b3')
  })
})

test('wrong goes before unknown, unknown before not reached', () => {
  const of = (...verdicts: ('passed' | 'failed' | 'error' | 'skipped')[]) =>
    verdictOf(verdicts.map(verdict => ({ verdict })))
  expect([
    of('passed', 'error', 'failed', 'skipped'),
    of('error', 'skipped'),
    of('passed', 'skipped'),
    of('passed'),
  ]).toEqual(['failed', 'error', 'skipped', 'passed'])
  expect(of()).toBe('skipped')
  expect(verdictFrom([])).toBe('passed')
})

describe('course.yaml with one more lab', () => {
  test.each([
    ['labs: [a, b]\n', 'labs: [a, b, new]\n'],
    ['labs: []\n', 'labs: [new]\n'],
    ['id: x # labs: [a]\nlabs: [a, b,] # in order\n', 'id: x # labs: [a]\nlabs: [a, b, new] # in order\n'],
    ['labs:\n  - a\n  - b # last\nlanguage: ko\n', 'labs:\n  - a\n  - b # last\n  - new\nlanguage: ko\n'],
    ['labs:\n- a', 'labs:\n- a\n- new\n'],
    [courseYaml('x', 'first'), courseYaml('x', 'first, new')],
    ['labs: [\n  a,\n]\n', null],
    ['id: x\n', null],
  ])('%j', (course, expected) => expect(withLab(course, 'new')).toBe(expected))
})
