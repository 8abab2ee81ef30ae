import { type Command, Option } from '../commander.ts'
import type { ReportOptions } from '../commands/grade-report.ts'
import type { RunOptions } from '../commands/grade-run.ts'
import type { Exit } from '../exit.ts'
import type { GradeOptions } from './classroom.ts'

type Call = (action: (...args: never[]) => Promise<Exit>) => (...args: unknown[]) => Promise<void>

const many = (value: string, all: readonly string[]) => [...all, value]

/** `lab grade …`: what instructors do with the same labs. */
export function addGrade(program: Command, call: Call): void {
  const grade = program
    .command('grade')
    .description('grade a class: collect evidence, judge it, report')
    .enablePositionalOptions()

  const add = (usage: string, about: string) =>
    grade
      .command(usage)
      .description(about)
      .option('--json', 'print one JSON document on stdout')
      .addOption(new Option('--lang <language>', 'language of all texts').choices(['ko', 'en']))
      .option('--course <dir>', 'another course than the one that came with lab')
      .option('--class <file>', 'the class file (default: class.yaml)')
      .option('--grades <dir>', 'where runs are kept (default: grades, beside the class file)')
      .option('--run <id>', 'this run (default: the last one; run and collect: a new one)')
      .option('-v, --verbose', 'say more, with the stack of a bug')

  const choosing = (command: Command) =>
    command
      .option('--student <id>', 'only this one (repeatable)', many, [])
      .option('--section <name>', 'only this section')
      .option('--ungraded', 'of the last run, only those without a grade')
      .option('--failed', 'of the last run, only those without full points')
      .option('--resume', 'go on with the last run')
      .option('-j, --jobs <count>', 'students at a time (default: 16)')

  const failUnder = ['--fail-under <percent>', 'exit 1 when a grade is below that share of the points'] as const

  choosing(add('run <assignment>', 'collect evidence from every student, and judge it'))
    .option(...failUnder)
    .action(
      call(async (id: string, options: RunOptions) =>
        (await import('../commands/grade-run.ts')).gradeStudents(id, options, false),
      ),
    )
  choosing(add('collect <assignment>', 'only collect evidence')).action(
    call(async (id: string, options: RunOptions) =>
      (await import('../commands/grade-run.ts')).gradeStudents(id, options, true),
    ),
  )
  add('evaluate <assignment>', 'judge the evidence of a run again, as a new run; no student is looked at')
    .option('--lab <lab>', 'by this lab, such as a corrected one')
    .option(...failUnder)
    .action(
      call(async (id: string, options: RunOptions) =>
        (await import('../commands/grade-run.ts')).evaluateAgain(id, options),
      ),
    )
  add('status <assignment>', 'every student of a run').action(
    call(async (id: string, options: GradeOptions) =>
      (await import('../commands/grade-show.ts')).gradeStatus(id, options),
    ),
  )
  add('report <assignment>', 'grades in the formats of others, as the policy and the overrides are now')
    .option(
      '-f, --format <names>',
      'csv, csv:canvas, csv:moodle, junit, ctrf, gradescope, md, html (default: html,csv)',
    )
    .option('-o, --out <dir>', 'where to write (default: reports, within the run)')
    .option('--wide', 'csv: a column for each check')
    .addOption(
      new Option('--on-incomplete <way>', 'gradescope, where something could not be looked at')
        .choices(['fail', 'partial'])
        .default('fail'),
    )
    .option('--canvas-column <id>', 'csv:canvas: the id of the assignment there')
    .action(
      call(async (id: string, options: ReportOptions) =>
        (await import('../commands/grade-report.ts')).gradeReport(id, options),
      ),
    )
  add('explain <assignment> <student> [check]', 'why: what was looked at, expected and seen').action(
    call(async (id: string, student: string, check: string | undefined, options: GradeOptions) =>
      (await import('../commands/grade-show.ts')).gradeExplain(id, student, check, options),
    ),
  )
  add('diff <assignment> <before> <after>', 'whose grade changes from one run to another').action(
    call(async (id: string, before: string, after: string, options: GradeOptions) =>
      (await import('../commands/grade-show.ts')).gradeDiff(id, before, after, options),
    ),
  )
  add(
    'override <assignment> <student> <field> <value>',
    'what a person decides: score, state, due, submitted_at, step/check',
  )
    .option('--reason <text>', 'why; kept beside it')
    .option('--by <name>', 'who (default: your user name)')
    .action(
      call(async (id: string, student: string, field: string, value: string, options: GradeOptions) =>
        (await import('../commands/grade-override.ts')).override(id, student, field, value, options),
      ),
    )
}
