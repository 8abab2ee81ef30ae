import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { until } from '../helpers/until.ts'
import { type Home, root, run } from './program.ts'

/** A real code-server, where most learners are, as the course's machines have it. */
export interface CodeServer {
  readonly origin: string
  /** Of the window with the folder open. */
  readonly url: string
  stop(): Promise<void>
}

const script = join(root, '..', 'shared', 'testbed', 'code-server-up')

/** Of the course's machines: set anew at each prompt, which is more than VS Code's own shell integration expects. */
const startFile = `PROMPT_COMMAND='export PS1="\\u:\\w:$ "'\nalias k=kubectl\n`
/** The last line of the screen when that prompt waits. */
export const prompt = /:[~/]\S*:\$$/

const settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'editor.quickSuggestions': false,
  // Rows of text in the page, where a test can read them.
  'terminal.integrated.gpuAcceleration': 'off',
}

/** Starts it for the owner of `home`, whose terminals have the environment of `home`. Seconds, or minutes to install it. */
export async function openCodeServer(home: Home, folder: string): Promise<CodeServer> {
  const data = join(home.dir, '.local', 'share')
  const user = join(data, 'code-server', 'User')
  mkdirSync(user, { recursive: true })
  writeFileSync(join(home.dir, '.bashrc'), startFile)
  const shell = { ...home.env, SHELL: '/bin/bash', npm_config_update_notifier: 'false' }
  // The PATH stays code-server's own, which has the command that opens a file.
  const terminal = { ...shell, PATH: undefined }
  writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...settings, 'terminal.integrated.env.linux': terminal }))
  const port = await freePort()
  const env = { ...shell, XDG_DATA_HOME: data, XDG_CONFIG_HOME: join(home.dir, '.config') }
  const { exit, stderr } = await run(script, [folder, String(port)], env, home.dir)
  if (exit !== 0) throw new Error(`code-server did not start: ${stderr}`)
  // A name instead of 127.0.0.1, as everywhere else: VS Code has its own ways with addresses of this machine.
  const origin = `http://class.localhost:${port}`
  return { origin, url: `${origin}/?folder=${folder}`, stop: () => stop(data) }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Everything that was started with this folder for its data, terminals included. */
async function stop(data: string): Promise<void> {
  const end = (signal: NodeJS.Signals) => {
    const found = startedWith(data)
    for (const pid of found) tryKill(pid, signal)
    return found.length === 0
  }
  end('SIGTERM')
  await until(() => startedWith(data).length === 0, 5000).catch(() => until(() => end('SIGKILL'), 5000))
}

function startedWith(data: string): number[] {
  const mark = `XDG_DATA_HOME=${data}`
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && has(name, mark))
    .map(Number)
}

function has(pid: string, mark: string): boolean {
  try {
    if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)
  } catch {
    return false
  }
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It was quicker.
  }
}
