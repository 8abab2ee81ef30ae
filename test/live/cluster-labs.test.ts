import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/text/index.ts'
import { live } from '../helpers/live.ts'
import { clusterForFile } from '../helpers/locks.ts'
import { labs } from './course.ts'
import { buildProgram, done, type Home, lab, labJson, newHome } from './program.ts'

/**
 * The labs with a cluster, one after the other, as a learner does them: by themselves. LAB_LIVE_LONG=1 (half an hour): in
 * both languages, again, and each step taken back.
 */

const long = process.env['LAB_LIVE_LONG'] === '1'
const clusterLabs = labs.filter(each => each.usesCluster)
/** A node that starts takes its time on a busy machine. */
const limit = 600_000

clusterForFile()
beforeAll(buildProgram)

live('docker', 'kind')('labs with a cluster', () => {
  beforeAll(() => {
    const clusters = execFileSync('kind', ['get', 'clusters'], { encoding: 'utf8', stdio: 'pipe' }).split('\n')
    if (clusters.includes('kind')) throw new Error('delete the cluster `kind` first, the labs make it')
  })

  describe.each(long ? (['ko', 'en'] as const) : (['ko'] as const))('%s', language => {
    let home: Home
    let before: Awaited<ReturnType<typeof left>>
    beforeAll(async () => {
      home = newHome(language)
      before = await left(home)
      return async () => {
        for (const { id } of clusterLabs.toReversed()) await lab(home, 'clean', id, '--yes')
        home.remove()
      }
    }, limit)

    for (const { id, steps } of clusterLabs) {
      if (language === 'en')
        test(`nothing of ${id} passes before it`, { timeout: limit }, async () => {
          const found: string[] = []
          for (const step of steps) {
            const { document } = await labJson<Checked>(home, 'check', id, step)
            expect(document.checks.length).toBeGreaterThan(0)
            for (const each of document.checks) if (each.verdict === 'passed') found.push(`${step}/${each.id}`)
          }
          expect(found).toEqual([])
        })

      test(`${id}, and again`, { timeout: limit }, async () => {
        let first = await lab(home, 'run', id, '--yes')
        // A node may miss its time on a busy machine: kind removes it, and the learner tries again.
        if (first.exit !== 0 && id === 'kind-cluster') first = await lab(home, 'run', id, '--yes')
        expect(first, first.stderr).toMatchObject({ exit: 0, stdout: '' })
        expect(first.stderr).not.toMatch(/undefined|\[object|\{\{|\n\s+at /)
        if (!long) return
        const again = await lab(home, 'run', id, '--yes')
        expect(again, again.stderr).toMatchObject({ exit: 0, stdout: '' })
        expect(again.stderr).toContain(messages(language).finishedAgain(''))
      })

      if (language === 'en')
        test.each(steps.toReversed())(`${id}: %s is taken back, and done again`, { timeout: limit }, async step => {
          const reset = await lab(home, 'reset', step, id, '--yes')
          expect(reset, reset.stderr).toMatchObject({ exit: 0 })
          const check = await lab(home, 'check', id, step, '--json')
          expect(JSON.parse(check.stdout)).toMatchObject({ step, passed: false })
          const there = await lab(home, 'goto', step, id)
          expect(there, there.stderr).toMatchObject({ exit: 0 })
          const again = await lab(home, 'run', id, '--yes')
          expect(again, again.stderr).toMatchObject({ exit: 0 })
        })
    }

    test('nothing is left when they are cleaned up', { timeout: limit }, async () => {
      for (const { id } of clusterLabs.toReversed()) {
        const cleaned = await lab(home, 'clean', id, '--yes')
        expect(cleaned, cleaned.stderr).toMatchObject({ exit: 0 })
      }
      expect(await left(home)).toEqual(before)
    })
  })
})

interface Checked {
  readonly checks: readonly { readonly id: string; readonly verdict: string }[]
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
