import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Place } from '../../src/check/kind.ts'
import { kindCluster } from '../../src/check/kinds/kind-cluster.ts'
import { manifest } from '../../src/check/kinds/manifest.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Progress } from '../../src/lab/progress.ts'
import { foreignCluster } from '../../src/run/cluster.ts'
import { createKubernetes } from '../../src/world/kubernetes/index.ts'
import { parseConfig } from '../../src/world/kubernetes/kubeconfig.ts'
import { connectSsh, type SshMachine } from '../../src/world/ssh/index.ts'
import { live } from '../helpers/live.ts'
import { cluster, context, kubeconfig, node, sharedCluster } from './shared-cluster.ts'
import { problemOf, type Sshd, startSshd } from './sshd.ts'

interface Written {
  clusters: { cluster: Record<string, unknown> }[]
  users: { user: Record<string, unknown> }[]
}

live(
  'docker',
  'kind',
  'sshd',
)('a cluster over ssh', () => {
  let sshd: Sshd
  let machine: SshMachine
  const near = createKubernetes({ ...process.env, KUBECONFIG: kubeconfig }, homedir())

  const connected = async (file: string) => {
    const target = { ...sshd.target, kubeconfig: file, limitBytes: 8 * 1024 * 1024 }
    return await connectSsh(target, { signal: new AbortController().signal, env: process.env })
  }
  /** A machine whose kubeconfig is the cluster's, but for what `change` does to it. */
  const changed = async (name: string, change: (config: Written) => void) => {
    const document = parseConfig(readFileSync(kubeconfig, 'utf8')) as Written
    change(document)
    const file = join(sshd.folder, name)
    writeFileSync(file, JSON.stringify(document))
    const made = await connected(file)
    onTestFinished(() => made.close())
    return made
  }
  const placeOf = ({ reader, probe }: SshMachine): Place =>
    ({ reader, probe, workspace: sshd.folder, context }) as unknown as Place

  beforeAll(async () => {
    await sharedCluster()
    sshd = await startSshd()
    machine = await connected(kubeconfig)
  }, 400_000)
  afterAll(async () => {
    near.close()
    await machine?.close()
    await sshd?.stop()
  })

  test('the configuration is shown as it is there, and leads to the cluster of the lab', async () => {
    const config = await machine.reader.cluster.config()
    expect(config).toEqual(await near.reader.config())
    const of = { lab: { cluster } as Lab, progress: {} as Progress }
    expect(await foreignCluster(of, machine.reader)).toBeNull()
  })

  test('objects, paths and a kind of its own are as for a reader there', async () => {
    const nodes = { context, kind: 'Node' }
    const uids = async (from: typeof near.reader) => (await from.list(nodes))?.map(each => each.metadata.uid)
    expect(await uids(machine.reader.cluster)).toEqual(await uids(near.reader))
    expect(await machine.reader.cluster.list({ context, kind: 'NoSuchKind' })).toBeNull()
    expect(await machine.reader.cluster.get(context, '/readyz')).toMatchObject({ status: 200, text: 'ok' })
    expect((await machine.reader.cluster.live().list(nodes))?.length).toBe(1)
    expect((await problemOf(machine.reader.cluster.list({ context: 'other', kind: 'Pod' })))?.code).toBe(
      'k8s.no-context',
    )
  })

  test('the checks of a kind cluster and of a manifest', async () => {
    const fields = { name: cluster }
    const { found } = kindCluster.subjects(fields, await kindCluster.look(fields, placeOf(machine)))
    expect(found).toMatchObject([{ name: cluster, nodes: { controlPlane: 1, workers: 0 } }])
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'over-ssh' }, data: { 한글: 'x' } }
    writeFileSync(join(sshd.folder, 'good one.yaml'), JSON.stringify({ ...object, data: { a: '한글' } }))
    writeFileSync(join(sshd.folder, 'bad.yaml'), JSON.stringify({ ...object, dat: {} }))
    writeFileSync(join(sshd.folder, 'broken.yaml'), 'a: [')
    const judge = async (path: string) => manifest.subjects({ path }, await manifest.look({ path }, placeOf(machine)))
    expect((await judge('good one.yaml')).found).toMatchObject([{ objects: [{ metadata: { name: 'over-ssh' } }] }])
    expect((await judge('bad.yaml')).missing?.seen).toContain('unknown field "dat"')
    expect((await judge('broken.yaml')).missing?.seen).toContain(join(sshd.folder, 'broken.yaml'))
    expect((await judge('none.yaml')).missing?.seen).toBeUndefined()
    expect(await machine.reader.cluster.list({ context, kind: 'ConfigMap', namespace: 'default' })).not.toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ name: 'over-ssh' }) }),
    )
  })

  test('the address of a node: its certificate is compared with it', async () => {
    const nodes = await machine.reader.docker.containers()
    expect(nodes.some(each => each.name === node)).toBe(true)
    const [found] = (await near.reader.list({ context, kind: 'Node' }))!
    const addresses = found?.status?.['addresses'] as unknown as { type: string; address: string }[]
    const { address } = addresses.find(each => each.type === 'InternalIP')!
    const there = await changed('by-address', config => {
      config.clusters[0]!.cluster['server'] = `https://${address}:6443`
    })
    expect(await there.reader.cluster.get(context, '/readyz')).toMatchObject({ status: 200 })
    const wrong = await changed('other-name', config => {
      config.clusters[0]!.cluster['tls-server-name'] = '10.255.255.1'
    })
    const problem = await problemOf(wrong.reader.cluster.get(context, '/readyz'))
    expect(problem?.code).toBe('k8s.certificate')
    expect(problem?.evidence['server']).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  })

  test('a kubeconfig that names a program: it is not run', async () => {
    const trace = join(sshd.folder, 'was here')
    const evil = await changed('evil', config => {
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: [trace] }
      config.users[0]!.user = { exec: { ...exec, interactiveMode: 'Never' } }
    })
    const refused = { code: 'ssh.kubeconfig', evidence: { context, reason: 'exec' } }
    expect(await problemOf(evil.reader.cluster.list({ context, kind: 'Pod' }))).toEqual(refused)
    expect(await problemOf(kindCluster.look({ name: cluster }, placeOf(evil)))).toEqual(refused)
    writeFileSync(join(sshd.folder, 'web.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n')
    expect(await problemOf(manifest.look({ path: 'web.yaml' }, placeOf(evil)))).toEqual(refused)
    expect(existsSync(trace)).toBe(false)
  })

  test('nobody at the address', async () => {
    const server = 'https://127.0.0.1:9'
    const alone = await changed('alone', config => {
      config.clusters[0]!.cluster['server'] = server
    })
    const problem = await problemOf(alone.reader.cluster.list({ context, kind: 'Pod' }))
    expect(problem).toMatchObject({ code: 'k8s.unreachable', evidence: { server } })
    writeFileSync(join(sshd.folder, 'web.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n')
    expect((await problemOf(manifest.look({ path: 'web.yaml' }, placeOf(alone))))?.code).toBe('k8s.unreachable')
  })

  test('a connection that is cut fails no student', async () => {
    const known = new Set(sshd.sessions())
    const fresh = await connected(kubeconfig)
    onTestFinished(() => fresh.close())
    await fresh.reader.cluster.list({ context, kind: 'Pod' })
    const { containers } = fresh.reader.docker
    const seen = await containers()
    // The engine still knows, the way to the API server is gone.
    const place = placeOf({
      ...fresh,
      reader: { ...fresh.reader, docker: { ...fresh.reader.docker, containers: async () => seen } },
    })
    for (const pid of sshd.sessions()) if (!known.has(pid)) process.kill(pid, 'SIGKILL')
    expect((await problemOf(fresh.reader.cluster.list({ context, kind: 'Pod' })))?.code).toBe('ssh.lost')
    expect((await problemOf(kindCluster.look({ name: cluster }, place)))?.code).toBe('ssh.lost')
    expect((await problemOf(manifest.look({ path: 'web.yaml' }, place)))?.code).toBe('ssh.lost')
  })
})
