import { watch } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { fixFences } from '../../format/fix.ts'
import { lintCourse, lintFolder } from '../../format/lint.ts'
import { createTeller, type Teller } from '../../report/teller.ts'
import type { World } from '../../run/world.ts'
import { lookOf } from '../../terminal/screen.ts'
import { courseDir, createWorld, interruption, languageOf, noSuchLab, problemLines } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import type { Common } from '../options.ts'
import { vocabulary } from '../vocabulary.ts'

export interface LintOptions extends Common {
  readonly fix?: boolean
}

export async function lint(only: readonly string[], options: LintOptions): Promise<Exit> {
  const world = createWorld()
  const dir = courseDir(options)
  const look = lookOf(process.env, process.stdout)
  const teller = createTeller(
    options.lang ?? languageOf(process.env) ?? 'en',
    look,
    text => void process.stdout.write(text),
  )
  try {
    const exit = await lintOnce(dir, only, options, world, teller)
    return options.watch ? await lintAgain(dir, only, options, world, teller) : exit
  } finally {
    world.close()
  }
}

/** Editors write in several goes: wait this long for the rest, ms. */
const pause = 100

/** After every change, until Ctrl-C. */
async function lintAgain(dir: string, only: readonly string[], options: LintOptions, world: World, teller: Teller) {
  const { say, paint, print } = teller
  const signal = interruption()
  print(paint.faint(say.lintWatching))
  try {
    let last = ''
    for await (const _ of watch(dir, { recursive: true, signal })) {
      await world.sleep(pause, signal)
      const lines: string[] = []
      await lintOnce(dir, only, options, world, { ...teller, print: text => void lines.push(text) })
      const said = lines.join('\n')
      if (said !== last) print(`\n${(last = said)}`)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return exits.done
}

async function lintOnce(
  dir: string,
  only: readonly string[],
  { fix, json }: LintOptions,
  world: World,
  teller: Teller,
): Promise<Exit> {
  const { say, of, paint, print } = teller
  if (fix)
    for (const [file, content] of await fixFences(dir, world.reader)) {
      await world.files.write(file, content)
      print(say.lintFixed(relative(process.cwd(), file)))
    }
  const { count, problems } = await lintChosen(dir, only, world, teller)
  const errors = problems.filter(problem => problem.severity === 'error').length
  if (json) {
    const plain = problems.map(({ message, fix, ...rest }) => ({ ...rest, message: of(message), fix: fix ?? null }))
    print(JSON.stringify({ ok: errors === 0, problems: plain }))
  } else {
    for (const problem of problems) {
      const [position, ...text] = problemLines(teller, [problem]).split(': ')
      const severity = problem.severity === 'error' ? paint.bad(say.error) : paint.warn(say.warning)
      print(`${paint.strong(`${position}:`)} ${severity}: ${text.join(': ')} ${paint.faint(`[${problem.code}]`)}`)
    }
    print(problems.length === 0 ? say.lintClean(count) : say.lintSummary(errors, problems.length - errors))
  }
  return errors === 0 ? exits.done : exits.usage
}

/** The whole course, or labs of it by their ids, and others by their folders. */
async function lintChosen(dir: string, only: readonly string[], world: World, teller: Teller) {
  const folders = only.filter(name => /[/\\]/.test(name))
  const wanted = only.filter(name => !folders.includes(name))
  const apart = await Promise.all(
    folders.map(async folder => {
      const found = await lintFolder(resolve(folder), vocabulary, world.reader)
      if (!found) throw new Stop(exits.usage, teller.say.noSuchLab(folder))
      return found
    }),
  )
  if (only.length > 0 && wanted.length === 0) return { count: folders.length, problems: apart.flat() }
  const { ids, labs, problems } = await lintCourse(dir, vocabulary, world.reader)
  for (const id of wanted) if (!ids.includes(id)) throw noSuchLab(teller, id, ids)
  const own =
    wanted.length === 0 ? problems : problems.filter(({ file }) => wanted.some(id => file.includes(`/${id}/`)))
  return { count: (wanted.length || labs.size) + folders.length, problems: [...own, ...apart.flat()] }
}
