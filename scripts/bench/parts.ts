/** What the benchmarks measure of the inside; bundled for them as the program itself is. */
import { homedir } from 'node:os'
import { kinds } from '../../src/check/kinds/index.ts'
import type { Check, Lab, Step } from '../../src/lab/lab.ts'
import { noProgress } from '../../src/lab/progress.ts'
import { observe } from '../../src/run/observe.ts'
import type { Session } from '../../src/run/session.ts'
import type { World } from '../../src/run/world.ts'
import { createDocker } from '../../src/world/docker/index.ts'
import { createFiles } from '../../src/world/files.ts'
import { createReader } from '../../src/world/reader.ts'
import { createShell } from '../../src/world/shell.ts'

export { createShell }

export function createWorld(): World {
  const docker = createDocker(process.env, homedir())
  return {
    reader: createReader(process.env, docker.reader),
    shell: createShell(process.env),
    files: createFiles(),
    probe: docker.probe,
    docker: docker.hands,
    now: Date.now,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        const timer = setTimeout(resolve, ms)
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      }),
    close: () => docker.close(),
  }
}

/** Resolves when the container has ended, as a step of a lab would see it. */
export async function untilExited(world: World, name: string, signal: AbortSignal): Promise<string> {
  const text = { ko: name, en: name }
  const check: Check = {
    id: 'ended',
    check: 'docker.container',
    title: text,
    fields: { name },
    expect: { state: 'exited' },
    within: 60_000,
    for: 0,
    not: false,
    gone: false,
    needs: [],
    capture: {},
    hints: [],
    of: [],
  }
  const empty = { edits: [], commands: [], hints: [], solve: [], reset: [] }
  const step: Step = { id: 'bench', title: text, text, checks: [check], ...empty }
  const lab = { id: 'bench', dir: '/', vars: {}, steps: [step], requires: { tools: { docker: '*' }, ports: [] } }
  const session = {
    lab: lab as unknown as Lab,
    course: { dir: '/' },
    kinds,
    world,
    workspace: '/',
    signal,
    browserUrl: () => '',
    listen: () => {},
    readOnly: true,
    progress: noProgress('bench'),
    ledger: { entries: [] },
    shells: {},
  } as unknown as Session
  const { results } = await observe(session, step, { signal })
  return results[0]?.verdict ?? 'none'
}
