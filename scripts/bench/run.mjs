// Prints the figures of the README: npm run bench. Each is measured beside its floor or peer, in this same run.
// What needs a Docker engine is left out, and said, where none answers.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { grading } from './grading.mjs'
import { typing } from './typing.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = path.join(root, 'bin/lab.js')
const work = mkdtempSync(path.join(tmpdir(), 'lab-bench-'))
const rows = []
try {
  await build({
    entryPoints: [path.join(root, 'scripts/bench/parts.ts')],
    outfile: path.join(work, 'parts.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  const parts = await import(pathToFileURL(path.join(work, 'parts.mjs')))
  startUp()
  await commands(parts)
  rows.push(...(await typing(bin, work)))
  rows.push(...(await grading(bin, work)))
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0) {
    greenStep()
    await death(parts)
    if (spawnSync('kind', ['--version'], { stdio: 'ignore' }).status === 0) await change(parts)
    else process.stderr.write('kind is not there: its figures are left out\n')
  } else process.stderr.write('no Docker engine answers: its figures are left out\n')
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.stdout.write('| what | lab | beside it | ratio or difference |\n| --- | --- | --- | --- |\n')
for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`)

function startUp() {
  const ours = []
  const floor = []
  for (let i = 0; i < 21; i++) {
    ours.push(time(() => execFileSync(process.execPath, [bin, '--version'])))
    floor.push(time(() => execFileSync(process.execPath, ['-e', '0'])))
  }
  const [a, b] = [median(ours), median(floor)]
  rows.push(['`lab --version`', ms(a), `\`node -e 0\` ${ms(b)}`, `${(a / b).toFixed(2)}x`])
}

async function commands({ createShell }) {
  const shell = createShell(process.env)
  const state = { cwd: work, env: {} }
  const once = () =>
    shell.run('true', { state, timeoutMs: 10_000, signal: new AbortController().signal, onOutput: () => {} })
  await once()
  const ours = []
  const floor = []
  for (let i = 0; i < 50; i++) {
    const began = performance.now()
    await once()
    ours.push(performance.now() - began)
    floor.push(time(() => spawnSync('bash', ['-c', 'true'])))
  }
  const [a, b] = [median(ours), median(floor)]
  rows.push(['one command', ms(a), `\`bash -c true\` ${ms(b)}`, `+${ms(a - b)}`])
}

/** `lab check` of the step `run` of todo-app, as a learner has it after that step: a container that has been up for a while. */
function greenStep() {
  const home = path.join(work, 'home')
  const env = { ...process.env, HOME: home, XDG_STATE_HOME: path.join(work, 'state') }
  const options = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  const done = spawnSync(process.execPath, [bin, 'run', 'todo-app', '--yes'], options)
  if (done.status !== 0) throw new Error(`todo-app did not pass:\n${done.stderr}`)
  const plain = () => execFileSync(process.execPath, [bin, 'check', 'todo-app', 'run'], options)
  const peer = () => execFileSync('docker', ['ps'], options)
  plain()
  const ours = []
  const theirs = []
  for (let i = 0; i < 15; i++) {
    ours.push(time(plain))
    theirs.push(time(peer))
  }
  const [a, b] = [median(ours), median(theirs)]
  rows.push(['`lab check`, a green Docker step', ms(a), `\`docker ps\` ${ms(b)}`, `${(a / b).toFixed(1)}x`])
  const [x, y] = [
    [bin, 'check', 'todo-app', 'run'],
    ['-e', '0'],
  ].map(args => memory(args, options))
  rows.push(['memory of that', `${x.toFixed(0)} MB`, `\`node -e 0\` ${y.toFixed(0)} MB`, `+${(x - y).toFixed(0)} MB`])
  spawnSync(process.execPath, [bin, 'clean', 'todo-app', '--yes'], options)
}

/** The most memory that a run of node took, MB: it says so itself as it ends. */
function memory(args, options) {
  const tell = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\n"+process.resourceUsage().maxRSS))`
  const { stderr } = spawnSync(process.execPath, ['--import', tell, ...args], options)
  return Number(stderr.trim().split('\n').at(-1)) / 1024
}

