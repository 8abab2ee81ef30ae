// A class of 500, 20 of them with a fault: graded from what was handed in, and over ssh from a server on loopback. Beside it:
// reading and unpacking the same bundles and nothing else, and as many bare `ssh host true`.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { cpus } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { gunzipSync, gzipSync } from 'node:zlib'

const size = 500
/** Over ssh, at a time. Here the cores are those of the students' machines as well. */
const jobs = 32
const sshPort = 22_722
/** Takes connections and says nothing. */
const deadPort = 22_723
/** The same server, three seconds late with everything it says. */
const slowPort = 22_724

/** Rows of the table. `bin` is the program, `work` an empty folder. */
export async function grading(bin, work) {
  const dir = path.join(work, 'grading')
  const env = {
    ...process.env,
    HOME: path.join(dir, 'home'),
    XDG_STATE_HOME: path.join(dir, 'home/state'),
    LANG: 'C.UTF-8',
  }
  mkdirSync(env.HOME, { recursive: true })
  mkdirSync(path.join(dir, 'in'))
  const lab = (...words) => execFileSync(process.execPath, [bin, ...words], { cwd: dir, env, stdio: 'pipe' })
  lab('run', 'first-steps', '--yes')
  lab('submit', 'first-steps', '--student', 'sample', '--out', 'sample.labz')
  const sample = JSON.parse(gunzipSync(readFileSync(path.join(dir, 'sample.labz'))))
  handIn(dir, sample)
  writeClass(dir)
  const rows = [await fromBundles(bin, dir, env)]
  const ssh = startSshd(dir)
  if (ssh) {
    const slow = createServer(late).listen(slowPort, '127.0.0.1')
    const dead = createServer(socket => socket.on('error', () => {})).listen(deadPort, '127.0.0.1')
    try {
      for (let i = 0; i < size; i++) cpSync(sample.workspace, path.join(dir, 'work', id(i)), { recursive: true })
      rows.push(await overSsh(bin, dir, env))
    } finally {
      ssh.kill()
      slow.close()
      dead.close()
    }
  } else process.stderr.write('no OpenSSH server is installed: the figure of live grading is left out\n')
  rmSync(dir, { recursive: true, force: true })
  return rows
}

function late(socket) {
  const onwards = connect(sshPort, '127.0.0.1')
  for (const each of [socket, onwards]) each.on('error', () => [socket, onwards].map(other => other.destroy()))
  socket.pipe(onwards)
  setTimeout(() => onwards.pipe(socket), 3000)
}

const id = index => `s${String(index).padStart(3, '0')}`

/** Every 25th has a fault: broken, cut, of somebody else, of another lab, edited, or nothing at all. */
function handIn(dir, sample) {
  const faults = [
    () => Buffer.from('hello'),
    own => gzipSync(JSON.stringify(own)).subarray(0, 500),
    own => gzipSync(JSON.stringify({ ...own, student: 'sample' })),
    own => gzipSync(JSON.stringify({ ...own, lab: { ...own.lab, id: 'todo-app' } })),
    own => gzipSync(JSON.stringify({ ...own, record: { ...own.record, 'events.ndjson': '' } })),
    () => null,
  ]
  for (let i = 0; i < size; i++) {
    const own = { ...sample, student: id(i) }
    const bytes = i % 25 === 24 ? faults[((i - 24) / 25) % faults.length](own) : gzipSync(JSON.stringify(own))
    if (bytes) writeFileSync(path.join(dir, 'in', `${id(i)}-first-steps.labz`), bytes)
  }
}

function writeClass(dir) {
  // Over ssh: ten to whom nobody answers, ten who are slow.
  const portOf = i => (i % 50 === 24 ? deadPort : i % 50 === 49 ? slowPort : sshPort)
  const rows = Array.from({ length: size }, (_, i) => `${id(i)},Student ${i},${portOf(i)}`)
  writeFileSync(path.join(dir, 'roster.csv'), `id,name,port\n${rows.join('\n')}\n`)
  writeFileSync(
    path.join(dir, 'class.yaml'),
    `schema: lab/class/v1
course: { id: bench }
roster: roster.csv
targets:
  default: { kind: record, path: "in/{id}*.labz" }
  live: { kind: ssh, host: 127.0.0.1, port: "{port}", identityFile: key, knownHosts: known_hosts, workspace: "${dir}/work/{id}" }
limits: { perHost: ${jobs}, settle: 0s, connect: 10s }
assignments:
  - { id: handed-in, lab: first-steps }
  - { id: live, lab: first-steps, target: live }
`,
  )
}

