import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './program.ts'

/** A repository with the course's app, in the place of the one on the net. */
export interface Repository {
  /** `file://` address. */
  readonly url: string
  /** Environment in which git takes this one for the real address. */
  readonly env: Readonly<Record<string, string>>
  remove(): void
}

const real = 'https://github.com/docker/getting-started-app.git'

export async function appRepository(): Promise<Repository> {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-repo-'))
  const app = join(folder, 'app.git')
  const script = `cp -R "$0/labs/apps/todo" "$1" && cd "$1" && git init -q -b main && git add -A &&
    git -c user.name=Lab -c user.email=lab@example.org commit -q -m "The app"`
  const { exit, stderr } = await run('bash', ['-c', script, root, app], { PATH: process.env['PATH'], HOME: folder })
  if (exit !== 0) throw new Error(stderr)
  const url = `file://${app}`
  return { url, env: insteadOf(url, real), remove: () => rmSync(folder, { recursive: true }) }
}

/** Where the real address leads nowhere, whatever this machine can reach. */
export const offline = insteadOf('https://nowhere.invalid/', 'https://github.com/')

function insteadOf(to: string, from: string): Record<string, string> {
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `url.${to}.insteadOf`, GIT_CONFIG_VALUE_0: from }
}
