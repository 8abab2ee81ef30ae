import type { Field, Kind } from '../check/kind.ts'
import { groupKinds, type Json, languages } from '../lab/lab.ts'
import { type Flaw, flawsOf } from './flaws.ts'
import { code, count, duration, id, line, map, name, points, share, text, z } from './shapes.ts'

/** The shape of labs and courses as written, for checking them and for the JSON schema. */

const cause = z.string().describe('A cause code such as `port.taken-by-container`.')

const action = {
  run: line.describe('A shell line, or several.'),
  timeout: duration.describe('Default: 1m.').optional(),
  expect: map({
    exit: z
      .int(code('bad-exit'))
      .min(0, code('bad-exit'))
      .max(255, code('bad-exit'))
      .describe('Default: 0.')
      .optional(),
    stdout: line.describe('Text that must appear.').optional(),
    stderr: line.describe('Text that must appear.').optional(),
  })
    .describe('How the command ends when all is well.')
    .optional(),
  background: z.boolean().describe('What it leaves running stays, and belongs to the ledger.').optional(),
}
const actions = z.array(map(action))
const command = map({
  id: id.describe('Named by the fence in the text: ```bash run=ID'),
  ...action,
  fallback: map({ on: z.union([cause, z.array(cause)]), run: line, text })
    .describe('Another way, offered when the command failed for one of these causes.')
    .optional(),
})
const edit = map({
  file: line.describe('Relative to the workspace.'),
  solution: line.describe("Relative to the lab's folder."),
})
const hint = map({
  on: z
    .union([cause, z.array(cause)])
    .describe('Causes it fits; none or `*`: any.')
    .optional(),
  after: count.describe('Failed tries before it is shown. Default: 0.').optional(),
  text,
})
const hints = z.array(hint)
const mistake = map({
  id: id.optional(),
  edits: z.array(edit).describe('Wrong files, before the line.').optional(),
  run: line.describe('A shell line, or several; however they end.').optional(),
  timeout: duration.describe("Default: that of the step's most patient command.").optional(),
  cause: cause.describe('What must be named.'),
}).describe('A wrong way to do the step, which `lab test` plays.')

const partial = z
  .union([
    map({ from: line, of: z.union([z.number(), line]) }),
    map({ from: line, table: z.record(z.string().regex(/^\d+(\.\d+)?$/, code('bad-count')), share) }),
  ])
  .describe('Some of the points: `from` (CEL over `self`) out of `of`, or the share of the highest number reached.')

const timing = {
  within: duration.describe('Eventually: the deadline. `0s` is one look.').optional(),
  for: duration.describe('Then without a break.').optional(),
  every: duration.describe('Poll interval, of kinds that cannot be watched.').optional(),
  not: z.boolean().describe('Negates the whole condition.').optional(),
}
const envelope = {
  id: id.describe('Unique in the lab.'),
  title: text.optional(),
  ...timing,
  needs: z.array(id).describe('Checks of the same step that must have passed.').optional(),
  hints: hints.optional(),
  points: points.describe('Of a grade. Default: 1.').optional(),
  required: z.boolean().describe('Where it has not passed, its step earns nothing.').optional(),
  bonus: z.boolean().describe('Its points come on top of what is possible.').optional(),
}
const single = {
  ...envelope,
  expect: z.unknown().describe('What the object must look like: a subset, with `$` operators.').optional(),
  expr: line.describe('CEL, and-ed with `expect`.').optional(),
  gone: z.boolean().describe('It was there, and is not any more.').optional(),
  since: z.enum(['step', 'lab']).describe('Only what came to be after that counts.').optional(),
  capture: z.record(name, line).describe('Name -> CEL over `self`, for later steps.').optional(),
  partial: partial.optional(),
}

/** A check as written; the fields of its kind stand beside these. */
export interface WrittenCheck extends z.infer<z.ZodObject<typeof single>> {
  readonly check: string
  readonly of?: readonly WrittenCheck[]
  readonly min?: number
  readonly max?: number
  readonly [field: string]: unknown
}

function fieldOf(field: Field) {
  const shapes = {
    text: field.oneOf ? z.enum(field.oneOf as [string, ...string[]]) : line,
    integer: z.union([z.int(), z.string().regex(/^\{\{[^{}]*\}\}$/, code('bad-integer'))], code('bad-integer')),
    boolean: z.boolean(),
    texts: z.array(z.string()),
    map: z.record(z.string(), z.unknown()),
    duration,
  }
  const shape = shapes[field.type].describe(field.about)
  return field.required ? shape : shape.optional()
}

