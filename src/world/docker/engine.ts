import { existsSync, readFileSync } from 'node:fs'
import { CouldNotLook } from '../../lab/verdict.ts'
import { type Answer, type Connection, connectTo, type Method, type StreamListener } from './connection.ts'
import { chooseEndpoint, type Disk, type Endpoint, type Environment } from './endpoint.ts'
import { refusal } from './problem.ts'
import { object, string } from './raw.ts'

/** An answer below 500; what a 404 or 409 means is for the caller to say. */
export interface Reply {
  readonly status: number
  readonly body: Buffer
  /** The body as JSON. Throws `CouldNotLook` when it is none. */
  json(): unknown
  /** What the engine says is wrong. */
  message(): string
}

/** The only way to the engine that looking has: nothing but GET goes through it. `path` is without the API version. */
export interface Looking {
  get(path: string): Promise<Reply>
  follow(path: string, signal: AbortSignal, on: StreamListener): Promise<void>
  about(): Promise<EngineFacts>
}

export interface Removing {
  remove(path: string): Promise<Reply>
}

/** For probes: what they create they remove again. */
export interface Creating {
  create(path: string, body: unknown): Promise<Reply>
}

export interface EngineFacts {
  /** The API version spoken, such as `1.41`. */
  readonly api: string
  readonly podman: boolean
  /** Where it is, as DOCKER_HOST would say it. */
  readonly shown: string
}

interface Session {
  readonly key: string
  readonly endpoint: Endpoint
  readonly connection: Connection
  facts?: Promise<EngineFacts>
}

const ours = '1.51'
const oldest = '1.40'
/** Removing a large image, or a container that is slow to die, takes the engine a while. */
const removeTimeoutMs = 60_000

export interface Engine extends Looking, Removing, Creating {
  close(): void
}

/** Connects at the first call, and to another engine as soon as the learner has chosen another context. */
export function createEngine(env: Environment, home: string, timeoutMs: number, limitBytes?: number): Engine {
  let current: Session | undefined

  function open(): Session {
    const endpoint = chooseEndpoint(env, home, disk)
    if ('code' in endpoint) throw new CouldNotLook(endpoint.code, endpoint.evidence)
    const key = JSON.stringify(endpoint)
    if (current?.key !== key) {
      current?.connection.retire()
      current = { key, endpoint, connection: connectTo(endpoint, env, limitBytes) }
    }
    return current
  }

  async function within<T>(work: (connection: Connection, facts: EngineFacts) => Promise<T>): Promise<T> {
    const session = open()
    const facts = (session.facts ??= negotiate(session.connection, session.endpoint, timeoutMs))
    try {
      return await work(session.connection, await facts)
    } catch (error) {
      // The next call asks again who is there: the engine may have been started, repaired or replaced by then.
      if (session.facts === facts) delete session.facts
      throw error
    }
  }

  async function ask(method: Method, path: string, limitMs: number, body?: unknown): Promise<Reply> {
    const reply = await within(async (connection, { api }) => {
      const answer = replyOf(await connection.request(method, `/v${api}${path}`, limitMs, body))
      const problem = answer.status === 400 ? refusal(400, answer.message()) : null
      if (problem && problem.problem.code !== 'engine.error') throw problem
      return answer
    })
    if (reply.status >= 500) throw refusal(reply.status, reply.message())
    return reply
  }

  return {
    get: path => ask('GET', path, timeoutMs),
    remove: path => ask('DELETE', path, Math.max(timeoutMs, removeTimeoutMs)),
    create: (path, body) => ask('POST', path, timeoutMs, body),
    about: () => within(async (_connection, facts) => facts),
    follow: (path, signal, on) =>
      within((connection, { api }) => connection.follow(`/v${api}${path}`, timeoutMs, signal, on)),
    close() {
      current?.connection.close()
      current = undefined
    },
  }
}

async function negotiate(connection: Connection, endpoint: Endpoint, timeoutMs: number): Promise<EngineFacts> {
  const answer = await connection.request('GET', '/_ping', timeoutMs)
  const theirs = answer.headers['api-version']
  if (answer.status >= 400 || typeof theirs !== 'string' || !/^\d+\.\d+$/.test(theirs))
    throw refusal(answer.status, replyOf(answer).message() || 'no Api-Version in the answer to /_ping')
  if (older(theirs, oldest)) throw new CouldNotLook('engine.api-too-old', { ours: oldest, theirs })
  const api = older(theirs, ours) ? theirs : ours
  return { api, podman: answer.headers['libpod-api-version'] !== undefined, shown: endpoint.shown }
}

export function older(a: string, b: string): boolean {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number)
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number)
  return aMajor === bMajor ? aMinor < bMinor : aMajor < bMajor
}

function replyOf({ status, body }: Answer): Reply {
  const text = () => body.toString('utf8').trim()
  return {
    status,
    body,
    json() {
      try {
        return JSON.parse(text())
      } catch (cause) {
        const message = `the answer is not JSON: ${text().slice(0, 80)}`
        throw new CouldNotLook('engine.error', { status, message }, { cause })
      }
    },
    message() {
      try {
        return string(object(JSON.parse(text()))['message']) || text().slice(0, 500)
      } catch {
        return text().slice(0, 500)
      }
    },
  }
}

const disk: Disk = {
  text(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return null
    }
  },
  exists: existsSync,
}
