/** The names that wait for themselves, through whatever number of others; in order of the graph. */
export function cyclic(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const forth = rest(graph)
  const back = new Map<string, string[]>([...forth.keys()].map(name => [name, []]))
  for (const [name, needs] of forth) for (const need of needs) back.get(need)?.push(name)
  return [...rest(back).keys()].sort((a, b) => order(graph, a) - order(graph, b))
}

/** Without those whose needs can all be met, again and again. */
function rest(graph: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const left = new Map([...graph].map(([name, needs]) => [name, needs.filter(need => graph.has(need))]))
  const open = new Map([...left].map(([name, needs]) => [name, needs.length]))
  const waiting = new Map<string, string[]>()
  for (const [name, needs] of left) for (const need of needs) waiting.set(need, [...(waiting.get(need) ?? []), name])
  const free = [...left.keys()].filter(name => open.get(name) === 0)
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    left.delete(name)
    for (const other of waiting.get(name) ?? []) {
      open.set(other, open.get(other)! - 1)
      if (open.get(other) === 0) free.push(other)
    }
  }
  return new Map([...left].map(([name, needs]) => [name, needs.filter(need => left.has(need))]))
}

function order(graph: ReadonlyMap<string, readonly string[]>, name: string): number {
  return [...graph.keys()].indexOf(name)
}
