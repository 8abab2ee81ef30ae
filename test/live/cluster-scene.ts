import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FailedCheck, Situation } from '../../src/causes/cause.ts'
import { diagnose } from '../../src/causes/index.ts'
import { soughtIn } from '../../src/causes/sought.ts'
import { judge } from '../../src/check/judge.ts'
import { kinds } from '../../src/check/kinds/index.ts'
import type { LiveCluster, Probe, Reader } from '../../src/check/reader.ts'
import type { Check, Json, Lab } from '../../src/lab/lab.ts'
import { CouldNotLook, type Observation, type Problem } from '../../src/lab/verdict.ts'
import { callsCluster, foreignCluster, guardLine } from '../../src/run/cluster.ts'
import { gatherClusterFacts } from '../../src/run/cluster-facts.ts'
import { gatherFacts } from '../../src/run/facts.ts'
import { createDocker } from '../../src/world/docker/index.ts'
import { createKubernetes } from '../../src/world/kubernetes/index.ts'
import { createReader } from '../../src/world/reader.ts'

/**
 * Plays what goes wrong in a cluster, and sees it as the runner would: through its readers, kinds and facts. For the live
 * test, and for scripts/capture-kubernetes.mjs, which bundles this file.
 */

type Fields = Readonly<Record<string, Json>>

/** One thing that a scene shows: a line, a check, or a line that the runner refuses to run. */
export interface Take {
  /** Of its cause; `none`: nothing is wrong. */
  readonly code: string
  readonly as: string
  /** Run before it. */
  readonly first?: string
  readonly run?: string
  /** Of the line, ms. */
  readonly timeout?: number
  readonly check?: string
  readonly fields?: Fields
  readonly expect?: Json
  readonly refused?: string
  /** The one that the learner chose for the lab. */
  readonly context?: string
  readonly ports?: readonly number[]
}

/** A state, made in a namespace of the scene's name. Its lines are bash; `$NS` is the namespace, which kubectl takes by itself. */
export interface Scene {
  readonly name: string
  readonly files?: Readonly<Record<string, string>>
  readonly objects?: readonly object[]
  readonly before?: readonly string[]
  /** A line that ends well once it has come to what is shown. */
  readonly until?: string
  /** Its checks are looked at and watched before anything goes wrong, as in a wait. */
  readonly watched?: true
  readonly takes: readonly Take[]
  readonly after?: readonly string[]
  /** Not beside others. */
  readonly alone?: true
}

/** A kind cluster, and a folder with the `config` of kubectl for it, where scenes have folders of their own. */
export interface Stage {
  readonly cluster: string
  readonly folder: string
}

/** What a take has shown, and where. */
export interface Shown {
  readonly take: Take
  readonly situation: Situation
  readonly cwd: string
}

/** What is healthy, which nothing may call a failure even once. */
export const fine: ReadonlySet<string> = new Set([
  'none',
  'pod.starting',
  'rollout.in-progress',
  'job.running',
  'pvc.pending.waiting-for-consumer',
  'state.mismatch',
])
/** A runner has at least this, and looks again and again until the deadline of a check, ms. */
const patience = 20_000

