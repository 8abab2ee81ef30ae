import { dirname, resolve } from 'node:path'
import type { Json } from '../../lab/lab.ts'
import type { FileView, RunView } from '../../lab/machine.ts'
import { nearest } from '../../lab/near.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { type Kind, text } from '../kind.ts'
import { namespaceField, namespaceOf, objectOf } from './k8s-objects.ts'

/** What `kubectl` would do with the file, and what the server says to it; nothing is changed. */
export interface ManifestSeen {
  readonly file: Omit<FileView, 'text'> | null
  /** Names beside the file, where it is not there. */
  readonly names: readonly string[]
  readonly answer: RunView | null
}

export const manifest: Kind = {
  name: 'manifest',
  about:
    'A manifest that the API server accepts, strictly validated in a dry run. `expect` is about `objects`, as the server would store them.',
  fields: { path: { type: 'text', required: true, about: 'Relative to the workspace.' }, ...namespaceField },
  within: 0,
  wake: 'poll',
  cluster: true,
  async look(fields, { reader, workspace, context }) {
    const path = resolve(workspace, text(fields, 'path'))
    const file = await reader.file(path)
    if (!file) return { file, names: (await reader.list(dirname(path))) ?? [], answer: null }
    const where = ['--context', context, '--namespace', namespaceOf(fields)]
    const argv = ['kubectl', ...where, 'apply', '--dry-run=server', '--validate=strict', '-f', path, '-o', 'json']
    // Go would ask a proxy even for an address of this machine that is not named as loopback.
    const answer = await reader.run(argv, { cwd: workspace, env: { NO_PROXY: '*', no_proxy: '*' }, timeoutMs: 15_000 })
    if (answer.timedOut) throw new CouldNotLook('k8s.unreachable', { server: context, reason: 'ETIMEDOUT' })
    const silent = /connection to the server (\S+) was refused|Unable to connect to the server: (.*)/.exec(
      answer.stderr,
    )
    if (silent)
      throw new CouldNotLook('k8s.unreachable', { server: silent[1] ?? context, reason: silent[2] ?? 'ECONNREFUSED' })
    const { text: _, ...rest } = file
    return { file: rest, names: [], answer } as unknown as Json
  },
  subjects(fields, seen) {
    const { file, names, answer } = seen as unknown as ManifestSeen
    const what = text(fields, 'path')
    if (!file || !answer) {
      const near = nearest(what.split('/').at(-1) ?? '', names)
      return { found: [], missing: { what, ...(near ? { near } : {}) } }
    }
    if (answer.exitCode !== 0)
      return { found: [], missing: { what: `${what}: accepted`, seen: firstLine(answer.stderr) } }
    return { found: [{ objects: objectsOf(answer.stdout) }] }
  },
  identity: fields => `manifest ${text(fields, 'path')}`,
  example: {
    check: { path: 'web.yaml', expect: { objects: [{ kind: 'Pod', metadata: { name: 'web' } }] } },
    passes: seenWith(0, JSON.stringify(objectOf('Pod', 'web')), ''),
    fails: seenWith(
      1,
      '',
      'error: error parsing web.yaml: error converting YAML to JSON: yaml: line 4: found character',
    ),
  },
}

function firstLine(output: string): string {
  const line = output.split('\n').find(each => each.trim() !== '') ?? ''
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

/** One object, or a List of them. */
function objectsOf(output: string): Json[] {
  const read = JSON.parse(output) as { kind: string; items?: Json[] }
  return read.kind === 'List' ? (read.items ?? []) : [read as unknown as Json]
}

function seenWith(exitCode: number, stdout: string, stderr: string): Json {
  const file = { path: '/w/web.yaml', type: 'file', mode: '0644', size: 1, modifiedAt: 1 }
  return { file, names: [], answer: { exitCode, stdout, stderr, timedOut: false } }
}
