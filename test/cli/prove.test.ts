import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Trial } from '../../src/prove/proof.ts'
import { built, learner, notes } from '../helpers/lab.ts'
import { until } from '../helpers/until.ts'
import { parseXml } from '../helpers/xml.ts'

beforeAll(built, 60_000)

const slow = { timeout: 90_000 }

/** An author with a new course of one lab. */
async function author(env: Record<string, string> = {}) {
  const home = learner(env)
  expect(await home.lab('new', 'first')).toMatchObject({ exit: 0 })
  const file = join(home.home, 'labs', 'first', 'lab.yaml')
  return {
    ...home,
    prove: (...words: string[]) => home.lab('test', '--course', 'labs', '--yes', ...words),
    change(from: string, to: string) {
      const old = readFileSync(file, 'utf8')
      expect(old).toContain(from)
      writeFileSync(file, old.replace(from, to))
      return old.slice(0, old.indexOf(from)).split('\n').length
    },
  }
}

test('lab new: a lab that lints, proves, and leaves nothing', slow, async () => {
  const { lab, prove, home } = await author()
  expect(await lab('lint', '--course', 'labs')).toMatchObject({ exit: 0, stdout: '1 lab, no problems.\n' })
  const before = readdirSync(tmpdir()).filter(name => name.startsWith('handrail-proof-'))
  const { exit, stdout } = await prove()
  expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^1 lab proven, /m) })
  expect(readdirSync(tmpdir()).filter(name => name.startsWith('handrail-proof-') && !before.includes(name))).toEqual([])
  // Nothing of a proof is a learner's progress.
  expect(existsSync(join(home, 'labs', '.state'))).toBe(false)
  expect(existsSync(join(home, 'state', 'handrail', 'home'))).toBe(false)
})

test('a second lab is added to the course; one that is there stays', async () => {
  const { lab, home } = await author()
  expect(await lab('new', 'second')).toMatchObject({ exit: 0 })
  expect(readFileSync(join(home, 'labs', 'course.yaml'), 'utf8')).toContain('labs: [first, second]')
  expect(await lab('new', 'second')).toMatchObject({ exit: 2, stderr: expect.stringContaining('there already') })
  expect(await lab('new', 'No Lab')).toMatchObject({ exit: 2, stderr: expect.stringContaining('id of a lab') })
})

describe('exits', () => {
  test('1, and the line, when a check proves nothing', slow, async () => {
    const { prove, change } = await author()
    const line = change('path: greeting.txt\n        expect: { text: { $contains: hello } }', 'path: .')
    const { exit, stdout } = await prove()
    expect(exit).toBe(1)
    expect(stdout).toMatch(
      new RegExp(`^labs/first/lab\\.yaml:${line - 3}:\\d+: error: greet/greeted .*\\[passes-before\\]$`, 'm'),
    )
  })

  test('2 when the files are wrong: nothing is played', slow, async () => {
    const { prove, change } = await author()
    change('run: echo hello > greeting.txt }\n    checks', 'run: echo hello > greet.txt }\n    checks')
    const { exit, stdout } = await prove()
    expect(exit).toBe(2)
    expect(stdout).toMatch(/^labs\/first\/(ko|en)\.md:\d+:\d+: error: .*\[command-differs\]$/m)
    expect(stdout).not.toContain('solution')
  })

  test('3 when something that a lab needs is not there', slow, async () => {
    const { prove, change } = await author()
    change('minutes: 5\n', 'minutes: 5\nrequires: { tools: { no-such-tool: "*" } }\n')
    const { exit, stdout } = await prove()
    expect(exit).toBe(3)
    expect(stdout).toMatch(/^labs\/first\/lab\.yaml:\d+:1: error: .*no-such-tool.*\[not-ready\]$/m)
    expect(stdout).toContain('1 could not be tried')
  })

  test('3 at once when what --require names is not there', async () => {
    const { prove } = await author()
    const { exit, stderr, stdout } = await prove('--require', 'docker')
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' })
    expect(stderr).toMatch(/^--require docker: /)
  })

  test.each([
    [['--shard', '3/2'], /--shard takes INDEX\/COUNT/],
    [['--shard', 'one'], /--shard takes INDEX\/COUNT/],
    [['--only', 'solution'], /--only takes any of before, mistakes/],
    [['--step', 'greet'], /--step needs exactly one lab/],
    [['first', '--step', 'gret'], /first has no step gret\. Did you mean greet\?/],
    [['frist'], /There is no lab frist\. Did you mean first\?/],
  ])('2 for %j', async (words, says) => {
    const { prove } = await author()
    const { exit, stderr } = await prove(...words)
    expect(exit).toBe(2)
    expect(stderr).toMatch(says)
  })
})

