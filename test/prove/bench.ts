import { kinds } from '../../src/check/kinds/index.ts'
import { vocabulary } from '../../src/cli/vocabulary.ts'
import { lintCourse } from '../../src/format/lint.ts'
import { placesOf } from '../../src/format/places.ts'
import { findingsOf, type LabProof, type Part, type ProofEvent, parts } from '../../src/prove/proof.ts'
import { prove } from '../../src/prove/prove.ts'
import type { Stand } from '../../src/prove/stand.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { type FakeWorld, fakeWorld } from '../helpers/world.ts'

/** Labs in memory, proven on a machine in memory, with the real kinds, causes and format. */

export const courseDir = '/course'

export interface Given {
  /** Below the course: `shop/lab.yaml`, `shop/ko.md` … */
  readonly files: Readonly<Record<string, string>>
  readonly labs?: readonly string[]
  /** Those that are proven; absent: all. */
  readonly ids?: readonly string[]
  readonly world?: FakeWorld
  readonly step?: string
  readonly only?: readonly Part[]
  /** Ctrl-C when this event comes. */
  readonly interruptAt?: (event: ProofEvent | RunEvent) => boolean
  readonly lacking?: Awaited<ReturnType<Stand['examine']>>
}

export interface Proven {
  readonly proofs: readonly LabProof[]
  readonly world: FakeWorld
  readonly events: readonly (ProofEvent | RunEvent)[]
  /** `shop/lab.yaml:12 passes-before`, errors and warnings. */
  readonly found: readonly string[]
  /** `write solution passed` */
  readonly tried: readonly string[]
}

export async function proven({ files, labs = ['shop'], world = fakeWorld(), ...given }: Given): Promise<Proven> {
  const { disk } = world
  disk.put(`${courseDir}/course.yaml`, `id: course\ntitle: Course\nlanguage: ko\nlabs: [${labs.join(', ')}]\n`)
  for (const [path, content] of Object.entries(files)) disk.put(`${courseDir}/${path}`, content)
  const { course, labs: loaded, problems } = await lintCourse(courseDir, vocabulary, world.reader)
  if (!course) throw new Error(problems.map(({ message }) => message.en).join('\n'))
  const events: (ProofEvent | RunEvent)[] = []
  const controller = new AbortController()
  const proofs = await prove(
    {
      course,
      labs: loaded,
      problems,
      kinds,
      signal: controller.signal,
      listen(event) {
        events.push(event)
        if (given.interruptAt?.(event)) controller.abort()
      },
      wanted: { parts: new Set(given.only ?? parts), ...(given.step ? { step: given.step } : {}) },
      locate: id => placesOf(courseDir, id, world.reader),
      stand: async () => standOf(world, given.lacking ?? []),
    },
    given.ids ?? labs,
  )
  return {
    proofs,
    world,
    events,
    found: findingsOf(proofs).map(({ file, line, code }) => `${file.replace('course/', '')}:${line} ${code}`),
    tried: proofs.flatMap(proof =>
      proof.trials.map(({ step, part, name, verdict }) => [step, part, name, verdict].filter(Boolean).join(' ')),
    ),
  }
}

function standOf(world: FakeWorld, lacking: Awaited<ReturnType<Stand['examine']>>): Stand {
  const base = '/proof'
  for (const folder of ['home', 'temp']) world.disk.folder(`${base}/${folder}`)
  return {
    world,
    home: `${base}/home`,
    temp: `${base}/temp`,
    state: `${base}/state`,
    workspace: `${base}/home/labs/course`,
    examine: async () => lacking,
    processes: async () => [...world.processes].filter(([pid]) => pid > 6000).map(([, start]) => start),
    remove: async () => world.disk.take(base),
  }
}

/** The line of a file where this text first stands. */
export function lineOf(content: string, text: string): number {
  const index = content.indexOf(text)
  if (index < 0) throw new Error(`not in the file: ${text}`)
  return content.slice(0, index).split('\n').length
}