/** From the moment the engine says that the container ended: our verdict, and what polling each second sees. */
async function death({ createWorld, untilDecided }) {
  const world = createWorld()
  const ours = []
  const polled = []
  for (let i = 0; i < 9; i++) {
    const name = `lab-bench-${process.pid}-${i}`
    execFileSync('docker', ['run', '-d', '--name', name, 'busybox', 'sleep', '300'], { stdio: 'ignore' })
    const died = dieEvent(name)
    const verdict = untilDecided(
      world,
      { check: 'docker.container', fields: { name }, expect: { state: 'exited' } },
      new AbortController().signal,
    ).then(() => performance.now())
    const poll = pollEachSecond(name)
    await new Promise(done => setTimeout(done, 300 + ((i * 137) % 1000)))
    spawnSync('docker', ['kill', name], { stdio: 'ignore' })
    const at = await died
    ours.push((await verdict) - at)
    polled.push((await poll) - at)
    execFileSync('docker', ['rm', '-f', name], { stdio: 'ignore' })
  }
  world.close()
  rows.push([
    'death of a container to the verdict',
    ms(median(ours)),
    `polling each second ${ms(median(polled))}`,
    `${(median(polled) / median(ours)).toFixed(1)}x sooner`,
  ])
}

/** From the end of `kubectl wait` for a change in a cluster: our verdict, and what polling each second sees. */
async function change({ createWorld, untilDecided }) {
  const name = 'lab-bench'
  process.env.KUBECONFIG = path.join(work, 'kubeconfig')
  const kubectl = (...args) => execFileSync('kubectl', args, { stdio: 'ignore', timeout: 60_000 })
  try {
    execFileSync('kind', ['create', 'cluster', '--name', name], { stdio: 'ignore', timeout: 300_000 })
    const world = createWorld()
    const [ours, theirs, polled] = [[], [], []]
    for (let i = 0; i < 15; i++) {
      const map = `w${i}`
      kubectl('create', 'configmap', map, '--from-literal=done=no')
      const signal = new AbortController().signal
      const condition = {
        check: 'k8s.object',
        fields: { kind: 'ConfigMap', name: map },
        expect: { data: { done: 'yes' } },
      }
      const verdict = untilDecided(world, condition, signal, name).then(() => performance.now())
      const wait = ended(
        spawn('kubectl', ['wait', '--for=jsonpath={.data.done}=yes', `configmap/${map}`, '--timeout=60s']),
      )
      const poll = pollObject(world, map)
      await new Promise(done => setTimeout(done, 1000 + ((i * 137) % 1000)))
      const began = performance.now()
      kubectl('patch', 'configmap', map, '-p', '{"data":{"done":"yes"}}')
      for (const [list, at] of [
        [ours, await verdict],
        [theirs, await wait],
        [polled, await poll],
      ])
        list.push(at - began)
    }
    world.close()
    const [a, b, c] = [median(ours), median(theirs), median(polled)]
    const behind = a - b
    rows.push([
      'a change in a cluster to the verdict (`kubectl patch` included)',
      ms(a),
      `\`kubectl wait\` ${ms(b)}, polling each second ${ms(c)}`,
      `${behind > 0 ? `${ms(behind)} behind` : `${ms(-behind)} ahead of`} \`kubectl wait\``,
    ])
  } finally {
    spawnSync('kind', ['delete', 'cluster', '--name', name], { stdio: 'ignore' })
  }
}

function ended(child) {
  return new Promise((resolve, reject) =>
    child.once('exit', exit => (exit === 0 ? resolve(performance.now()) : reject(new Error(`kubectl wait: ${exit}`)))),
  )
}

async function pollObject({ reader }, name) {
  for (;;) {
    const query = { context: 'kind-lab-bench', kind: 'ConfigMap', namespace: 'default' }
    const maps = await reader.cluster.list(query).catch(() => [])
    if (maps.find(each => each.metadata.name === name)?.data.done === 'yes') return performance.now()
    await new Promise(done => setTimeout(done, 1000))
  }
}

function engine(pathname, onData) {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath: '/var/run/docker.sock', path: pathname }, response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        body += chunk
        if (onData?.(chunk)) {
          request.destroy()
          resolve(body)
        }
      })
      response.on('end', () => resolve(body))
    })
    request.on('error', error => (error.code === 'ECONNRESET' ? undefined : reject(error)))
  })
}

async function dieEvent(name) {
  const filters = encodeURIComponent(JSON.stringify({ container: [name], event: ['die'] }))
  let at = 0
  await engine(`/v1.41/events?filters=${filters}`, () => {
    at = performance.now()
    return true
  })
  return at
}

async function pollEachSecond(name) {
  for (;;) {
    const { State } = JSON.parse(await engine(`/v1.41/containers/${name}/json`))
    if (State.Status === 'exited') return performance.now()
    await new Promise(done => setTimeout(done, 1000))
  }
}

function time(work) {
  const began = performance.now()
  work()
  return performance.now() - began
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}
