import { expect, test } from 'vitest'
import { type FakeEngine, fakeEngine, json } from './fake-engine.ts'

const empty = {
  '/containers/json': json([]),
  '/images/json': json([]),
  '/volumes': json({ Volumes: null, Warnings: null }),
  '/networks': json([]),
}

test('what the engine has', async () => {
  const fake = await fakeEngine({
    '/containers/json': json([{ Id: 'c1' }]),
    '/containers/c1/json': json({ Id: 'c1', Name: '/web', Created: '2026-11-21T10:46:26.342984699Z' }),
    '/images/json': json([
      { Id: 'sha256:1', RepoTags: ['a:1', 'localhost/a:2'] },
      { Id: 'sha256:2', RepoTags: ['<none>:<none>'] },
    ]),
    '/volumes': json({ Volumes: [{ Name: 'data', CreatedAt: '2026-11-21T10:46:26+09:00' }] }),
    '/networks': json([
      ...['bridge', 'host', 'none'].map(Name => ({ Id: `id-${Name}`, Name })),
      { Id: 'n1', Name: 'lab', Created: '2026-11-21T10:46:26.5Z' },
    ]),
  })
  expect(await fake.docker.hands.snapshot()).toEqual({
    containers: { c1: { name: 'web', createdAt: Date.parse('2026-11-21T10:46:26.342Z') } },
    images: { 'a:1': { id: 'sha256:1' }, 'localhost/a:2': { id: 'sha256:1' }, 'sha256:2': { id: 'sha256:2' } },
    volumes: { data: { createdAt: Date.parse('2026-11-21T01:46:26Z') } },
    networks: { n1: { name: 'lab', createdAt: Date.parse('2026-11-21T10:46:26.500Z') } },
  })
})

test('an engine with nothing', async () => {
  const fake = await fakeEngine(empty)
  expect(await fake.docker.hands.snapshot()).toEqual({ containers: {}, images: {}, volumes: {}, networks: {} })
})

const removals: [string, (engine: FakeEngine) => Promise<boolean>, string][] = [
  ['a container', ({ docker }) => docker.hands.removeContainer('c1'), '/containers/c1?force=1&v=1'],
  ['an image', ({ docker }) => docker.hands.removeImage('ghcr.io/a/b:1'), '/images/ghcr.io/a/b%3A1?noprune=0'],
  ['a volume', ({ docker }) => docker.hands.removeVolume('data'), '/volumes/data'],
  ['a network', ({ docker }) => docker.hands.removeNetwork('n1'), '/networks/n1'],
]

test.each(removals)('removing %s', async (_, remove, path) => {
  const at = path.replace(/\?.*/, '')
  const fake = await fakeEngine({ [at]: (_request, response) => void response.writeHead(204).end() })
  expect(await remove(fake)).toBe(true)
  expect(fake.asked.at(-1)).toBe(`DELETE /v1.41${path}`)

  const without = await fakeEngine()
  expect(await remove(without)).toBe(false)

  const used = await fakeEngine({ [at]: json({ message: 'conflict: it is used by c2' }, 409) })
  await expect(remove(used)).rejects.toThrow(new Error('conflict: it is used by c2'))

  const broken = await fakeEngine({ [at]: json({ message: 'disk gone' }, 500) })
  await expect(remove(broken)).rejects.toMatchObject({ problem: { code: 'engine.error' } })
})

test('a container that somebody else is removing', async () => {
  const message = 'removal of container c1 is already in progress'
  const fake = await fakeEngine({ '/containers/c1': json({ message }, 409) })
  expect(await fake.docker.hands.removeContainer('c1')).toBe(false)
})
