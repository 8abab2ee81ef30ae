// Plays failures for real in a kind cluster of its own and writes test/causes/samples/<code>/<variant>.json.
// `node scripts/capture-kubernetes.mjs [WORD …]`: only scenes or samples whose name holds a word. `KEEP=1` keeps the cluster.
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { cluster, kindConfig, nodePort, scenes } from './capture-causes/kubernetes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = `/tmp/${cluster}-captures`
const samples = process.env.SAMPLES ?? join(root, 'test/causes/samples')
const only = process.argv.slice(2)
const context = `kind-${cluster}`
/** The machine may be busy with other things. */
const workers = 3
/** What every object repeats and no cause reads. */
const dull = new Set([
  'managedFields',
  'kubectl.kubernetes.io/last-applied-configuration',
  'tolerations',
  'volumeMounts',
  'hostIPs',
  'podIPs',
  'containerID',
  'imageID',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'dnsPolicy',
  'enableServiceLinks',
  'preemptionPolicy',
  'reportingComponent',
  'reportingInstance',
])

await mkdir(work, { recursive: true })
const parts = await load()
await makeCluster()
const from = await describeTools()
const wanted = scenes.map(narrowed).filter(scene => scene.takes.length > 0)
const [alone, together] = [wanted.filter(each => each.alone), wanted.filter(each => !each.alone)]
try {
  const queue = [...together]
  const worker = async () => {
    for (let scene = queue.shift(); scene; scene = queue.shift()) await play(scene)
  }
  await Promise.all(Array.from({ length: workers }, worker))
  for (const scene of alone) await play(scene)
} finally {
  await run(`npx biome format --write ${samples}`, { cwd: root })
  if (!process.env.KEEP) await run(`kind delete cluster --name ${cluster}`)
  await rm(work, { recursive: true, force: true })
}

function narrowed(scene) {
  const takes = scene.takes.filter(take => {
    const names = [scene.name, `${take.code}/${take.as}`]
    return only.length === 0 || only.some(word => names.some(name => name.includes(word)))
  })
  return { ...scene, takes }
}

/** The program's own kinds, facts and readers: what is captured is what the runner would see. */
async function load() {
  const outfile = join(work, 'parts.mjs')
  const contents = `export { kinds } from './src/check/kinds/index.ts'
    export { judge } from './src/check/judge.ts'
    export { gatherFacts } from './src/run/facts.ts'
    export { gatherClusterFacts } from './src/run/cluster-facts.ts'
    export { callsCluster, foreignCluster, guardLine } from './src/run/cluster.ts'
    export { soughtIn } from './src/causes/sought.ts'
    export { createReader } from './src/world/reader.ts'
    export { createDocker } from './src/world/docker/index.ts'
    export { createKubernetes } from './src/world/kubernetes/index.ts'
    export { diagnose } from './src/causes/index.ts'`
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    logLevel: 'error',
  })
  return import(outfile)
}

async function makeCluster() {
  const { stdout } = await run('kind get clusters')
  const env = { KUBECONFIG: join(work, 'config') }
  if (!stdout.split('\n').includes(cluster)) {
    await writeFile(join(work, 'kind.yaml'), kindConfig)
    const create = `kind create cluster --name ${cluster} --config ${join(work, 'kind.yaml')}`
    // On a busy machine a node may miss its time.
    await must(`${create} || ${create}`, { env })
  } else await must(`kind export kubeconfig --name ${cluster}`, { env })
  await must('until kubectl get serviceaccount default > /dev/null 2>&1; do sleep 0.5; done', { env })
}

