import { basename } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import { type Chain, chainsOf, nextChain } from './chains.ts'
import type { Ground } from './ground.ts'
import type { Finding, LabProof, ProofListen, Trial } from './proof.ts'
import { verdictFrom, verdictOf } from './proof.ts'
import { proveLab } from './prove-lab.ts'
import type { Bench } from './stand.ts'

/** Chains that are under way at the same time: the labs' commands want a core each. */
const most = 2

/**
 * Proves these labs. Those of a chain one after the other; chains that share neither the engine nor a port side by side.
 * What is told of a lab comes in one piece. Those with errors in their files are not played.
 */
export async function prove(bench: Bench, ids: readonly string[]): Promise<readonly LabProof[]> {
  const waiting = chainsOf(bench.labs, ids)
  const running = new Map<Chain, Promise<void>>()
  const proofs = new Map<string, LabProof>()
  const turns = takeTurns(bench.listen)
  let begun = 0
  const startNext = (): boolean => {
    const chain = running.size < most ? nextChain(waiting, [...running.keys()]) : undefined
    if (!chain) return false
    waiting.splice(waiting.indexOf(chain), 1)
    const proven = proveChain(bench, chain, {
      begin: () => ({ number: ++begun, of: ids.length, ...turns.begin() }),
      keep: proof => proofs.set(proof.lab, proof),
    })
    running.set(
      chain,
      proven.finally(() => running.delete(chain)),
    )
    return true
  }
  try {
    while (startNext() || running.size > 0) if (!startNext()) await Promise.race(running.values())
  } finally {
    await Promise.allSettled(running.values())
  }
  return ids.flatMap(id => proofs.get(id) ?? [])
}

interface Stage {
  begin(): { readonly number: number; readonly of: number; readonly listen: ProofListen; end(): void }
  keep(proof: LabProof): void
}

async function proveChain(bench: Bench, chain: Chain, stage: Stage): Promise<void> {
  let ground: Ground | undefined
  for (const [index, id] of chain.labs.entries()) {
    const { number, of, listen, end } = stage.begin()
    const lab = bench.labs.get(id)
    const title = lab?.title ?? { ko: id, en: id }
    const [at, began] = [Date.now(), performance.now()]
    listen({ at, lab: id, event: 'proof.lab-started', title, number, of })
    const trials = [files(bench, id)]
    listen({ at: Date.now(), lab: id, event: 'proof.trial-finished', trial: trials[0]! })
    if (lab && trials[0]!.verdict === 'passed') {
      const stays = chain.labs
        .slice(index + 1)
        .some(each => bench.labs.has(each) && files(bench, each).verdict === 'passed')
      const proved = await proveLab({ ...bench, listen }, lab, ground, stays)
      ground = proved.ground
      trials.push(...proved.trials)
    }
    const tookMs = Math.round(performance.now() - began)
    listen({ at: Date.now(), lab: id, event: 'proof.lab-finished', verdict: verdictOf(trials), tookMs })
    end()
    stage.keep({ lab: id, file: `${basename(bench.course.dir)}/${id}/lab.yaml`, title, trials, at, tookMs })
  }
}

/** Whoever began first is heard at once; what others tell meanwhile is kept until they are done and it is their turn. */
export function takeTurns(listen: ProofListen): { begin(): { readonly listen: ProofListen; end(): void } } {
  const speakers: { said: Parameters<ProofListen>[0][]; done: boolean }[] = []
  function goOn(): void {
    for (let first = speakers[0]; first; first = speakers[0]) {
      for (const event of first.said.splice(0)) listen(event)
      if (!first.done) return
      speakers.shift()
    }
  }
  return {
    begin() {
      const mine = { said: [] as Parameters<ProofListen>[0][], done: false }
      speakers.push(mine)
      return {
        listen(event) {
          mine.said.push(event)
          if (speakers[0] === mine) goOn()
        },
        end() {
          mine.done = true
          goOn()
        },
      }
    },
  }
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
