/** The only file that knows client-node. It is large: import this one only dynamically. */
import { KubeConfig, loadAllYaml } from '@kubernetes/client-node'
import type { Raw } from '../docker/raw.ts'

export interface Secrets {
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The first document; `undefined` for an empty file. Throws what the YAML parser throws. */
export function parseConfig(text: string): unknown {
  return loadAllYaml(text)[0]
}

/**
 * What a user of a kubeconfig shows to a server: client certificate, token, name and password, or what an auth provider
 * gives. Not `exec`. Throws what reading files and asking providers throws.
 */
export async function secretsOf(user: Raw): Promise<Secrets> {
  const config = new KubeConfig()
  const name = 'it'
  // Only the user matters here; the connection is ours.
  const clusters = [{ name, cluster: { server: 'https://localhost' } }]
  const contexts = [{ name, context: { cluster: name, user: name } }]
  const users = [{ name, user }]
  config.loadFromString(JSON.stringify({ clusters, contexts, users, 'current-context': name }))
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {}
  await config.applyToHTTPSOptions(options)
  const basic = options.auth ? { Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {}
  return {
    ...(options.cert ? { cert: options.cert as Buffer } : {}),
    ...(options.key ? { key: options.key as Buffer } : {}),
    headers: { ...basic, ...(options.headers as Record<string, string> | undefined) },
  }
}
