import type { Json } from '../../lab/lab.ts'
import type { ContainerView } from '../../lab/machine.ts'
import type { Kind } from '../kind.ts'
import { containerOf, identityOf, lookAtContainers, select, selectors } from './docker-container.ts'

interface Seen {
  readonly container: ContainerView | null
  readonly containers: readonly ContainerView[]
  readonly lines: readonly string[]
}

export const dockerContainerLogs: Kind = {
  name: 'docker.container.logs',
  about: 'The last 500 lines that a container has written, of the newest one where several fit.',
  fields: selectors,
  oneOfFields: [['name', 'image']],
  within: 15_000,
  wake: 'poll',
  async look(fields, place) {
    const seen = await lookAtContainers(fields, place)
    const container = select(fields, seen)[0] ?? null
    const lines = container ? ((await place.reader.docker.logs(container.id, { tail: 500 })) ?? []) : []
    return { container, containers: seen.containers, lines: lines.map(line => line.text) } as unknown as Json
  },
  subjects(fields, seen) {
    const { container, lines } = seen as unknown as Seen
    if (!container) return { found: [], missing: { what: identityOf(fields) } }
    return { found: [{ name: container.name, lines } as Json] }
  },
  identity: fields => `logs of ${identityOf(fields)}`,
  example: {
    check: { image: 'todo', expect: { lines: [{ $match: '^Listening on' }] } },
    passes: { container: containerOf('running', {}), containers: [], lines: ['Listening on port 3000'] },
    fails: { container: containerOf('running', {}), containers: [], lines: ['Error: no database'] },
  },
}
