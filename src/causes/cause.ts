import type { KubeConfigView, KubeEvent, KubeObject, Pod } from '../lab/cluster.ts'
import type { Json } from '../lab/lab.ts'
import type { ContainerView, FileView, ImageSummary, Listener } from '../lab/machine.ts'
import type { Difference, Evidence, Problem } from '../lab/verdict.ts'

/** How a command ended, escapes stripped. */
export interface CommandOutcome {
  readonly line: string
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  /** Absolute. */
  readonly cwd: string
}

/** What else is true on the machine, gathered once, after something went wrong. Absent: could not look. */
export interface Facts {
  readonly workspace: string
  readonly containers?: readonly ContainerView[]
  readonly images?: readonly ImageSummary[]
  readonly listeners?: readonly Listener[]
  /** Last log lines by container id, of those that are of interest. */
  readonly logs?: Readonly<Record<string, readonly string[]>>
  /** Files near where the command ran or the check looked, by absolute path; `null`: looked for, not there. */
  readonly files?: Readonly<Record<string, Omit<FileView, 'text'> | null>>
  /** Names in the folder where the command ran. */
  readonly names?: readonly string[]
  /** Ports that a container's image EXPOSEs, such as `3000/tcp`, by container id. */
  readonly exposed?: Readonly<Record<string, readonly string[]>>
  /** For labs with a cluster. */
  readonly cluster?: ClusterFacts
}

/** What is true in the cluster, as far as it could be looked at within four requests. Absent: could not look. */
export interface ClusterFacts {
  /** The context that the lab is about. */
  readonly context: string
  /** What kubectl's configuration says. */
  readonly config?: KubeConfigView
  /** The namespace that it is about; objects below are of this one. */
  readonly namespace: string
  readonly pods?: readonly Pod[]
  readonly replicaSets?: readonly KubeObject[]
  /** Oldest first. */
  readonly events?: readonly KubeEvent[]
  /** Last lines by `pod/container`, of the one that is worst off; `previous`: of the run before. */
  readonly podLogs?: Readonly<
    Record<string, { readonly now?: readonly string[]; readonly previous?: readonly string[] }>
  >
  /** Where something is asked through a Service. */
  readonly services?: readonly KubeObject[]
  /** Other namespaces that have an object of the kind and name that was looked for here. */
  readonly elsewhere?: readonly string[]
  /** Why nobody answered. */
  readonly problem?: Problem
}

/** A failed check, as a cause sees it. */
export interface FailedCheck {
  readonly kind: string
  readonly fields: Readonly<Record<string, Json>>
  readonly expect?: Json
  /** Only what came to be after this (ms since the epoch) counts. */
  readonly since?: number
  /** Absent when we could not look. */
  readonly seen?: Json
  readonly problem?: Problem
  readonly differences: readonly Difference[]
}

/** Everything a cause may judge by: a command that went wrong or a check that failed. `diagnose` takes both apart. */
export interface Situation {
  readonly command?: CommandOutcome
  readonly check?: FailedCheck
  readonly facts: Facts
}

/**
 * Why something failed. `find` is pure and looks at state first, then the exit code, then the output; it returns the
 * evidence or `null`. At most one cause may claim a situation: order in the registry is no way to make it so.
 */
export interface Cause<E extends Evidence = Evidence> {
  readonly code: string
  /** Nobody but the learner can repair it: waiting longer is of no use. */
  readonly final: boolean
  /** It may still mend itself within this time, ms: an image is just being loaded. Default: 0. */
  readonly grace?: number
  /** Claims only what no other cause claims. */
  readonly fallback?: true
  find(situation: Situation): E | null
  /** What is wrong, one sentence. */
  readonly message: { ko(evidence: E): string; en(evidence: E): string }
  /** What to try next. Never the lab's answer itself. */
  readonly advice: { ko(evidence: E): string; en(evidence: E): string }
}

/** Gives the evidence its type within the definition. */
export function cause<E extends Evidence>(definition: Cause<E>): Cause {
  return definition as unknown as Cause
}

/** Both streams: tools differ by version in which one they use. */
export function output(command: CommandOutcome): string {
  return `${command.stderr}\n${command.stdout}`
}
