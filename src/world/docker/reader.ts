import type { DockerReader } from '../../check/reader.ts'
import type { ContainerView } from '../../lab/machine.ts'
import type { Looking, Reply } from './engine.ts'
import { followEvents } from './events.ts'
import { logLines } from './logs.ts'
import { refusal } from './problem.ts'
import { list, object, string } from './raw.ts'
import { containerView, imageSummary, imageView } from './views.ts'

/** `closed` ends every watch. */
export function createReader(engine: Looking, closed: AbortSignal): DockerReader {
  return {
    async engine() {
      const { api, shown } = await engine.about()
      const version = object(found(await engine.get('/version')).json())
      return { running: true, version: string(version['Version']), api, os: string(version['Os']), host: shown }
    },
    containers: () => readContainers(engine),
    async images() {
      const { podman } = await engine.about()
      const images = list(found(await engine.get('/images/json')).json())
      return images.map(image => imageSummary(image, podman))
    },
    async image(ref) {
      if (!askable(ref)) return null
      const { podman } = await engine.about()
      const reply = await engine.get(`/images/${ref}/json`)
      // 400: what was asked for can be no image's name.
      if (reply.status === 404 || reply.status === 400) return null
      return imageView(found(reply).json(), podman)
    },
    async logs(id, { tail }) {
      const path = `/containers/${encodeURIComponent(id)}`
      const [container, log] = await Promise.all([
        engine.get(`${path}/json`),
        engine.get(`${path}/logs?stdout=1&stderr=1&timestamps=1&tail=${tail}`),
      ])
      // 409: it is just being removed.
      if ([container, log].some(reply => reply.status === 404 || reply.status === 409)) return null
      const tty = object(object(found(container).json())['Config'])['Tty'] === true
      return logLines(found(log).body, tty)
    },
    watch(changed, signal) {
      void followEvents(engine, changed, AbortSignal.any([signal, closed]))
    },
  }
}

/** One list, then every container at the same time. One that has vanished in between is left out. */
export async function readContainers(engine: Looking): Promise<ContainerView[]> {
  const { podman } = await engine.about()
  const ids = list(found(await engine.get('/containers/json?all=1')).json()).map(item => string(object(item)['Id']))
  const replies = await Promise.all(ids.map(id => engine.get(`/containers/${id}/json`)))
  return replies.filter(reply => reply.status !== 404).map(reply => containerView(found(reply).json(), podman))
}

/** Throws `CouldNotLook` for anything but a good answer. */
export function found(reply: Reply): Reply {
  if (reply.status !== 200) throw refusal(reply.status, reply.message())
  return reply
}

/** Whether it can be put into a path as it is; what cannot is no image's name either. */
function askable(ref: string): boolean {
  return /^[\w.:@-]+(\/[\w.:@-]+)*$/.test(ref) && !ref.split('/').some(part => part === '.' || part === '..')
}
