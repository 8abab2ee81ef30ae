import { nodesOfKind } from '../../check/kinds/kind-cluster.ts'
import type { Reader } from '../../check/reader.ts'
import type { ContainerView, Listener } from '../../lab/machine.ts'
import { perhaps } from './attempt.ts'

/** Who has a port of the loopback address. `unknown`: could not look. */
export type PortSeen =
  | { readonly state: 'free' | 'taken' | 'unknown' }
  | { readonly state: 'container'; readonly container?: string }
  | { readonly state: 'process'; readonly process?: string; readonly pid?: number }

/** How long a connection to our own machine may take, ms. */
const connectTimeout = 1000

/** Without the ports that a node of one of these kind clusters has: it is the labs' own, from another day. */
export async function holders(
  ports: readonly number[],
  reader: Reader,
  clusters: readonly string[],
): Promise<Record<number, PortSeen>> {
  if (ports.length === 0) return {}
  const [containers, listeners] = await Promise.all([
    perhaps(() => reader.docker.containers()),
    perhaps(() => reader.listeners()),
  ])
  const nodes = clusters.flatMap(cluster => nodesOfKind(containers ?? [], cluster))
  const others = ports.filter(port => !nodes.some(node => publishes(node, port)))
  const seen = others.map(async port => {
    // Where the system does not tell who listens, an answer to a connection still tells that somebody does.
    const open = listeners === null ? await perhaps(() => reader.connect('127.0.0.1', port, connectTimeout)) : null
    return [port, holder(port, containers ?? [], listeners, open?.open ?? null)] as const
  })
  return Object.fromEntries(await Promise.all(seen))
}

/** `listeners` is `null` where the system does not tell; then `open` says whether something answers, if that is known. */
export function holder(
  port: number,
  containers: readonly ContainerView[],
  listeners: readonly Listener[] | null,
  open: boolean | null,
): PortSeen {
  // Without its proxy Docker forwards ports in the kernel, and nobody is seen to listen.
  const container = containers.find(each => publishes(each, port))
  if (container) return { state: 'container', container: container.name }
  if (listeners === null) return { state: open === null ? 'unknown' : open ? 'taken' : 'free' }
  const listener = listeners
    .filter(each => each.port === port && isLocal(each.address))
    .toSorted((a, b) => Number(b.pid !== undefined) - Number(a.pid !== undefined))[0]
  if (!listener) return { state: 'free' }
  const { process, pid } = listener
  if (process && /^(docker-proxy|com\.docke|rootlesskit|rootlessport)/.test(process)) return { state: 'container' }
  if (process === undefined && pid === undefined) return { state: 'taken' }
  return { state: 'process', ...(process === undefined ? {} : { process }), ...(pid === undefined ? {} : { pid }) }
}

function publishes(container: ContainerView, port: number): boolean {
  if (container.state !== 'running' && container.state !== 'paused' && container.state !== 'restarting') return false
  if (!Object.values(container.ports).includes(port)) return false
  const asked = Object.values(container.asked)
    .flat()
    .filter(each => each.port === port)
  return asked.length === 0 || asked.some(each => isLocal(each.host))
}

/** Whether a listener at this address is in the way of one at 127.0.0.1. */
function isLocal(address: string): boolean {
  return ['', '*', '0.0.0.0', '::', '127.0.0.1', '::1', 'localhost', '::ffff:127.0.0.1', '::ffff:0.0.0.0'].includes(
    address.replace(/^\[|\]$/g, ''),
  )
}
