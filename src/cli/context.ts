import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { codes } from '../causes/index.ts'
import { checkExpression } from '../check/expression.ts'
import { kinds } from '../check/kinds/index.ts'
import { checkTree } from '../check/matcher.ts'
import { loadLab } from '../format/load.ts'
import { readCourse } from '../format/sources.ts'
import type { Vocabulary } from '../format/vocabulary.ts'
import type { Course, Lab, Language } from '../lab/lab.ts'
import { nearest } from '../lab/near.ts'
import type { Problem } from '../lab/problem.ts'
import type { Progress } from '../lab/progress.ts'
import { createTeller, type Teller } from '../report/teller.ts'
import { createStore, type Store } from '../run/store.ts'
import type { World } from '../run/world.ts'
import { lookOf } from '../terminal/screen.ts'
import { createDocker } from '../world/docker/index.ts'
import { createFiles } from '../world/files.ts'
import { createReader } from '../world/reader.ts'
import { createShell } from '../world/shell.ts'
import { exits, Stop } from './exit.ts'
import type { Common } from './program.ts'

/** What every command starts from. */
export interface Context {
  readonly course: Course
  readonly world: World
  readonly store: Store
  readonly progress: Progress
  readonly teller: Teller
  readonly language: Language
  /** Aborted by Ctrl-C, TERM and a closed terminal. */
  readonly signal: AbortSignal
  readonly options: Common
  /** How this learner starts the program: `npx lab` or `lab`. */
  readonly commandFor: (words: string) => string
  readonly workspace: string
  lab(id: string): Promise<Lab>
  close(): void
}

export const vocabulary: Vocabulary = { kinds, causes: codes, checkTree, checkExpr: checkExpression }

/** The course that came with the program: `labs/` beside `dist/`. */
export function installedCourse(): string {
  return join(dirname(dirname(fileURLToPath(import.meta.url))).replace(/\/(dist|src)$/, ''), 'labs')
}

export function courseDir(options: Common): string {
  const given = options.course ?? process.env['LAB_COURSE']
  if (!given) return installedCourse()
  const dir = resolve(given)
  return existsSync(join(dir, 'course.yaml'))
    ? dir
    : existsSync(join(dir, 'labs', 'course.yaml'))
      ? join(dir, 'labs')
      : dir
}

export function createWorld(): World {
  const { env } = process
  const docker = createDocker(env, homedir())
  return {
    reader: createReader(env, docker.reader),
    shell: createShell(env),
    files: createFiles(),
    probe: docker.probe,
    docker: docker.hands,
    now: Date.now,
    sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => {}),
    close: () => docker.close(),
  }
}

export async function createContext(options: Common): Promise<Context> {
  const world = createWorld()
  const dir = courseDir(options)
  const { course, problems } = await readCourse(dir, world.reader)
  const print = (text: string) => void process.stderr.write(text)
  const look = lookOf(process.env, process.stderr)
  if (!course) {
    const teller = createTeller(options.lang ?? languageOf(process.env) ?? 'en', look, print)
    throw new Stop(exits.usage, problems.length > 0 ? problemLines(teller, problems) : teller.say.noCourse(dir))
  }
  const stateHome = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  const store = createStore(join(stateHome, 'handrail', course.id), course.id, world)
  const progress = await store.peek()
  const language = options.lang ?? progress.language ?? languageOf(process.env) ?? course.language
  const teller = createTeller(language, look, print)
  const workspace = options.workspace
    ? resolve(options.workspace)
    : (progress.workspace ?? join(homedir(), 'labs', course.id))
  return {
    course,
    world,
    store,
    progress,
    teller,
    language,
    signal: interruption(),
    options,
    commandFor,
    workspace,
    lab: id => findLab(course, id, world, teller),
    close: () => world.close(),
  }
}

async function findLab(course: Course, id: string, world: World, teller: Teller): Promise<Lab> {
  const { say } = teller
  if (!course.labs.includes(id)) {
    const near = nearest(id, course.labs)
    const rest = near ? say.didYouMean(near) : say.theLabsAre(course.labs.join(', '))
    throw new Stop(exits.usage, `${say.noSuchLab(id)} ${rest}`)
  }
  const { lab, problems } = await loadLab(course.dir, id, vocabulary, world.reader)
  const errors = problems.filter(problem => problem.severity === 'error')
  if (lab && errors.length === 0) return lab
  throw new Stop(exits.usage, [say.labBroken(id), problemLines(teller, errors), say.notYourFault].join('\n'))
}

export function problemLines({ of }: Teller, problems: readonly Problem[]): string {
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${of(message)}`).join('\n')
}

/** `LC_ALL`, `LC_MESSAGES` and `LANG` in the order of POSIX; `undefined` where they name no language. */
export function languageOf(env: NodeJS.ProcessEnv): Language | undefined {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  if (/^ko\b|^ko_/i.test(locale)) return 'ko'
  return /^en\b|^en_/i.test(locale) ? 'en' : undefined
}

function commandFor(words: string): string {
  const { npm_lifecycle_event, npm_command } = process.env
  return npm_command === 'exec' || npm_lifecycle_event === 'npx' ? `npx lab ${words}` : `lab ${words}`
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort())
  return controller.signal
}

/** `name=value` pairs of `--set`, for variables that the lab has. */
export function settings({ options, teller }: Context, lab: Lab): Record<string, string> {
  const vars: Record<string, string> = {}
  for (const pair of options.set ?? []) {
    const [, name, value] = /^([\w-]+)=(.*)$/s.exec(pair) ?? []
    if (name === undefined || value === undefined) throw new Stop(exits.usage, teller.say.badSet(pair))
    if (!(name in lab.vars)) {
      const near = nearest(name, Object.keys(lab.vars))
      const rest = near ? ` ${teller.say.didYouMean(near)}` : ''
      throw new Stop(exits.usage, teller.say.noSuchVar(name, lab.id) + rest)
    }
    vars[name] = value
  }
  return vars
}
