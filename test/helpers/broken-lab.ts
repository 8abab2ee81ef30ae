import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Ended, learner } from './lab.ts'

const course = join(import.meta.dirname, '../fixtures/proof')

/** What is wrong with a lab, and what `lab test` must say of it. */
export interface Broken {
  /** In which file of the lab what is replaced by what; lab.yaml unless it is said. */
  readonly change: readonly (readonly [from: string, to: string, file?: string])[]
  /** What stands first in the line that must be named, once the lab is broken; the column is where it begins. */
  readonly at: string
  /** The file of that line. Default: lab.yaml. */
  readonly in?: string
  readonly code: string
  readonly severity?: 'error' | 'warning'
}

/** ms; a proof that is killed leaves what it made. */
const longest = 170_000

/** Proves a right lab of the fixtures after it was broken, with the real program. */
export async function provenBroken(
  lab: string,
  { change, at, in: file = 'lab.yaml', code, severity = 'error' }: Broken,
  env: Readonly<Record<string, string>> = {},
  ...words: string[]
): Promise<Ended> {
  const { home, lab: run } = learner(env, longest)
  const folder = join(home, 'labs')
  cpSync(course, folder, { recursive: true })
  const pathOf = (name: string) => join(folder, lab, name)
  for (const [from, to, name = 'lab.yaml'] of change) {
    const text = readFileSync(pathOf(name), 'utf8')
    expect(text, `${name} of ${lab}`).toContain(from)
    writeFileSync(
      pathOf(name),
      text.replace(from, () => to),
    )
  }
  const said = await run('test', lab, '--course', 'labs', '--yes', ...words)
  const text = readFileSync(pathOf(file), 'utf8')
  const offset = text.indexOf(at)
  expect(offset, `${at} in ${file}`).toBeGreaterThanOrEqual(0)
  const line = text.slice(0, offset).split('\n').length
  const place = `labs/${lab}/${file}:${line}:`
  const named = said.stdout.split('\n').filter(each => each.startsWith(place) && each.endsWith(`[${code}]`))
  expect(named, `${place} … [${code}] in\n${said.stdout}${said.stderr}`).not.toEqual([])
  expect(named[0]).toMatch(new RegExp(`: ${severity}: `))
  return said
}
