import type { ClientRequest, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpRequest } from '../check/reader.ts'
import type { HttpView } from '../lab/machine.ts'
import { CouldNotLook } from '../lab/verdict.ts'

/** Opens the connection for a request, instead of one from this machine. Errors come as the stream's `error`. */
export type Dial = (host: string, port: number) => Duplex

const bodyCap = 1024 * 1024
const defaultTimeoutMs = 5000

/**
 * One request over a connection of its own, past any proxy, redirects not followed. What went wrong on the way is part of
 * the view: `EMPTY` is a close without a byte; an answer that broke off or did not end in time has both `status` and
 * `error`. Throws `CouldNotLook` `http.bad-request` for a request that cannot be sent at all.
 */
export async function httpView(request: HttpRequest, dial?: Dial): Promise<HttpView> {
  const { url, timeoutMs = defaultTimeoutMs } = request
  const start = performance.now()
  const sent = await prepare(request, dial)
  const answer = await exchange(sent, request.body, timeoutMs)
  return { url, ...answer, tookMs: Math.round(performance.now() - start) }
}

async function prepare({ url, method = 'GET', headers = {}, body }: HttpRequest, dial?: Dial): Promise<ClientRequest> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  try {
    const target = new URL(url)
    const { request } = await (target.protocol === 'https:' ? import('node:https') : import('node:http'))
    const way = dial ? await through(dial, target) : { agent: false as const }
    return request(target, { method, ...way, headers: { accept: '*/*', ...length, ...headers } })
  } catch (error) {
    throw new CouldNotLook('http.bad-request', { url, message: (error as Error).message }, { cause: error })
  }
}

/** Must be made before the request is: `node:http` wants the connection at once. */
async function through(dial: Dial, { protocol, hostname, port }: URL) {
  const secure = protocol === 'https:'
  const host = hostname.replace(/^\[|\]$/g, '')
  // Which one needs no mention in the Host header, only an agent would know.
  const defaultPort = secure ? 443 : 80
  const plain = () => dial(host, Number(port || defaultPort))
  if (!secure) return { createConnection: plain, defaultPort }
  const { connect } = await import('node:tls')
  const createConnection = () => connect({ socket: plain(), host, ...(isIP(host) ? {} : { servername: host }) })
  return { createConnection, defaultPort }
}

type Answer = Omit<HttpView, 'url' | 'tookMs'>

function exchange(request: ClientRequest, body: string | undefined, timeoutMs: number): Promise<Answer> {
  return new Promise(resolve => {
    let response: IncomingMessage | undefined
    const chunks: Buffer[] = []
    let size = 0
    const finish = (error?: string) => {
      clearTimeout(timer)
      resolve({ ...answerOf(response, Buffer.concat(chunks).subarray(0, bodyCap)), ...(error ? { error } : {}) })
      request.destroy()
    }
    const timer = setTimeout(() => finish('ETIMEDOUT'), timeoutMs)
    request.on('error', error => finish(reason(error, request)))
    request.on('response', incoming => {
      response = incoming
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size >= bodyCap) finish()
      })
      incoming.on('end', () => finish())
      incoming.on('error', error => finish(reason(error, request)))
    })
    request.end(body)
  })
}

function answerOf(response: IncomingMessage | undefined, body: Buffer): Answer {
  if (!response) return { headers: {}, text: '' }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')])
  const text = decode(body, response.headers['content-type'] ?? '')
  return { status: response.statusCode!, headers: Object.fromEntries(headers), text }
}

function decode(body: Buffer, type: string): string {
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return body.toString()
  }
}

function reason(error: NodeJS.ErrnoException, request: ClientRequest): string {
  // Node says ECONNRESET both for a reset and, without a system call, for an end where an answer should be.
  const ended = error.code === 'ECONNRESET' && error.syscall === undefined
  if (ended && request.socket?.bytesRead === 0) return 'EMPTY'
  return error.code ?? error.message
}
