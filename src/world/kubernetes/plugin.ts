import { CouldNotLook } from '../../lab/verdict.ts'
import { list, object, type Raw, string } from '../docker/raw.ts'
import { runProgram } from '../run-program.ts'
import type { Secrets } from './kubeconfig.ts'

const limitMs = 10_000
const fallbackVersion = 'client.authentication.k8s.io/v1'

/** What the `exec` of a user gives, and until when (ms) it may be used. Throws `k8s.plugin-failed`. */
export async function runPlugin(
  env: NodeJS.ProcessEnv,
  exec: Raw,
  cluster: Raw,
  signal: AbortSignal,
): Promise<{ readonly secrets: Secrets; readonly expiresAt: number }> {
  const command = string(exec['command'])
  const failed = (reason: string, cause?: unknown) =>
    new CouldNotLook('k8s.plugin-failed', { command, reason }, { cause })
  const argv = [command, ...list(exec['args']).map(String)]
  const options = { cwd: process.cwd(), env: pluginEnvironment(exec, cluster), timeoutMs: limitMs, signal }
  const { exitCode, stdout, stderr, timedOut } = await runProgram(env, argv, options).catch(error => {
    throw failed(error instanceof CouldNotLook ? error.problem.code : String(error), error)
  })
  if (timedOut) throw failed(`no answer within ${limitMs / 1000} s`)
  if (exitCode !== 0) throw failed(stderr.trim().split('\n').at(-1) || `exit ${exitCode}`)
  const status = credential(stdout)
  if (!status) throw failed('not an ExecCredential')
  return status
}

/** What client-go tells a plugin, besides the variables that the kubeconfig wants. */
export function pluginEnvironment(exec: Raw, cluster: Raw): Record<string, string> {
  const wanted = list(exec['env']).map(object)
  const about = exec['provideClusterInfo'] === true ? { cluster } : {}
  const info = {
    kind: 'ExecCredential',
    apiVersion: string(exec['apiVersion']) || fallbackVersion,
    spec: { ...about, interactive: false },
  }
  const asked = Object.fromEntries(wanted.map(({ name, value }) => [String(name), string(value)]))
  return { KUBERNETES_EXEC_INFO: JSON.stringify(info), ...asked }
}

/** `null`: this is no credential. */
export function credential(output: string): { secrets: Secrets; expiresAt: number } | null {
  try {
    const status = object(object(JSON.parse(output))['status'])
    const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map(name => string(status[name]))
    if (!token && !(cert && key)) return null
    const secrets = {
      ...(cert && key ? { cert, key } : {}),
      headers: token ? { Authorization: `Bearer ${token}` } : ({} as Record<string, string>),
    }
    return { secrets, expiresAt: Date.parse(string(status['expirationTimestamp'])) || Number.POSITIVE_INFINITY }
  } catch {
    return null
  }
}
