import type { DockerReader, Probe } from '../../check/reader.ts'
import type { DockerHands } from '../../run/world.ts'
import { createEngine } from './engine.ts'
import { createHands } from './hands.ts'
import { createProbe } from './probe.ts'
import { createReader } from './reader.ts'

export interface Docker {
  readonly reader: DockerReader
  readonly hands: DockerHands
  readonly probe: Probe
  /** Ends every connection and watch. */
  close(): void
}

/**
 * The engine that `docker` would talk to with this environment. Nothing is connected before the first call. `limitBytes`:
 * of one answer; without it, any.
 */
export function createDocker(
  env: NodeJS.ProcessEnv,
  home: string,
  { timeoutMs = 10_000, limitBytes }: { timeoutMs?: number; limitBytes?: number } = {},
): Docker {
  const engine = createEngine(env, home, timeoutMs, limitBytes)
  const closing = new AbortController()
  return {
    reader: createReader(engine, closing.signal),
    hands: createHands(engine),
    probe: createProbe(engine),
    close() {
      closing.abort()
      engine.close()
    },
  }
}
