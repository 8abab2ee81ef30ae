import { CouldNotLook } from '../../lab/verdict.ts'
import { type Raw, string } from '../docker/raw.ts'
import { type Config, targetOf } from '../kubernetes/config.ts'

/** What a context of a student's kubeconfig leads to, made of harmless values only. */
export interface Way {
  readonly host: string
  readonly port: number
  /** As it is written there. */
  readonly server: string
  /** A kubeconfig with nothing but this context, its server at `port` of this machine. */
  rewritten(port: number): string
}

const longest = 64 * 1024
const cluster = ['certificate-authority-data', 'tls-server-name'] as const
const user = ['client-certificate-data', 'client-key-data', 'token'] as const
/** They say nothing about where to go or who is asking. */
const ignored = ['server', 'extensions', 'disable-compression', 'insecure-skip-tls-verify', 'name', 'namespace']

/**
 * A kubeconfig can name programs to run and files to read: here, as whoever grades. So everything but inline certificates,
 * keys and tokens is refused. Throws `ssh.kubeconfig` (context, reason), and `k8s.no-context` as the reader of clusters does.
 */
export function wayTo(config: Config, context: string): Way {
  const target = targetOf(config, context)
  const refuse = (reason: string) => new CouldNotLook('ssh.kubeconfig', { context, reason })
  const url = URL.canParse(target.server) ? new URL(target.server) : null
  if (url?.protocol !== 'https:' || url.username || url.password) throw refuse('server')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!/^(?:[A-Za-z0-9_][\w.-]{0,252}|[0-9a-f:.]{2,45})$/.test(host)) throw refuse('server')
  if (target.cluster['insecure-skip-tls-verify'] === true) throw refuse('insecure-skip-tls-verify')
  const authority = only(target.cluster, cluster, refuse)
  const credentials = only(target.user, user, refuse)
  const serverName = authority['tls-server-name'] ?? host
  if (!/^[\w.:-]{1,253}$/.test(serverName)) throw refuse('tls-server-name')
  const namespace = config.contexts.get(context)?.namespace ?? 'default'
  return {
    host,
    port: Number(url.port || 443),
    server: target.server,
    rewritten(port) {
      const server = `https://127.0.0.1:${port}${url.pathname.replace(/\/+$/, '')}`
      const named = serverName === '127.0.0.1' ? {} : { 'tls-server-name': serverName }
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': context,
        contexts: [{ name: context, context: { cluster: 'it', user: 'it', namespace } }],
        clusters: [{ name: 'it', cluster: { ...authority, ...named, server } }],
        users: [{ name: 'it', user: credentials }],
      })
    },
  }
}

/** The allowed fields; any other that says something is refused by its name. */
function only(entry: Raw, allowed: readonly string[], refuse: (reason: string) => Error): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(entry)) {
    if (value === undefined || value === null || value === '' || value === false || ignored.includes(name)) continue
    if (!allowed.includes(name)) throw refuse(name.slice(0, 60))
    const text = string(value)
    if (text === '' || text.length > longest || !/^[\x20-\x7e\s]*$/.test(text)) throw refuse(name)
    kept[name] = text
  }
  return kept
}
