import { userInfo } from 'node:os'
import type { Lab } from '../lab/lab.ts'
import type { Teller } from '../report/teller.ts'
import { labelled, marked } from '../report/teller.ts'
import { examine, type Finding } from '../run/doctor/examine.ts'
import { readSystem } from '../run/doctor/system.ts'
import type { Context } from './context.ts'

/** Looks for what the labs need and gives what was found. */
export async function findings(
  { world, workspace }: Pick<Context, 'world' | 'workspace'>,
  labs: readonly Lab[],
  portsToo: boolean,
): Promise<readonly Finding[]> {
  const { platform, arch } = process
  const machine = { platform, arch, uid: process.getuid?.() ?? -1, user: userName() }
  const system = await readSystem(world.reader, machine)
  return examine(labs, { reader: world.reader, system, workspace, skipPorts: !portsToo })
}

/** True when the lab can begin; what is missing is said otherwise. */
export async function preflight(context: Context, lab: Lab, { portsToo }: { portsToo: boolean }): Promise<boolean> {
  const missing = (await findings(context, [lab], portsToo)).filter(finding => !finding.ok)
  for (const finding of missing) for (const line of findingLines(context.teller, finding)) context.teller.print(line)
  if (missing.some(finding => finding.repair?.commands.length))
    context.teller.print(context.commandFor(`doctor --fix ${lab.id}`))
  return missing.length === 0
}

export function findingLines(teller: Teller, finding: Finding): string[] {
  const { of, say, paint } = teller
  const text = of(finding.message)
  if (finding.ok) return [marked(teller, 'passed', text)]
  const { commands = [], note } = finding.repair ?? {}
  return [
    marked(teller, 'failed', text),
    ...commands.map(command => `    ${paint.code(command)}`),
    ...(note ? [labelled(teller, say.repairWith, of(note), 4, 4)] : []),
  ]
}

/** An id without an account has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '')
  }
}
