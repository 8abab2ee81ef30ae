import { basename } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import type { Finding, LabProof, Trial } from './proof.ts'
import { verdictFrom, verdictOf } from './proof.ts'
import { proveLab } from './prove-lab.ts'
import type { Bench } from './stand.ts'

/** Proves these labs one after the other: they share the engine and its names. Those with errors in their files are not played. */
export async function prove(bench: Bench, ids: readonly string[]): Promise<readonly LabProof[]> {
  const proofs: LabProof[] = []
  for (const [index, id] of ids.entries()) {
    const lab = bench.labs.get(id)
    const title = lab?.title ?? { ko: id, en: id }
    const [at, began] = [Date.now(), performance.now()]
    bench.listen({ at, lab: id, event: 'proof.lab-started', title, number: index + 1, of: ids.length })
    const trials = [files(bench, id)]
    bench.listen({ at: Date.now(), lab: id, event: 'proof.trial-finished', trial: trials[0]! })
    if (lab && trials[0]!.verdict === 'passed') trials.push(...(await proveLab(bench, lab)))
    const tookMs = Math.round(performance.now() - began)
    bench.listen({ at: Date.now(), lab: id, event: 'proof.lab-finished', verdict: verdictOf(trials), tookMs })
    proofs.push({ lab: id, file: `${basename(bench.course.dir)}/${id}/lab.yaml`, title, trials, at, tookMs })
  }
  return proofs
}

/** What `lab lint` says of it: among other things that both languages show the very commands that are going to be played. */
function files({ problems }: Bench, id: string): Trial {
  const mine = problems.filter(({ file }) => file.split('/')[1] === id || file.endsWith('/course.yaml'))
  const findings = mine.map(
    ({ file, line, column, severity, code, message }): Finding => ({
      ...{ file, line, column, severity, code, message },
      lab: id,
      details: [],
    }),
  )
  return { lab: id, part: 'files', verdict: verdictFrom(findings), findings, at: Date.now(), tookMs: 0 }
}

/**
 * The labs of one of `count` shards (`index` from 1): the longest first, each to the shard that has least to do. The same
 * for the same labs, and every lab is in exactly one.
 */
export function shardOf(labs: readonly Pick<Lab, 'id' | 'minutes'>[], index: number, count: number): string[] {
  const shards = Array.from({ length: count }, () => ({ minutes: 0, ids: new Set<string>() }))
  for (const { id, minutes } of labs.toSorted((a, b) => b.minutes - a.minutes)) {
    const least = shards.reduce((best, each) => (each.minutes < best.minutes ? each : best))
    least.minutes += minutes
    least.ids.add(id)
  }
  return labs.flatMap(({ id }) => (shards[index - 1]!.ids.has(id) ? id : []))
}
