import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')
const bin = join(root, 'bin/lab.js')

export const notes = join(root, 'test/fixtures/notes')

export interface Ended {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Builds the program, unless it was built after the last change of a source. Call it before all tests of a file. */
export function built(): void {
  const sources = ['src', 'scripts'].flatMap(dir =>
    readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' }).map(name => join(root, dir, name)),
  )
  const changed = Math.max(...[...sources, join(root, 'package.json')].map(path => statSync(path).mtimeMs))
  const main = join(root, 'dist/main.js')
  if (existsSync(main) && statSync(main).mtimeMs > changed) return
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, timeout: 60_000 })
}

/** A learner with an empty home, who has no Docker. What they start is killed after so long (ms). */
export function learner(env: Readonly<Record<string, string>> = {}, longest = 60_000) {
  const home = mkdtempSync(join(tmpdir(), 'handrail-test-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const state = join(home, 'state')
  const own = {
    PATH: process.env['PATH']!,
    HOME: home,
    XDG_STATE_HOME: state,
    LANG: 'en_US.UTF-8',
    DOCKER_HOST: `unix://${home}/no-docker.sock`,
    ...env,
  }
  /** Starts `lab` with these words; `done` tells how it ended. */
  function start(...words: string[]) {
    const child = spawn(process.execPath, [bin, ...words], { cwd: home, env: own, stdio: ['ignore', 'pipe', 'pipe'] })
    const out = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text))
    const done = new Promise<Ended>(resolve => child.once('close', exit => resolve({ exit, ...out })))
    const limit = setTimeout(() => child.kill('SIGKILL'), longest)
    return { child, out, done: done.finally(() => clearTimeout(limit)) }
  }
  return {
    home,
    /** The folder of what is kept of a course. */
    kept: (course: string) => join(state, 'handrail', course),
    env: own,
    start,
    lab: (...words: string[]) => start(...words).done,
    /** The same within a line of bash; `lab` is the program. */
    async shell(line: string): Promise<Ended> {
      const whole = `set -o pipefail; lab() { '${process.execPath}' '${bin}' "$@"; }; ${line}`
      const child = spawn('bash', ['-c', whole], { cwd: home, env: own, stdio: ['ignore', 'pipe', 'pipe'] })
      const out = { stdout: '', stderr: '' }
      child.stdout.on('data', text => (out.stdout += text))
      child.stderr.on('data', text => (out.stderr += text))
      return new Promise(resolve => child.once('close', exit => resolve({ exit, ...out })))
    },
  }
}
