import type { Kind } from '../check/kind.ts'
import type {
  Check,
  Command,
  Course,
  Edit,
  Hint,
  Json,
  Lab,
  Language,
  Mistake,
  Step,
  StepScore,
  Text,
} from '../lab/lab.ts'
import { type groupKinds, languages } from '../lab/lab.ts'
import { parseDuration, parseSize } from '../lab/units.ts'
import type { Prose } from './prose.ts'
import type {
  WrittenAction,
  WrittenCheck,
  WrittenCommand,
  WrittenCourse,
  WrittenHint,
  WrittenLab,
  WrittenMistake,
  WrittenStep,
  WrittenText,
} from './schema.ts'

/** From the written form, which was found right, to the nouns, with every default filled in. */

export type LabProse = Readonly<Record<Language, Prose | null>>

export function buildCourse(written: WrittenCourse, dir: string): Course {
  const language = written.language ?? written.languages?.[0] ?? 'ko'
  return { id: written.id, title: both(written.title), dir, language, labs: written.labs }
}

export function buildLab(
  written: WrittenLab,
  place: { readonly id: string; readonly dir: string },
  prose: LabProse,
  kinds: Readonly<Record<string, Kind>>,
  /** A scalar of `vars` as it was written: numbers are texts there. */
  source: (name: string) => string,
): Lab {
  const { requires = {} } = written
  const disk = requires.disk === undefined ? null : parseSize(requires.disk)
  return {
    ...place,
    title: both(written.title),
    level: written.level,
    minutes: written.minutes,
    needs: written.needs ?? [],
    requires: { tools: requires.tools ?? {}, ports: requires.ports ?? [], ...(disk === null ? {} : { disk }) },
    images: written.images ?? [],
    vars: Object.fromEntries(
      Object.entries(written.vars ?? {}).map(([name, value]) => [
        name,
        typeof value === 'number' ? source(name) : value,
      ]),
    ),
    ...(written.possible === undefined ? {} : { possible: written.possible }),
    ...(written.cluster === undefined ? {} : { cluster: written.cluster }),
    intro: inEach(prose, each => each.intro),
    debrief: inEach(prose, each => each.sections.find(section => section.id === 'debrief')?.text),
    steps: written.steps.map(step => buildStep(step, prose, kinds)),
    cleanup: actions('cleanup', written.cleanup),
  }
}

function buildStep(step: WrittenStep, prose: LabProse, kinds: Readonly<Record<string, Kind>>): Step {
  const section = (each: Prose) => each.sections.find(one => one.id === step.id)
  return {
    id: step.id,
    title: step.title ? both(step.title) : inEach(prose, each => section(each)?.title, step.id),
    text: inEach(prose, each => section(each)?.text),
    edits: (step.edits ?? []) satisfies readonly Edit[],
    commands: (step.commands ?? []).map(buildCommand),
    checks: (step.checks ?? []).map(check => buildCheck(check, kinds)),
    hints: (step.hints ?? []).map(buildHint),
    solve: actions(`${step.id}-solve`, step.solve),
    reset: actions(`${step.id}-reset`, step.reset),
    mistakes: (step.mistakes ?? []).map((mistake, index) => buildMistake(`${step.id}-mistake-${index + 1}`, mistake)),
    ...(step.manual ? { manual: both(step.manual) } : {}),
    ...(step.until ? { until: step.until } : {}),
    score: (step.score ?? 'sum') as StepScore,
    rubric: (step.rubric ?? []).map(({ id, points, text }) => ({ id, points, text: both(text) })),
  }
}

function buildCommand(command: WrittenCommand): Command {
  const { fallback } = command
  return {
    ...buildAction(command.id, command),
    ...(fallback
      ? { fallback: { on: list(fallback.on), run: withoutEnd(fallback.run), text: both(fallback.text) } }
      : {}),
  }
}

function actions(prefix: string, written: readonly WrittenAction[] = []): Command[] {
  return written.map((action, index) => buildAction(`${prefix}-${index + 1}`, action))
}

function buildAction(id: string, { run, timeout, expect, background }: WrittenAction): Command {
  return {
    id,
    run: withoutEnd(run),
    timeout: duration(timeout) ?? 60_000,
    expect: {
      exit: expect?.exit ?? 0,
      ...(expect?.stdout === undefined ? {} : { stdout: expect.stdout }),
      ...(expect?.stderr === undefined ? {} : { stderr: expect.stderr }),
    },
    background: background ?? false,
  }
}

