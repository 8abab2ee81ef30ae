import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
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
import { createKubernetes } from '../world/kubernetes/index.ts'
import { createReader } from '../world/reader.ts'
import { createShell } from '../world/shell.ts'
import { remembered } from './cache.ts'
import { exits, Stop } from './exit.ts'
import type { Common } from './options.ts'

/** What every command starts from. */
export interface Context {
  readonly course: Course
  readonly world: World
  readonly store: Store
  readonly progress: Progress
  /** The conversation, on stderr. */
  readonly teller: Teller
  /** The result, on stdout. */
  readonly out: Teller
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

/** `env` and `home`: of the programs that it runs and of what they read. */
export function createWorld(env: NodeJS.ProcessEnv = process.env, home = homedir()): World {
  const docker = createDocker(env, home)
  const kubernetes = createKubernetes(env, home)
  return {
    reader: createReader(env, docker.reader, kubernetes.reader),
    shell: createShell(env),
    files: createFiles(),
    probe: docker.probe,
    docker: docker.hands,
    now: Date.now,
    sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => {}),
    close() {
      docker.close()
      kubernetes.close()
    },
  }
}

export async function createContext(options: Common): Promise<Context> {
  const world = createWorld()
  const dir = courseDir(options)
  const stateHome = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  const cache = join(stateHome, 'handrail', 'cache')
  const { course, problems } = await loadCourse(dir, world, cache)
  const print = (text: string) => void process.stderr.write(text)
  const look = lookOf(process.env, process.stderr)
  if (!course) {
    const teller = createTeller(options.lang ?? languageOf(process.env) ?? 'en', look, print)
    throw new Stop(exits.usage, problems.length > 0 ? problemLines(teller, problems) : teller.say.noCourse(dir))
  }
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
    out: createTeller(language, lookOf(process.env, process.stdout), text => void process.stdout.write(text)),
    language,
    signal: interruption(),
    options,
    commandFor: words => commandFor(options.course ? `${words} --course ${options.course}` : words),
    workspace,
    lab: id => findLab(course, id, world, teller, cache),
    close: () => world.close(),
  }
}

async function loadCourse(dir: string, world: World, cache: string) {
  const read = async () => {
    const { readCourse } = await import('../format/sources.ts')
    const { course, problems } = await readCourse(dir, world.reader)
    return { course, problems }
  }
  return remembered(world, cache, [join(dir, 'course.yaml')], read, ({ problems }) => problems.length === 0)
}

/** A name that is none of these, with the one that was probably meant. */
export function noSuchLab({ say }: Teller, id: string, ids: readonly string[]): Stop {
  const near = nearest(id, ids)
  return new Stop(exits.usage, `${say.noSuchLab(id)} ${near ? say.didYouMean(near) : say.theLabsAre(ids.join(', '))}`)
}

async function findLab(course: Course, id: string, world: World, teller: Teller, cache: string): Promise<Lab> {
  const { say } = teller
  if (!course.labs.includes(id)) throw noSuchLab(teller, id, course.labs)
  const load = async () => {
    const [{ loadLab }, { vocabulary }] = await Promise.all([import('../format/load.ts'), import('./vocabulary.ts')])
    const { lab, problems } = await loadLab(course.dir, id, vocabulary, world.reader)
    return { lab, problems }
  }
  const sources = ['lab.yaml', 'ko.md', 'en.md'].map(name => join(course.dir, id, name))
  const { lab, problems } = await remembered(world, cache, sources, load, made => made.problems.length === 0)
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

/** How one starts the program here: as somebody did just now. */
export function commandFor(words: string): string {
  const { npm_lifecycle_event, npm_command } = process.env
  return npm_command === 'exec' || npm_lifecycle_event === 'npx' ? `npx lab ${words}` : `lab ${words}`
}

/** Aborted by Ctrl-C, TERM and a closed terminal. */
export function interruption(): AbortSignal {
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