async function play({ name, files = {}, objects = [], before = [], until, takes, after = [] }) {
  const folder = join(work, name)
  const cwd = join(folder, 'course')
  const env = { KUBECONFIG: join(folder, 'config'), NS: name }
  await mkdir(cwd, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true })
    await writeFile(join(cwd, path), text)
  }
  // A namespace for each scene, which its own kubectl takes for the default one.
  await writeFile(env.KUBECONFIG, await readFile(join(work, 'config'), 'utf8'))
  const kubernetes = parts.createKubernetes({ ...process.env, ...env }, folder)
  const docker = parts.createDocker(process.env, work)
  const reader = parts.createReader({ ...process.env, ...env }, docker.reader, kubernetes.reader)
  try {
    await run(`kubectl wait --for=delete namespace/${name} --timeout=60s`, { env, timeout: 70_000 })
    await must(`kubectl create namespace ${name} && kubectl config set-context --current --namespace ${name}`, { env })
    await must('until kubectl get serviceaccount default > /dev/null 2>&1; do sleep 0.3; done', { env })
    for (const object of objects) {
      await writeFile(join(folder, 'object.json'), JSON.stringify(object))
      await must(`kubectl apply -f ${join(folder, 'object.json')}`, { env })
    }
    for (const line of before) await run(line, { cwd, env, timeout: 300_000 })
    if (until) await must(`until ${until}; do sleep 0.5; done`, { cwd, env, timeout: 180_000 })
    for (const take of takes) await capture(take, { cwd, env, name, reader })
  } catch (error) {
    console.log(`ERR ${name}: ${error.message}`)
    const { stdout } = await run('kubectl get pods,events -o wide', { env })
    console.log(stdout.slice(-3000))
  } finally {
    for (const line of after) await run(line, { cwd, env })
    await run(`kubectl delete namespace ${name} --wait=false`, { env })
    kubernetes.close()
    docker.close()
  }
}