/** Plays a scene and tells each take as it is taken. What it made is taken away again. Throws with the pods and events. */
export async function playScene(scene: Scene, stage: Stage, shown: (shown: Shown) => Promise<void>): Promise<void> {
  const { name, files = {}, objects = [], before = [], takes, after = [] } = scene
  const folder = join(stage.folder, name)
  const cwd = join(folder, 'course')
  const env = { KUBECONFIG: join(folder, 'config'), NS: name }
  await mkdir(cwd, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true })
    await writeFile(join(cwd, path), text)
  }
  await writeFile(env.KUBECONFIG, await readFile(join(stage.folder, 'config'), 'utf8'))
  const kubernetes = createKubernetes({ ...process.env, ...env }, folder)
  const docker = createDocker(process.env, folder)
  const reader = createReader({ ...process.env, ...env }, docker.reader, kubernetes.reader)
  const ended = new AbortController()
  try {
    await shellLine(`kubectl wait --for=delete namespace/${name} --timeout=60s`, { env, timeout: 70_000 })
    await must(`kubectl create namespace ${name} && kubectl config set-context --current --namespace ${name}`, { env })
    await must('until kubectl get serviceaccount default > /dev/null 2>&1; do sleep 0.3; done', { env })
    for (const object of objects) {
      await writeFile(join(folder, 'object.json'), JSON.stringify(object))
      await must(`kubectl apply -f ${join(folder, 'object.json')}`, { env })
    }
    const set: Set = { cluster: stage.cluster, cwd, env, reader, live: undefined }
    if (scene.watched) await watch(takes, set, ended.signal)
    for (const line of before) await shellLine(line, { cwd, env, timeout: 300_000 })
    if (scene.until) await must(`until ${scene.until}; do sleep 0.5; done`, { cwd, env, timeout: 180_000 })
    for (const take of takes) {
      await shown({ take, situation: await comeAbout(take, set), cwd })
    }
  } catch (error) {
    const { stdout } = await shellLine('kubectl get pods,events -o wide', { env })
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}\n${stdout.slice(-3000)}`)
  } finally {
    ended.abort()
    for (const line of after) await shellLine(line, { cwd, env, timeout: 300_000 })
    await shellLine(`kubectl delete namespace ${name} --wait=false`, { env })
    kubernetes.close()
    docker.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Set {
  readonly cluster: string
  readonly cwd: string
  readonly env: { readonly NS: string; readonly KUBECONFIG: string }
  readonly reader: Reader
  live: LiveCluster | undefined
}

async function watch(takes: readonly Take[], set: Set, signal: AbortSignal): Promise<void> {
  const live = set.reader.cluster.live()
  set.live = live
  for (const take of takes) if (take.check) await look(take, set)
  await new Promise<void>(resolve => live.watch(resolve, signal))
}

async function comeAbout(take: Take, set: Set): Promise<Situation> {
  for (const deadline = Date.now() + patience; ; await pause(1000)) {
    const situation = await taken(take, set)
    const code = diagnose(situation)?.code ?? 'none'
    if (code === take.code || fine.has(take.code) || Date.now() > deadline) return situation
  }
}

async function taken(take: Take, set: Set): Promise<Situation> {
  const { reader, cwd, env } = set
  if (take.first) await shellLine(take.first, { cwd, env })
  const situation = await failure(take, set)
  const paths = take.fields?.['path'] ? [String(take.fields['path'])] : []
  const sought = take.run?.split(/\s+/).filter(word => /\.ya?ml$/.test(word)) ?? []
  const facts = await gatherFacts(reader, { workspace: cwd, cwd, paths, sought, ports: take.ports ?? [] })
  const calls = take.run !== undefined && callsCluster(take.run)
  const problem = situation.check?.problem ?? (calls ? await foreign(take, set).catch(() => null) : null)
  const cluster = await gatherClusterFacts(reader, {
    context: contextOf(take, set),
    sought: soughtIn(situation),
    throughService: ['http', 'k8s.http'].includes(take.check ?? '') || /curl|wget/.test(take.run ?? ''),
    problem,
  })
  return { ...situation, facts: { ...facts, cluster } }
}

function contextOf({ context }: Take, { cluster }: Set): string {
  return context ?? `kind-${cluster}`
}

/** Why the context of the lab, which a learner may have chosen, must not be used. */
async function foreign(take: Take, { cluster, reader }: Set): Promise<Problem | null> {
  const { contexts } = await reader.cluster.config()
  const chosen = take.context && contexts.find(each => each.name === take.context)
  const session = { lab: { cluster } as Lab, progress: (chosen ? { context: chosen } : {}) as never }
  return foreignCluster(session, reader)
}

async function failure(take: Take, set: Set): Promise<Omit<Situation, 'facts'>> {
  const { cwd, env, reader } = set
  if (take.refused) {
    const { current } = await reader.cluster.config()
    const problem = guardLine(take.refused, contextOf(take, set), current)
    return { check: { kind: '', fields: {}, differences: [], ...(problem ? { problem } : {}) } }
  }
  if (take.check) return { check: await failed(take, set) }
  const line = take.run ?? ''
  const result = await shellLine(line, { cwd, env, ...(take.timeout ? { timeout: take.timeout } : {}) })
  return { command: { line, cwd, ...result } }
}

/** Between two restarts a container is Ready for a moment, and its check holds. */
async function failed(take: Take, set: Set): Promise<FailedCheck> {
  for (const deadline = Date.now() + 15_000; ; await pause(300)) {
    const { holds, ...check } = await look(take, set)
    if (!holds) return check
    if (Date.now() > deadline) throw new Error(`${take.check} holds: ${JSON.stringify(check.seen).slice(0, 2000)}`)
  }
}

async function look(take: Take, set: Set): Promise<FailedCheck & { holds: boolean | null }> {
  const { check: name = '', fields: own = {}, expect } = take
  const kind = kinds[name]
  if (!kind) throw new Error(`no kind ${name}`)
  const fields = ['http', 'kind.cluster'].includes(name) ? own : { ...own, namespace: set.env.NS }
  const reader = { ...set.reader, cluster: set.live ?? set.reader.cluster }
  const signal = new AbortController().signal
  const place = { reader, probe: {} as Probe, workspace: set.cwd, context: contextOf(take, set), signal }
  const look = async (): Promise<Observation> => {
    const problem = kind.cluster ? await foreign(take, set) : null
    return problem ? { at: Date.now(), problem } : { at: Date.now(), seen: await kind.look(fields, place) }
  }
  const observation = await look().catch((error: unknown): Observation => {
    const bug = { code: 'bug', evidence: { message: String(error) } }
    return { at: Date.now(), problem: error instanceof CouldNotLook ? error.problem : bug }
  })
  const definition = { id: 'it', check: name, fields, expect, not: false, gone: false, capture: {} } as unknown as Check
  const context = { now: Date.now(), seenBefore: false, vars: {}, steps: {} }
  const { differences, problem, holds } = judge(kind, definition, fields, observation, context)
  return {
    holds,
    kind: name,
    fields,
    ...(expect === undefined ? {} : { expect }),
    ...('seen' in observation ? { seen: observation.seen } : {}),
    ...(problem ? { problem } : {}),
    differences,
  }
}

async function must(line: string, options: LineOptions): Promise<void> {
  const { exit, stdout, stderr } = await shellLine(line, { timeout: 300_000, ...options })
  if (exit !== 0) throw new Error(`${line}\n${stdout}${stderr}`.slice(-2000))
}

interface LineOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** ms */
  readonly timeout?: number
}

/** As the shell of the runner does it: one line of bash, no terminal, escapes stripped. */
export function shellLine(line: string, { cwd = '/', env = {}, timeout = 60_000 }: LineOptions = {}) {
  return new Promise<{ exit: number; stdout: string; stderr: string; timedOut: boolean }>(resolve => {
    const child = spawn('/bin/bash', ['-c', line], {
      cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8', NO_PROXY: '*', no_proxy: '*', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const out = { stdout: '', stderr: '' }
    let timedOut = false
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => (out[stream] += text))
    const timer = setTimeout(() => {
      timedOut = true
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    }, timeout)
    const plain = (text: string) => text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').slice(-20_000)
    child.on('close', exit => {
      clearTimeout(timer)
      resolve({ exit: exit ?? 137, stdout: plain(out.stdout), stderr: plain(out.stderr), timedOut })
    })
  })
}
