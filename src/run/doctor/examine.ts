import type { Lab } from '../../lab/lab.ts'
import { type Finding, judge } from './findings.ts'
import { type About, look } from './look.ts'

export type { Finding } from './findings.ts'

/** What this machine has and lacks for these labs. What could not be looked at is a finding of its own; never throws for it. */
export async function examine(labs: readonly Lab[], about: About): Promise<Finding[]> {
  return judge(labs, await look(labs, about), about.system)
}