async function fromBundles(bin, dir, env) {
  const ours = await run([process.execPath, bin, 'grade', 'run', 'handed-in', '--json'], dir, env)
  const begin = performance.now()
  for (const name of readdirSync(path.join(dir, 'in')))
    try {
      JSON.parse(gunzipSync(readFileSync(path.join(dir, 'in', name))))
    } catch {
      // One of the faults.
    }
  const floor = performance.now() - begin
  const { counts } = JSON.parse(ours.stdout)
  return [
    `grading ${size} students from what they handed in (${told(counts)})`,
    `${(ours.ms / 1000).toFixed(1)} s, ${ours.mib} MiB`,
    `reading the bundles ${(floor / 1000).toFixed(2)} s`,
    `${((ours.ms - floor) / size).toFixed(0)} ms a student`,
  ]
}

async function overSsh(bin, dir, env) {
  const ours = await run([process.execPath, bin, 'grade', 'run', 'live', '-j', String(jobs), '--json'], dir, env)
  const line = `ssh -F none -i key -o UserKnownHostsFile=known_hosts -o BatchMode=yes -p ${sshPort} 127.0.0.1 true`
  const bare = await run(['bash', '-c', `seq ${size} | xargs -P ${jobs} -I{} ${line}`], dir, env)
  const { counts } = JSON.parse(ours.stdout)
  return [
    `grading ${size} students over ssh, ${jobs} at a time, on the same ${cpus().length} cores (${told(counts)})`,
    `${(ours.ms / 1000).toFixed(0)} s, ${ours.mib} MiB`,
    `as many \`ssh true\` ${(bare.ms / 1000).toFixed(0)} s`,
    `${(ours.ms / bare.ms).toFixed(1)}x`,
  ]
}

function told(counts) {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')
}

/** How long it took, and the most memory that the process itself had, MiB. */
function run([program, ...words], cwd, env) {
  return new Promise((resolve, reject) => {
    const begin = performance.now()
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const limit = setTimeout(() => child.kill('SIGKILL'), 900_000)
    let [stdout, stderr, most] = ['', '', 0]
    const poll = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
        most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
      } catch {
        // It has just ended.
      }
    }, 50)
    child.stdout.on('data', data => (stdout += data))
    child.stderr.on('data', data => (stderr += data))
    child.once('close', code => {
      clearInterval(poll)
      clearTimeout(limit)
      if (code !== null && [0, 3, 123].includes(code))
        resolve({ ms: performance.now() - begin, mib: Math.round(most / 1024), stdout })
      else reject(new Error(`${program} ended with ${code}: ${stderr}`))
    })
  })
}

/** On loopback, with keys of its own; `null` where none is installed. */
function startSshd(dir) {
  const program = '/usr/sbin/sshd'
  try {
    for (const name of ['host', 'key'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(dir, name)])
    if (process.getuid() === 0) mkdirSync('/run/sshd', { recursive: true })
    const [kind, key] = readFileSync(path.join(dir, 'host.pub'), 'utf8').split(' ')
    writeFileSync(
      path.join(dir, 'known_hosts'),
      [sshPort, slowPort, deadPort].map(port => `[127.0.0.1]:${port} ${kind} ${key}\n`).join(''),
    )
    const config = [
      ...[`Port ${sshPort}`, 'ListenAddress 127.0.0.1', `HostKey ${dir}/host`, `AuthorizedKeysFile ${dir}/key.pub`],
      ...['PidFile none', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'MaxStartups 200:30:400'],
      ...['PermitRootLogin prohibit-password', 'PerSourceMaxStartups none'],
    ]
    writeFileSync(path.join(dir, 'sshd_config'), `${config.join('\n')}\n`)
    execFileSync(program, ['-t', '-f', path.join(dir, 'sshd_config')])
    return spawn(program, ['-D', '-f', path.join(dir, 'sshd_config')], { stdio: 'ignore' })
  } catch {
    return null
  }
}
