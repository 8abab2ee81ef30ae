// Plays each failure for real (docker, git, node) and writes test/causes/samples/<code>/<variant>.json.
// `node scripts/capture-causes.mjs [CODE[/VARIANT] …]`. Hand-made samples (`captured: false`) are left alone.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { ports, prefix, prepare, scenarios } from './capture-causes/scenarios.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = `/tmp/${prefix}captures`
const workspace = join(work, 'course')
const samples = join(root, 'test/causes/samples')
const only = process.argv.slice(2)

/** Containers and layers that the legacy builder leaves behind. */
const leftByBuild = new Set()
await lock()
const parts = await load()
const versions = await describeTools()
await clean()
await mkdir(work, { recursive: true })
for (const line of prepare) await must(line, { cwd: root })
try {
  for (const scenario of scenarios) {
    const name = `${scenario.code}/${scenario.variant}`
    if (only.length > 0 && !only.some(each => name.startsWith(each))) continue
    await play(scenario, name)
  }
} finally {
  await clean()
  await run(`npx biome format --write ${samples}`, { cwd: root })
}

/** One capture at a time: they share names and ports. */
async function lock() {
  const folder = `/tmp/${prefix}lock`
  for (let tries = 0; tries < 900; tries++) {
    const mine = await mkdir(folder).then(
      () => true,
      () => false,
    )
    if (mine) return process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    await new Promise(done => setTimeout(done, 1000))
  }
  throw new Error(`${folder} is still there: remove it if no other capture runs`)
}

