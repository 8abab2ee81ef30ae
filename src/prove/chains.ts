import type { Lab } from '../lab/lab.ts'
import { needsEngine } from '../run/doctor/look.ts'

/** Labs that start from the same state, and what they share with others. Pure. */

/** Labs that are proven one after the other on one machine, because they start from the same labs. */
export interface Chain {
  readonly labs: readonly string[]
  /** What no other chain may use at the same time: `engine`, `port 3000`. */
  readonly uses: ReadonlySet<string>
}

/** The labs that this one starts from, those that they start from first. Those with errors in their files are left out. */
export function neededBy(labs: ReadonlyMap<string, Lab>, lab: Lab): Lab[] {
  const found = new Set<Lab>()
  const add = (each: Lab) => {
    for (const id of each.needs) {
      const other = labs.get(id)
      if (!other || found.has(other)) continue
      add(other)
      found.add(other)
    }
  }
  add(lab)
  return [...found]
}

/** In the order in which they are given; a lab that starts from nothing is a chain of its own. */
export function chainsOf(labs: ReadonlyMap<string, Lab>, ids: readonly string[]): Chain[] {
  const chains = new Map<string, string[]>()
  for (const id of ids) {
    const lab = labs.get(id)
    const needed = lab ? neededBy(labs, lab) : []
    const key = needed.length > 0 ? `needs ${needed.map(each => each.id).join(' ')}` : `alone ${id}`
    chains.set(key, [...(chains.get(key) ?? []), id])
  }
  return [...chains.values()].map(chain => ({ labs: chain, uses: usedBy(labs, chain) }))
}

function usedBy(labs: ReadonlyMap<string, Lab>, ids: readonly string[]): Set<string> {
  const all = ids.flatMap(id => labs.get(id) ?? []).flatMap(lab => [...neededBy(labs, lab), lab])
  return new Set([
    ...(all.some(needsEngine) ? ['engine'] : []),
    ...all.flatMap(lab => lab.requires.ports.map(port => `port ${port}`)),
  ])
}

/** The first that may begin while those that run go on. */
export function nextChain(waiting: readonly Chain[], running: readonly Chain[]): Chain | undefined {
  const taken = new Set(running.flatMap(chain => [...chain.uses]))
  return waiting.find(chain => ![...chain.uses].some(each => taken.has(each)))
}
