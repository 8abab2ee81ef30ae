import { execFileSync } from 'node:child_process'
import { describe, test } from 'vitest'

const asks = {
  docker: ['docker', 'version', '--format', '{{.Server.Version}}'],
  kind: ['kind', 'get', 'clusters'],
} as const

/**
 * `describe` for tests against a real engine. Where it does not answer, they are skipped and the reason is printed; where
 * the environment's LAB_LIVE (`docker,kind`) names it, they fail: a green run must not have proven nothing.
 */
export function live(name: keyof typeof asks): (title: string, body: () => void) => void {
  const reason = whyNot(name)
  if (reason === null) return (title, body) => void describe(title, body)
  const wanted = (process.env['LAB_LIVE'] ?? '').split(',').map(each => each.trim())
  if (wanted.includes(name))
    return title =>
      void describe(title, () => {
        test(`${name} answers`, () => {
          throw new Error(reason)
        })
      })
  return (title, body) => {
    process.stderr.write(`skipped: ${title}: ${reason}\n`)
    describe.skip(`${title} (${reason})`, body)
  }
}

function whyNot(name: keyof typeof asks): string | null {
  const [program, ...args] = asks[name]
  try {
    execFileSync(program, args, { timeout: 10_000, stdio: ['ignore', 'ignore', 'pipe'] })
    return null
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer }
    return `${name} does not answer: ${stderr?.toString().trim() || message}`
  }
}