function checkOf(kinds: Readonly<Record<string, Kind>>): z.ZodType<WrittenCheck> {
  const singles = Object.values(kinds).map(kind => {
    const own = Object.entries(kind.fields).map(([key, field]) => [key, fieldOf(field)])
    const oneOf = kind.oneOfFields?.map(names => ({ anyOf: names.map(each => ({ required: [each] })) }))
    return map({ ...single, check: z.literal(kind.name), ...Object.fromEntries(own) }).meta({
      description: kind.about,
      ...(oneOf ? { allOf: oneOf } : {}),
    })
  })
  const groups = groupKinds.map(group =>
    map({
      ...envelope,
      check: z.literal(group),
      of: z.lazy(() => z.array(check).min(1, code('empty-list-here'))),
      ...(group === 'count' ? { min: count.optional(), max: count.optional() } : {}),
    }).describe(`A group: ${group} of its checks.`),
  )
  const check: z.ZodType = z
    .discriminatedUnion('check', [...singles, ...groups] as unknown as [(typeof groups)[0]])
    .meta({ id: 'check' })
  return check as z.ZodType<WrittenCheck>
}

function labOf(kinds: Readonly<Record<string, Kind>>) {
  const step = map({
    id: id.describe('Named by the section in the text: `## Title {#ID}`'),
    title: text.describe('Default: the headings in the text.').optional(),
    edits: z.array(edit).describe('Files the learner changes by hand, before the commands.').optional(),
    commands: z.array(command).optional(),
    checks: z.array(checkOf(kinds)).optional(),
    hints: hints.optional(),
    solve: actions.describe('Does the step where edits and commands cannot.').optional(),
    manual: text.describe('Why no machine can do this step.').optional(),
    reset: actions.describe('Brings back the state before the step.').optional(),
    until: id.describe('The later step that ends on purpose what this one made.').optional(),
    mistakes: z.array(mistake).optional(),
    score: z
      .string()
      .regex(/^(sum|all|max|best:[1-9]\d*)$/, code('bad-score'))
      .describe('How a grade is made of the points: `sum` (default), `all`, `max` or `best:2`.')
      .optional(),
    rubric: z
      .array(map({ id: id.describe('Unique in the lab.'), points, text }))
      .describe('What a person judges when it is graded.')
      .optional(),
  })
  const port = z.int(code('bad-port')).min(1, code('bad-port')).max(65535, code('bad-port'))
  return map({
    format: z.literal(1),
    title: text,
    level: z.enum(['beginner', 'intermediate', 'advanced']),
    minutes: z.int(code('bad-minutes')).min(1, code('bad-minutes')),
    needs: z.array(id).describe('Labs whose end state this one starts from.').optional(),
    requires: map({
      tools: z
        .record(
          z.string(),
          z.string().regex(/^(\*|((>=|<=|>|<|=|~|\^)?v?\d+(\.\d+){0,2}( (?=\S)|$))+)$/, code('bad-version')),
        )
        .describe('Tool -> version range such as ">=20.10", or "*".')
        .optional(),
      disk: z
        .string()
        .regex(/^\d+(\.\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)?B?$/, code('bad-size'))
        .describe('Free space: `2Gi`.')
        .optional(),
      ports: z.array(port).describe('Must be free when the lab starts.').optional(),
    }).optional(),
    images: z.array(line).describe('Everything the lab pulls, pinned.').optional(),
    vars: z
      .record(name, z.union([z.string(), z.number()]))
      .describe('`{{ vars.NAME }}`; a learner may set them.')
      .optional(),
    possible: points.describe('What the points add up to; `lab lint` adds them up too.').optional(),
    cluster: line.describe('Name of the kind cluster that the lab works with. It touches no other.').optional(),
    steps: z.array(step).min(1, code('empty-list-here')),
    cleanup: actions.describe('Beyond what the ledger removes.').optional(),
  })
}

const course = map({
  id,
  title: text,
  language: z
    .enum(languages)
    .describe('Where the environment names none. Default: the first of `languages`.')
    .optional(),
  languages: z.array(z.enum(languages)).min(1, code('empty-list-here')).describe('Default: all.').optional(),
  labs: z.array(id).describe('In the order of the course.'),
})

type LabShape = ReturnType<typeof labOf>
export type WrittenLab = z.infer<LabShape>
export type WrittenStep = WrittenLab['steps'][number]
export type WrittenAction = z.infer<typeof actions>[number]
export type WrittenCommand = z.infer<typeof command>
export type WrittenMistake = z.infer<typeof mistake>
export type WrittenHint = z.infer<typeof hint>
export type WrittenText = z.infer<typeof text>
export type WrittenCourse = z.infer<typeof course>

const shapes = new WeakMap<object, LabShape>()

export function labFlaws(value: unknown, kinds: Readonly<Record<string, Kind>>): Flaw[] {
  let shape = shapes.get(kinds)
  if (!shape) shapes.set(kinds, (shape = labOf(kinds)))
  return flawsOf(shape, value)
}

export function courseFlaws(value: unknown): Flaw[] {
  return flawsOf(course, value)
}

/** Draft 2020-12, for editors: one branch per kind of check. Becomes `labs/lab.schema.json`. */
export function jsonSchema(kinds: Readonly<Record<string, Kind>>): { readonly [key: string]: Json } {
  const schema = z.toJSONSchema(labOf(kinds), { io: 'input', unrepresentable: 'any' })
  return { ...(schema as { [key: string]: Json }), title: 'A lab' }
}
