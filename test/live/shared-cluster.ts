import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../helpers/until.ts'

/** One kind cluster for all test files of a run: making one takes most of a minute. The run's end deletes it. */

export const cluster = 'handrail-live'
export const context = `kind-${cluster}`
export const node = `${cluster}-control-plane`

const folder = join(tmpdir(), 'handrail-live-cluster')
/** Of kubectl, for this cluster alone. */
export const kubeconfig = join(folder, 'config')
/** Which run made it. */
const owner = join(folder, 'owner')

/** vitest calls it before all files. */
export function setup(): void {
  process.env['LIVE_RUN'] = String(process.pid)
}

async function kind(...args: string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubeconfig }
  const { stdout } = await promisify(execFile)('kind', args, { env, timeout: 300_000 })
  return stdout
}

/** Makes it, unless an earlier file of this run has. */
export async function sharedCluster(): Promise<void> {
  if (existsSync(kubeconfig) && (await kind('get', 'clusters')).split('\n').includes(cluster)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(owner, process.env['LIVE_RUN'] ?? '')
  const create = () => kind('create', 'cluster', '--name', cluster, '--wait', '120s')
  // A node that starts on a busy machine may miss its time.
  await create().catch(async () => {
    await deleted()
    await create()
  })
}

/** Also where the engine is still at removing what kind has given up. */
async function deleted(): Promise<void> {
  await until(
    () =>
      kind('delete', 'cluster', '--name', cluster).then(
        () => true,
        () => false,
      ),
    120_000,
  )
}

/** `kubectl …` there. */
export async function kubectl(...args: string[]): Promise<string> {
  const where = ['--kubeconfig', kubeconfig, '--context', context]
  const { stdout } = await promisify(execFile)('kubectl', [...where, ...args], { timeout: 120_000 })
  return stdout.trim()
}

/** vitest calls it when all files are done. What another run has made stays. */
export async function teardown(): Promise<void> {
  if (!existsSync(owner) || readFileSync(owner, 'utf8') !== String(process.pid)) return
  await deleted()
  rmSync(folder, { recursive: true, force: true })
}
