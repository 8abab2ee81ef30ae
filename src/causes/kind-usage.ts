import { nearest } from '../lab/near.ts'
import type { Situation } from './cause.ts'
import { calls } from './line.ts'
import { failing, known, said } from './look.ts'
import { flagIn, unknownCommand, unknownFlag } from './usage.ts'

/** How kind was called. */

/** What kind said, where it was kind that failed. */
export function kindSaid(situation: Situation): string {
  const command = failing(situation)
  return command && calls(command.line, 'kind').length > 0 ? said(situation) : ''
}

/** The words after `kind` that are no options. */
function wordsOf(situation: Situation): string[] {
  const words = calls(situation.command?.line ?? '', 'kind').at(-1) ?? []
  const end = words.findIndex(word => word.startsWith('-'))
  return words.slice(1, end < 0 ? undefined : end)
}

const commands: Readonly<Record<string, readonly string[]>> = {
  create: ['cluster'],
  delete: ['cluster', 'clusters'],
  get: ['clusters', 'nodes', 'kubeconfig'],
  load: ['docker-image', 'image-archive'],
  export: ['kubeconfig', 'logs'],
  build: ['node-image'],
  version: [],
  completion: [],
}
const flags = ['name', 'config', 'image', 'wait', 'retain', 'kubeconfig', 'nodes', 'quiet', 'verbosity', 'help']

/** `kind create clutser …`, which is told as a missing subcommand or as an option that does not fit. */
function misspeltNoun([verb = '', noun = '']: readonly string[]): { command: string; near?: string } | null {
  const nouns = commands[verb]
  if (!nouns || noun === '' || nouns.includes(noun)) return null
  const near = nearest(noun, nouns)
  return known({ command: `${verb} ${noun}`, near: near && `${verb} ${near}` }) as { command: string }
}

export const kindUsage = [
  unknownCommand('kind', situation => {
    const text = kindSaid(situation)
    const words = wordsOf(situation)
    const [verb = '', noun = ''] = words
    if (/Subcommand is required|unknown flag/.test(text)) return misspeltNoun(words)
    if (!/unknown command "[^"]+" for "kind"/.test(text)) return null
    // The words the other way round: `kind cluster create`.
    const turned = commands[noun]?.includes(verb) ? `${noun} ${verb}` : undefined
    return known({ command: verb, near: turned ?? nearest(verb, Object.keys(commands)) }) as { command: string }
  }),
  unknownFlag('kind', situation => {
    const flag = flagIn(kindSaid(situation))
    const words = wordsOf(situation)
    if (!flag || misspeltNoun(words)) return null
    const near = nearest(flag.replace(/^--/, ''), flags)
    return known({ flag, command: words.join(' '), near: near && `--${near}` }) as { flag: string; command: string }
  }),
]
