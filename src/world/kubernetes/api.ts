import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeConfigView } from '../../lab/cluster.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { type Target, targetOf } from './config.ts'
import { type Answer, type Connection, connectTo } from './connection.ts'
import { type Credentials, credentialsFor } from './credentials.ts'
import { configurationIn } from './files.ts'
import { type Asked, noAnswer, refusal, retryAfter, statusObject } from './problem.ts'

/** The API servers of the configuration, one connection a context. All methods throw `CouldNotLook` with `k8s.*`. */
export interface Api {
  config(): Promise<KubeConfigView>
  /** As the configuration is now: another one when it says something else than before. */
  connection(context: string): Promise<Connection>
  /** Instead of one whose credentials were refused: all is read anew, plugins run again. */
  renewed(context: string, refused: Connection): Promise<Connection>
  /** Any status but one: credentials that the server refuses are loaded anew once. */
  get(context: string, path: string, options?: { timeoutMs?: number; cap?: number }): Promise<Answer>
  /** JSON; `null`: no such thing. A busy server is asked again when it wants, within 5 s. */
  read(context: string, path: string, asked: Asked): Promise<unknown>
  close(): void
}

interface Slot {
  readonly identity: string
  readonly opened: Promise<{ readonly connection: Connection; readonly expiresAt: number }>
}

const limitMs = 5000
const patienceMs = 5000

/** An answer of more than `limitBytes` counts as none. */
export function createApi(
  env: NodeJS.ProcessEnv,
  home: string,
  closing: AbortSignal,
  limitBytes = Number.POSITIVE_INFINITY,
): Api {
  const configuration = configurationIn(env, home)
  const slots = new Map<string, Slot>()

  async function connection(context: string): Promise<Connection> {
    const target = targetOf((await configuration()).config, context)
    const identity = JSON.stringify([target.server, target.cluster, target.user])
    const known = slots.get(context)
    if (known?.identity === identity) {
      const { connection, expiresAt } = await known.opened
      if (expiresAt > Date.now()) return connection
    }
    // Somebody else may have been here while we waited.
    if (slots.get(context) === known) {
      drop(context, known)
      const opened = credentialsFor(target, env, closing).then(credentials => ({
        connection: open(target, credentials),
        expiresAt: credentials.expiresAt,
      }))
      const slot = { identity, opened }
      slots.set(context, slot)
      opened.catch(() => drop(context, slot))
      return (await opened).connection
    }
    return await connection(context)
  }

  function drop(context: string, slot: Slot | undefined): void {
    if (slot && slots.get(context) === slot) slots.delete(context)
    slot?.opened.then(
      ({ connection }) => (closing.aborted ? connection.close() : connection.retire()),
      () => {},
    )
  }

  async function forget(context: string, refused: Connection): Promise<void> {
    const slot = slots.get(context)
    const current = await slot?.opened.catch(() => undefined)
    if (current?.connection === refused) drop(context, slot)
  }

  async function renewed(context: string, refused: Connection): Promise<Connection> {
    await forget(context, refused)
    return await connection(context)
  }

  async function get(context: string, path: string, { timeoutMs = limitMs, cap = Number.POSITIVE_INFINITY } = {}) {
    const options = { timeoutMs, cap }
    const first = await connection(context)
    try {
      const answer = await first.get(path, options)
      // What a proxied application refuses is its own answer.
      if (answer.status !== 401 || !statusObject(answer.body.toString())) return answer
    } catch (error) {
      // Its files may have been written anew under the same names: the next look reads them.
      if (error instanceof CouldNotLook && error.problem.code === 'k8s.certificate') await forget(context, first)
      throw error
    }
    return await (await renewed(context, first)).get(path, options)
  }

  return {
    config: async () => (await configuration()).view,
    connection,
    renewed,
    get,
    async read(context, path, asked) {
      const deadline = performance.now() + patienceMs
      for (;;) {
        const { status, headers, body } = await get(context, path, { cap: limitBytes + 1 })
        if (body.length > limitBytes) throw tooLong(context, status, limitBytes)
        if (status === 404) return null
        const text = body.toString()
        if (status === 200) return parsed(context, text)
        const pause = retryAfter(status, headers['retry-after'], Date.now())
        if (pause === null || performance.now() + pause > deadline) throw refusal(context, status, text, asked)
        // "At once" is not meant so.
        await sleep(Math.max(pause, 50), undefined, { signal: closing }).catch(() => {})
      }
    },
    close() {
      for (const [context, slot] of slots) drop(context, slot)
    },
  }
}

/** Certificates and keys that cannot be used are found out here. */
function open(target: Target, credentials: Credentials): Connection {
  try {
    return connectTo(target, credentials)
  } catch (error) {
    throw noAnswer(target.context, target.server, error as Error)
  }
}

function tooLong(context: string, status: number, limitBytes: number): CouldNotLook {
  return new CouldNotLook('k8s.error', { context, status, message: `an answer of more than ${limitBytes} bytes` })
}

function parsed(context: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message = `not JSON: ${text.slice(0, 100)}`
    throw new CouldNotLook('k8s.error', { context, status: 200, message }, { cause })
  }
}
