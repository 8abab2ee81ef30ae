import type { DockerReader, Probe } from '../../check/reader.ts'
import { CouldNotLook, type Problem } from '../../lab/verdict.ts'
import { createDocker, type Docker } from '../docker/index.ts'
import type { Master } from './master.ts'
import type { Remote } from './remote.ts'
import { quoted } from './script.ts'

/** Where an engine listens, the first that is there counts. */
function places(home: string, user: string): readonly string[] {
  return [
    '/var/run/docker.sock',
    `${home}/.docker/run/docker.sock`,
    `/run/user/${user}/docker.sock`,
    `/run/user/${user}/podman/podman.sock`,
    '/run/podman/podman.sock',
  ]
}

export interface RemoteDocker {
  readonly reader: DockerReader
  readonly probe: Probe
  close(): void
}

/** The engine of the student's machine, asked by us: no program there has a say. `user`: the number of the user there. */
export function createRemoteDocker(
  master: Master,
  remote: Remote,
  there: { readonly home: string; readonly user: string; readonly limitBytes: number },
): RemoteDocker {
  const { home, user, limitBytes } = there
  let opening: Promise<{ docker: Docker; place: string }> | undefined

  async function open(): Promise<{ docker: Docker; place: string }> {
    const all = places(home, user)
    const script = `for p in ${all.map(quoted).join(' ')}; do [ -S "$p" ] && { printf '%s' "$p"; break; }; done; :`
    const place = (await remote.look(script)).stdout.toString()
    if (!all.includes(place)) throw new CouldNotLook('engine.down', { socket: all[0]!, source: 'default' })
    const local = await master.forwardSocket('docker.sock', place)
    const docker = createDocker({ DOCKER_HOST: `unix://${local}` }, master.folder, { limitBytes })
    return { docker, place }
  }

  async function ask<T>(question: (docker: Docker) => Promise<T>): Promise<T> {
    const opened = (opening ??= open())
    // What could not be opened is tried again.
    opened.catch(() => {
      if (opening === opened) opening = undefined
    })
    const { docker, place } = await opened
    try {
      return await question(docker)
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error
      if (!(await remote.alive())) throw remote.gone()
      const { code, evidence } = fromThere(error.problem, master.host, place, await standing(place))
      throw new CouldNotLook(code, evidence, { cause: error })
    }
  }

  /** What the system there says of the socket. */
  async function standing(place: string): Promise<Standing> {
    const said = (await remote.look(socketScript(place))).stdout.toString().trim()
    return said === 'gone' || said === 'closed' || said === 'listening' ? said : 'unknown'
  }

  const reader: DockerReader = {
    engine: async () => {
      const view = await ask(({ reader }) => reader.engine())
      return { ...view, host: (await opening)?.place ?? view.host }
    },
    containers: () => ask(({ reader }) => reader.containers()),
    images: () => ask(({ reader }) => reader.images()),
    image: ref => ask(({ reader }) => reader.image(ref)),
    logs: (id, options) => ask(({ reader }) => reader.logs(id, options)),
    watch: (changed, signal) => {
      void ask(async ({ reader }) => reader.watch(changed, signal)).catch(() => {})
    },
  }
  return {
    reader,
    probe: { imageFile: (id, path) => ask(({ probe }) => probe.imageFile(id, path)) },
    close: () =>
      void opening?.then(
        ({ docker }) => docker.close(),
        () => {},
      ),
  }
}

/** `listening`: somebody does, in the network namespace of the session; `unknown`: perhaps in another, as with a mount. */
export type Standing = 'gone' | 'closed' | 'listening' | 'unknown'

function socketScript(place: string): string {
  // `/var/run` is a link to `/run`: who listens may have named either. The flag is that of a listening socket.
  const pattern = ` 00010000 .*${place.replace(/^\/var/, '').replaceAll('.', '\\.')}$`
  return `p=${quoted(place)}
[ -S "$p" ] || { echo gone; exit 0; }
[ -w "$p" ] || { echo closed; exit 0; }
grep -qs ${quoted(pattern)} /proc/net/unix && echo listening
:`
}

/**
 * The same problem as seen there. Through the connection every socket that cannot be used looks alike: opened, and shut
 * without a word.
 */
export function fromThere({ code, evidence }: Problem, host: string, place: string, standing: Standing): Problem {
  if (code === 'engine.error' && /socket hang up|ECONNRESET|EPIPE/.test(String(evidence['message']))) {
    if (standing === 'closed') return { code: 'engine.permission', evidence: { socket: place } }
    if (standing === 'listening') return { code: 'ssh.forwarding', evidence: { host, to: place } }
    return { code: 'engine.down', evidence: { socket: place, source: 'default' } }
  }
  return { code, evidence: 'socket' in evidence ? { ...evidence, socket: place } : evidence }
}
