import type { RunOptions } from '../check/reader.ts'
import type { RunView, ToolView } from '../lab/machine.ts'
import { CouldNotLook } from '../lab/verdict.ts'

/** How a tool is asked for its version, where that is not `NAME --version`. */
const questions: Readonly<Record<string, readonly [string, ...string[]]>> = {
  docker: ['docker', '--version'],
  'docker-compose': ['docker', 'compose', 'version'],
  'docker-buildx': ['docker', 'buildx', 'version'],
  // Google's kubectl asks the current cluster even for this, which may be somebody else's.
  kubectl: ['kubectl', 'version', '--client', '--kubeconfig', '/dev/null'],
  helm: ['helm', 'version', '--short'],
  minikube: ['minikube', 'version'],
  go: ['go', 'version'],
  git: ['git', '--version'],
  node: ['node', '--version'],
  npm: ['npm', '--version'],
  kind: ['kind', '--version'],
  curl: ['curl', '--version'],
  'code-server': ['code-server', '--version'],
  python3: ['python3', '--version'],
}

const timeoutMs = 10_000

type Run = (argv: readonly string[], options: RunOptions) => Promise<RunView>

/**
 * Looks for a tool by `find`, which gives its absolute path, and asks its version. A known tool that cannot even say its
 * version is not installed (a stub, or a plugin that is missing): `null`. Throws `CouldNotLook` `tool.timeout`.
 */
export async function lookAtTool(
  name: string,
  find: (program: string) => Promise<string | null>,
  run: Run,
): Promise<ToolView | null> {
  const [program, ...args] = questions[name] ?? [name, '--version']
  const path = await find(program)
  if (path === null) return null
  const { exitCode, stdout, stderr, timedOut } = await run([path, ...args], { cwd: '/', timeoutMs })
  if (timedOut) throw new CouldNotLook('tool.timeout', { tool: name, seconds: timeoutMs / 1000 })
  if (exitCode !== 0 && name in questions) return null
  return { name, path, version: versionIn(stdout) || versionIn(stderr) }
}

/** Digits and dots of the first version in a text; empty when there is none. */
export function versionIn(text: string): string {
  return (/\d+(?:\.\d+)+/.exec(text) ?? /\d+/.exec(text))?.[0] ?? ''
}
