import { setTimeout as pause } from 'node:timers/promises'

/** Waits until `condition` gives something truthy and gives that; throws after `ms`. */
export async function until<T>(condition: () => T | Promise<T>, ms = 5000): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    if (performance.now() > deadline) throw new Error(`not so within ${ms} ms: ${condition}`)
    await pause(10)
  }
}
