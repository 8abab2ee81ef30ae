import type { Reader } from '../../check/reader.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { connect, type TryOne } from '../connect.ts'
import { httpView } from '../http.ts'
import { forwardingRefused, type Master } from './master.ts'
import type { Remote } from './remote.ts'
import { hostAndPort } from './target.ts'

/** Connections as from there. That none came to be says something of the machine only while the way there is open. */
export function createNetwork(master: Master, remote: Remote): Pick<Reader, 'http' | 'connect'> {
  async function believed<T>(to: string, error: string | undefined, view: T): Promise<T> {
    if (error === undefined) return view
    if (!(await remote.alive())) throw remote.gone()
    if (error === forwardingRefused) throw new CouldNotLook('ssh.forwarding', { host: master.host, to })
    return view
  }
  const tryOne: TryOne = (host, port, timeoutMs) =>
    new Promise(resolve => {
      const finish = (result: { address: string } | { error: string }) => {
        clearTimeout(timer)
        resolve(result)
        stream.destroy()
      }
      const stream = master.dial(host, port, () => finish({ address: host }))
      const timer = setTimeout(() => finish({ error: 'ETIMEDOUT' }), timeoutMs)
      stream.on('error', (error: NodeJS.ErrnoException) => finish({ error: error.code ?? error.message }))
      stream.once('data', () => finish({ address: host }))
    })
  return {
    async http(request) {
      const view = await httpView(request, (host, port) => master.dial(host, port))
      return await believed(new URL(request.url).host, view.error, view)
    },
    async connect(host, port, timeoutMs) {
      const view = await connect(host, port, timeoutMs, tryOne)
      return await believed(hostAndPort(host, port), view.error, view)
    },
  }
}
