import { readdir, readFile } from 'node:fs/promises'
import { join, posix, relative } from 'node:path'
import type { Kind } from '../../src/check/kind.ts'
import { lintCourse } from '../../src/format/lint.ts'
import type { Files } from '../../src/format/sources.ts'
import type { Vocabulary } from '../../src/format/vocabulary.ts'
import { inOrder, type Problem } from '../../src/lab/problem.ts'

/** Files in memory. Keys are absolute paths. */
export function memoryFiles(contents: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(contents)
  return {
    async file(path) {
      const at = posix.normalize(path)
      const text = contents[at]
      const folder = paths.some(each => each.startsWith(`${at}/`))
      if (text === undefined && !folder) return null
      const common = { path: at, mode: '0644', size: text?.length ?? 0, modifiedAt: 0 }
      return text === undefined ? { ...common, type: 'directory' } : { ...common, type: 'file', text }
    },
    async list(path) {
      const at = `${posix.normalize(path).replace(/\/$/, '')}/`
      const below = paths.filter(each => each.startsWith(at)).map(each => each.slice(at.length))
      if (below.length === 0) return null
      return [...new Set(below.map(each => each.replace(/\/.*/, '/')))]
    },
  }
}

function kind(name: string, more: Partial<Kind>): Kind {
  return {
    name,
    about: `About ${name}.`,
    fields: {},
    within: 0,
    wake: 'poll',
    look: async () => null,
    subjects: () => ({ found: [] }),
    identity: fields => `${name} ${Object.values(fields).join(' ')}`,
    example: { check: {}, passes: null, fails: null },
    ...more,
  }
}

const text = { type: 'text', about: 'A text.' } as const

export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  [
    kind('file', { fields: { path: { ...text, required: true } }, bornAt: () => 1 }),
    kind('http', {
      fields: {
        url: { ...text, required: true },
        method: { ...text, oneOf: ['GET', 'HEAD'] },
        headers: { type: 'map', about: 'Headers.' },
        timeout: { type: 'duration', about: 'How long.' },
      },
      within: 15_000,
      expects: { status: 200 },
    }),
    kind('tcp', { fields: { port: { type: 'integer', about: 'Port.', required: true }, host: text }, within: 5000 }),
    kind('exec', { fields: { run: { type: 'texts', about: 'Words.', required: true } } }),
    kind('docker.container', {
      fields: { name: text, image: text, all: { type: 'boolean', about: 'Stopped ones too.' } },
      oneOfFields: [['name', 'image']],
      within: 15_000,
      wake: 'docker',
      bornAt: () => 1,
    }),
    kind('docker.image', {
      fields: { ref: { ...text, required: true } },
      within: 5000,
      wake: 'docker',
      bornAt: () => 1,
    }),
    kind('docker.volume', { fields: { name: text }, within: 5000, wake: 'docker' }),
    kind('docker.engine', {}),
  ].map(each => [each.name, each]),
)

export const vocabulary: Vocabulary = {
  kinds,
  causes: new Set(['port.taken-by-container', 'image.pull-not-found', 'container.exited']),
  checkExpr: cel => (cel.includes('((') ? 'unbalanced' : null),
}

export const dir = '/home/anyone/labs'

/** A course of one lab `web` with one step; parts can be replaced. */
export function course(parts: {
  lab?: string
  ko?: string
  en?: string
  course?: string
  more?: Readonly<Record<string, string>>
}): Record<string, string> {
  return {
    [`${dir}/course.yaml`]: parts.course ?? 'id: docker\ntitle: Docker\nlanguage: ko\nlabs: [web]\n',
    [`${dir}/web/lab.yaml`]: parts.lab ?? lab({}),
    [`${dir}/web/ko.md`]: parts.ko ?? prose('# 웹\n\n소개\n', '실행'),
    [`${dir}/web/en.md`]: parts.en ?? prose('# Web\n\nIntro\n', 'Run it'),
    ...Object.fromEntries(Object.entries(parts.more ?? {}).map(([path, content]) => [`${dir}/${path}`, content])),
  }
}

export function prose(intro: string, heading: string, run = 'ls'): string {
  return `${intro}\n## ${heading} {#run}\n\n\`\`\`bash run=go\n${run}\n\`\`\`\n`
}

const plainCheck = '{ id: there, check: file, path: a.txt }'

/** A small right lab. `head` stands before the steps, `step` within the only one, `tail` after it. */
/** Below everything else, so that no line moves; a head may have its own. */
const requires = 'requires: { tools: { docker: "*" } }'

export function lab(parts: { head?: string; run?: string; step?: string; check?: string; tail?: string }): string {
  return `format: 1
title: { ko: 웹, en: Web }
level: beginner
minutes: 10
${parts.head ?? ''}
steps:
  - id: run
    commands: [{ id: go, run: ${parts.run ?? 'ls'} }]
    checks:
      - ${parts.check ?? plainCheck}
${parts.step ?? ''}
${parts.tail ?? ''}
${/^requires:/m.test(parts.head ?? '') ? '' : requires}
`
}

export async function problemsOf(files: Readonly<Record<string, string>>, words = vocabulary): Promise<Problem[]> {
  return (await lintCourse(dir, words, memoryFiles(files))).problems
}

/** `labs/web/lab.yaml:7:3 unknown-field`. */
export function golden(problems: readonly Problem[]): string {
  return inOrder(problems)
    .map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}\n`)
    .join('')
}

/** A folder of `test/fixtures/format`, in memory. */
export async function fixture(name: string): Promise<Record<string, string>> {
  const from = join(import.meta.dirname, '../fixtures/format', name, 'labs')
  const found = await readdir(from, { recursive: true, withFileTypes: true })
  const files = found.filter(each => each.isFile()).map(each => join(each.parentPath, each.name))
  return Object.fromEntries(
    await Promise.all(files.map(async path => [join(dir, relative(from, path)), await readFile(path, 'utf8')])),
  )
}
