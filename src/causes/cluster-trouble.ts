import { contextOfKind, leadsTo, nodesOfKind } from '../check/kinds/kind-cluster.ts'
import { nearest } from '../lab/near.ts'
import { output, type Situation } from './cause.ts'
import { elsewhereInCheck, nodeCommand, problemInCheck, stoppedNode } from './kind.ts'
import { kubectlCalls, optionOf } from './kubectl-words.ts'
import { failing, known } from './look.ts'

/** Why a cluster could not be looked at, or must not be: the way there, not what is in it. */

export type Access = {
  context?: string
  current?: string
  /** The line has been run, there. */
  ran?: string
  cluster?: string
  server?: string
  expected?: string
  reason?: string
  file?: string
  command?: string
  verb?: string
  resource?: string
  namespace?: string
  user?: string
  status?: string
  message?: string
  near?: string
}

interface Trouble {
  readonly code: string
  readonly evidence: Access
}

/** What kubectl said; each pattern names its groups after the evidence. */
const wordings: readonly [code: string, pattern: RegExp][] = [
  ['k8s.bad-kubeconfig', /error loading config file "(?<file>[^"]+)": (?<reason>.+)/],
  [
    'k8s.bad-kubeconfig',
    /(?:unable to read (?:certificate-authority|client-cert|client-key)|invalid configuration:) (?<reason>(?!no configuration|context was not found).+)/,
  ],
  [
    'k8s.no-context',
    /error: context "(?<context>[^"]+)" does not exist|context was not found for specified context: (?<context2>\S+)|no context exists with the name: "(?<context3>[^"]+)"/,
  ],
  [
    'k8s.plugin-failed',
    /getting credentials: exec: (?:executable (?<command>\S+) )?(?<reason>not found|failed with exit code \d+|.+)/,
  ],
  ['k8s.certificate', /(?<reason>(?:tls: failed to verify certificate: )?x509: [^(\n]*[^(\s])/],
  ['k8s.unauthorized', /You must be logged in to the server|^error: Unauthorized/m],
  [
    'k8s.forbidden',
    /is forbidden: User "(?<user>[^"]*)" cannot (?<verb>\w+) resource "(?<resource>[^"]+)"(?:.*in the namespace "(?<namespace>[^"]+)")?/,
  ],
  ['k8s.not-an-api', /invalid character '<' looking for beginning of value/],
  [
    'k8s.unreachable',
    /The connection to the server (?<server>\S+) was refused|failed to download openapi: Get "https?:\/\/(?<server2>[^/"]+)[^"]*": (?<reason2>[^;\n]+)|Unable to connect to the server: (?<reason3>.+)|(?:^|: )Get "https?:\/\/(?<server4>[^/"]+)[^"]*": (?<reason4>(?:dial tcp|EOF|net\/http|context deadline|proxyconnect|read tcp).*)/m,
  ],
]

/** One code at most: what a look reported, or what the kubectl command said. State decides between what reads the same. */
export function clusterTrouble(situation: Situation): Trouble | null {
  const node = stoppedNode(situation)
  if (node) return { code: 'k8s.node-stopped', evidence: { ...node, context: contextOfKind(node.cluster) } }
  const elsewhere = elsewhereInCheck(situation)
  if (elsewhere) return { code: 'k8s.other-cluster', evidence: elsewhere }
  const found = reported(situation) ?? spoken(situation)
  if (!found) return wentElsewhere(situation)
  return byState(situation, found)
}

function reported(situation: Situation): Trouble | null {
  const problem = situation.check?.problem ?? problemInCheck(situation)
  if (!problem?.code.startsWith('k8s.')) return null
  const entries = Object.entries(problem.evidence).map(([key, value]) => [key, String(value)])
  const evidence = Object.fromEntries(entries) as Access
  // A page with a good status is no answer of an API server.
  if (problem.code === 'k8s.error' && /^not JSON: </.test(evidence.message ?? ''))
    return { code: 'k8s.not-an-api', evidence: known({ context: evidence.context }) }
  const user = /User "([^"]+)"/.exec(evidence.message ?? '')?.[1]
  return { code: problem.code, evidence: known({ ...evidence, user }) as Access }
}

function spoken(situation: Situation): Trouble | null {
  const command = failing(situation)
  if (!command || kubectlCalls(command.line).length === 0) return null
  const text = output(command)
  const found = wordings.find(([, pattern]) => pattern.test(text))
  if (!found) return null
  const groups = found[1].exec(text)?.groups ?? {}
  const evidence: Record<string, string> = {}
  for (const [name, value] of Object.entries(groups)) if (value) evidence[name.replace(/\d$/, '')] = value
  // Only the lines before the last one tell that it was a proxy that refused.
  if (found[0] === 'k8s.unreachable' && /proxyconnect/.test(text)) evidence['reason'] = 'proxyconnect'
  return { code: found[0], evidence }
}

