import type { Json } from '../../lab/lab.ts'
import type { HttpView } from '../../lab/machine.ts'
import { type Kind, text } from '../kind.ts'

export const http: Kind = {
  name: 'http',
  about: 'The answer to one request, over a connection of its own. Redirects are not followed.',
  fields: {
    url: { type: 'text', required: true, about: 'Whole address.' },
    method: { type: 'text', about: 'Default: GET.', oneOf: ['GET', 'HEAD', 'OPTIONS'] },
    headers: { type: 'map', about: 'Request headers.' },
  },
  within: 15_000,
  wake: 'poll',
  async look(fields, { reader }) {
    return (await reader.http({
      url: text(fields, 'url'),
      method: text(fields, 'method') || 'GET',
      headers: (fields['headers'] ?? {}) as Record<string, string>,
    })) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as HttpView
    if (view.status === undefined)
      return { found: [], missing: { what: text(fields, 'url'), ...(view.error ? { seen: view.error } : {}) } }
    return { found: [{ ...view, ...parsed(view.text) } as unknown as Json] }
  },
  expects: { status: { $gte: 200, $lt: 400 } },
  identity: fields => `http ${text(fields, 'url')}`,
  example: {
    check: { url: 'http://127.0.0.1:3000/items', expect: { status: 200, json: [{ name: 'milk' }] } },
    passes: answer('[{"name":"milk"},{"name":"tea"}]'),
    fails: answer('[]'),
  },
}

function parsed(body: string): { json?: Json } {
  try {
    return { json: JSON.parse(body) as Json }
  } catch {
    return {}
  }
}

function answer(body: string): Json {
  return { url: 'http://127.0.0.1:3000/items', status: 200, headers: {}, text: body, tookMs: 3 }
}
