import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Course } from '../lab/lab.ts'
import type { Stand } from '../prove/stand.ts'
import { processesWith } from '../world/marked-processes.ts'
import { createWorld } from './context.ts'
import { findings } from './preflight.ts'

/** A machine for one proof: this one, with a home, a workspace and a folder for temporary files that are new and go again. */
export async function createStand({ id }: Course): Promise<Stand> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'handrail-proof-')))
  const [home, temp, state] = [join(base, 'home'), join(base, 'temp'), join(base, 'state')]
  for (const folder of [home, temp]) await mkdir(folder)
  const world = createWorld(environment(process.env, home, temp), home)
  const workspace = join(home, 'labs', id)
  const living = () => processesWith('HOME', home)
  return {
    world,
    home,
    temp,
    state,
    workspace,
    examine: labs => findings({ world, workspace }, labs, true),
    processes: async () => living().map(each => each.line),
    async remove() {
      for (const { pid } of living()) end(pid)
      world.close()
      await rm(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}

/** How to reach the engine and the network stays as it is; nothing else of the author's home is seen. */
function environment(env: NodeJS.ProcessEnv, home: string, temp: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(KUBECONFIG|XDG_\w+_(HOME|DIR))$/.test(name))
  const own = (name: string, file: string) => {
    const path = join(homedir(), file)
    return env[name] === undefined && existsSync(path) ? { [name]: path } : {}
  }
  return {
    ...Object.fromEntries(kept),
    ...own('DOCKER_CONFIG', '.docker'),
    ...own('GIT_CONFIG_GLOBAL', '.gitconfig'),
    ...own('NPM_CONFIG_USERCONFIG', '.npmrc'),
    HOME: home,
    TMPDIR: temp,
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}