/** Codes under which a kubectl without its configuration, a node that is down and a stale context hide. */
const ambiguous = new Set(['k8s.unreachable', 'k8s.certificate', 'k8s.unauthorized', 'k8s.not-an-api', 'k8s.error'])

/** A stopped node, a deleted cluster whose context is left and a kubectl without any configuration sound the same. */
function byState(situation: Situation, found: Trouble): Trouble {
  const { cluster } = situation.facts
  if (!cluster || found.code === 'k8s.bad-kubeconfig') return found
  const { context, config } = cluster
  if (found.code === 'k8s.no-context') {
    const { context: missing = '' } = found.evidence
    if (missing !== context) return withNear(found, missing, config?.contexts.map(each => each.name) ?? [])
    return atNodes(situation) ?? found
  }
  const typed = contextTyped(situation)
  if (typed !== undefined && typed !== context) return found
  const elsewhere = typed === undefined ? otherCurrent(situation) : null
  if (elsewhere) return elsewhere
  if (!ambiguous.has(found.code)) return found
  if (!situation.check && typed === undefined && config?.current === null) {
    const there = config?.contexts.some(each => each.name === context)
    return (
      atNodes(situation) ??
      (there
        ? { code: 'k8s.wrong-context', evidence: { context, ran: 'yes' } }
        : { code: 'k8s.no-context', evidence: { context } })
    )
  }
  if (withoutConfig(found)) return found
  return atNodes(situation) ?? stale(situation) ?? { ...found, evidence: { context, ...found.evidence } }
}

/** What an API server has answered in another cluster says nothing about the lab's. */
function wentElsewhere(situation: Situation): Trouble | null {
  const command = failing(situation)
  if (!command || kubectlCalls(command.line).length === 0 || contextTyped(situation) !== undefined) return null
  return /^(?:error: )?error from server/im.test(output(command)) ? otherCurrent(situation) : null
}

/** kubectl's current context is another, and leads elsewhere than the lab's. */
function otherCurrent({ command, facts }: Situation): Trouble | null {
  const { context = '', config } = facts.cluster ?? {}
  const { current, contexts = [] } = config ?? {}
  if (!command || !context || !current || current === context) return null
  const server = (name: string) => contexts.find(each => each.name === name)?.server
  if (server(current) === server(context)) return null
  return { code: 'k8s.wrong-context', evidence: { context, current, ran: 'yes' } }
}

function contextTyped({ command }: Situation): string | undefined {
  const call = command && kubectlCalls(command.line).at(-1)
  return call && optionOf(call, '--context')
}

/** kubectl goes to this address when it has no configuration, as in a shell whose KUBECONFIG is another. */
function withoutConfig({ evidence }: Trouble): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]):8080$/.test(evidence.server ?? '')
}

/** The name of a kind cluster is not that of its context. */
function withNear({ code, evidence }: Trouble, context: string, contexts: readonly string[]): Trouble {
  const near = contexts.find(each => each === contextOfKind(context)) ?? nearest(context, contexts)
  return { code, evidence: known({ ...evidence, context, near }) as Access }
}

/** What the engine knows of the nodes of the lab's cluster. */
function atNodes({ facts }: Situation): Trouble | null {
  const { cluster, containers } = facts
  const context = cluster?.context ?? ''
  const name = context.replace(/^kind-/, '')
  if (!containers || context !== contextOfKind(name)) return null
  const nodes = nodesOfKind(containers, name)
  if (nodes.length === 0) return { code: 'k8s.cluster-missing', evidence: { context, cluster: name } }
  const down = nodes.find(each => each.state !== 'running')
  if (!down) return null
  return { code: 'k8s.node-stopped', evidence: { context, cluster: name, command: nodeCommand(down) } }
}

/** The context leads elsewhere than to the nodes that are there, as after the cluster was made anew. */
function stale({ facts }: Situation): Trouble | null {
  const { cluster, containers = [] } = facts
  const view = cluster?.config?.contexts.find(each => each.name === cluster.context)
  const nodes = nodesOfKind(containers, view?.name.replace(/^kind-/, '') ?? '')
  if (!view || nodes.length === 0 || leadsTo(view, nodes)) return null
  return { code: 'k8s.other-cluster', evidence: { context: view.name, server: view.server } }
}