/** The program's own kinds, facts and engine reader: what is captured is what the runner would see. */
async function load() {
  const outfile = `/tmp/${prefix}parts.mjs`
  const contents = `export { kinds } from './src/check/kinds/index.ts'
    export { judge } from './src/check/judge.ts'
    export { gatherFacts } from './src/run/facts.ts'
    export { createReader } from './src/world/reader.ts'
    export { createDocker } from './src/world/docker/index.ts'
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

async function play(scenario, name) {
  await rm(workspace, { recursive: true, force: true })
  await mkdir(workspace, { recursive: true })
  for (const [path, text] of Object.entries({ ...scenario.files, ...scenario.more })) {
    await mkdir(dirname(join(workspace, path)), { recursive: true })
    await writeFile(join(workspace, path), text)
  }
  const cwd = join(workspace, scenario.cwd ?? '')
  const background = []
  try {
    for (const line of scenario.before ?? []) await run(line, { cwd })
    for (const line of scenario.background ?? []) background.push(await start(line, cwd))
    const docker = parts.createDocker({ ...process.env, ...scenario.env }, work, { timeoutMs: 3000 })
    const healthy = parts.createDocker(process.env, work)
    const reader = parts.createReader(process.env, docker.reader)
    const situation = scenario.run ? await command(scenario, cwd) : await check(scenario, reader, docker.probe)
    const about = { workspace, cwd, paths: pathsOf(scenario), ports: scenario.ports ?? [ports.host] }
    const known = scenario.env && !scenario.run ? reader : parts.createReader(process.env, healthy.reader)
    situation.facts = await parts.gatherFacts(known, about)
    docker.close()
    healthy.close()
    const sample = normalise({ captured: true, from: versions, situation })
    const file = join(samples, `${name}.json`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, `${JSON.stringify(sample, null, 2)}\n`)
    const found = parts.diagnose(sample.situation)?.code ?? 'none'
    console.log(`${found === scenario.code ? 'ok ' : 'NOT'} ${name} -> ${found}`)
  } finally {
    for (const child of background) kill(child.pid)
    for (const line of scenario.after ?? []) await run(line, { cwd })
    await removeContainers()
  }
}

async function command({ run: line, env, timeout, as, hides }, cwd) {
  const result = await run(line, { cwd, env, timeout, as, hides })
  return { command: { line, cwd, ...result } }
}

async function check({ check: kindName, fields, expect, gone, not, since }, reader, probe) {
  const kind = parts.kinds[kindName]
  const place = { reader, probe, workspace, signal: new AbortController().signal }
  const definition = { id: 'it', check: kindName, fields, expect, not: not ?? false, gone: gone ?? false, capture: {} }
  const observation = await kind.look(fields, place).then(
    seen => ({ at: Date.now(), seen }),
    error => ({ at: Date.now(), problem: error.problem ?? { code: 'bug', evidence: { message: String(error) } } }),
  )
  const context = { now: Date.now(), seenBefore: false, vars: {}, steps: {}, ...(since ? { since: Date.now() } : {}) }
  const { differences, problem } = parts.judge(kind, definition, fields, observation, context)
  return {
    check: {
      kind: kindName,
      fields,
      ...(since ? { since: context.since } : {}),
      ...(expect === undefined ? {} : { expect }),
      ...('seen' in observation ? { seen: observation.seen } : {}),
      ...(problem ? { problem } : {}),
      differences,
    },
  }
}

function pathsOf({ fields, paths = [] }) {
  return [...paths, ...(fields?.path ? [fields.path] : [])].map(path => join(workspace, path))
}

async function must(line, options) {
  const result = await run(line, { ...options, timeout: 300_000 })
  if (result.exit !== 0) throw new Error(`${line}\n${result.stdout}${result.stderr}`)
}

/** As the shell of the runner does it: one line of bash, no terminal, escapes stripped. */
function run(line, { cwd, env = {}, timeout = 120_000, as, hides }) {
  return new Promise(resolve => {
    const user = as === undefined ? {} : { uid: as, gid: as }
    // In a mount namespace of its own a folder can be empty without anybody else noticing.
    const hide = ['-m', '/bin/bash', '-c', 'mount -t tmpfs none "$1" && exec /bin/bash -c "$2"', '-', hides, line]
    const [program, args] = hides ? ['unshare', hide] : ['/bin/bash', ['-c', line]]
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0', HOME: work, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...user,
    })
    const out = { stdout: '', stderr: '' }
    let timedOut = false
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', data => (out[stream] += data))
    const timer = setTimeout(() => {
      timedOut = true
      process.kill(-child.pid, 'SIGTERM')
      // The client of a container hands TERM on and waits.
      setTimeout(() => kill(child.pid), 1000).unref()
    }, timeout)
    child.on('close', (exit, signal) => {
      clearTimeout(timer)
      for (const [, id] of out.stdout.matchAll(/^ ---> (?:Running in )?([0-9a-f]{12})\s*$/gm)) leftByBuild.add(id)
      resolve({ exit: exit ?? (signal === 'SIGTERM' ? 143 : 137), ...strip(out), timedOut })
    })
  })
}

function strip(out) {
  return Object.fromEntries(
    Object.entries(out).map(([key, text]) => [key, text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').slice(-20_000)]),
  )
}

function kill(pid) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** A server that runs while the scenario does; ready when its port answers. */
async function start(line, cwd) {
  const child = spawn('/bin/bash', ['-c', `exec ${line}`], { cwd, stdio: 'ignore', detached: true })
  for (let tries = 0; tries < 50; tries++) {
    const { exit } = await run(`ss -ltnp | grep -q 'pid=${child.pid},'`, { cwd })
    if (exit === 0) break
    await new Promise(done => setTimeout(done, 100))
  }
  return child
}

/** Only what the scenarios made: other people use this engine too. */
async function removeContainers() {
  const all = `docker ps -a --format '{{.ID}} {{.Names}} {{.Image}}'`
  await run(`${all} | grep -E ' ${prefix}| docker.io/${prefix}' | cut -d' ' -f1 | xargs -r docker rm -f`, { cwd: '/' })
}

async function clean() {
  await removeContainers()
  const ids = [...leftByBuild].join(' ')
  if (ids)
    await run(
      `docker rm -f ${ids}; for id in $(docker images -aqf dangling=true); do case ' ${ids} ' in *" $id "*) docker rmi $id;; esac; done`,
      { cwd: '/' },
    )
  await run(`docker images --format '{{.Repository}}:{{.Tag}}' | grep '^${prefix}' | xargs -r docker rmi -f`, {
    cwd: '/',
  })
  await rm(work, { recursive: true, force: true })
}

async function describeTools() {
  const { stdout } = await run(
    `docker version -f '{{.Server.Version}} (CLI {{.Client.Version}})'; docker buildx version | cut -d' ' -f2; git --version | cut -d' ' -f3`,
    { cwd: '/' },
  )
  const [docker, buildx, git] = stdout.trim().split('\n')
  return `docker ${docker.replace('+dfsg1', '')}, buildx ${buildx.replace(/\+.*/, '')}, git ${git}, node ${process.version.slice(1)}`
}

/** Neutral paths, names and ids, the same in every capture; only what belongs to the scenario. */
function normalise(sample) {
  const { facts } = sample.situation
  const mine = each => each.name?.startsWith(prefix) || each.image?.includes(prefix)
  // Variables of an image tell of the machine it was made on.
  const kept = list => list?.filter(mine).map(each => ({ ...each, env: {} }))
  const ids = new Set(kept(facts.containers)?.map(each => each.id))
  facts.containers &&= kept(facts.containers)
  for (const key of ['logs', 'exposed'])
    facts[key] &&= Object.fromEntries(Object.entries(facts[key]).filter(([id]) => ids.has(id)))
  const image = each => each.tags.some(tag => tag.startsWith(prefix) || /^(node|nginx|alpine):/.test(tag))
  facts.images &&= facts.images.filter(image).toSorted((a, b) => a.tags[0].localeCompare(b.tags[0]))
  facts.listeners &&= facts.listeners
    .filter(each => Object.values(ports).includes(each.port))
    .map(each => ('pid' in each ? { ...each, pid: 4242 } : each))
  const seen = sample.situation.check?.seen
  if (seen?.containers) seen.containers = kept(seen.containers)
  if (seen?.container) seen.container.env = {}
  if (seen?.image) seen.image.config.Env = []
  if (seen?.images) seen.images = seen.images.filter(image)
  return JSON.parse(neutral(JSON.stringify(sample)))
}

function neutral(json) {
  let text = json.replaceAll(workspace, '/home/learner/labs/course').replaceAll(work, '/home/learner')
  for (const [shown, real] of Object.entries(ports.shown))
    text = text.replace(new RegExp(`(?<!\\d)${real}(?!\\d)`, 'g'), shown)
  text = text.replaceAll(prefix, '').replace(/ on \d+\.\d+\.\d+\.\d+:53/g, ' on 127.0.0.53:53')
  const names = new Map()
  const short = hex => {
    const key = hex.slice(0, 12)
    if (!names.has(key)) names.set(key, `c0ffee${String(names.size + 1).padStart(6, '0')}`)
    return names.get(key)
  }
  text = text.replace(/\b[0-9a-f]{64}\b|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12}\b/g, short)
  return text.replace(/buildkit-mount\d+/g, 'buildkit-mount1').replace(/docker-builder\d+/g, 'docker-builder1')
}
