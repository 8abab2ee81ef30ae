import { type IncomingHttpHeaders, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import { isIP } from 'node:net'
import { checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls'
import { endings } from '../agents.ts'
import type { Target } from './config.ts'
import type { Credentials } from './credentials.ts'
import { noAnswer } from './problem.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Following {
  /** To the first byte of the answer, ms. */
  readonly timeoutMs: number
  /** Without a byte for so long it counts as ended, ms. */
  readonly silenceMs: number
  readonly signal: AbortSignal
  /** The answer has begun, with 200. */
  opened(): void
  received(chunk: Buffer): void
}

/** GETs to one API server; nothing else can be sent. Throws `k8s.unreachable` and `k8s.certificate`. */
export interface Connection {
  /** What comes after `cap` bytes is not read. */
  get(path: string, options: { readonly timeoutMs: number; readonly cap?: number }): Promise<Answer>
  /**
   * An answer that does not end, over a socket of its own: resolves at its end or when it has fallen silent; throws when it
   * breaks off or `signal` aborts. Does not keep the process alive.
   */
  follow(path: string, following: Following): Promise<Answer>
  /** Lets the requests under way finish, ends everything else. */
  retire(): void
  close(): void
}

/** Only so many handshakes at once: more sockets make parallel reads slower, not faster. */
const maxSockets = 8

export function connectTo({ context, server }: Target, credentials: Credentials): Connection {
  const url = new URL(server)
  const plain = url.protocol === 'http:'
  const tls = plain ? {} : tlsOptions(credentials)
  const pool = plain
    ? new PlainAgent({ keepAlive: true, maxSockets })
    : new Agent({ keepAlive: true, maxSockets, ...tls })
  const streams = plain ? new PlainAgent() : new Agent(tls)
  const common = {
    method: 'GET',
    protocol: url.protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (plain ? 80 : 443),
    headers: { host: url.host, accept: 'application/json', 'user-agent': 'handrail', ...credentials.headers },
  }

  function send(path: string, agent: PlainAgent, timeoutMs: number) {
    const sent = (plain ? plainRequest : request)({ ...common, path: url.pathname.replace(/\/$/, '') + path, agent })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve)
      sent.on('error', reject)
    })
    const expire = () => sent.destroy(Object.assign(new Error(`nothing within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(expire, timeoutMs)
    sent.end()
    return { sent, answered, timer }
  }

  async function once(path: string, timeoutMs: number, cap: number): Promise<Answer> {
    const { sent, answered, timer } = send(path, pool, timeoutMs)
    try {
      const response = await answered
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of response) {
        chunks.push(chunk)
        size += chunk.length
        if (size >= cap) break
      }
      return { ...head(response), body: Buffer.concat(chunks).subarray(0, cap) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The server may close a kept connection at the very moment we use it again.
      if (sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')) return await once(path, timeoutMs, cap)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async get(path, { timeoutMs, cap = Number.POSITIVE_INFINITY }) {
      try {
        return await once(path, timeoutMs, cap)
      } catch (error) {
        throw noAnswer(context, server, error as Error)
      }
    },
    async follow(path, { timeoutMs, silenceMs, signal, opened, received }) {
      signal.throwIfAborted()
      const { sent, answered, timer } = send(path, streams, timeoutMs)
      timer.unref()
      sent.once('socket', socket => socket.unref())
      const stop = () => void sent.destroy()
      signal.addEventListener('abort', stop, { once: true })
      let silent = false
      const fallSilent = () => {
        silent = true
        sent.destroy()
      }
      const silence = setTimeout(fallSilent, silenceMs).unref()
      try {
        const response = await answered
        clearTimeout(timer)
        const good = response.statusCode === 200
        const chunks: Buffer[] = []
        if (good) opened()
        for await (const chunk of response) {
          silence.refresh()
          if (good) received(chunk)
          else chunks.push(chunk)
        }
        return { ...head(response), body: Buffer.concat(chunks) }
      } catch (error) {
        if (silent) return { status: 200, headers: {}, body: Buffer.alloc(0) }
        throw noAnswer(context, server, error as Error)
      } finally {
        clearTimeout(timer)
        clearTimeout(silence)
        sent.destroy()
        signal.removeEventListener('abort', stop)
      }
    },
    ...endings(pool, streams),
  }
}

function tlsOptions({ ca, cert, key, verify, serverName }: Credentials) {
  const secureContext = createSecureContext({
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  })
  // Said aloud, so that no variable of the environment switches it off.
  return { secureContext, rejectUnauthorized: verify, ...identity(serverName) }
}

/** An address cannot be asked for by name (SNI), but the certificate can be compared with it. */
function identity(serverName: string) {
  if (!isIP(serverName)) return serverName ? { servername: serverName } : {}
  return {
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(serverName, certificate),
  }
}

function head({ statusCode, headers }: IncomingMessage): { status: number; headers: IncomingHttpHeaders } {
  return { status: statusCode ?? 0, headers }
}
