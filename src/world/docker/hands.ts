import type { DockerHands } from '../../run/world.ts'
import type { Looking, Removing, Reply } from './engine.ts'
import { list, object, string, time } from './raw.ts'
import { found, readContainers } from './reader.ts'
import { imageId, tagsOf } from './views.ts'

/** Networks that every engine has. */
const predefined = ['bridge', 'host', 'none', 'podman']

export function createHands(engine: Looking & Removing): DockerHands {
  return {
    async snapshot() {
      const [containers, images, volumes, networks] = await Promise.all([
        readContainers(engine),
        engine.get('/images/json').then(reply => list(found(reply).json()).map(object)),
        engine.get('/volumes').then(reply => list(object(found(reply).json())['Volumes']).map(object)),
        engine.get('/networks').then(reply => list(found(reply).json()).map(object)),
      ])
      return {
        containers: Object.fromEntries(
          containers.map(({ id, name, createdAt, labels }) => {
            const cluster = labels['io.x-k8s.kind.cluster']
            return [id, { name, createdAt, ...(cluster === undefined ? {} : { cluster }) }]
          }),
        ),
        images: Object.fromEntries(
          images.flatMap(image => {
            const id = imageId(image['Id'])
            const tags = tagsOf(image)
            return (tags.length > 0 ? tags : [id]).map(tag => [tag, { id }])
          }),
        ),
        volumes: Object.fromEntries(
          volumes.map(volume => [string(volume['Name']), { createdAt: time(volume['CreatedAt']) }]),
        ),
        networks: Object.fromEntries(
          networks
            .map(network => ({
              id: string(network['Id']),
              name: string(network['Name']),
              at: time(network['Created']),
            }))
            .filter(({ name }) => !predefined.includes(name))
            .map(({ id, name, at }) => [id, { name, createdAt: at }]),
        ),
      }
    },
    async removeContainer(id) {
      const reply = await engine.remove(`/containers/${encodeURIComponent(id)}?force=1&v=1`)
      // Somebody else is removing it.
      return !/is already in progress/.test(reply.message()) && removed(reply)
    },
    removeImage: async ref => removed(await engine.remove(`/images/${segments(ref)}?noprune=0`)),
    removeVolume: async name => removed(await engine.remove(`/volumes/${encodeURIComponent(name)}`)),
    removeNetwork: async id => removed(await engine.remove(`/networks/${encodeURIComponent(id)}`)),
  }
}

/** False: it was not there. Throws an `Error` with the engine's words when it is still there. */
function removed(reply: Reply): boolean {
  if (reply.status === 404) return false
  if (reply.status >= 300) throw new Error(reply.message())
  return true
}

function segments(ref: string): string {
  return ref.split('/').map(encodeURIComponent).join('/')
}
