import { callsOf, type KubectlCall, kubectlCalls, optionOf } from '../causes/kubectl-words.ts'
import { calls } from '../causes/line.ts'
import { contextOfKind, leadsTo, nodesOfKind } from '../check/kinds/kind-cluster.ts'
import type { Reader } from '../check/reader.ts'
import type { Lab } from '../lab/lab.ts'
import type { Progress } from '../lab/progress.ts'
import type { Problem } from '../lab/verdict.ts'

/** What of a session says which cluster its lab may touch. */
interface Of {
  readonly lab: Lab
  readonly progress: Progress
}

/** The context of the lab's cluster: the one that the learner named, else that of the kind cluster; empty: it has none. */
export function contextOf({ lab, progress }: Of): string {
  if (lab.cluster === undefined) return ''
  return progress.context?.name ?? contextOfKind(lab.cluster)
}

/**
 * Why the lab's context must not be used: it leads elsewhere than to the lab's cluster, or to nothing. `null`: it may be
 * used, or there is no such context at all, which whoever uses it says. Throws `CouldNotLook`.
 */
export async function foreignCluster(of: Of, reader: Reader): Promise<Problem | null> {
  const { lab, progress } = of
  const name = contextOf(of)
  const context = (await reader.cluster.config()).contexts.find(each => each.name === name)
  if (lab.cluster === undefined || !context) return null
  const { server, authority } = context
  const named = progress.context
  if (named) {
    if (named.server === server && named.authority === authority) return null
    return { code: 'k8s.other-cluster', evidence: { context: name, server, expected: named.server } }
  }
  const nodes = nodesOfKind(await reader.docker.containers(), lab.cluster)
  if (nodes.length === 0) return { code: 'k8s.cluster-missing', evidence: { context: name, cluster: lab.cluster } }
  if (leadsTo(context, nodes)) return null
  return { code: 'k8s.other-cluster', evidence: { context: name, server } }
}

/**
 * Why a line must not be run: it would go to another cluster than the lab's, because kubectl's current context is
 * another. `current`: what kubectl would use where the line is run.
 */
export function guardLine(line: string, context: string, current: string | null): Problem | null {
  if (current === context) return null
  const goesElsewhere = clusterCalls(line).some(call => optionOf(call, '--context', '--kube-context') !== context)
  if (!goesElsewhere) return null
  return { code: 'k8s.wrong-context', evidence: { context, ...(current === null ? {} : { current }) } }
}

export function callsCluster(line: string): boolean {
  return clusterCalls(line).length > 0
}

/** kubectl's own configuration, and what it says of itself, are no cluster's. */
const ownMatters = new Set(['', 'config', 'completion', 'help', 'options', 'plugin'])

function clusterCalls(line: string): KubectlCall[] {
  return [...kubectlCalls(line), ...callsOf(line, 'helm')].filter(
    ({ verb, words }) => !ownMatters.has(verb) && !(verb === 'version' && words.includes('--client')),
  )
}

/** `kind create cluster --name lab`: `lab`. */
export function clustersMadeBy(line: string): string[] {
  return calls(line, 'kind')
    .filter(words => words[1] === 'create' && words[2] === 'cluster')
    .flatMap(words => optionOf({ words }, '--name', '-n') ?? [])
}

/** The namespace that a kubectl line is about, where it says so. */
export function namespaceIn(line: string): string | undefined {
  return kubectlCalls(line)
    .map(call => optionOf(call, '-n', '--namespace'))
    .find(Boolean)
}
