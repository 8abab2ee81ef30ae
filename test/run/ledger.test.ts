import { describe, expect, test } from 'vitest'
import {
  appeared,
  type Before,
  type Entry,
  ownedImages,
  removalOrder,
  withEntries,
  withoutEntries,
} from '../../src/run/ledger.ts'

const owner = { lab: 'web', step: 'run' }
const span = { line: 'docker compose up', from: 100_000, to: 110_000 }

function seen(docker: Partial<NonNullable<Before['docker']>> | null, paths: readonly string[] = []): Before {
  const nothing = { containers: {}, images: {}, volumes: {}, networks: {} }
  return { docker: docker && { ...nothing, ...docker }, paths }
}

function names(before: Before, after: Before, owned?: ReadonlySet<string>): string[] {
  return appeared(owner, before, after, span, owned).map(entry => `${entry.kind} ${entry.name}`)
}

describe('what appeared belongs to the command', () => {
  test.each<{ title: string; before: Before; after: Before; owned?: string[]; found: string[] }>([
    {
      title: 'a container, volume and network within the window',
      before: seen({}),
      after: seen({
        containers: { c1: { name: 'app', createdAt: 105_000 } },
        volumes: { data: { createdAt: 105_000 } },
        networks: { n1: { name: 'net', createdAt: 105_000 } },
      }),
      found: ['container app', 'volume data', 'network net'],
    },
    {
      title: 'clocks may differ by two seconds',
      before: seen({}),
      after: seen({
        containers: {
          early: { name: 'early', createdAt: 98_000 },
          late: { name: 'late', createdAt: 112_000 },
          before: { name: 'before', createdAt: 97_999 },
          after: { name: 'after', createdAt: 112_001 },
        },
      }),
      found: ['container early', 'container late'],
    },
    {
      title: 'what was there before is not ours',
      before: seen({ containers: { c1: { name: 'app', createdAt: 105_000 } }, volumes: { data: { createdAt: 1 } } }, [
        '/w/a',
      ]),
      after: seen({ containers: { c1: { name: 'app', createdAt: 105_000 } }, volumes: { data: { createdAt: 1 } } }, [
        '/w/a',
      ]),
      found: [],
    },
    {
      title: 'an image with a name, however old: a pulled one says when it was built',
      before: seen({}),
      after: seen({ images: { 'nginx:1.28': { id: 'sha256:1' } } }),
      found: ['image nginx:1.28'],
    },
    {
      title: 'no image without a name: a builder leaves them',
      before: seen({}),
      after: seen({ images: { 'sha256:1': { id: 'sha256:1' } } }),
      found: [],
    },
    {
      title: 'a name that was somebody else’s stays so when it moves to another image',
      before: seen({ images: { 'app:latest': { id: 'sha256:1' } } }),
      after: seen({ images: { 'app:latest': { id: 'sha256:2' } } }),
      found: [],
    },
    {
      title: 'a name that is the lab’s already: its next image is, too',
      before: seen({ images: { 'app:latest': { id: 'sha256:1' } } }),
      after: seen({ images: { 'app:latest': { id: 'sha256:2' } } }),
      owned: ['app:latest'],
      found: ['image app:latest'],
    },
    { title: 'new paths', before: seen(null, ['/w/a']), after: seen(null, ['/w/a', '/w/b']), found: ['path /w/b'] },
    {
      title: 'nothing of an engine that could not be looked at before',
      before: seen(null),
      after: seen({ containers: { c1: { name: 'app', createdAt: 105_000 } } }),
      found: [],
    },
  ])('$title', ({ before, after, owned, found }) => {
    expect(names(before, after, new Set(owned))).toEqual(found)
  })
})

const container = (id: string): Entry => ({ ...owner, kind: 'container', id, name: 'app' })
const path = (name: string, step = 'run'): Entry => ({ lab: 'web', step, kind: 'path', name })

describe('adding', () => {
  test('the same thing stands once; a path stays with the step that made it first', () => {
    const ledger = withEntries({ entries: [container('c1'), path('/w/a', 'first')] }, [
      container('c1'),
      container('c2'),
      path('/w/a', 'second'),
    ])
    expect(ledger.entries).toEqual([container('c1'), path('/w/a', 'first'), container('c2')])
  })

  test('two images that had one name are two things', () => {
    const image = (id: string): Entry => ({ ...owner, kind: 'image', id, name: 'app:latest' })
    const ledger = withEntries({ entries: [image('sha256:1')] }, [image('sha256:2')])
    expect(ledger.entries).toHaveLength(2)
    expect([...ownedImages(ledger)]).toEqual(['app:latest'])
  })

  test('the command that was running is over', () => {
    const running = { ...owner, line: 'ls', group: 1, start: null, at: 0, timeoutMs: 1, before: seen(null) }
    expect(withEntries({ entries: [], running }, [])).toEqual({ entries: [] })
    expect(withoutEntries({ entries: [], running }, [])).toEqual({ entries: [], running })
  })
})

test('what holds another thing goes first, and of one sort the newest', () => {
  const entries: Entry[] = [
    path('/w/a'),
    { ...owner, kind: 'image', id: 'i', name: 'app' },
    { ...owner, kind: 'network', id: 'n', name: 'net' },
    { ...owner, kind: 'edit', name: '/w/a/Dockerfile', copy: null },
    { ...owner, kind: 'volume', name: 'data' },
    container('c1'),
    container('c2'),
    { ...owner, kind: 'process', name: 'node', group: 7, members: [] },
    { lab: '', step: '', kind: 'folder', name: '/w' },
  ]
  expect(removalOrder(entries).map(entry => ('id' in entry ? entry.id : entry.kind))).toEqual([
    'process',
    'c2',
    'c1',
    'n',
    'volume',
    'i',
    'edit',
    'path',
    'folder',
  ])
})
