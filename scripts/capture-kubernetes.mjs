// Plays failures for real in a kind cluster of its own and writes test/causes/samples/<code>/<variant>.json.
// `node scripts/capture-kubernetes.mjs [WORD …]`: only scenes or samples whose name holds a word. `KEEP=1` keeps the cluster.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { cluster, kindConfig, nodePort, scenes } from './capture-causes/kubernetes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = `/tmp/${cluster}-captures`
const samples = process.env.SAMPLES ?? join(root, 'test/causes/samples')
const only = process.argv.slice(2)
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
const { shellLine: run } = parts
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
  const contents = `export { playScene, shellLine } from './test/live/cluster-scene.ts'
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

async function play(scene) {
  const began = Date.now()
  await parts.playScene(scene, { cluster, folder: work }, write).catch(error => console.log(`ERR ${error.message}`))
  console.log(`    ${scene.name} ${Math.round((Date.now() - began) / 1000)} s`)
}

async function write({ take, situation, cwd }) {
  const sample = normalise({ captured: true, from, situation }, cwd)
  const file = join(samples, take.code, `${take.as}.json`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(sample, null, 2)}\n`)
  const found = parts.diagnose(sample.situation)
  const verdict = (found?.code ?? 'none') === take.code ? 'ok ' : 'NOT'
  console.log(`${verdict} ${take.code}/${take.as} -> ${found?.code ?? 'none'} ${JSON.stringify(found?.evidence ?? {})}`)
}

async function must(line, options) {
  const result = await run(line, { timeout: 300_000, ...options })
  if (result.exit !== 0) throw new Error(`${line}\n${result.stdout}${result.stderr}`.slice(-2000))
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
