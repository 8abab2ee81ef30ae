import type { ApiAnswer } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import { type Fields, type Kind, text } from '../kind.ts'
import { namespaceField, namespaceOf } from './k8s-objects.ts'

export const k8sHttp: Kind = {
  name: 'k8s.http',
  about: 'The answer of a Service or a Pod to one GET, asked through the API server: it needs no port of this machine.',
  fields: {
    service: { type: 'text', about: 'Name of a Service.' },
    pod: { type: 'text', about: 'Name of a Pod.' },
    port: { type: 'integer', about: "The Service's or the container's port. Default: 80." },
    path: { type: 'text', about: 'Default: `/`.' },
    ...namespaceField,
  },
  oneOfFields: [['service', 'pod']],
  within: 30_000,
  wake: 'poll',
  cluster: true,
  async look(fields, { reader, context }) {
    return (await reader.cluster.get(context, pathOf(fields))) as unknown as Json
  },
  subjects(_, seen) {
    const answer = seen as unknown as ApiAnswer
    return { found: [{ ...answer, ...parsed(answer.text) } as unknown as Json] }
  },
  expects: { status: { $gte: 200, $lt: 400 } },
  identity: fields => `http ${target(fields)}${text(fields, 'path') || '/'}`,
  example: {
    check: { service: 'web', expect: { status: 200, text: { $contains: 'nginx' } } },
    passes: { status: 200, headers: {}, text: 'Welcome to nginx!' },
    fails: { status: 503, headers: {}, text: 'no endpoints available' },
  },
}

function target(fields: Fields): string {
  const service = text(fields, 'service')
  const port = text(fields, 'port') || '80'
  return service === '' ? `pod ${text(fields, 'pod')}:${port}` : `service ${service}:${port}`
}

/** https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/ */
function pathOf(fields: Fields): string {
  const service = text(fields, 'service')
  const [kind, name] = service === '' ? ['pods', text(fields, 'pod')] : ['services', service]
  const port = text(fields, 'port') || '80'
  const path = text(fields, 'path') || '/'
  return `/api/v1/namespaces/${namespaceOf(fields)}/${kind}/http:${name}:${port}/proxy${path}`
}

function parsed(body: string): { json?: Json } {
  try {
    return { json: JSON.parse(body) as Json }
  } catch {
    return {}
  }
}
