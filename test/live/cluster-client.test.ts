import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { ObjectQuery } from '../../src/check/reader.ts'
import { createKubernetes } from '../../src/world/kubernetes/index.ts'
import { makeCertificates } from '../helpers/certificates.ts'
import { live } from '../helpers/live.ts'
import { until } from '../helpers/until.ts'
import { context, kubeconfig, kubectl, node, sharedCluster } from './shared-cluster.ts'

async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { timeout: 280_000 })
  return stdout.trim()
}

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!

live('kind')('a real cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-cluster-'))
  const { reader, close } = createKubernetes({ ...process.env, KUBECONFIG: kubeconfig }, folder)
  const made = ['clock', 'after-pause', 'before-restart', 'after-restart']
  const maps: ObjectQuery = { context, kind: 'ConfigMap', namespace: 'default' }

  beforeAll(sharedCluster, 600_000)
  afterAll(async () => {
    close()
    rmSync(folder, { recursive: true })
    await kubectl('delete', 'configmap', '--ignore-not-found', ...made)
  }, 120_000)

  /** Lists ConfigMaps by `seen()` and watches them until the test ends. */
  async function watched() {
    const look = reader.live()
    const changed = vi.fn()
    const stopping = new AbortController()
    onTestFinished(() => stopping.abort())
    await look.list(maps)
    look.watch(changed, stopping.signal)
    await until(() => changed.mock.calls.length > 0, 20_000)
    const seen = async (name: string) => (await look.list(maps))?.find(({ metadata }) => metadata.name === name)
    const problem = async () =>
      await look.list(maps).then(
        () => null,
        error => error.problem as { code: string; evidence: { reason?: string } },
      )
    return { look, changed, seen, problem }
  }

  test('what it is, and what is in it', async () => {
    const config = await reader.config()
    expect(config).toMatchObject({ current: context, contexts: [{ name: context, namespace: 'default' }] })
    expect(config.contexts[0]!.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(config.contexts[0]!.authority).toMatch(/^[0-9a-f]{16}$/)
    expect(await reader.list({ context, kind: 'Node' })).toMatchObject([
      { apiVersion: 'v1', kind: 'Node', metadata: { name: node } },
    ])
    const system = await reader.list({ context, kind: 'Pod', namespace: 'kube-system' })
    expect(system!.map(({ metadata }) => metadata.name)).toContain(`etcd-${node}`)
    expect(await reader.list({ context, kind: 'Deployment', namespace: 'nowhere' })).toEqual([])
    expect((await reader.list({ context, kind: 'FlowSchema' }))!.length).toBeGreaterThan(3)
    expect(await reader.list({ context, kind: 'Widget' })).toBeNull()
    expect(await reader.get(context, '/readyz')).toMatchObject({ status: 200, text: 'ok' })
    expect(await reader.get(context, '/api/v1/namespaces/default/pods/none/log')).toMatchObject({ status: 404 })
  })

  test('a change is seen at once', async () => {
    const proxy = spawn('kubectl', ['--kubeconfig', kubeconfig, '--context', context, 'proxy', '--port=0'])
    onTestFinished(() => void proxy.kill())
    const port = await new Promise<string>(resolve =>
      proxy.stdout.on('data', text => resolve(/:(\d+)/.exec(String(text))?.[1] ?? '')),
    )
    await kubectl('create', 'configmap', 'clock')
    const { look, changed, seen } = await watched()
    const asked: number[] = []
    const answered: number[] = []
    for (let round = 0; round < 15; round++) {
      let told = 0
      const happened = new Promise<void>(resolve => {
        changed.mockImplementation(() => {
          told = performance.now()
          resolve()
        })
      })
      const start = performance.now()
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/namespaces/default/configmaps/clock`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ data: { round: String(round) } }),
      })
      const end = performance.now()
      expect(response.status).toBe(200)
      await happened
      expect(await seen('clock')).toMatchObject({ data: { round: String(round) } })
      asked.push(told - start)
      answered.push(told - end)
    }
    const shown = (times: number[]) => times.map(time => time.toFixed(1)).join(', ')
    process.stdout.write(
      `a change: told ${median(asked).toFixed(1)} ms after it was asked for (${shown(asked)}), ` +
        `${median(answered).toFixed(1)} ms after kubectl's answer\n`,
    )
    expect(median(answered)).toBeLessThan(50)
    const start = performance.now()
    for (let i = 0; i < 1000; i++) await look.list(maps)
    process.stdout.write(`a list from the picture: ${((performance.now() - start) / 1000).toFixed(2)} ms\n`)
  })

  test('a node that is paused for 10 s: nobody answers, and then what happened is seen', async () => {
    const { changed, problem, seen } = await watched()
    await run('docker', 'pause', node)
    const began = performance.now()
    const found = await until(problem, 20_000)
    const after = performance.now() - began
    expect(found).toMatchObject({ code: 'k8s.unreachable' })
    await until(() => performance.now() - began > 10_000, 20_000)
    expect(await problem()).toMatchObject({ code: 'k8s.unreachable' })
    const calls = changed.mock.calls.length
    await run('docker', 'unpause', node)
    const back = performance.now()
    await until(() => changed.mock.calls.length > calls, 60_000)
    await until(async () => (await problem()) === null, 60_000)
    process.stdout.write(
      `paused: told after ${after.toFixed(0)} ms (${found.evidence.reason}), back ${(performance.now() - back).toFixed(0)} ms after it\n`,
    )
    await kubectl('create', 'configmap', 'after-pause')
    await until(() => seen('after-pause'), 20_000)
  })

  test('an API server that restarts: no wrong picture, and no end', async () => {
    const { problem, seen } = await watched()
    await kubectl('create', 'configmap', 'before-restart')
    await until(() => seen('before-restart'), 20_000)
    await run('docker', 'exec', node, 'pkill', '-KILL', 'kube-apiserver')
    const found = await until(problem, 20_000)
    expect(found.code).toMatch(/^k8s\.(unreachable|error|forbidden|unauthorized)$/)
    await until(async () => (await problem()) === null, 120_000)
    await until(() => kubectl('create', 'configmap', 'after-restart').catch(() => null), 60_000)
    await until(() => seen('after-restart'), 20_000)
    expect(await seen('before-restart')).toBeDefined()
  })

  test('an authority that did not sign', async () => {
    const other = join(folder, 'other')
    const data = `certificate-authority-data: ${Buffer.from(makeCertificates().ca).toString('base64')}`
    writeFileSync(other, readFileSync(kubeconfig, 'utf8').replace(/certificate-authority-data: .*/, data))
    const wrong = createKubernetes({ ...process.env, KUBECONFIG: other }, folder)
    onTestFinished(() => wrong.close())
    await expect(wrong.reader.list(maps)).rejects.toMatchObject({ problem: { code: 'k8s.certificate' } })
  })

  test('a cluster that is gone, with its context and without', async () => {
    const left = join(folder, 'left')
    writeFileSync(left, readFileSync(kubeconfig))
    const orphan = createKubernetes({ ...process.env, KUBECONFIG: left }, folder)
    onTestFinished(() => orphan.close())
    expect(await orphan.reader.list(maps)).not.toBeNull()
    await run('docker', 'kill', node)
    await expect(orphan.reader.list(maps)).rejects.toMatchObject({
      problem: { code: 'k8s.unreachable', evidence: { reason: 'ECONNREFUSED' } },
    })
    await run('kubectl', '--kubeconfig', left, 'config', 'delete-context', context)
    await expect(orphan.reader.list(maps)).rejects.toMatchObject({ problem: { code: 'k8s.no-context' } })
    await run('docker', 'start', node)
    await until(() => reader.list(maps).catch(() => null), 120_000)
  })
})
