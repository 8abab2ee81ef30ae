import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { CouldNotLook } from '../../lab/verdict.ts'
import { endings } from '../agents.ts'
import { dial } from './dial.ts'
import type { Endpoint, Environment } from './endpoint.ts'
import { NoAnswer, refusal, unreachable } from './problem.ts'

export type Method = 'GET' | 'DELETE' | 'POST'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** HTTP to one endpoint. Whatever keeps an answer from coming is thrown as `CouldNotLook`. */
export interface Connection {
  /** `body` is sent as JSON. */
  request(method: Method, path: string, timeoutMs: number, body?: unknown): Promise<Answer>
  /**
   * GET of an answer that does not end: `opened` is called once it has begun, `received` with each piece. Resolves at its
   * end or when `signal` aborts. Does not keep the process alive.
   */
  follow(path: string, timeoutMs: number, signal: AbortSignal, on: StreamListener): Promise<void>
  /** Lets the requests under way finish, ends everything else. */
  retire(): void
  close(): void
}

export interface StreamListener {
  opened(): void
  received(chunk: Buffer): void
}

/** Of an answer that is longer than `limitBytes` nothing is believed. */
export function connectTo(endpoint: Endpoint, env: Environment, limitBytes = Number.POSITIVE_INFINITY): Connection {
  // More sockets make parallel reads slower, not faster. A stream takes a socket of its own, so it can starve nobody.
  const pool = dialing(new Agent({ keepAlive: true, maxSockets: 8 }), endpoint, env)
  const host = endpoint.address.kind === 'tcp' ? endpoint.shown.slice('tcp://'.length) : 'docker'
  const streams = dialing(new Agent({ keepAlive: false }), endpoint, env)

  function send(method: Method, path: string, agent: Agent, timeoutMs: number, unref: boolean, body?: unknown) {
    const text = body === undefined ? '' : JSON.stringify(body)
    const content = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const sent = request({ method, path, agent, headers: { host, ...(text === '' ? {} : content) } })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve)
      sent.on('error', reject)
    })
    let late: NoAnswer | undefined
    const timer = setTimeout(() => {
      const socket = sent.socket as Partial<Socket> | null
      late = new NoAnswer(timeoutMs, socket?.connecting === true)
      sent.destroy(late)
    }, timeoutMs)
    if (unref) {
      timer.unref()
      sent.once('socket', socket => socket.unref())
    }
    sent.end(text)
    return { sent, answered, done: () => clearTimeout(timer), reason: (error: unknown) => late ?? (error as Error) }
  }

  async function once(method: Method, path: string, timeoutMs: number, body?: unknown): Promise<Answer> {
    const { sent, answered, done, reason } = send(method, path, pool, timeoutMs, false, body)
    try {
      const response = await answered
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of response) {
        chunks.push(chunk)
        size += chunk.length
        if (size > limitBytes) throw new Error(`an answer of more than ${limitBytes} bytes`)
      }
      return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }
    } catch (error) {
      const cause: NodeJS.ErrnoException = reason(error)
      // The engine may close a kept connection at the very moment we use it again.
      const stale = sent.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')
      if (!stale) throw cause
      return await once(method, path, timeoutMs, body)
    } finally {
      done()
    }
  }

  return {
    async request(method, path, timeoutMs, body) {
      try {
        return await once(method, path, timeoutMs, body)
      } catch (error) {
        throw unreachable(endpoint, error as Error)
      }
    },
    async follow(path, timeoutMs, signal, on) {
      if (signal.aborted) return
      const { sent, answered, done, reason } = send('GET', path, streams, timeoutMs, true)
      const stop = () => void sent.destroy()
      signal.addEventListener('abort', stop, { once: true })
      try {
        const response = await answered
        done()
        if (response.statusCode !== 200) throw refusal(response.statusCode ?? 0, 'no stream')
        on.opened()
        for await (const chunk of response) on.received(chunk)
      } catch (error) {
        if (!signal.aborted) throw error instanceof CouldNotLook ? error : unreachable(endpoint, reason(error))
      } finally {
        done()
        sent.destroy()
        signal.removeEventListener('abort', stop)
      }
    },
    ...endings(pool, streams),
  }
}

function dialing(agent: Agent, endpoint: Endpoint, env: Environment): Agent {
  return Object.assign(agent, { createConnection: (): Duplex => dial(endpoint.address, env) })
}
