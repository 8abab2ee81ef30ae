import type { Kind } from '../check/kind.ts'
import type { Locate } from '../format/places.ts'
import type { Course, Lab } from '../lab/lab.ts'
import type { Problem } from '../lab/problem.ts'
import type { Finding as Lacking } from '../run/doctor/examine.ts'
import type { World } from '../run/world.ts'
import type { Part, ProofListen } from './proof.ts'

/** A machine for one proof: folders of its own, so that nothing of the author's is read, written or counted. */
export interface Stand {
  /** Its programs have `home` as their home. */
  readonly world: World
  readonly home: string
  readonly workspace: string
  /** For temporary files of the lab's commands. */
  readonly temp: string
  /** Where the runner keeps what it knows. */
  readonly state: string
  /** What this machine lacks for these labs, and has. */
  examine(labs: readonly Lab[]): Promise<readonly Lacking[]>
  /** Lines of the living processes that were started with this home; none where the system does not tell. */
  processes(): Promise<readonly string[]>
  /** Ends those processes and removes the folders. */
  remove(): Promise<void>
}

/** The course and everything that its labs are proven with. */
export interface Bench {
  readonly course: Course
  /** Those without errors in their files. */
  readonly labs: ReadonlyMap<string, Lab>
  readonly problems: readonly Problem[]
  readonly kinds: Readonly<Record<string, Kind>>
  readonly signal: AbortSignal
  readonly listen: ProofListen
  readonly wanted: Wanted
  locate(lab: string): Promise<Locate>
  stand(lab: string): Promise<Stand>
}

/** What of a lab is to be proven; what it takes to get there is done in any case. */
export interface Wanted {
  /** Only this step; absent: all. */
  readonly step?: string
  readonly parts: ReadonlySet<Part>
}
