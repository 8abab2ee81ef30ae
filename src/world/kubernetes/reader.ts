import type { ClusterReader, ObjectQuery } from '../../check/reader.ts'
import { createApi } from './api.ts'
import { createDiscovery } from './discovery.ts'
import type { Lists } from './lists.ts'
import { createLive } from './live.ts'
import { pictureOf } from './picture.ts'
import { listPath } from './resources.ts'

const mebibyte = 1024 * 1024

/** `closing` ends every connection and watch. */
export function createReader(
  env: NodeJS.ProcessEnv,
  home: string,
  closing: AbortSignal,
  limitBytes?: number,
): ClusterReader {
  const api = createApi(env, home, closing, limitBytes)
  closing.addEventListener('abort', () => api.close(), { once: true })
  const discover = createDiscovery(api)

  const lists: Lists = {
    async find({ context, kind, apiVersion, namespace }) {
      const resource = await discover(context, kind, apiVersion)
      if (!resource) return null
      const within = resource.namespaced && namespace ? { namespace } : {}
      return { context, resource, ...within, path: listPath(resource, namespace) }
    },
    async read({ context, resource, namespace, path }) {
      const where = namespace === undefined ? {} : { namespace }
      const answer = await api.read(context, path, { verb: 'list', resource: resource.name, ...where })
      return answer === null ? null : pictureOf(answer, resource)
    },
  }

  const reader: ClusterReader = {
    config: api.config,
    async list(query: ObjectQuery) {
      const found = await lists.find(query)
      return found ? ((await lists.read(found))?.objects ?? null) : null
    },
    async get(context, path, { timeoutMs = 5000 } = {}) {
      const { status, headers, body } = await api.get(context, path, { timeoutMs, cap: mebibyte })
      const named = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
      return { status, headers: Object.fromEntries(named), text: body.toString() }
    },
    live: () => createLive(api, lists, reader, closing),
  }
  return reader
}
