import { userInfo } from 'node:os'
import { CouldNotLook } from '../../lab/verdict.ts'
import type { Endpoint } from './endpoint.ts'

/** Raised by ourselves when the engine took too long. */
export class NoAnswer extends Error {
  readonly afterMs: number
  /** The connection itself was never made. */
  readonly connecting: boolean
  constructor(afterMs: number, connecting: boolean) {
    super(`no answer within ${afterMs} ms`)
    this.afterMs = afterMs
    this.connecting = connecting
  }
}

const nobodyThere = ['ENOENT', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTSOCK']
const forbidden = ['EACCES', 'EPERM']

/** Why a request did not get an answer. */
export function unreachable(endpoint: Endpoint, cause: Error): CouldNotLook {
  const { shown: socket, source, context } = endpoint
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const late = cause instanceof NoAnswer
  if (forbidden.includes(code)) return new CouldNotLook('engine.permission', { socket, user: user() }, { cause })
  if (nobodyThere.includes(code) || (late && cause.connecting)) {
    const message = endpoint.address.kind === 'ssh' ? { message: cause.message } : {}
    return context === undefined
      ? new CouldNotLook('engine.down', { socket, source, ...message }, { cause })
      : new CouldNotLook('engine.wrong-context', { context, socket, source, ...message }, { cause })
  }
  if (late) return new CouldNotLook('engine.timeout', { socket, seconds: cause.afterMs / 1000 }, { cause })
  return new CouldNotLook('engine.error', { status: 0, message: cause.message, socket }, { cause })
}

/** An answer that is a refusal or makes no sense. */
export function refusal(status: number, message: string): CouldNotLook {
  const version = /client version (\S+) is too (old|new)(?:.*supported API version is ([\d.]*\d))?/.exec(message)
  if (!version) return new CouldNotLook('engine.error', { status, message })
  // The engine's words are about the client; the codes are about the engine.
  const code = version[2] === 'old' ? 'engine.api-too-new' : 'engine.api-too-old'
  return new CouldNotLook(code, { ours: version[1]!, theirs: version[3] ?? '' })
}

function user(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '')
  }
}
