import { type At, entries, field, isThere, items, word } from './cursor.ts'

/** The parts of a lab as written, right or wrong, for rules to go over. */
export interface StepAt {
  readonly at: At
  readonly id: string | undefined
  readonly commands: readonly At[]
  /** Members of groups too, after their group. */
  readonly checks: readonly At[]
}

export function stepsOf(root: At): StepAt[] {
  return items(field(root, 'steps')).map(at => ({
    at,
    id: word(field(at, 'id')),
    commands: items(field(at, 'commands')),
    checks: items(field(at, 'checks')).flatMap(withMembers),
  }))
}

function withMembers(check: At): At[] {
  return [check, ...items(field(check, 'of')).flatMap(withMembers)]
}

export function isId(id: string | undefined): id is string {
  return id !== undefined && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)
}

/** One text or a list of them. */
export function oneOrMany(at: At): At[] {
  return word(at) === undefined ? items(at) : [at]
}

/** Everything a shell may be given, with whether it is meant to go wrong. */
export function shellLines(root: At): { readonly run: At; readonly fails: boolean }[] {
  const runs = (list: At, fails = false) =>
    items(list).flatMap(each => [
      { run: field(each, 'run'), fails: fails || failsOnPurpose(each) },
      { run: field(field(each, 'fallback'), 'run'), fails },
    ])
  const steps = stepsOf(root).flatMap(({ at }) => [
    ...['commands', 'solve', 'reset'].flatMap(name => runs(field(at, name))),
    ...runs(field(at, 'mistakes'), true),
  ])
  return [...steps, ...runs(field(root, 'cleanup'))].filter(({ run }) => word(run) !== undefined)
}

function failsOnPurpose(command: At): boolean {
  const exit = field(field(command, 'expect'), 'exit').value
  return exit !== undefined && exit !== 0
}

/** Every text within, and every key, with where it stands. */
export function textsIn(at: At): { readonly at: At; readonly text: string; readonly part: 'key' | 'value' }[] {
  if (typeof at.value === 'string') return [{ at, text: at.value, part: 'value' }]
  if (Array.isArray(at.value)) return items(at).flatMap(textsIn)
  return entries(at).flatMap(([key, value]) => [{ at: value, text: key, part: 'key' as const }, ...textsIn(value)])
}

export function has(at: At, name: string): boolean {
  return isThere(field(at, name))
}