test('a course of somebody else is not played without consent', async () => {
  const { lab, home } = learner()
  const { exit, stderr } = await lab('test', '--course', notes)
  expect(exit).toBe(2)
  expect(stderr).toContain('sleep')
  expect(existsSync(join(home, 'labs'))).toBe(false)
})

test('events on stdout, and the reports', slow, async () => {
  const { prove, change, home } = await author()
  change('$contains: hello', '$contains: hallo')
  const { stdout, exit } = await prove(
    '--json',
    '--junit',
    'out/junit.xml',
    '--ctrf',
    'out/ctrf.json',
    '--only',
    'reset',
  )
  expect(exit).toBe(1)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { event: string; trial?: Trial })
  expect(events.at(0)).toMatchObject({ event: 'proof.lab-started', lab: 'first' })
  expect(events.at(-1)).toMatchObject({ event: 'proof.finished', verdict: 'failed', labs: ['first'] })
  const trials = events.flatMap(each => (each.event === 'proof.trial-finished' ? each.trial! : []))
  expect(trials.map(({ step, part, verdict }) => [step, part, verdict].join(' '))).toEqual([
    ' files passed',
    ' ready passed',
    'greet solution failed',
    'list solution skipped',
    ' clean passed',
  ])
  const suites = parseXml(readFileSync(join(home, 'out', 'junit.xml'), 'utf8'))
  expect(suites.attributes).toMatchObject({ tests: '5', failures: '1', skipped: '1' })
  const ctrf = JSON.parse(readFileSync(join(home, 'out', 'ctrf.json'), 'utf8')) as { results: { summary: unknown } }
  expect(ctrf.results.summary).toMatchObject({ tests: 5, passed: 3, failed: 1, skipped: 1 })
})

test('in GitHub Actions: an annotation at the line in the repository, and the summary of the job', slow, async () => {
  const { prove, change, home } = await author({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' })
  const line = change('$contains: hello', '$contains: hallo') - 4
  const { stdout } = await prove('--only', 'before')
  expect(stdout).toMatch(
    new RegExp(`^::error file=labs/first/lab\\.yaml,line=${line},col=\\d+,title=not-passed::greet/greeted: `, 'm'),
  )
  expect(readFileSync(join(home, 'summary.md'), 'utf8')).toContain('| first | ❌ wrong |')
})

test('every lab is in one of the shards', slow, async () => {
  const { prove, lab } = await author()
  await lab('new', 'second')
  await lab('new', 'third')
  const shards = await Promise.all(['1/2', '2/2'].map(shard => prove('--shard', shard, '--only', 'before')))
  const names = shards.map(({ stdout }) => [...stdout.matchAll(/^── (\w+):/gm)].map(match => match[1]))
  expect(names.map(each => each.length)).toEqual([2, 1])
  expect(names.flat().toSorted()).toEqual(['first', 'second', 'third'])
})

test('lab lint --watch says it again after a change, until it is ended', slow, async () => {
  const { start, change } = await author()
  const { child, out, done } = start('lint', '--course', 'labs', '--watch')
  await until(async () => out.stdout.includes('Watching'), 30_000)
  change('level: beginner', 'level: begginer')
  await until(async () => /lab\.yaml:5:8: error: .*did you mean beginner/.test(out.stdout), 30_000)
  change('level: begginer', 'level: beginner')
  await until(async () => /no problems[\s\S]*error[\s\S]*no problems/.test(out.stdout), 30_000)
  child.kill('SIGINT')
  expect((await done).exit).toBe(0)
})
