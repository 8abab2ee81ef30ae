import type { Json } from '../../lab/lab.ts'
import { type Kind, text } from '../kind.ts'
import { type FileSeen, lookAtFile, missingFile } from './file.ts'

export const dockerfile: Kind = {
  name: 'dockerfile',
  about: 'The instructions of a Dockerfile, in order. Exec forms are lists, everything else is a text.',
  fields: { path: { type: 'text', required: true, about: 'Relative to the workspace.' } },
  within: 0,
  wake: 'poll',
  async look(fields, place) {
    return (await lookAtFile(fields, place)) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as FileSeen
    if (view.file?.text === undefined) return missingFile(fields, view)
    const instructions = parseDockerfile(view.file.text)
    return { found: [{ instructions, words: instructions.map(each => Object.keys(each)[0]!) }] as unknown as Json[] }
  },
  identity: fields => `file ${text(fields, 'path')}`,
  example: {
    check: {
      path: 'app/Dockerfile',
      expect: { instructions: [{ FROM: 'node:24-alpine' }, { CMD: ['node', 'a.js'] }] },
    },
    passes: dockerfileOf('FROM node:24-alpine\nCMD ["node", "a.js"]\n'),
    fails: dockerfileOf('FROM node:24-alpine\nCMD node a.js\n'),
  },
}

function dockerfileOf(content: string): Json {
  return {
    file: { path: '/w/app/Dockerfile', type: 'file', mode: '0644', size: content.length, modifiedAt: 1, text: content },
    names: [],
  }
}

export type Instruction = { readonly [word: string]: Json } & { readonly line: number }

/** Comments, continued lines and here-documents are understood; the words of instructions come in capitals. */
export function parseDockerfile(source: string): Instruction[] {
  const instructions: Instruction[] = []
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1
    let whole = lines[index]!.trim()
    if (whole === '' || whole.startsWith('#')) continue
    while (whole.endsWith('\\') && index + 1 < lines.length) {
      const next = lines[++index]!.trim()
      if (next.startsWith('#')) continue
      whole = `${whole.slice(0, -1).trimEnd()} ${next}`
    }
    const here = /<<-?["']?(\w+)["']?/.exec(whole)
    if (here) while (index + 1 < lines.length && lines[++index]!.trim() !== here[1]);
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(whole) ?? []
    instructions.push({ [word.toUpperCase()]: execForm(rest) ?? rest.replace(/\s+/g, ' ').trim(), line } as Instruction)
  }
  return instructions
}

function execForm(rest: string): string[] | null {
  if (!rest.startsWith('[')) return null
  try {
    const list: unknown = JSON.parse(rest)
    return Array.isArray(list) && list.every(item => typeof item === 'string') ? list : null
  } catch {
    return null
  }
}
