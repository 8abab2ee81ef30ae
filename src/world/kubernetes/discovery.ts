import type { Api } from './api.ts'
import type { Connection } from './connection.ts'
import { builtInResource, groupPath, preferredVersions, type Resource, resourcesIn } from './resources.ts'

/** `null`: the server knows no such kind. */
export type Discovery = (context: string, kind: string, apiVersion?: string) => Promise<Resource | null>

/** Kinds that every cluster has cost nothing; others are asked for, and again when they were not there. */
export function createDiscovery(api: Api): Discovery {
  /** Per server, by version. */
  const known = new WeakMap<Connection, Map<string, Resource[]>>()

  async function inVersion(context: string, apiVersion: string, kept: Map<string, Resource[]>): Promise<Resource[]> {
    const path = groupPath(apiVersion)
    const answer = await api.read(context, path, { verb: 'get', resource: path })
    const resources = answer === null ? [] : resourcesIn(apiVersion, answer)
    kept.set(apiVersion, resources)
    return resources
  }

  return async (context, kind, apiVersion) => {
    const certain = builtInResource(kind, apiVersion)
    if (certain) return certain
    const server = await api.connection(context)
    const kept = known.get(server) ?? new Map<string, Resource[]>()
    known.set(server, kept)
    const isIt = (each: Resource) => each.kind === kind && (apiVersion === undefined || each.apiVersion === apiVersion)
    const before = [...kept.values()].flat().find(isIt)
    if (before) return before
    const versions = apiVersion === undefined ? await allVersions(api, context) : [apiVersion]
    const answers = await Promise.allSettled(versions.map(version => inVersion(context, version, kept)))
    const found = answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : [])).find(isIt)
    if (found) return found
    // It may be in a group that did not answer.
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
    return null
  }
}

async function allVersions(api: Api, context: string): Promise<string[]> {
  return ['v1', ...preferredVersions(await api.read(context, '/apis', { verb: 'get', resource: '/apis' }))]
}
