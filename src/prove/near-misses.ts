import type { Command, Text } from '../lab/lab.ts'

/** A wrong way that is nearly right, made from the solution. Pure. */
export interface NearMiss {
  readonly what: Text
  /** Which part of the step it is made from. */
  readonly from: readonly ['edits' | 'commands' | 'solve', number]
  readonly edits: readonly WrittenFile[]
  readonly commands: readonly Command[]
}

/** A file as the solution has it, with its `{{ }}` filled in. */
export interface WrittenFile {
  readonly file: string
  readonly content: string
}

export interface Solution {
  readonly edits: readonly WrittenFile[]
  /** Lines filled in. */
  readonly commands: readonly Command[]
  readonly list: 'commands' | 'solve'
  /** Whether a command changes anything: leaving out one that only looks is no mistake. */
  readonly changes: (command: Command) => boolean
  /** Values for which any other will do. */
  readonly free?: readonly string[]
}

/** One value within a text that is put in another's place. */
interface Slip {
  readonly from: string
  readonly to: string
  readonly text: string
}

/** How many lines of one file are left out, one at a time. */
const mostLines = 8

export function nearMisses({ edits, commands, list, changes, free = [] }: Solution): NearMiss[] {
  const bound = ({ from }: Slip) => !free.includes(from)
  const written = edits.flatMap((edit, index) =>
    [
      ...slipsOfFile(edit.content, commands.length === 0)
        .filter(bound)
        .map(replaced),
      ...withoutLines(edit.content),
    ].map(
      ({ what, text }): NearMiss => ({
        what: { ko: `${edit.file}: ${what.ko}`, en: `${edit.file}: ${what.en}` },
        from: ['edits', index],
        edits: edits.map(each => (each === edit ? { ...edit, content: text } : each)),
        commands,
      }),
    ),
  )
  const run = commands.flatMap((command, index) => {
    const slips = slipsOfLine(command.run).filter(bound).map(replaced)
    const others = slips.map(
      ({ what, text }): NearMiss => ({
        what,
        from: [list, index],
        edits,
        commands: commands.map(each => (each === command ? { ...command, run: text } : each)),
      }),
    )
    if (!changes(command)) return others
    const short = command.run.split('\n')[0]!
    const what = { ko: `\`${short}\` 없이`, en: `without \`${short}\`` }
    const left: NearMiss = { what, from: [list, index], edits, commands: commands.filter(each => each !== command) }
    return [...others, left]
  })
  return [...written, ...run]
}

function replaced({ from, to, text }: Slip): { what: Text; text: string } {
  return { what: { ko: `\`${from}\` 대신 \`${to}\``, en: `\`${to}\` instead of \`${from}\`` }, text }
}

/** Options of Docker, kubectl and the shell whose value is easily mistaken: none of these reaches the network. */
const inLines: readonly (readonly [RegExp, (value: string) => string])[] = [
  [/(\s(?:-t|--tag)[ =])([\w][\w./:-]*)/g, otherTag],
  [/(\s--name[ =])([\w][\w.-]*)/g, otherName],
  [/(\s(?:-p|--publish)[ =](?:[\d.]+:)?\d+:)(\d+)/g, next],
  [/(\s(?:-p|--publish)[ =](?:[\d.]+:)?)(\d+)(?=:\d)/g, next],
  [/(\s--replicas[ =])(\d+)/g, next],
  [/(\bkubectl label \S+ \S+ [\w./-]+=)([\w.-]+)/g, otherName],
  [/(\bkubectl (?:run|create (?:deployment|configmap|secret generic|namespace)) )([\w-]+)/g, otherName],
  [/(\s\d?>\s*)([\w-]+\.\w+)(?=\s*$)/gm, file => `other-${file}`],
]

/** Fields of manifests and instructions of a Dockerfile. */
const inFiles: readonly (readonly [RegExp, (value: string) => string])[] = [
  [/(^\s*(?:- )?(?:replicas|containerPort|port|targetPort|nodePort|hostPort): *)(\d+)/gm, next],
  [/(^\s*(?:- )?(?:name|app|tier): *)([a-z][\w.-]*)/gm, otherName],
  [/(^EXPOSE +)(\d+)/gm, next],
  [/(^WORKDIR +)(\/[\w/.-]+)/gm, path => `${path}2`],
]
const images: readonly (readonly [RegExp, (value: string) => string])[] = [
  [/(^\s*(?:- )?image: *["']?)([\w][\w./-]*:[\w.-]+)/gm, otherTag],
  [/(^FROM +)([\w][\w./-]*:[\w.-]+)/gm, otherTag],
]

export function slipsOfLine(line: string): Slip[] {
  return slips(line, inLines)
}

/** `imagesToo`: nothing is pulled for it. */
export function slipsOfFile(content: string, imagesToo: boolean): Slip[] {
  return slips(content, imagesToo ? [...inFiles, ...images] : inFiles)
}

function slips(text: string, rules: typeof inLines): Slip[] {
  return rules.flatMap(([pattern, change]) =>
    [...text.matchAll(pattern)].map(match => {
      const [whole, before, value] = match as unknown as [string, string, string]
      const to = change(value)
      const start = match.index + before.length
      return { from: value, to, text: text.slice(0, start) + to + text.slice(match.index + whole.length) }
    }),
  )
}

function withoutLines(content: string): { what: Text; text: string }[] {
  const lines = content.split('\n')
  const telling = lines.flatMap((line, index) => (/^\s*($|#|---|\/\/)/.test(line) ? [] : [index]))
  const every = Math.max(1, Math.ceil(telling.length / mostLines))
  // A file of one line would be empty: whoever forgets that has written nothing.
  if (telling.length < 2) return []
  return telling
    .filter((_, position) => position % every === 0)
    .map(index => {
      const line = lines[index]!.trim()
      const text = lines.filter((_, each) => each !== index).join('\n')
      return { what: { ko: `\`${line}\` 줄 없이`, en: `without the line \`${line}\`` }, text }
    })
}

function next(value: string): string {
  return String(Number(value) + 1)
}

function otherName(value: string): string {
  return `${value}-2`
}

/** `app:v1` -> `app:v2`, `nginx:1.28-alpine` -> `nginx:1.29-alpine`, `app` -> `app:v2`. */
function otherTag(image: string): string {
  const [, name, tag] = /^(.*):([^/:]+)$/.exec(image) ?? []
  if (name === undefined || tag === undefined) return `${image}:v2`
  const changed = tag.replace(/(\d+)(?=\D*$)/, number => String(Number(number) + 1))
  return `${name}:${changed === tag ? `${tag}-2` : changed}`
}
