import { basename } from 'node:path'
import type { Lab, Step } from '../lab/lab.ts'
import { at } from './play.ts'
import type { Finding } from './proof.ts'
import { finding, type Scene } from './scene.ts'
import { type Change, changesBetween, type Snapshot } from './snapshot.ts'
import { texts } from './texts.ts'

/**
 * What cleaning up has left, or taken along. An engine may have other users: what is surely of the lab is an error, what
 * may be theirs a warning, and ports are the lab's only where it speaks of them.
 */
export function leftovers(scene: Scene, before: Snapshot, changes: readonly Change[]): Finding[] {
  const { session, made } = scene
  return changes.flatMap(change => {
    const kind = ownership(session.lab, made, change)
    if (kind === 'not ours') return []
    const path = placeOf(scene, before, change)
    const code = change.gone ? 'taken-away' : kind === 'ours' ? 'left-behind' : 'appeared'
    const message = texts[code](change.kind, shown(scene, change.name))
    const severity = kind === 'ours' ? ('error' as const) : ('warning' as const)
    const place = scene.locate(path.path, path.inside === undefined ? {} : { inside: path.inside })
    return [
      finding({ lab: session.lab.id, ...path.step }, place, code, message, {
        severity,
        about: shown(scene, change.name),
      }),
    ]
  })
}

/** Pure. `made`: all that the ledger ever knew of. */
export function ownership(lab: Lab, made: ReadonlySet<string>, { kind, name, gone }: Change) {
  const lines = lab.steps.flatMap(({ commands, solve, reset }) => [...commands, ...solve, ...reset])
  const text = [...lines, ...lab.cleanup].map(({ run }) => run).join('\n') + JSON.stringify(lab.vars)
  if (kind === 'port') {
    const named = lab.requires.ports.includes(Number(name)) || new RegExp(`\\b${name}\\b`).test(text)
    return named && !gone ? 'ours' : 'not ours'
  }
  if (kind === 'image' && lab.images.some(image => image === name)) return 'not ours'
  if (['file', 'process', 'context', 'object'].includes(kind)) return gone ? 'not ours' : 'ours'
  const bare = name.replace(/:latest$/, '')
  if (made.has(name) || lab.cluster === name) return 'ours'
  return gone && mentions(text, bare) ? 'ours' : gone ? 'not ours' : 'perhaps'
}

function mentions(text: string, name: string): boolean {
  return text.split(/[\s"'=;|&()]+/).includes(name)
}

interface Place {
  readonly path: ReturnType<typeof at>
  readonly inside?: string
  readonly step?: { readonly step: string }
}

/** The line that names it, of the step after which it was there first; else that step. */
function placeOf(scene: Scene, before: Snapshot, change: Change): Place {
  const { lab } = scene.session
  const first = scene.after.find(({ snapshot }) =>
    changesBetween(before, snapshot).some(each => each.kind === change.kind && each.name === change.name),
  )?.step
  const steps = first ? [first] : lab.steps
  const name = basename(change.name.replace(/\/$/, '')).replace(/:latest$/, '')
  for (const step of steps) {
    const found = lineWith(step, name)
    if (found) return { path: at(scene, step, ...found, 'run'), inside: name, step: { step: step.id } }
  }
  return first ? { path: at(scene, first, 'id'), step: { step: first.id } } : { path: ['cleanup'] }
}

function lineWith(step: Step, name: string): ['solve' | 'commands' | 'reset' | 'mistakes', number] | null {
  for (const list of ['solve', 'commands', 'reset', 'mistakes'] as const) {
    const index = step[list].findIndex(({ run }) => run?.includes(name))
    if (index >= 0) return [list, index]
  }
  return null
}

/** Paths as the author knows them; other names as they are. */
export function shown({ stand }: Pick<Scene, 'stand'>, name: string): string {
  const folders = [
    [stand.workspace, ''],
    [stand.home, '~/'],
    [stand.temp, '/tmp/'],
  ] as const
  const inside = folders.find(([folder]) => name.startsWith(`${folder}/`))
  return inside ? inside[1] + name.slice(inside[0].length + 1) : name
}
