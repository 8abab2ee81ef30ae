import { nearest } from '../lab/near.ts'
import { hasErrors, type Problem } from '../lab/problem.ts'
import { parseDuration, parseSize } from '../lab/units.ts'
import { readYaml, type YamlFile } from '../lab/yaml.ts'
import { type At, entries, field, items, word } from './cursor.ts'
import { type Flaw, flawsOf } from './flaws.ts'
import { type Report, reporter } from './report.ts'
import { reportShape } from './rules/shape.ts'
import { code, count, duration, line, map, points, share, z } from './shapes.ts'

/** `class.yaml`: who is graded, on which machines, for what. */

const size = z.string().regex(/^\d+(\.\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)?B?$/, { ...code('bad-size'), abort: true })
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/, { ...code('bad-date'), abort: true })
  .refine(isInCalendar, code('no-such-date'))

const policy = map({
  late: map({
    grace: duration.optional(),
    perDay: share,
    max: share.optional(),
    cutoff: duration.optional(),
  }).optional(),
  hints: map({ cost: points, free: count.optional(), max: points.optional() }).optional(),
  attempts: map({
    count: z.enum(['best', 'last', 'first']).optional(),
    free: count.optional(),
    penalty: points.optional(),
  }).optional(),
  evidence: map({ min: z.enum(['live', 'recorded']).optional(), recordedCap: share.optional() }).optional(),
  solved: share.optional(),
  skipped: share.optional(),
  onTimeout: z.enum(['failed', 'error']).optional(),
  round: z.int(code('bad-count')).min(0, code('bad-count')).max(3, code('bad-count')).optional(),
  floor: points.optional(),
})

const target = z.discriminatedUnion('kind', [
  map({ kind: z.literal('local'), workspace: line.optional() }),
  map({ kind: z.literal('record'), path: line.describe('A file, or a zip of them: `submissions/{id}*.labz`.') }),
  map({
    kind: z.literal('ssh'),
    host: line,
    port: line.optional(),
    user: line.optional(),
    identityFile: line.optional(),
    knownHosts: line.optional(),
    kubeconfig: line.optional(),
    workspace: line.optional(),
    state: line
      .describe('Where records are kept there; default: `.local/state/handrail` in the home folder.')
      .optional(),
  }),
])

const classFile = map({
  schema: z.literal('lab/class/v1'),
  course: map({ id: line, term: line.optional(), timezone: line.optional() }),
  roster: line,
  targets: z.record(z.string(), target),
  limits: map({
    student: duration.optional(),
    connect: duration.optional(),
    settle: duration.optional(),
    observationBytes: size.refine(written => bytes(written, 0) >= leastLook, code('small-size')).optional(),
    perHost: count.optional(),
  }).optional(),
  assignments: z
    .array(
      map({
        id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, code('bad-id')),
        title: line.optional(),
        lab: line.describe('An id of the course, or the folder of a lab.'),
        hidden: line.describe('Folder of a lab: its steps are graded too, and students never get them.').optional(),
        target: line.describe('Default: `default`.').optional(),
        digest: z
          .string()
          .regex(/^sha256:[0-9a-f]{64}$/, code('bad-digest'))
          .optional(),
        due: date.optional(),
        policy: z.union([line, policy]).optional(),
      }),
    )
    .min(1, code('empty-list-here')),
  overrides: line.optional(),
})

export type WrittenClass = z.infer<typeof classFile>
export type WrittenTarget = z.infer<typeof target>
export type WrittenPolicy = z.infer<typeof policy>
export type WrittenAssignment = WrittenClass['assignments'][number]

/** `null` where something is wrong that grading would stumble over; `shown` is the file as people are told of it. */
export interface ReadClass {
  readonly written: WrittenClass | null
  readonly problems: readonly Problem[]
}

export function readClass(text: string, shown: string, columns?: readonly string[]): ReadClass {
  const { root, problems, report } = read(text, shown, value => flawsOf(classFile, value))
  if (!hasErrors(problems)) checkNames(root, report, columns)
  return { written: hasErrors(problems) ? null : (root.value as WrittenClass), problems }
}

export function readPolicy(text: string, shown: string): { written: WrittenPolicy | null; problems: Problem[] } {
  const { root, problems } = read(text, shown, value => flawsOf(policy, value))
  return { written: hasErrors(problems) ? null : (root.value as WrittenPolicy), problems }
}

function read(text: string, shown: string, flaws: (value: unknown) => Flaw[]) {
  const problems: Problem[] = []
  const yaml: YamlFile = readYaml(text.replace(/^\uFEFF/, ''))
  const slash = shown.lastIndexOf('/')
  const report = reporter(shown.slice(0, Math.max(0, slash)) || '.', shown.slice(slash + 1), yaml, problems)
  const root: At = { value: yaml.value, path: [] }
  reportShape(yaml, root, flaws, report)
  return { root, problems, report }
}

/** A record, and whatever else we read to look at a student, is taken up to this size. */
const leastLook = 1024 * 1024

/** There is no 31 November: `Date` would take it for the day after. */
function isInCalendar(written: string): boolean {
  const plain = written.slice(0, 16)
  const time = Date.parse(`${plain}Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(plain)
}

/** Names within the file, and of columns that a target fills in. */
function checkNames(root: At, report: Report, columns: readonly string[] | undefined): void {
  const targets = entries(field(root, 'targets'))
  const names = targets.map(([name]) => name)
  const ids = new Set<string>()
  for (const assignment of items(field(root, 'assignments'))) {
    const id = word(field(assignment, 'id'))!
    if (ids.has(id)) report(field(assignment, 'id'), 'duplicate-assignment', { id })
    ids.add(id)
    const at = field(assignment, 'target')
    const name = word(at) ?? 'default'
    if (!names.includes(name))
      report(at.value === undefined ? assignment : at, 'unknown-target', { name }, nearest(name, names))
  }
  const zone = field(field(root, 'course'), 'timezone')
  if (word(zone) !== undefined && !isTimezone(word(zone)!)) report(zone, 'bad-timezone', { name: word(zone)! })
  for (const [, at] of targets)
    for (const [, value] of entries(at))
      for (const [, name] of (word(value) ?? '').matchAll(/\{(\w+)\}/g))
        if (columns && !columns.includes(name!))
          report(value, 'unknown-column', { name: name! }, nearest(name!, columns))
}

function isTimezone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }))
  } catch {
    return false
  }
}

/** A date as written, ms since the epoch: of the time zone, unless it says one itself. */
export function dateIn(written: string, timeZone = 'UTC'): number {
  if (/(Z|[+-]\d{2}:\d{2})$/.test(written)) return Date.parse(written)
  const asUtc = Date.parse(`${written}Z`)
  // Near a change of the clocks the first guess may be of the other side.
  const guess = asUtc - offsetAt(asUtc, timeZone)
  return asUtc - offsetAt(guess, timeZone)
}

/** What clocks there are ahead of UTC at a time, ms. */
function offsetAt(time: number, timeZone: string): number {
  const options = { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' } as const
  const parts = new Intl.DateTimeFormat('sv-SE', options).format(time)
  return Date.parse(`${parts.replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000
}

/** ms; the written form was found right. */
export function ms(written: string | 0 | undefined, otherwise: number): number {
  return written === undefined ? otherwise : (parseDuration(String(written)) ?? otherwise)
}

/** Bytes. */
export function bytes(written: string | undefined, otherwise: number): number {
  return written === undefined ? otherwise : (parseSize(written) ?? otherwise)
}
