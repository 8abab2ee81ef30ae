import { execFileSync } from 'node:child_process'
import { describe, test } from 'vitest'

const asks = {
  docker: ['docker', 'version', '--format', '{{.Server.Version}}'],
  kind: ['kind', 'get', 'clusters'],
  'code-server': ['test', '-x', '../shared/testbed/code-server-up'],
  sshd: ['test', '-x', '/usr/sbin/sshd'],
  chromium: [process.env['CHROMIUM'] ?? '/usr/bin/chromium', '--version'],
} as const

type Name = keyof typeof asks

/**
 * `describe` for tests against real engines. Where one does not answer, they are skipped and the reason is printed; where
 * the environment's LAB_LIVE (`docker,kind`) names one of them, they fail: a green run must not have proven nothing.
 */
export function live(...names: readonly Name[]): (title: string, body: () => void) => void {
  const reason = names.map(whyNot).find(each => each !== null)
  if (reason === undefined) return (title, body) => void describe(title, body)
  const wanted = (process.env['LAB_LIVE'] ?? '').split(',').map(each => each.trim())
  if (names.some(name => wanted.includes(name)))
    return title =>
      void describe(title, () => {
        test(`${names.join(' and ')} answers`, () => {
          throw new Error(reason)
        })
      })
  return (title, body) => {
    process.stderr.write(`skipped: ${title}: ${reason}\n`)
    describe.skip(`${title} (${reason})`, body)
  }
}

function whyNot(name: Name): string | null {
  const [program, ...args] = asks[name]
  try {
    execFileSync(program, args, { timeout: 10_000, stdio: ['ignore', 'ignore', 'pipe'] })
    return null
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer }
    return `${name} does not answer: ${stderr?.toString().trim() || message}`
  }
}
