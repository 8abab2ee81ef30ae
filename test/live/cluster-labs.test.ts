import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/text/index.ts'
import { live } from '../helpers/live.ts'
import { clusterForFile } from '../helpers/locks.ts'
import { labs } from './course.ts'
import { buildProgram, done, type Home, lab, newHome, processesOf, recorded } from './program.ts'
import { readLab, typeLab } from './typed-lab.ts'
import { openTypist } from './typist.ts'
import { expectUsable } from './usable.ts'

/**
 * The labs with a cluster, one after the other, as learners do them: by themselves, and typed. That each step fails before
 * it and after a reset is proven by `lab test`.
 */

const ids = labs.filter(each => each.usesCluster).map(each => each.id)
/** A node that starts takes its time on a busy machine. */
const limit = 600_000

clusterForFile()
beforeAll(buildProgram)

live('docker', 'kind')('labs with a cluster', () => {
  beforeAll(() => {
    const clusters = execFileSync('kind', ['get', 'clusters'], { encoding: 'utf8', stdio: 'pipe' }).split('\n')
    if (clusters.includes('kind')) throw new Error('delete the cluster `kind` first, the labs make it')
  })

  describe('ko, bash', () => {
    const it = learner('ko')
    for (const id of ids) test(`${id} by itself`, { timeout: limit }, () => it.runs(id))
    test('nothing is left when they are cleaned up', { timeout: limit }, () => it.cleansAll())
    for (const id of ids) test(`${id} typed`, { timeout: limit }, () => it.types(id, 'bash'))
    test('nor when they were typed', { timeout: limit }, () => it.cleansAll())
  })

  describe('en, zsh', () => {
    const it = learner('en')
    for (const id of ids) test(`${id} typed`, { timeout: limit }, () => it.types(id, 'zsh'))
    // The cluster of yesterday is recognised, and serves those that are done again.
    test('all but the cluster are cleaned up', { timeout: limit }, () => it.cleans(...ids.slice(1)))
    test(`${ids[0]} is done already`, { timeout: limit }, async () => {
      expect((await it.runs(ids[0]!)).stderr).toContain(messages('en').finishedAgain(''))
    })
    for (const id of ids.slice(1)) test(`${id} by itself`, { timeout: limit }, () => it.runs(id))
    test('nothing is left when they are cleaned up', { timeout: limit }, () => it.cleansAll())
  })
})

/** One home for the tests of a block. */
function learner(language: 'ko' | 'en') {
  let home: Home
  let before: Awaited<ReturnType<typeof left>>
  /** Each starts from what the one before has done; waiting for that is of no use where it failed. */
  let stuck = ''
  async function after<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (stuck !== '') throw new Error(`${stuck} did not end well`)
    stuck = name
    const result = await work()
    stuck = ''
    return result
  }
  beforeAll(async () => {
    home = newHome(language)
    before = await left(home)
    return async () => {
      for (const id of ids.toReversed()) await lab(home, 'clean', id, '--yes')
      home.remove()
    }
  }, limit)
  const cleans = async (...these: string[]) => {
    for (const id of these.toReversed()) {
      const cleaned = await lab(home, 'clean', id, '--yes')
      expect(cleaned, cleaned.stderr).toMatchObject({ exit: 0 })
    }
  }
  return {
    runs: (id: string) =>
      after(id, async () => {
        let result = await lab(home, 'run', id, '--yes')
        // A node may miss its time on a busy machine: kind removes it, and the learner tries again.
        if (result.exit !== 0 && id === 'kind-cluster') result = await lab(home, 'run', id, '--yes')
        expect(result, result.stderr).toMatchObject({ exit: 0, stdout: '' })
        expect(result.stderr).not.toMatch(/undefined|\[object|\{\{|\n\s+at [^\n]*:\d+:\d+/)
        return result
      }),
    types: (id: string, shell: 'bash' | 'zsh') =>
      after(id, async () => {
        const typist = await openTypist(home, { lab: id, shell })
        await typeLab(typist, home, await readLab(id))
        const end = await typist.ended()
        expect(end.exit).toBe(0)
        expectUsable(end)
        expect(typist.shown()).not.toMatch(/undefined|\[object|\{\{|\n\s+at [^\n]*:\d+:\d+/)
        expect(recorded(home).findLast(({ event }) => event === 'typed')).toMatchObject({ cause: null })
        expect(processesOf(home.dir)).toEqual([])
      }),
    cleans: (...these: string[]) => after('clean', () => cleans(...these)),
    cleansAll: () =>
      after('clean', async () => {
        await cleans(...ids)
        expect(await left(home)).toEqual(before)
      }),
  }
}

/** What of the labs is on the machine: clusters, contexts, containers, files in the workspace. */
async function left(home: Home) {
  const say = (line: string) => done(home, line, home.dir)
  return {
    clusters: (await say('kind get clusters 2>/dev/null')).split('\n').filter(name => name === 'kind'),
    contexts: await say('kubectl config get-contexts -o name'),
    containers: await say('docker ps -aq --filter label=io.x-k8s.kind.cluster=kind'),
    files: await say('ls -A labs 2>/dev/null || true'),
  }
}
