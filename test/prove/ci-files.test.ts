import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { built, learner } from '../helpers/lab.ts'

/** The workflow of this repository and the GitLab job of the README, as far as they can be tried elsewhere. */

const root = join(import.meta.dirname, '../..')
const workflowFile = readFileSync(join(root, '.github/workflows/labs.yml'), 'utf8')
const bin = join(root, 'bin/lab.js')

interface Job {
  readonly strategy: { readonly matrix: { readonly shard: readonly string[] } }
  readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: Record<string, string> }[]
}
const { jobs } = parse(workflowFile) as { jobs: { prove: Job } }
const { strategy, steps } = jobs.prove

const yamlIn = (file: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(match => match[1]!)
const gitlab = yamlIn('README.md').find(each => each.startsWith('labs:\n'))!
const { labs: gitlabJob } = parse(gitlab) as { labs: { script: string[]; artifacts: { reports: { junit: string } } } }

/** Lines that call the program, with GitHub's expressions filled in. */
const calls = [...steps.map(step => step.run ?? ''), ...gitlabJob.script]
  .filter(line => line.startsWith('npx lab'))
  .map(line => line.replace(/\$\{\{ matrix\.shard \}\}/, '1/2'))

beforeAll(built, 60_000)

test.each(['README.md', 'README.ko.md'])(
  '%s shows the workflow of the repository, and the same job for GitLab',
  file => {
    expect(yamlIn(file)).toContain(workflowFile)
    expect(yamlIn(file)).toContain(gitlab)
  },
)

test('every lab is in one of the shards', () => {
  const { shard } = strategy.matrix
  expect(shard).toEqual(shard.map((_, index) => `${index + 1}/${shard.length}`))
})

test('what is uploaded is what is written', () => {
  const upload = steps.find(step => step.uses?.startsWith('actions/upload-artifact@'))!.with!
  expect(calls[0]).toContain(`--junit ${upload['path']}junit.xml --ctrf ${upload['path']}ctrf.json`)
  expect(calls[1]).toContain(`--junit ${gitlabJob.artifacts.reports.junit}`)
})

test('both prove the labs', () => expect(calls).toHaveLength(2))

describe.each(calls)('%s', call => {
  /** The line itself, in a repository with a course of its own; npx finds the program that is under test. */
  const played = async (line: string) => {
    const author = learner()
    expect(await author.lab('new', 'first')).toMatchObject({ exit: 0 })
    const npx = `npx() { shift; LAB_COURSE=labs '${process.execPath}' '${bin}' "$@"; }`
    return { home: author.home, ...(await author.shell(`${npx}; ${line}`)) }
  }

  test('ends at once where there is no engine', async () => {
    const { exit, stderr } = await played(call)
    expect(exit).toBe(3)
    expect(stderr).toMatch(/^--require docker: /)
  })

  test('proves, and writes the reports', { timeout: 60_000 }, async () => {
    const { exit, home, stdout } = await played(call.replace(' --require docker,kind', ''))
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^1 lab proven/m) })
    for (const [, file] of call.matchAll(/--(?:junit|ctrf) (\S+)/g)) expect(existsSync(join(home, file!))).toBe(true)
  })
})
