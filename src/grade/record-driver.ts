import { evidenceDigest, type Refusal, unpack } from './bundle.ts'
import type { Attempt, Collected } from './collected.ts'
import type { Driver } from './grade-run.ts'
import type { Flag } from './result.ts'
import type { Student } from './roster.ts'

/** A file that somebody handed in. */
export interface Submission {
  /** As people are told of it: a path, or a path within an archive. */
  readonly name: string
  /** `null`: larger than anything that we take, or not readable as what the archive says it is. */
  read(): Promise<Uint8Array | null>
}

export interface NotTaken {
  readonly name: string
  readonly why: 'nobody' | 'link' | 'outside' | 'encrypted' | 'too-large'
}

/** Where submissions lie. */
export interface Submissions {
  /** Of a folder, those whose name fits; of an archive, those that are the student's. */
  of(student: Student): Promise<readonly Submission[]>
  /** How many are somebody's. */
  readonly count: number
  /** What nobody gets: files of nobody in the roster; of an archive also links, and names that lead outside. */
  readonly refused: readonly NotTaken[]
}

/** Of one student: as many of the largest still fit into one file. */
const mostAttempts = 15

/** Bundles that were handed in, each an attempt. What they say is only what they say. */
export function recordDriver(submissions: Submissions, now: () => number): Driver {
  return {
    kind: 'record',
    hostOf: student => student.id,
    async collect(student): Promise<Collected> {
      const common = { schema: 'lab/collected/v1', student: student.id, at: now(), level: 'recorded' } as const
      const found = await submissions.of(student)
      const target = {
        kind: 'record',
        label: found
          .map(each => each.name)
          .join(', ')
          .slice(0, 300),
      } as const
      const attempts = new Map<string, Attempt>()
      const flags: Flag[] = []
      for (const submission of found) {
        const packed = await submission.read().catch(() => null)
        const bundle = packed ? unpack(packed) : { refused: 'unreadable' as const }
        if ('refused' in bundle) {
          flags.push(refusedFlag(submission.name, bundle.refused))
          continue
        }
        if (attempts.size === mostAttempts) {
          flags.push(refusedFlag(submission.name, 'too-many'))
          continue
        }
        const { evidence } = bundle
        // The same file twice, as browsers and learning platforms make it, is one attempt.
        attempts.set(evidenceDigest(evidence), { submittedAt: evidence.collectedAt, evidence })
      }
      const inOrder = [...attempts.values()].sort((a, b) => a.submittedAt - b.submittedAt)
      if (inOrder.length > 0) return { ...common, target, attempts: inOrder, flags }
      const state = found.length > 0 ? ('held' as const) : ('absent' as const)
      return {
        ...common,
        target,
        attempts: inOrder,
        flags,
        nothing: { state, reason: state === 'held' ? broken : absent },
      }
    },
  }
}

const absent = { ko: '제출한 것이 없어요.', en: 'Nothing was handed in.' }
const broken = { ko: '제출한 파일을 읽을 수 없어요.', en: 'What was handed in could not be read.' }

function refusedFlag(name: string, refused: Refusal | 'unreadable' | 'too-many'): Flag {
  return { code: 'bundle-refused', severity: 'hold', detail: `${name.slice(0, 200)}: ${refused}` }
}
