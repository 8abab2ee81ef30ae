import { relative } from 'node:path'
import { fixFences } from '../../format/fix.ts'
import { lintCourse } from '../../format/lint.ts'
import { createTeller } from '../../report/teller.ts'
import { lookOf } from '../../terminal/screen.ts'
import { courseDir, createWorld, languageOf, problemLines } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'
import { vocabulary } from '../vocabulary.ts'

export async function lint(only: readonly string[], options: Common & { fix?: boolean }): Promise<Exit> {
  const world = createWorld()
  const dir = courseDir(options)
  const look = lookOf(process.env, process.stdout)
  const teller = createTeller(
    options.lang ?? languageOf(process.env) ?? 'en',
    look,
    text => void process.stdout.write(text),
  )
  const { say, of, paint, print } = teller
  if (options.fix)
    for (const [file, content] of await fixFences(dir, world.reader)) {
      await world.files.write(file, content)
      print(say.lintFixed(relative(process.cwd(), file)))
    }
  const { labs, problems: all } = await lintCourse(dir, vocabulary, world.reader)
  const problems = only.length === 0 ? all : all.filter(({ file }) => only.some(id => file.includes(`/${id}/`)))
  const errors = problems.filter(problem => problem.severity === 'error').length
  if (options.json) {
    const plain = problems.map(({ message, fix, ...rest }) => ({ ...rest, message: of(message), fix: fix ?? null }))
    print(JSON.stringify({ ok: errors === 0, problems: plain }))
  } else {
    for (const problem of problems) {
      const [position, ...text] = problemLines(teller, [problem]).split(': ')
      const severity = problem.severity === 'error' ? paint.bad(say.error) : paint.warn(say.warning)
      print(`${paint.strong(`${position}:`)} ${severity}: ${text.join(': ')} ${paint.faint(`[${problem.code}]`)}`)
    }
    print(problems.length === 0 ? say.lintClean(labs.size) : say.lintSummary(errors, problems.length - errors))
  }
  world.close()
  return errors === 0 ? exits.done : exits.usage
}
