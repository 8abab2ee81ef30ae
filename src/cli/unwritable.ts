import { tmpdir } from 'node:os'
import type { Messages } from '../text/index.ts'
import { exits, Stop } from './exit.ts'

/** Where the program writes. */
export interface Places {
  readonly state: string
  readonly workspace: string
}

/** What cannot be written is the machine's trouble, not our bug: a sentence that says which place, why, and what to do. */
export function unwritable(error: unknown, places: Places, say: Messages): Stop | null {
  const { code, path, syscall } = error as NodeJS.ErrnoException
  // Not files: a process of somebody else, a program that may not be run.
  if (syscall === undefined || /^(kill|spawn|connect)/.test(syscall)) return null
  const stop = (text: string) => new Stop(exits.environment, text)
  const [dir, sentence] = placeOf(path, places, say)
  if (code === 'ENOSPC' || code === 'EDQUOT') return stop(say.diskFull(dir))
  const why = reasons[code ?? '']
  return why ? stop(sentence(dir, say.unwritable[why])) : null
}

/** Why something could not be written, in a person's words; `null`: it was something else. */
export function reasonOf(error: unknown, say: Messages): string | null {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return null
  if (code === 'ENOSPC' || code === 'EDQUOT') return say.grading.noSpace
  if (code === 'ENOENT') return say.grading.noFolder
  if (code === 'EISDIR') return say.grading.isFolder
  const why = reasons[code]
  return why ? say.unwritable[why] : null
}

const reasons: Readonly<Record<string, keyof Messages['unwritable']>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'readOnly',
  ENOTDIR: 'noFolder',
  EEXIST: 'noFolder',
}

function placeOf(path: string | undefined, { state, workspace }: Places, say: Messages) {
  const concerns = (place: string) => path !== undefined && (within(place, path) || within(path, place))
  if (path !== undefined && within(workspace, path)) return [workspace, say.workspaceUnwritable] as const
  if (concerns(state)) return [state, say.stateUnwritable] as const
  if (concerns(workspace)) return [workspace, say.workspaceUnwritable] as const
  if (path !== undefined && within(tmpdir(), path)) return [tmpdir(), say.tempUnwritable] as const
  return [state, say.stateUnwritable] as const
}

function within(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
