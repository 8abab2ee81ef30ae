import { CouldNotLook } from '../../lab/verdict.ts'
import { object, string } from '../docker/raw.ts'

/** What was asked for, for those who may not. */
export interface Asked {
  readonly verb: 'list' | 'get' | 'watch'
  readonly resource: string
  readonly namespace?: string
}

/** Why a request got no answer: nobody there, or nobody we may trust. */
export function noAnswer(context: string, server: string, cause: NodeJS.ErrnoException): CouldNotLook {
  if (cause instanceof CouldNotLook) return cause
  const reason = cause.code ?? cause.message
  const distrusted = /CERT|SSL|TLS|EPROTO|PEM|X509|ASN1|SELF_SIGNED|HOSTNAME_MISMATCH|UNABLE_TO/.test(reason)
  return new CouldNotLook(distrusted ? 'k8s.certificate' : 'k8s.unreachable', { context, server, reason }, { cause })
}

/** An answer that is a refusal. */
export function refusal(context: string, status: number, body: string, asked: Asked): CouldNotLook {
  if (status === 401) return new CouldNotLook('k8s.unauthorized', { context })
  const message = messageOf(body)
  if (status === 403) {
    const { verb, resource, namespace = '' } = asked
    return new CouldNotLook('k8s.forbidden', { context, verb, resource, namespace, message })
  }
  return new CouldNotLook('k8s.error', { context, status, message })
}

/** Of a `Status` object; else the beginning of what was sent. */
export function messageOf(body: string): string {
  return string(statusObject(body)?.['message']) || body.trim().slice(0, 200)
}

/** Whether the API server itself says this, not something that it passes on. */
export function statusObject(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed = object(JSON.parse(body))
    return parsed['kind'] === 'Status' ? parsed : null
  } catch {
    return null
  }
}

/** ms to wait before asking again, as the server wants it; `null`: it does not say so. Seconds or a date. */
export function retryAfter(status: number, header: string | undefined, now: number): number | null {
  if ((status !== 429 && status !== 503) || !header) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
