import type { Evidence, FoundCause } from '../lab/verdict.ts'
import { build } from './build.ts'
import { buildFile } from './build-file.ts'
import { buildFolder } from './build-folder.ts'
import { buildRun } from './build-run.ts'
import type { Cause, Situation } from './cause.ts'
import { container } from './container.ts'
import { containerCommand } from './container-command.ts'
import { docker } from './docker.ts'
import { engine } from './engine.ts'
import { evidence } from './evidence.ts'
import { file } from './file.ts'
import { git } from './git.ts'
import { http } from './http.ts'
import { image } from './image.ts'
import { imagePull } from './image-pull.ts'
import { kind } from './kind.ts'
import { kindRun } from './kind-run.ts'
import { kindUsage } from './kind-usage.ts'
import { kubectl } from './kubectl.ts'
import { kubectlPods } from './kubectl-pods.ts'
import { kubernetes } from './kubernetes.ts'
import { port } from './port.ts'
import { proxy } from './proxy.ts'
import { shell } from './shell.ts'
import { ssh } from './ssh.ts'
import { state } from './state.ts'
import { typing } from './typing.ts'

/** Every cause. A new one is a definition in its family's file and a sample in `test/causes/samples`. */
export const causes: readonly Cause[] = [
  // Of fallbacks the first that claims is told: this one knows more than that a command failed.
  ...kubectlPods,
  ...git,
  ...shell,
  ...typing,
  ...engine,
  ...kind,
  ...kindRun,
  ...kindUsage,
  ...kubectl,
  ...kubernetes,
  ...buildFolder,
  ...buildFile,
  ...build,
  ...buildRun,
  ...image,
  ...imagePull,
  ...docker,
  ...port,
  ...container,
  ...containerCommand,
  ...http,
  ...proxy,
  ...file,
  ...ssh,
  ...evidence,
  ...state,
]

export const codes: ReadonlySet<string> = new Set(causes.map(cause => cause.code))

/**
 * Why a command or a check failed; of both, the command's cause, where it has one, since it came first. `null` where
 * nothing went wrong.
 */
export function diagnose(situation: Situation): FoundCause | null {
  const { command, check, facts } = situation
  if (command && check) {
    const first = claim({ command, facts }, false) ?? claim({ check, facts }, false)
    return first ?? diagnose({ check, facts })
  }
  return claim(situation, false) ?? claim(situation, true)
}

function claim(situation: Situation, fallback: boolean): FoundCause | null {
  for (const cause of causes) {
    if ((cause.fallback ?? false) !== fallback) continue
    const evidence = cause.find(situation)
    if (evidence) return found(cause, evidence)
  }
  return null
}

function found({ code, final, grace, message, advice }: Cause, evidence: Evidence): FoundCause {
  const held = withoutBackticks(evidence)
  const told = (text: typeof message) => ({ ko: withBackticks(text.ko(held)), en: withBackticks(text.en(held)) })
  return {
    code,
    final,
    ...(grace === undefined ? {} : { grace }),
    evidence,
    message: told(message),
    advice: told(advice),
  }
}

/** Stands for a backtick of what was read, as long as those of ours mark code. */
const backtick = '\u{f0060}'

function withoutBackticks(evidence: Evidence): Evidence {
  const hold = (value: string | number) => (typeof value === 'string' ? value.replaceAll('`', backtick) : value)
  return Object.fromEntries(Object.entries(evidence).map(([key, value]) => [key, hold(value)]))
}

/** As in Markdown: code that has backticks stands between more of them. */
function withBackticks(text: string): string {
  return text
    .replace(/`([^`]*)`/g, (span, inside: string) => {
      const runs = inside.match(new RegExp(`${backtick}+`, 'gu'))
      if (!runs) return span
      const fence = '`'.repeat(Math.max(...runs.map(run => [...run].length)) + 1)
      return `${fence} ${inside} ${fence}`
    })
    .replaceAll(backtick, '`')
}
