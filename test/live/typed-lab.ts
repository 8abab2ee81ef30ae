import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { vocabulary } from '../../src/cli/vocabulary.ts'
import { loadLab } from '../../src/format/load.ts'
import type { Lab, Step } from '../../src/lab/lab.ts'
import { isDone, labProgress, type Progress } from '../../src/lab/progress.ts'
import { fill, lookupIn } from '../../src/lab/template.ts'
import { listFolder, lookAtFile } from '../../src/world/look-at-files.ts'
import { until } from '../helpers/until.ts'
import { type Home, recorded, root } from './program.ts'
import type { Typist } from './typist.ts'

const courseDir = join(root, 'labs')

export async function readLab(id: string): Promise<Lab> {
  const { lab, problems } = await loadLab(courseDir, id, vocabulary, { file: lookAtFile, list: listFolder })
  if (!lab) throw new Error(JSON.stringify(problems))
  return lab
}

/** Types every command of the lab, and writes its files, until the shell is closed because all is done. */
export async function typeLab(typist: Typist, home: Home, lab: Lab): Promise<void> {
  for (const [index, step] of lab.steps.entries()) {
    const last = index === lab.steps.length - 1
    for (const { filled, exit } of linesOf(step, lab, home)) {
      const type = async () => {
        const before = typedIn(home).length
        const { next } = await typist.enter(filled())
        // The prompt does not wait for ever for what is said of a command.
        if (next === 'prompt') await until(() => typedIn(home).length > before, 30_000)
        return next
      }
      let next = await type()
      // A node may miss its time on a busy machine: kind removes it, and the learner tries again, as they are told.
      if (next === 'prompt' && typedIn(home).at(-1)?.cause?.code === 'kind.node-start') next = await type()
      // Once everything is right the runner has nothing to wait for: what only looks at it remains untyped.
      if (next !== 'prompt') return expect(last, filled()).toBe(true)
      expect(typedIn(home).at(-1)?.exit, `${filled()}: ${(await typist.lines()).slice(-40).join('\n')}`).toBe(exit)
    }
    const passed = () => isDone(progressOf(home, lab).steps[step.id]?.status ?? 'todo')
    if (!last)
      await until(passed, 30_000).catch(async () => {
        throw new Error(`${lab.id}, ${step.id} is not passed: ${(await typist.lines()).slice(-40).join('\n')}`)
      })
  }
}

interface Line {
  /** Values become known on the way. */
  readonly filled: () => string
  readonly exit: number
}

function linesOf(step: Step, lab: Lab, home: Home): Line[] {
  const edits = step.edits.map(({ file, solution }) => ({
    filled: () => {
      const content = fill(readFileSync(join(lab.dir, solution), 'utf8'), valuesOf(lab, home)).trimEnd()
      return `cat > "${join(home.workspace, file)}" <<'END'\n${content}\nEND`
    },
    exit: 0,
  }))
  const commands = step.commands.map(({ run, expect: { exit } }) => ({
    filled: () => fill(run, valuesOf(lab, home)),
    exit,
  }))
  return [...edits, ...commands]
}

function typedIn(home: Home) {
  const file = join(home.state, 'events.ndjson')
  return (existsSync(file) ? recorded(home) : []).filter(event => event.event === 'typed')
}

function valuesOf(lab: Lab, home: Home): ReturnType<typeof lookupIn> {
  const { steps } = progressOf(home, lab)
  const captures = Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, step.captures]))
  const context = lab.cluster === undefined ? '' : `kind-${lab.cluster}`
  return lookupIn({ vars: lab.vars, captures, courseDir, labDir: lab.dir, context, url: String })
}

function progressOf(home: Home, lab: Lab): ReturnType<typeof labProgress> {
  const file = join(home.state, 'progress.json')
  if (!existsSync(file)) return labProgress({ version: 1, course: '', labs: {} }, lab.id)
  return labProgress(JSON.parse(readFileSync(file, 'utf8')) as Progress, lab.id)
}
