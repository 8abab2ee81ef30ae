import type { Agent } from 'node:http'

/** How the connections of an agent end, and those of long streams beside it. */
export function endings(pool: Agent, streams: Agent): { retire(): void; close(): void } {
  return {
    retire() {
      pool.maxFreeSockets = 0
      for (const sockets of Object.values(pool.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
      streams.destroy()
    },
    close() {
      pool.destroy()
      streams.destroy()
    },
  }
}
