import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { RunEvent } from '../../src/run/events.ts'
import { live } from '../helpers/live.ts'
import { until } from '../helpers/until.ts'
import { buildProgram, type Home, labJson, program, root, testHome } from './program.ts'
import { kubeconfig, kubectl, node, sharedCluster } from './shared-cluster.ts'

/** Nobody answers for a while: that is neither passed nor failed. */

const course = ['--course', join(root, 'test/fixtures/live/cluster')]
const docker = (...args: string[]) => execFileSync('docker', args, { stdio: 'pipe' })
const seconds = (n: number) => new Promise(done => setTimeout(done, n * 1000))

beforeAll(buildProgram)

live('docker', 'kind')('an API server that does not answer', () => {
  beforeAll(sharedCluster, 600_000)
  beforeEach(async () => {
    await kubectl('delete', 'deployment', '--all', '--wait')
    await kubectl('create', 'deployment', 'web', '--image=nginx:1.28-alpine', '--replicas=1')
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
  }, 180_000)

  test('for ten seconds of a wait', async () => {
    const run = start(testHome('en', { KUBECONFIG: kubeconfig }))
    await run.waiting()
    docker('pause', node)
    onTestFinished(() => void unpaused())
    await seconds(10)
    docker('unpause', node)
    await kubectl('scale', 'deployment/web', '--replicas=2')
    await passes(run)
  })

  test('because it starts again', async () => {
    const run = start(testHome('en', { KUBECONFIG: kubeconfig }))
    await run.waiting()
    docker('exec', node, 'pkill', '-9', 'kube-apiserver')
    await until(
      () =>
        kubectl('scale', 'deployment/web', '--replicas=2').then(
          () => true,
          () => false,
        ),
      90_000,
    )
    await passes(run)
  })

  test('until the time is over: that is an error, and exit 3', async () => {
    const home = testHome('en', { KUBECONFIG: kubeconfig })
    docker('pause', node)
    onTestFinished(() => void unpaused())
    const { exit, document } = await labJson<Checked>(home, 'check', 'outage', 'soon', ...course)
    expect(exit).toBe(3)
    expect(document.checks[0]).toMatchObject({ verdict: 'error', cause: { code: 'k8s.node-stopped' } })
  })
})

interface Checked {
  readonly checks: readonly { readonly verdict: string; readonly cause: { readonly code: string } }[]
}

function unpaused(): void {
  try {
    docker('unpause', node)
  } catch {
    // It was not paused any more.
  }
}

/** `lab run` of the whole lab, with what it tells. */
function start(home: Home) {
  const child = spawn(process.execPath, [program, 'run', 'outage', '--yes', '--json', ...course], { env: home.env })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', text => (told += text))
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const events = () =>
    told
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as RunEvent)
  return {
    ended,
    events,
    /** It has looked once, and waits. */
    waiting: () => until(() => events().some(each => each.event === 'check.waiting'), 30_000),
  }
}

async function passes({ ended, events }: ReturnType<typeof start>): Promise<void> {
  const exit = await ended
  const verdicts = events().flatMap(each => (each.event === 'check.finished' ? each.result.verdict : []))
  const causes = events().flatMap(each => (each.event === 'check.finished' ? (each.result.cause ?? []) : []))
  expect({ exit, verdicts, causes }).toEqual({ exit: 0, verdicts: ['passed'], causes: [] })
}
