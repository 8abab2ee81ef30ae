import { connect as open } from 'node:net'
import type { ConnectionView } from '../lab/machine.ts'

/** Opens a connection and closes it again: the address that answered, or why none did. */
export type TryOne = (
  host: string,
  port: number,
  timeoutMs: number,
) => Promise<{ readonly address: string } | { readonly error: string }>

/** For `localhost` both of its addresses are tried. `tryOne`: instead of a connection from this machine. */
export async function connect(
  host: string,
  port: number,
  timeoutMs: number,
  tryOne: TryOne = tryFromHere,
): Promise<ConnectionView> {
  const hosts = host === 'localhost' ? ['127.0.0.1', '::1'] : [host.replace(/^\[(.*)\]$/, '$1')]
  const tries = await Promise.all(hosts.map(each => tryOne(each, port, timeoutMs)))
  const answering = tries.flatMap(each => ('address' in each ? [each.address] : []))
  const error = tries.flatMap(each => ('error' in each ? [each.error] : []))[0]
  const view = { host, port, open: answering.length > 0, answering }
  return view.open || error === undefined ? view : { ...view, error }
}

const tryFromHere: TryOne = (host, port, timeoutMs) =>
  new Promise(resolve => {
    const socket = open({ host, port })
    // `socket.setTimeout` would not count looking up the name.
    const timer = setTimeout(() => finish({ error: 'ETIMEDOUT' }), timeoutMs)
    const finish = (result: { address: string } | { error: string }) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => finish({ address: socket.remoteAddress ?? host }))
    socket.on('error', (error: NodeJS.ErrnoException) => finish({ error: error.code ?? error.message }))
  })
