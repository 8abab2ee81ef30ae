import type { ClusterReader, LiveCluster } from '../../check/reader.ts'
import type { KubeObject } from '../../lab/cluster.ts'
import type { Api } from './api.ts'
import { createFollower, type Follower } from './follower.ts'
import type { Listed, Lists } from './lists.ts'

/** A server that has said nothing for so long (ms) is asked whether it is still there, before a picture is believed. */
const quietMs = 2000
const pingLimitMs = 3000

export function createLive(api: Api, lists: Lists, reader: ClusterReader, closing: AbortSignal): LiveCluster {
  const followers = new Map<string, Follower>()
  let watching: { readonly changed: () => void; readonly signal: AbortSignal } | undefined
  const pings = new Map<string, Promise<unknown>>()

  function followerOf(listed: Listed): Follower {
    const key = `${listed.context} ${listed.path}`
    const known = followers.get(key)
    if (known) return known
    const made = createFollower(api, lists, listed)
    followers.set(key, made)
    return made
  }

  /** One question for all lists of a context. Throws when nobody answers; then their watches begin anew. */
  async function ping(context: string): Promise<void> {
    const under = pings.get(context) ?? api.get(context, '/version', { timeoutMs: pingLimitMs })
    pings.set(context, under)
    const mine = () => [...followers.values()].filter(each => each.context === context)
    try {
      await under
      for (const each of mine()) each.heard()
    } catch (error) {
      for (const each of mine()) each.restart()
      throw error
    } finally {
      if (pings.get(context) === under) pings.delete(context)
    }
  }

  /** From the server itself, and from then on watched, even if it does not answer now. */
  async function ask(follower: Follower): Promise<readonly KubeObject[] | null> {
    try {
      return await follower.list()
    } finally {
      if (watching) follower.start(watching.changed, watching.signal)
    }
  }

  return {
    ...reader,
    async list(query) {
      const listed = await lists.find(query)
      if (!listed) return null
      const follower = followerOf(listed)
      const connection = await api.connection(listed.context)
      if (!follower.believable(connection)) return await ask(follower)
      const last = Math.max(
        ...[...followers.values()].map(each => (each.context === listed.context ? each.heardAt : 0)),
      )
      if (performance.now() - last > quietMs) await ping(listed.context)
      return follower.believable(connection) ? follower.objects() : await ask(follower)
    },
    live: () => reader.live(),
    watch(changed, signal) {
      watching = { changed, signal: AbortSignal.any([signal, closing]) }
      for (const follower of followers.values()) follower.start(changed, watching.signal)
    },
  }
}
