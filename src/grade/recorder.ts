import type { Look } from '../check/looks.ts'
import { probeThrough, readerThrough } from '../check/looks.ts'
import type { Probe, Reader } from '../check/reader.ts'
import type { Json } from '../lab/lab.ts'
import { CouldNotLook } from '../lab/verdict.ts'
import { type EvidenceLimits, evidenceLimits, type Looked } from './evidence.ts'
import { redacted } from './redact.ts'

export interface Recorder {
  readonly reader: Reader
  readonly probe: Probe
  /** The last look at each thing. */
  looks(): Readonly<Record<string, Looked>>
}

/**
 * Keeps what is looked at. Whoever looks gets what is kept and nothing else, so a later evaluation sees the same. What is
 * larger than the limits is a look that could not be made: `grade.too-large`.
 */
export function recorder(
  machine: { readonly reader: Reader; readonly probe: Probe },
  now: () => number,
  limits: EvidenceLimits = evidenceLimits,
): Recorder {
  const kept = new Map<string, { readonly looked: Looked; readonly size: number }>()
  let total = 0
  function keep(key: string, looked: Looked): void {
    const size = JSON.stringify(looked).length + key.length
    total += size - (kept.get(key)?.size ?? 0)
    kept.set(key, { looked, size })
  }
  const look: Look = async <T>(key: string, read: () => Promise<T>) => {
    try {
      const answer = (await read()) as Json | undefined
      const text = JSON.stringify(answer ?? null)
      if (text.length > limits.look || total + text.length > limits.all)
        throw new CouldNotLook('grade.too-large', { look: key.slice(0, 100), bytes: text.length })
      const seen = redacted(key, JSON.parse(text) as Json)
      keep(key, { at: now(), seen })
      return seen as T
    } catch (error) {
      if (error instanceof CouldNotLook) keep(key, { at: now(), problem: error.problem })
      throw error
    }
  }
  return {
    reader: readerThrough(look, machine.reader),
    probe: probeThrough(look, machine.probe),
    looks: () => Object.fromEntries([...kept].map(([key, { looked }]) => [key, looked])),
  }
}

/** Gives what was kept. What was not looked at then cannot be looked at now: `grade.not-collected`. */
export function replay(looks: Readonly<Record<string, Looked>>): Pick<Recorder, 'reader' | 'probe'> {
  const look: Look = async <T>(key: string) => {
    const looked = Object.hasOwn(looks, key) ? looks[key] : undefined
    if (!looked) throw new CouldNotLook('grade.not-collected', { look: key.slice(0, 100) })
    if ('problem' in looked) throw new CouldNotLook(looked.problem.code, looked.problem.evidence)
    return looked.seen as T
  }
  const nobody = () => Promise.reject(new Error('there is no machine behind evidence'))
  const docker = {
    engine: nobody,
    containers: nobody,
    images: nobody,
    image: nobody,
    logs: nobody,
    watch: () => {},
  }
  const cluster: Reader['cluster'] = {
    config: nobody,
    list: nobody,
    get: nobody,
    live: () => ({ ...cluster, watch: () => {} }),
  }
  const none: Reader = {
    ...{ file: nobody, list: nobody, run: nobody, connect: nobody, http: nobody },
    ...{ tool: nobody, listeners: nobody, free: nobody, docker, cluster },
  }
  return { reader: readerThrough(look, none), probe: probeThrough(look, { imageFile: nobody }) }
}
