import { readFile } from 'node:fs/promises'
import { CouldNotLook } from '../../lab/verdict.ts'
import { object, string } from '../docker/raw.ts'
import { badConfig, type Target } from './config.ts'
import { authorityOf } from './files.ts'
import type { Secrets } from './kubeconfig.ts'
import { runPlugin } from './plugin.ts'

/** All that a connection to a server needs besides its address. */
export interface Credentials extends Secrets {
  readonly ca: Buffer | null
  readonly verify: boolean
  /** The name that the server's certificate must have, where that is not the address. */
  readonly serverName: string
  /** ms since the epoch. */
  readonly expiresAt: number
}

/** Reads files and runs plugins. Throws `k8s.bad-kubeconfig`, `k8s.plugin-failed`, `k8s.error`. */
export async function credentialsFor(
  { context, cluster, user }: Target,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Credentials> {
  if (string(cluster['proxy-url']))
    throw new CouldNotLook('k8s.error', { context, status: 0, message: 'proxy-url is not supported' })
  const ca = authorityOf(cluster)
  const authority = string(cluster['certificate-authority'])
  if (!ca && authority) throw badConfig(authority, 'not readable')
  const server = {
    ca,
    verify: cluster['insecure-skip-tls-verify'] !== true,
    serverName: string(cluster['tls-server-name']),
  }
  const { exec, tokenFile, ...rest } = user
  if (exec) {
    const { secrets, expiresAt } = await runPlugin(env, object(exec), cluster, signal)
    return { ...server, ...secrets, expiresAt }
  }
  // As with kubectl: the file before the text, and data before a file.
  const token = tokenFile ? { token: await readToken(string(tokenFile)) } : {}
  const { 'client-certificate': cert, 'client-key': key, ...others } = rest
  const files = {
    ...(cert && !rest['client-certificate-data'] ? { 'client-certificate': cert } : {}),
    ...(key && !rest['client-key-data'] ? { 'client-key': key } : {}),
  }
  return { ...server, ...(await secrets({ ...others, ...files, ...token })), expiresAt: Number.POSITIVE_INFINITY }
}

async function secrets(user: Readonly<Record<string, unknown>>): Promise<Secrets> {
  const { secretsOf } = await import('./kubeconfig.ts')
  try {
    return await secretsOf(user)
  } catch (error) {
    const { path, code, message } = error as NodeJS.ErrnoException
    if (path) throw badConfig(path, code ?? message, error)
    const command = string(object(user['auth-provider'])['name'])
    throw new CouldNotLook('k8s.plugin-failed', { command, reason: message }, { cause: error })
  }
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw badConfig(file, (error as NodeJS.ErrnoException).code ?? '', error)
  }
}
