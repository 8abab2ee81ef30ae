import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import pkg from '../../../package.json' with { type: 'json' }
import { kinds } from '../../check/kinds/index.ts'
import { lintCourse } from '../../format/lint.ts'
import { placesOf } from '../../format/places.ts'
import type { Lab } from '../../lab/lab.ts'
import { nearest } from '../../lab/near.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import {
  choosable,
  findingsOf,
  type LabProof,
  type Part,
  type ProofListen,
  parts,
  verdictOf,
} from '../../prove/proof.ts'
import { prove, shardOf } from '../../prove/prove.ts'
import type { Wanted } from '../../prove/stand.ts'
import { createProofView, proofSummary } from '../../report/proof.ts'
import { proofAnnotations, proofCtrf, proofJunit, proofMarkdown } from '../../report/proof-files.ts'
import { type Context, createContext } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import type { Common } from '../options.ts'
import { findStep } from '../session.ts'
import { createStand } from '../stand.ts'
import { consent } from '../trust.ts'
import { vocabulary } from '../vocabulary.ts'

export interface TestOptions extends Common {
  readonly step?: string
  readonly only?: string
  readonly shard?: string
  readonly require?: string
  readonly junit?: string
  readonly ctrf?: string
}

/** Proves labs: fails before, passes after, fails again after a reset, nothing left. */
export async function test(given: readonly string[], options: TestOptions): Promise<Exit> {
  const context = await createContext(options)
  const { course, world, teller, out, signal } = context
  try {
    const { labs, problems } = await lintCourse(course.dir, vocabulary, world.reader)
    const wanted = wantedOf(context, given, options, labs)
    const ids = labsOf(context, given, options, labs)
    const [first] = ids.flatMap(id => labs.get(id) ?? [])
    if (first) await consent(context, first)
    await requireTools(context, options.require)
    const json: ProofListen = event => void process.stdout.write(`${JSON.stringify(event)}\n`)
    const listen = options.json ? json : createProofView(out, options.verbose === true)
    const bench = {
      ...{ course, labs, problems, kinds, signal, listen, wanted },
      locate: (id: string) => placesOf(course.dir, id, world.reader),
      stand: () => createStand(course),
    }
    const proofs = await prove(bench, ids)
    const verdict = verdictOf(proofs.flatMap(proof => proof.trials))
    if (options.json) out.print(JSON.stringify({ at: Date.now(), event: 'proof.finished', verdict, labs: ids }))
    else {
      out.print('')
      out.print(proofSummary(out, proofs))
    }
    await writeReports(context, options, proofs)
    if (signal.aborted) {
      teller.print(`\n${teller.say.interrupted}`)
      return exits.interrupted
    }
    return exitOf(proofs)
  } finally {
    context.close()
  }
}

/** Wrong files are wrong content; a proof that fails is a check that did not pass; what could not be tried is neither. */
function exitOf(proofs: readonly LabProof[]): Exit {
  const trials = proofs.flatMap(proof => proof.trials)
  const failed = trials.filter(trial => trial.verdict === 'failed')
  if (failed.length > 0) return failed.every(trial => trial.part === 'files') ? exits.usage : exits.failed
  return trials.some(trial => trial.verdict === 'error') ? exits.environment : exits.done
}

function wantedOf(
  context: Context,
  given: readonly string[],
  { only, step }: TestOptions,
  labs: ReadonlyMap<string, Lab>,
): Wanted {
  const { say } = context.teller
  const chosen = only?.split(',').map(part => part.trim())
  const unknown = chosen?.find(part => !(choosable as readonly string[]).includes(part))
  if (unknown !== undefined) throw new Stop(exits.usage, say.badParts(unknown, choosable.join(', ')))
  const wanted = new Set<Part>(chosen ? parts.filter(part => chosen.includes(part)) : parts)
  if (step === undefined) return { parts: wanted }
  if (given.length !== 1) throw new Stop(exits.usage, say.stepOfOneLab)
  const lab = labs.get(given[0]!)
  return lab ? { parts: wanted, step: findStep(context, lab, step).id } : { parts: wanted }
}

/** Ids to prove: those that are named, else all; of these the shard's. */
function labsOf(
  { course, teller }: Context,
  given: readonly string[],
  { shard }: TestOptions,
  labs: ReadonlyMap<string, Lab>,
): string[] {
  const { say } = teller
  for (const id of given) {
    if (course.labs.includes(id)) continue
    const near = nearest(id, course.labs)
    throw new Stop(
      exits.usage,
      `${say.noSuchLab(id)} ${near ? say.didYouMean(near) : say.theLabsAre(course.labs.join(', '))}`,
    )
  }
  const chosen = given.length > 0 ? course.labs.filter(id => given.includes(id)) : course.labs
  if (shard === undefined) return [...chosen]
  const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(shard) ?? []
  if (index === undefined || Number(index) > Number(count)) throw new Stop(exits.usage, say.badShard(shard))
  return shardOf(
    chosen.map(id => ({ id, minutes: labs.get(id)?.minutes ?? 0 })),
    Number(index),
    Number(count),
  )
}

/** What must be there before anything is played. */
async function requireTools({ world, teller }: Context, names: string | undefined): Promise<void> {
  const { say } = teller
  for (const name of (names ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(Boolean)) {
    try {
      if ((await world.reader.tool(name)) === null)
        throw new Stop(exits.environment, say.requiredMissing(name, say.notThere))
      if (name === 'docker' || name === 'kind') await world.reader.docker.engine()
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error
      const why = `${error.problem.code} ${JSON.stringify(error.problem.evidence)}`
      throw new Stop(exits.environment, say.requiredMissing(name, why))
    }
  }
}

async function writeReports(
  { course, teller, out }: Context,
  options: TestOptions,
  proofs: readonly LabProof[],
): Promise<void> {
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd()
  const pathOf = (file: string) => relative(root, join(dirname(course.dir), file)).replaceAll('\\', '/')
  const about = { course: course.id, version: pkg.version, pathOf }
  if (options.junit) await write(teller, options.junit, proofJunit(out, proofs, about))
  if (options.ctrf) await write(teller, options.ctrf, proofCtrf(out, proofs, about))
  if (process.env['GITHUB_ACTIONS'] !== 'true') return
  const print = options.json ? teller.print : out.print
  for (const line of proofAnnotations(out, findingsOf(proofs), about)) print(line)
  const summary = process.env['GITHUB_STEP_SUMMARY']
  if (summary) await appendFile(summary, proofMarkdown(out, proofs, about))
}

async function write({ say }: Context['teller'], file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true })
    await writeFile(file, content)
  } catch (error) {
    throw new Stop(exits.environment, say.reportUnwritable(file, (error as NodeJS.ErrnoException).code ?? ''))
  }
}
