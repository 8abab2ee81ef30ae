import { accessSync, constants } from 'node:fs'
import { basename, delimiter, isAbsolute, join } from 'node:path'

export interface OwnShell {
  readonly kind: 'bash' | 'zsh'
  readonly path: string
}

/** The learner's shell; bash where SHELL names none, or only sh. `null`: another one. */
export function ownShell(env: NodeJS.ProcessEnv): OwnShell | null {
  const path = env['SHELL'] ?? ''
  const kind = basename(path)
  if ((kind === 'bash' || kind === 'zsh') && executable(path)) return { kind, path }
  if (!['', 'sh', 'dash', 'bash', 'zsh'].includes(kind)) return null
  const folders = (env['PATH'] ?? '').split(delimiter)
  const bash = folders.map(folder => join(folder, 'bash')).find(executable)
  return bash === undefined ? null : { kind: 'bash', path: bash }
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isAbsolute(path)
  } catch {
    return false
  }
}
