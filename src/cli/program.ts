import { Command, CommanderError, Option } from './commander.ts'
import { type Exit, exits } from './exit.ts'
import { addGrade } from './grade/program.ts'
import type { Common } from './options.ts'

/** Parses the arguments, runs the command, and gives the exit code. Commands are loaded when they are called. */
export async function run(argv: readonly string[]): Promise<Exit> {
  let exit: Exit = exits.done
  const call =
    (action: (...args: never[]) => Promise<Exit>) =>
    async (...args: unknown[]) => {
      exit = await action(...(args as never[]))
    }

  // Whoever reads us (`lab list | head`) may have had enough: no reason to fail.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })

  const program = new Command('lab')
    .description('guided hands-on labs for Docker and Kubernetes\n실습을 한 단계씩 안내합니다')
    .version('', '-V, --version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .addOption(language())

  const add = (usage: string, about: string) =>
    program
      .command(usage)
      .description(about)
      .option('--json', 'print one JSON document (run: one event a line) on stdout')
      .addOption(language())
      .option('--course <dir>', 'another course than the one that came with lab')
      .option('--workspace <dir>', "where the learner's files live (remembered)")
      .option(
        '--set <name=value>',
        'a variable of the lab (repeatable, remembered)',
        (value, all: string[]) => [...all, value],
        [],
      )
      .option('--context <name>', 'another cluster than the one of the lab (remembered)')
      .option('-v, --verbose', 'say more, with the stack of a bug')

  add('home', 'where you are, and what is next (also: lab alone)').action(
    call(async (options: Common) => (await import('./commands/home.ts')).home(options)),
  )
  add('list', 'all labs of the course').action(
    call(async (options: Common) => (await import('./commands/list.ts')).list(options)),
  )
  add('run [lab]', 'go through a lab, from where you were')
    .option('-y, --yes', 'do every step without asking')
    .addOption(new Option('-w, --watch', 'look on while you work in another terminal').conflicts('yes'))
    .action(
      call(async (lab: string | undefined, options: Common) =>
        (await import('./commands/run.ts')).runLab(lab, options),
      ),
    )
  add('show [lab] [step]', 'the text of a lab or step').action(
    call(async (lab: string | undefined, step: string | undefined, options: Common) =>
      (await import('./commands/show.ts')).show(lab, step, options),
    ),
  )
  add('check [lab] [step]', 'look once whether the step (default: the current one) is done').action(
    call(async (lab: string | undefined, step: string | undefined, options: Common) =>
      (await import('./commands/check.ts')).check(lab, step, options),
    ),
  )
  add('hint [lab]', 'the next hint for the current step').action(
    call(async (lab: string | undefined, options: Common) => (await import('./commands/steer.ts')).hint(lab, options)),
  )
  add('solve [lab]', 'let the tool do the current step').action(
    call(async (lab: string | undefined, options: Common) => (await import('./commands/steer.ts')).solve(lab, options)),
  )
  add('skip [lab]', 'leave the current step out').action(
    call(async (lab: string | undefined, options: Common) => (await import('./commands/steer.ts')).skip(lab, options)),
  )
  add('goto <step> [lab]', 'let the tool do everything before a step, and prove that it holds').action(
    call(async (step: string, lab: string | undefined, options: Common) =>
      (await import('./commands/steer.ts')).goTo(lab, step, options),
    ),
  )
  add('reset [step] [lab]', 'bring back the state before a step (default: the current one)')
    .option('-y, --yes', 'do not ask')
    .action(
      call(async (step: string | undefined, lab: string | undefined, options: Common) =>
        (await import('./commands/steer.ts')).reset(lab, step, options),
      ),
    )
  add('status', 'every lab and step, and how far you are').action(
    call(async (options: Common) => (await import('./commands/status.ts')).status(options)),
  )
  add('clean [lab]', 'remove what a lab made')
    .option('-y, --yes', 'do not ask')
    .action(
      call(async (lab: string | undefined, options: Common) =>
        (await import('./commands/clean.ts')).clean(lab, options),
      ),
    )
  add('doctor [lab]', 'what this machine still needs')
    .option('--fix', 'run the commands that repair it, after asking')
    .option('-y, --yes', 'do not ask')
    .action(
      call(async (lab: string | undefined, options: Common & { fix?: boolean }) =>
        (await import('./commands/doctor.ts')).doctor(lab, options),
      ),
    )
  add('lint [labs...]', 'mistakes in the files of labs')
    .option('--fix', 'rewrite command fences that differ from lab.yaml')
    .option('-w, --watch', 'again whenever a file changes')
    .action(
      call(async (labs: string[], options: Common & { fix?: boolean }) =>
        (await import('./commands/lint.ts')).lint(labs, options),
      ),
    )
  add('test [labs...]', 'prove labs: fails before, passes after, fails again after a reset, nothing left')
    .option('--step <step>', 'only this step of the one lab that is named')
    .option('--only <parts>', 'besides the solution only these: before, mistakes, near-misses, reset')
    .option('--shard <index/count>', 'every lab is in one of so many shards: prove those of one')
    .option('--require <names>', 'end at once where one of these is missing: docker, kind')
    .option('--junit <file>', 'write a report as JUnit XML')
    .option('--ctrf <file>', 'write a report as CTRF JSON')
    .option('-y, --yes', 'do not ask')
    .action(call(async (labs: string[], options: Common) => (await import('./commands/test.ts')).test(labs, options)))
  add('new <lab>', 'a small right lab to begin with, and a course where there is none').action(
    call(async (lab: string, options: Common) => (await import('./commands/new.ts')).newLab(lab, options)),
  )
  add('submit [lab]', 'look at what the checks are about, and write it into a file to hand in')
    .option('--student <id>', 'your id in the class (default: your user name)')
    .option('-o, --out <file>', 'the file to write')
    .action(
      call(async (lab: string | undefined, options: Common) =>
        (await import('./commands/submit.ts')).submit(lab, options),
      ),
    )
  addGrade(program, call)
  add('schema', 'the JSON Schema of lab.yaml').action(call(async () => (await import('./commands/schema.ts')).schema()))

  try {
    await program.parseAsync(commandFirst(argv), { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.done : exits.usage
    throw error
  }
}

function language(): Option {
  return new Option('--lang <language>', 'language of all texts').choices(['ko', 'en'])
}

/** `lab --lang ko list` is `lab list --lang ko`, and without a command it is `home`. */
function commandFirst(argv: readonly string[]): string[] {
  const count = argv[0] === '--lang' ? 2 : argv[0]?.startsWith('--lang=') ? 1 : 0
  const rest = argv.slice(count)
  return [...(rest.length > 0 ? rest : ['home']), ...argv.slice(0, count)]
}
