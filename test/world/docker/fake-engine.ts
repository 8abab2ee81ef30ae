import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createDocker, type Docker } from '../../../src/world/docker/index.ts'

export interface FakeEngine {
  readonly home: string
  readonly socket: string
  /** `GET /v1.41/containers/json?all=1`, in order. */
  readonly asked: string[]
  /** Of a client that looks here. */
  readonly docker: Docker
  /** Cuts every connection and stops listening. */
  stop(): Promise<void>
  start(): Promise<void>
}

type Answers = Record<string, RequestListener>

/** An engine on a socket in a temp folder. `answers`: by path without the version and query; `/_ping` has one. */
export async function fakeEngine(answers: Answers = {}, api = '1.41', timeoutMs = 5000): Promise<FakeEngine> {
  const home = await mkdtemp(join(tmpdir(), 'hrdk-'))
  const socket = join(home, 'docker.sock')
  const asked: string[] = []
  const all: Answers = {
    '/_ping': (_request, response) => void response.setHeader('Api-Version', api).end('OK'),
    ...answers,
  }
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const path = request.url!.replace(/^\/v[\d.]+/, '').replace(/\?.*/, '')
    const answer = all[path] ?? json({ message: `page not found: ${path}` }, 404)
    answer(request, response)
  })
  // Only the client's own ends may count as what keeps the process alive.
  server.on('connection', connection => connection.unref())
  const start = () => new Promise<void>(resolve => server.listen(socket, resolve))
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await start()
  const docker = createDocker({ DOCKER_HOST: `unix://${socket}` }, home, { timeoutMs })
  onTestFinished(async () => {
    docker.close()
    if (server.listening) await stop()
    await rm(home, { recursive: true })
  })
  return { home, socket, asked, docker, start, stop }
}

export function json(value: unknown, status = 200): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
  }
}

/** One frame of a log: 1 stdout, 2 stderr, 3 the engine's own error. */
export function frame(stream: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const head = Buffer.alloc(8)
  head[0] = stream
  head.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}
