import type { Json } from '../../lab/lab.ts'
import type { ConnectionView } from '../../lab/machine.ts'
import { type Kind, text } from '../kind.ts'

export const tcp: Kind = {
  name: 'tcp',
  about: 'Something accepts connections on a port.',
  fields: {
    port: { type: 'integer', required: true, about: 'Port number.' },
    host: { type: 'text', about: 'Default: 127.0.0.1.' },
  },
  within: 5000,
  wake: 'poll',
  async look(fields, { reader }) {
    return (await reader.connect(text(fields, 'host') || '127.0.0.1', Number(fields['port']), 1000)) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ConnectionView
    if (view.open) return { found: [seen] }
    return { found: [], missing: { what: tcp.identity(fields), ...(view.error ? { seen: view.error } : {}) } }
  },
  identity: fields => `tcp ${text(fields, 'host') || '127.0.0.1'}:${text(fields, 'port')}`,
  example: {
    check: { port: 3000 },
    passes: { host: '127.0.0.1', port: 3000, open: true, answering: ['127.0.0.1'] },
    fails: { host: '127.0.0.1', port: 3000, open: false, answering: [], error: 'ECONNREFUSED' },
  },
}
