import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { ObjectQuery } from '../../../src/check/reader.ts'
import { createKubernetes } from '../../../src/world/kubernetes/index.ts'
import { type Certificates, makeCertificates } from '../../helpers/certificates.ts'

let made: Certificates | undefined
/** Made once per test file. */
export const certificates = () => (made ??= makeCertificates())

export const base64 = (text: string) => Buffer.from(text).toString('base64')
export const pods: ObjectQuery = { context: 'lab', kind: 'Pod', namespace: 'default' }
const podsPath = '/api/v1/namespaces/default/pods'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A stub of an API server with mutual TLS that knows the Pods of one namespace, and whatever a test adds. */
export async function apiServer(tls: ServerOptions = {}, host = '127.0.0.1') {
  const { ca, server: own } = certificates()
  const objects = new Map<string, object>()
  const log: { version: number; event: object }[] = []
  const answers: { path: RegExp; answer: Answer }[] = []
  const requests: string[] = []
  const methods = new Set<string>()
  const sockets = new Set<Duplex>()
  const watches = new Set<ServerResponse>()
  let version = 1
  let handshakes = 0
  /** Versions before this one are forgotten. */
  let oldest = 0

  const pod = (name: string, more: object) => ({
    metadata: { name, namespace: 'default', resourceVersion: `${version}` },
    ...more,
  })
  function tell(type: string, object: object): void {
    const event = { type, object: { apiVersion: 'v1', kind: 'Pod', ...object } }
    log.push({ version, event })
    for (const watch of watches) watch.write(line(event))
  }

  function watchPods(since: number, response: ServerResponse): void {
    if (since < oldest) {
      json(response, 410, { kind: 'Status', message: 'too old resource version' })
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    for (const each of log) if (each.version > since) response.write(line(each.event))
    watches.add(response)
    response.on('close', () => watches.delete(response))
  }

  const usual = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'https://api')
    if (url.pathname === '/version') return json(response, 200, { major: '1' })
    if (url.pathname !== podsPath) return json(response, 404, { kind: 'Status', message: 'not found' })
    if (url.searchParams.get('watch')) return watchPods(Number(url.searchParams.get('resourceVersion')), response)
    json(response, 200, { kind: 'PodList', metadata: { resourceVersion: `${version}` }, items: [...objects.values()] })
  }

  const options = { ...own, ca, requestCert: true, rejectUnauthorized: true, ...tls }
  let listening = createServer()
  async function listen(port: number): Promise<number> {
    listening = createServer(options, (request, response) => {
      requests.push(request.url!)
      methods.add(request.method!)
      const special = answers.findLast(({ path }) => path.test(request.url!))
      ;(special?.answer ?? usual)(request, response)
    })
    listening.on('secureConnection', () => handshakes++)
    listening.on('connection', socket => {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    })
    await new Promise<void>((resolve, reject) => listening.once('error', reject).listen(port, host, () => resolve()))
    return (listening.address() as AddressInfo).port
  }
  const port = await listen(0)
  const stop = () => {
    listening.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(stop)

  return {
    port,
    requests,
    methods,
    watches,
    handshakes: () => handshakes,
    /** Requests of one sort so far. */
    lists: () => requests.filter(url => url === podsPath).length,
    watched: () => requests.filter(url => url.includes('watch=true')).length,
    /** Later ones win. */
    on: (path: RegExp, answer: Answer) => void answers.push({ path, answer }),
    /** Takes back what `on` said. */
    asBefore: () => void answers.splice(0),
    put(name: string, more: object = {}) {
      version++
      const object = pod(name, more)
      const type = objects.has(name) ? 'MODIFIED' : 'ADDED'
      objects.set(name, object)
      tell(type, object)
    },
    remove(name: string) {
      version++
      const object = pod(name, {})
      objects.delete(name)
      tell('DELETED', object)
    },
    /** Forgets what was, as after a compaction. */
    forget: () => {
      oldest = version
    },
    bookmark() {
      version++
      for (const watch of watches)
        watch.write(line({ type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: `${version}` } } }))
    },
    /** Ends the watches in order. */
    end: () => {
      for (const watch of watches) watch.end()
    },
    stop,
    start: async () => void (await listen(port)),
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export const line = (event: object) => `${JSON.stringify(event)}\n`

/** A folder for kubeconfigs, and the text of one with the context `lab`. JSON is YAML. */
export function configFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-kubeconfig-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return {
    folder,
    write(name: string, text: string): string {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    },
  }
}

export function configText(port: number, cluster: object = {}, user: object = clientUser()): string {
  const authority = { 'certificate-authority-data': base64(certificates().ca) }
  return JSON.stringify({
    'current-context': '',
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'learner' } }],
    clusters: [{ name: 'lab', cluster: { server: `https://127.0.0.1:${port}`, ...authority, ...cluster } }],
    users: [{ name: 'learner', user }],
  })
}

export function clientUser() {
  const { cert, key } = certificates().client
  return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
}

/** A reader that ends with the test; `text` is its whole kubeconfig. */
export function readerOf(text: string, env: NodeJS.ProcessEnv = {}) {
  const files = configFolder()
  const KUBECONFIG = files.write('config', text)
  const kubernetes = createKubernetes({ PATH: process.env['PATH'], ...env, KUBECONFIG }, files.folder)
  onTestFinished(() => kubernetes.close())
  return { reader: kubernetes.reader, close: kubernetes.close, ...files }
}

export async function problemOf(look: Promise<unknown>) {
  const error = await look.then(
    seen => Promise.reject(new Error(`no problem: ${JSON.stringify(seen)}`)),
    (error: { problem?: unknown }) => error,
  )
  if (!error.problem) throw error
  return error.problem as { code: string; evidence: Record<string, string | number> }
}
