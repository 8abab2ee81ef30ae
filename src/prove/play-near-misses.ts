import { join, relative } from 'node:path'
import type { Edit, Step } from '../lab/lab.ts'
import { fill } from '../lab/template.ts'
import { completes } from '../run/attempt.ts'
import { lookup, variables } from '../run/session.ts'
import { type NearMiss, nearMisses, type WrittenFile } from './near-misses.ts'
import { at, backToBefore, doWrongly, ids } from './play.ts'
import type { Finding } from './proof.ts'
import { finding, type Scene } from './scene.ts'
import { texts } from './texts.ts'

/** What near misses of one step may cost, ms, and how many there may be at most. */
const budget = 20_000
const most = 12

export interface NearMissesPlayed {
  readonly findings: readonly Finding[]
  readonly tried: number
  /** Of them all, as far as they were made up. */
  readonly of: number
}

/** Plays those that are cheap, from the state before the step, and tells which none of its checks noticed. */
export async function playNearMisses(scene: Scene, step: Step, tookMs: number): Promise<NearMissesPlayed> {
  const all = await inventedFor(scene, step)
  const allowed = Math.min(most, Math.floor(budget / Math.max(tookMs, 1)))
  const findings: Finding[] = []
  const { world, signal } = scene.session
  const end = world.now() + budget
  let tried = 0
  for (const miss of spread(all, allowed)) {
    // Wrong ways may take longer than the right one: whoever waits for what does not come.
    if (signal.aborted || world.now() > end) break
    tried++
    const patience = Math.max(2000, 2 * tookMs)
    const edits = await writtenFor(scene, miss.edits)
    const commands = miss.commands.map(each => ({ ...each, timeout: Math.min(each.timeout, 2 * patience) }))
    const { results } = await doWrongly(scene, step, { edits, commands }, [patience])
    if (results.length === step.checks.length && results.every(result => result.verdict === 'passed'))
      findings.push(unnoticed(scene, step, miss))
    if (!(await backToBefore(scene, step))) break
  }
  return { findings, tried, of: all.length }
}

function unnoticed(scene: Scene, step: Step, { from, what }: NearMiss): Finding {
  const place = scene.locate(at(scene, step, ...from))
  return finding(ids(scene, step), place, 'near-miss', texts['near-miss'](what), { severity: 'warning' })
}

/** For an attempt these count; left out, nothing is missing. */
const onlyLooks = /\s--dry-run\b|\bkubectl rollout status\b|\bdocker exec \S+ (ls|ps|cat)\b/

/** A number that stands for a variable while near misses are made up: another value of it is no mistake. */
const firstMark = 41_000

async function inventedFor({ session }: Scene, step: Step): Promise<NearMiss[]> {
  const look = lookup(session)
  const marks = new Map(
    Object.entries(variables(session))
      .filter(([, value]) => /^\d+$/.test(value))
      .map(([name, value], index) => [`vars.${name}`, { mark: String(firstMark + index), value }]),
  )
  const marked = (text: string) => fill(text, name => marks.get(name)?.mark ?? look(name))
  const unmarked = (text: string) =>
    [...marks.values()].reduce((all, { mark, value }) => all.replaceAll(mark, value), text)
  const list = step.solve.length > 0 ? 'solve' : 'commands'
  const edits = await Promise.all(
    step.edits.map(async ({ file, solution }) => {
      const content = (await session.world.files.read(join(session.lab.dir, solution))) ?? ''
      return { file, content: marked(content) }
    }),
  )
  const made = nearMisses({
    edits,
    commands: step[list].map(command => ({ ...command, run: marked(command.run) })),
    list,
    changes: command => completes({ ...step, commands: [command] }, command.run) && !onlyLooks.test(command.run),
    free: [...marks.values()].map(each => each.mark),
  })
  return made.map(miss => ({
    ...miss,
    what: { ko: unmarked(miss.what.ko), en: unmarked(miss.what.en) },
    edits: miss.edits.map(each => ({ ...each, content: unmarked(each.content) })),
    commands: miss.commands.map(each => ({ ...each, run: unmarked(each.run) })),
  }))
}

/** The files as solutions of a lab, which name them from its own folder. */
function writtenFor({ stand, session }: Scene, files: readonly WrittenFile[]): Promise<Edit[]> {
  return Promise.all(
    files.map(async ({ file, content }, index) => {
      const path = join(stand.state, 'near-misses', String(index))
      await session.world.files.write(path, content)
      return { file, solution: relative(session.lab.dir, path) }
    }),
  )
}

/** Some of them from the beginning to the end. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all]
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!)
}
