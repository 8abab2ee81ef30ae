import { existsSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { kinds } from '../../check/kinds/index.ts'
import { jsonSchema } from '../../format/schema.ts'
import { courseYaml, skeleton, withLab } from '../../format/skeleton.ts'
import { isId } from '../../format/written.ts'
import { createTeller } from '../../report/teller.ts'
import { lookOf } from '../../terminal/screen.ts'
import { commandFor, createWorld, installedCourse, languageOf } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import type { Common } from '../options.ts'

/** Makes a small lab that lints and proves, for its author to go on from; and a course, where there is none. */
export async function newLab(id: string, options: Common): Promise<Exit> {
  const { files } = createWorld()
  const language = options.lang ?? languageOf(process.env) ?? 'en'
  const teller = createTeller(language, lookOf(process.env, process.stdout), text => void process.stdout.write(text))
  const { say, paint, print } = teller
  if (!isId(id)) throw new Stop(exits.usage, say.badLabId(id))
  const course = courseFor(options)
  const dir = join(course, id)
  if (existsSync(dir)) throw new Stop(exits.usage, say.labThere(dir))
  const shown = (path: string) => relative(process.cwd(), path) || '.'
  try {
    const path = join(course, 'course.yaml')
    const old = await files.read(path)
    const listed = old === null ? courseYaml(courseId(course), id) : withLab(old, id)
    for (const [name, content] of Object.entries(skeleton(id))) {
      await files.write(join(dir, name), content)
      print(say.written(shown(join(dir, name))))
    }
    const schema = join(course, 'lab.schema.json')
    if (!existsSync(schema)) await files.write(schema, `${JSON.stringify(jsonSchema(kinds), null, 2)}\n`)
    if (listed === null) print(say.listByHand(id, shown(path)))
    else await files.write(path, listed)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Stop(exits.environment, say.courseUnwritable(course, code))
  }
  const where = course === installedCourse() ? '' : ` --course ${shown(course)}`
  print(say.newNext(paint.code(commandFor(`lint ${id}${where}`)), paint.code(commandFor(`test ${id}${where}`))))
  return exits.done
}

/** The one that is named, else the one in or below this folder; what came with the program is not added to. */
function courseFor({ course }: Common): string {
  const given = course ?? process.env['LAB_COURSE']
  if (given) return existsSync(join(given, 'labs', 'course.yaml')) ? resolve(given, 'labs') : resolve(given)
  return existsSync('course.yaml') ? process.cwd() : resolve('labs')
}

/** Named after its folder, or after the one above where that is only `labs`. */
function courseId(course: string): string {
  const name = basename(course) === 'labs' ? basename(dirname(course)) : basename(course)
  const words = name.toLowerCase().match(/[a-z0-9]+/g)
  return words?.join('-') ?? 'course'
}
