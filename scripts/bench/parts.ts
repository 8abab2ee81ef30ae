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
import { createKubernetes } from '../../src/world/kubernetes/index.ts'
import { createReader } from '../../src/world/reader.ts'
import { createShell } from '../../src/world/shell.ts'

export { createShell }

export function createWorld(): World {
  const docker = createDocker(process.env, homedir())
  const kubernetes = createKubernetes(process.env, homedir())
  return {
    reader: createReader(process.env, docker.reader, kubernetes.reader),
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
    close() {
      docker.close()
      kubernetes.close()
    },
  }
}

/** Resolves with the verdict when the check is decided, as a step of a lab would see it. `cluster`: of kind, that it is about. */
export async function untilDecided(
  world: World,
  condition: Pick<Check, 'check' | 'fields' | 'expect'>,
  signal: AbortSignal,
  cluster?: string,
): Promise<string> {
  const text = { ko: condition.check, en: condition.check }
  const timing = { within: 60_000, for: 0, not: false, gone: false }
  const check: Check = { id: 'bench', title: text, ...condition, ...timing, needs: [], capture: {}, hints: [], of: [] }
  const empty = { edits: [], commands: [], hints: [], solve: [], reset: [] }
  const step: Step = { id: 'bench', title: text, text, checks: [check], ...empty }
  const requires = { tools: cluster === undefined ? { docker: '*' } : {}, ports: [] }
  const lab = { id: 'bench', dir: '/', vars: {}, steps: [step], requires, cluster }
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
    active: { at: 0, ms: 0 },
    shells: {},
  } as unknown as Session
  const { results } = await observe(session, step, { signal })
  return results[0]?.verdict ?? 'none'
}