function buildMistake(otherwise: string, { id, run, edits, timeout, cause }: WrittenMistake): Mistake {
  const ms = duration(timeout)
  return {
    id: id ?? otherwise,
    edits: (edits ?? []) satisfies readonly Edit[],
    ...(run === undefined ? {} : { run: withoutEnd(run) }),
    ...(ms === undefined ? {} : { timeout: ms }),
    cause,
  }
}

/** A block text ends with a newline that is no part of the command. */
export function withoutEnd(run: string): string {
  return run.replace(/\r\n/g, '\n').replace(/\n+$/, '')
}

function buildHint({ on, after, text }: WrittenHint): Hint {
  return { on: list(on).filter(code => code !== '*'), after: after ?? 0, text: both(text) }
}

function buildCheck(written: WrittenCheck, kinds: Readonly<Record<string, Kind>>): Check {
  const kind = Object.hasOwn(kinds, written.check) ? kinds[written.check] : undefined
  const of = (written.of ?? []).map(each => buildCheck(each, kinds))
  const fields = Object.fromEntries(
    Object.entries(kind?.fields ?? {})
      .filter(([name]) => written[name] !== undefined)
      .map(([name, field]) => [name, field.type === 'duration' ? String(written[name]) : (written[name] as Json)]),
  )
  const { expect, expr, every, since, min, max, points, partial } = written
  return {
    id: written.id,
    check: written.check,
    title: written.title ? both(written.title) : kind ? both(kind.identity(fields)) : groupTitle(written.check, of),
    fields,
    ...(expect === undefined ? {} : { expect: expect as Json }),
    ...(expr === undefined ? {} : { expr }),
    within: deadline(written, kinds),
    for: duration(written.for) ?? 0,
    ...(every === undefined ? {} : { every: duration(every)! }),
    not: written.not ?? false,
    gone: written.gone ?? false,
    ...(since === undefined ? {} : { since }),
    needs: written.needs ?? [],
    capture: written.capture ?? {},
    ...(points === undefined ? {} : { points }),
    ...(written.required ? { required: true } : {}),
    ...(written.bonus ? { bonus: true } : {}),
    ...(partial === undefined ? {} : { partial: 'of' in partial ? { ...partial, of: String(partial.of) } : partial }),
    hints: (written.hints ?? []).map(buildHint),
    of,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
}

/** A group waits as long as the most patient of its checks; "never during" starts now. */
function deadline(written: WrittenCheck, kinds: Readonly<Record<string, Kind>>): number {
  const said = duration(written.within)
  if (said !== undefined) return said
  if (written.not && (duration(written.for) ?? 0) > 0) return 0
  if (Object.hasOwn(kinds, written.check)) return kinds[written.check]!.within
  return Math.max(0, ...(written.of ?? []).map(each => deadline(each, kinds)))
}

function groupTitle(group: string, of: readonly Check[]): Text {
  const words: Record<(typeof groupKinds)[number], Text> = {
    all: { ko: '모두', en: 'all of' },
    any: { ko: '하나 이상', en: 'any of' },
    none: { ko: '하나도 아님', en: 'none of' },
    count: { ko: '몇 개', en: 'some of' },
  }
  const say = (language: Language) =>
    `${words[group as keyof typeof words][language]}: ${of.map(each => each.title[language]).join(', ')}`
  return { ko: say('ko'), en: say('en') }
}

export function duration(written: string | 0 | undefined): number | undefined {
  return written === undefined ? undefined : (parseDuration(String(written)) ?? undefined)
}

function list(written: string | readonly string[] | undefined): readonly string[] {
  return typeof written === 'string' ? [written] : (written ?? [])
}

function both(text: WrittenText): Text {
  return typeof text === 'string' ? { ko: text, en: text } : text
}

/** A language without it borrows the other's. */
function inEach(prose: LabProse, pick: (prose: Prose) => string | undefined, otherwise = ''): Text {
  const of = (language: Language) => {
    const own = prose[language]
    return own ? pick(own) : undefined
  }
  const any = languages.map(of).find(each => each !== undefined) ?? otherwise
  return { ko: of('ko') ?? any, en: of('en') ?? any }
}
