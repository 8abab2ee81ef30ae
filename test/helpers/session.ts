import { kinds } from '../../src/check/kinds/index.ts'
import { vocabulary } from '../../src/cli/vocabulary.ts'
import { loadLab } from '../../src/format/load.ts'
import type { Lab, Step } from '../../src/lab/lab.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { type ObserveOptions, observe } from '../../src/run/observe.ts'
import { openSession } from '../../src/run/open.ts'
import type { Session } from '../../src/run/session.ts'
import { createStore } from '../../src/run/store.ts'
import { type FakeWorld, fakeWorld } from './world.ts'

export const courseDir = '/course'
export const stateDir = '/state'
export const workspace = '/w'

export interface Opened {
  readonly world: FakeWorld
  readonly session: Session
  readonly lab: Lab
  readonly events: RunEvent[]
  /** Ctrl-C. */
  interrupt(): void
  step(id: string): Step
  /** What the events say of one kind. */
  told<E extends RunEvent['event']>(event: E): Extract<RunEvent, { event: E }>[]
}

export interface Given {
  /** Of an earlier run, for what comes after it. */
  readonly world?: FakeWorld
  /** Beside lab.yaml: `solution/Dockerfile` … */
  readonly files?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  readonly readOnly?: boolean
}

/** `steps:` and whatever follows it, as in lab.yaml; gives the whole file. */
export function labYaml(steps: string, head = 'requires: { tools: { docker: "*" } }'): string {
  return `format: 1\ntitle: { ko: 실습, en: Practice }\nlevel: beginner\nminutes: 5\n${head}\nsteps:\n${steps}`
}

/** Opens the lab `web` of a course in memory, with the real kinds, causes and format. */
export async function open(yaml: string, { world = fakeWorld(), files = {}, ...given }: Given = {}): Promise<Opened> {
  world.disk.put(`${courseDir}/course.yaml`, 'id: course\ntitle: Course\nlanguage: ko\nlabs: [web]\n')
  world.disk.put(`${courseDir}/web/lab.yaml`, yaml)
  for (const language of ['ko', 'en'])
    if (world.disk.get(`${courseDir}/web/${language}.md`) === null)
      world.disk.put(`${courseDir}/web/${language}.md`, '# Web\n\nIntro\n')
  for (const [path, content] of Object.entries(files)) world.disk.put(`${courseDir}/web/${path}`, content)
  world.disk.folder(workspace)
  const { course, lab, problems } = await loadLab(courseDir, 'web', vocabulary, world.reader)
  if (!lab || !course) throw new Error(problems.map(({ line, message }) => `${line}: ${message.en}`).join('\n'))
  const events: RunEvent[] = []
  const controller = new AbortController()
  const session = await openSession({
    course,
    lab,
    kinds,
    world,
    store: createStore(stateDir, 'course', world),
    workspace,
    signal: controller.signal,
    browserUrl: port => `http://localhost:${port}/`,
    listen: event => void events.push(event),
    readOnly: given.readOnly ?? false,
    vars: given.vars ?? {},
  })
  return {
    world,
    session,
    lab,
    events,
    interrupt: () => controller.abort(),
    step: id => lab.steps.find(each => each.id === id)!,
    told: <E extends RunEvent['event']>(event: E) =>
      events.filter((each): each is Extract<RunEvent, { event: E }> => each.event === event),
  }
}

/** Opens a lab with one step `run` of these checks. */
export function openChecks(checks: string, given: Given = {}): Promise<Opened> {
  const lines = checks.trim().split('\n')
  return open(labYaml(`  - id: run\n    checks:\n${lines.map(line => `      ${line}\n`).join('')}`), given)
}

/** Looks at the step `run`; `verdicts` are those of `results`, by check. */
export async function look({ session, step }: Opened, options: Omit<ObserveOptions, 'signal'> = {}) {
  const { results, sightings } = await observe(session, step('run'), { ...options, signal: session.signal })
  return { results, sightings, verdicts: Object.fromEntries(results.map(({ id, verdict }) => [id, verdict])) }
}
