import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { RunEvent } from '../../src/run/events.ts'
import { live } from '../helpers/live.ts'
import { apiServer, base64, certificates, clientUser } from '../world/kubernetes/api-server.ts'
import { buildProgram, done, type Home, lab, labJson, root, testHome } from './program.ts'
import { context, kubeconfig, kubectl, sharedCluster } from './shared-cluster.ts'

/** Two clusters in one kubeconfig: the lab's own, and one that no command and no check may touch. */

const course = ['--course', join(root, 'test/fixtures/live/guard')]

beforeAll(buildProgram)

live('docker', 'kind')('a learner whose kubectl goes to production', () => {
  beforeAll(sharedCluster, 600_000)
  beforeEach(() => kubectl('delete', 'configmap', 'guard-shop', '--ignore-not-found'))

  test('no command is run and nothing is asked there, until kubectl goes to the lab again', async () => {
    const { home, events } = await twoClusters('production')
    const refused = await run(home)
    expect(refused.exit).toBe(1)
    expect(refused.events.map(each => each.event)).not.toContain('command.started')
    expect(refused.warnings).toEqual(['k8s.wrong-context'])
    expect(await made()).toBe(false)

    // Checks look at the lab's own cluster, wherever kubectl goes.
    const { document } = await check(home)
    expect(document.checks[0]).toMatchObject({ verdict: 'failed' })
    await kubectl('create', 'configmap', 'guard-shop', '--from-literal=open=yes')
    expect(await check(home)).toMatchObject({ exit: 0, document: { checks: [{ verdict: 'passed' }] } })
    await kubectl('delete', 'configmap', 'guard-shop')
    expect(events()).toEqual({ requests: [], handshakes: 0 })

    await done(home, `kubectl config use-context ${context}`, home.dir)
    const { requests } = structuredClone(events())
    expect(await run(home)).toMatchObject({ exit: 0, warnings: [] })
    expect(await made()).toBe(true)
    expect(events().requests).toEqual(requests)
  })

  test('nor where the lab’s own context has come to lead there', async () => {
    const { home, events } = await twoClusters(context)
    const refused = await run(home)
    expect(refused.exit).not.toBe(0)
    expect(refused.events.map(each => each.event)).not.toContain('command.started')
    expect(refused.warnings).toEqual(['k8s.other-cluster'])
    const { exit, document } = await check(home)
    expect(exit).toBe(3)
    expect(document.checks[0]).toMatchObject({ verdict: 'error', cause: { code: 'k8s.other-cluster' } })
    expect(events()).toEqual({ requests: [], handshakes: 0 })
    expect(await made()).toBe(false)
  })

  test('but it is theirs to choose', async () => {
    const { home, production } = await twoClusters('production')
    await run(home, '--context', 'production')
    expect(production.requests).not.toEqual([])
    expect(await made()).toBe(false)
  })
})

interface Checked {
  readonly checks: readonly { readonly verdict: string; readonly cause: { readonly code: string } | null }[]
}

/** A home whose kubeconfig has both. kubectl goes to production, by the context of this name. */
async function twoClusters(name: string) {
  const production = await apiServer()
  const home = testHome('en')
  const { clusters, contexts, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig
  const server = `https://127.0.0.1:${production.port}`
  const authority = { 'certificate-authority-data': base64(certificates().ca) }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [...clusters, { name: 'production', cluster: { server, ...authority } }],
    users: [...users, { name: 'production', user: clientUser() }],
    contexts: [
      { name, context: { cluster: 'production', user: 'production' } },
      ...contexts.filter(each => each.name !== name),
    ],
  }
  const file = join(home.dir, 'config')
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  const events = () => ({ requests: production.requests, handshakes: production.handshakes() })
  return { home: { ...home, env: { ...home.env, KUBECONFIG: file } }, production, events }
}

interface Kubeconfig {
  readonly clusters: readonly object[]
  readonly users: readonly object[]
  readonly contexts: readonly { readonly name: string }[]
}

/** `lab run`, by itself, with what it told. */
async function run(home: Home, ...more: string[]) {
  const { exit, stdout } = await lab(home, 'run', 'shop', '--yes', '--json', ...course, ...more)
  const events = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as RunEvent)
  return { exit, events, warnings: events.flatMap(each => (each.event === 'warning' ? [each.code] : [])) }
}

function check(home: Home) {
  return labJson<Checked>(home, 'check', 'shop', 'open', ...course)
}

async function made(): Promise<boolean> {
  return (await kubectl('get', 'configmap', 'guard-shop', '--ignore-not-found')) !== ''
}