async function capture(take, { cwd, env, name, reader }) {
  if (take.first) await run(take.first, { cwd, env })
  const about = await aboutCluster(take, reader)
  const situation = take.refused
    ? await refusal(take, { about, reader })
    : take.check
      ? await check(take, { cwd, name, reader, about })
      : await command(take, { cwd, env })
  const throughService = ['http', 'k8s.http'].includes(take.check) || /curl|wget/.test(take.run ?? '')
  const paths = take.fields?.path ? [take.fields.path] : []
  const sought = take.run ? take.run.split(/\s+/).filter(word => /\.ya?ml$/.test(word)) : []
  const { cluster: _, ...facts } = await parts.gatherFacts(reader, {
    workspace: cwd,
    cwd,
    paths,
    sought,
    ports: take.ports ?? [],
  })
  const calls = take.run !== undefined && parts.callsCluster(take.run)
  const problem = situation.check?.problem ?? (calls ? await about.foreign().catch(() => null) : null)
  const { context } = about
  const of = { context, sought: parts.soughtIn(situation), throughService, problem }
  situation.facts = { ...facts, cluster: await parts.gatherClusterFacts(reader, of) }
  const sample = normalise({ captured: true, from, situation }, cwd)
  const file = join(samples, take.code, `${take.as}.json`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(sample, null, 2)}\n`)
  const found = parts.diagnose(sample.situation)
  const verdict = (found?.code ?? 'none') === take.code ? 'ok ' : 'NOT'
  console.log(`${verdict} ${take.code}/${take.as} -> ${found?.code ?? 'none'} ${JSON.stringify(found?.evidence ?? {})}`)
}

/** The context that the lab is about, which a learner may have chosen, and why it must not be used. */
async function aboutCluster(take, reader) {
  const chosen = take.context && (await reader.cluster.config()).contexts.find(each => each.name === take.context)
  const session = { lab: { cluster }, progress: chosen ? { context: chosen } : {} }
  return { context: take.context ?? context, foreign: () => parts.foreignCluster(session, reader) }
}

/** What the runner says instead of running a line. */
async function refusal({ refused: line }, { about, reader }) {
  const { current } = await reader.cluster.config()
  const problem = parts.guardLine(line, about.context, current)
  return { check: { kind: '', fields: {}, differences: [], problem } }
}

async function command({ run: line, timeout }, { cwd, env }) {
  const result = await run(line, { cwd, env, timeout })
  return { command: { line, cwd, ...result } }
}

async function check({ check: kindName, fields: own = {}, expect }, { cwd, name, reader, about }) {
  const kind = parts.kinds[kindName]
  const fields = ['http', 'kind.cluster'].includes(kindName) ? own : { ...own, namespace: name }
  const place = { reader, probe: {}, workspace: cwd, context: about.context, signal: new AbortController().signal }
  const definition = { id: 'it', check: kindName, fields, expect, not: false, gone: false, capture: {} }
  const look = async () => {
    const problem = kind.cluster ? await about.foreign() : null
    return problem ? { problem } : { seen: await kind.look(fields, place) }
  }
  const looked = await look().catch(error => ({
    problem: error.problem ?? { code: 'bug', evidence: { message: String(error) } },
  }))
  const observation = { at: Date.now(), ...looked }
  const judged = { now: Date.now(), seenBefore: false, vars: {}, steps: {} }
  const { differences, problem, holds } = parts.judge(kind, definition, fields, observation, judged)
  if (holds) throw new Error(`${kindName} holds: ${JSON.stringify(observation).slice(0, 2000)}`)
  return {
    check: {
      kind: kindName,
      fields,
      ...(expect === undefined ? {} : { expect }),
      ...('seen' in observation ? { seen: observation.seen } : {}),
      ...(problem ? { problem } : {}),
      differences,
    },
  }
}

async function must(line, options) {
  const result = await run(line, { timeout: 300_000, ...options })
  if (result.exit !== 0) throw new Error(`${line}\n${result.stdout}${result.stderr}`.slice(-2000))
}

/** As the shell of the runner does it: one line of bash, no terminal, escapes stripped. */
function run(line, { cwd = '/', env = {}, timeout = 60_000 } = {}) {
  return new Promise(resolve => {
    const child = spawn('/bin/bash', ['-c', line], {
      cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8', NO_PROXY: '*', no_proxy: '*', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const out = { stdout: '', stderr: '' }
    let timedOut = false
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', data => (out[stream] += data))
    const timer = setTimeout(() => {
      timedOut = true
      process.kill(-child.pid, 'SIGKILL')
    }, timeout)
    child.on('close', exit => {
      clearTimeout(timer)
      const texts = Object.entries(out).map(([key, text]) => [
        key,
        text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').slice(-20_000),
      ])
      resolve({ exit: exit ?? 137, ...Object.fromEntries(texts), timedOut })
    })
  })
}

async function describeTools() {
  const line = `kind version | cut -d' ' -f2; kubectl version -o json --kubeconfig ${join(work, 'config')} | node -p 'const v = JSON.parse(require("fs").readFileSync(0)); v.clientVersion.gitVersion.split("-")[0] + " " + v.serverVersion.gitVersion'`
  const { stdout } = await run(line)
  const [kind, versions = ''] = stdout.trim().split('\n')
  const [client, server] = versions.split(' ')
  return `kind ${kind}, kubectl ${client}, Kubernetes ${server}`
}

/** Neutral names and paths. */
function normalise(sample, cwd) {
  const { facts } = sample.situation
  const mine = each => each.name.startsWith(`${cluster}-`)
  facts.containers &&= facts.containers.filter(mine).map(each => ({ ...each, env: {} }))
  const ids = new Set(facts.containers?.map(each => each.id))
  for (const key of ['logs', 'exposed'])
    facts[key] &&= Object.fromEntries(Object.entries(facts[key]).filter(([id]) => ids.has(id) && key !== 'logs'))
  const image = each => each.tags.some(tag => tag.startsWith(`${cluster}-`) || /^(node|nginx|alpine):/.test(tag))
  facts.images &&= facts.images.filter(image).toSorted((a, b) => a.tags[0].localeCompare(b.tags[0]))
  const about = JSON.stringify(sample.situation.command ?? '')
  facts.listeners = (facts.listeners ?? [])
    .filter(each => new RegExp(`\\b${each.port}\\b`).test(about))
    .map(each => ('pid' in each ? { ...each, pid: 4242 } : each))
  const seen = sample.situation.check?.seen
  if (seen?.containers) seen.containers = seen.containers.filter(mine).map(each => ({ ...each, env: {} }))
  const slim = JSON.parse(JSON.stringify(sample, (key, value) => (dull.has(key) ? undefined : value)))
  const text = JSON.stringify(slim)
    .replaceAll(cwd, '/home/learner/labs/course')
    .replaceAll(join(work), '/home/learner')
    .replaceAll(String(nodePort.host), String(nodePort.shown))
    .replace(new RegExp(`(?<![a-z0-9])${cluster}-(?=todo-app)`, 'g'), '')
    .replace(new RegExp(`(?<![a-z0-9])${cluster}(?![a-z0-9])`, 'g'), 'kind')
  return JSON.parse(text)
}
