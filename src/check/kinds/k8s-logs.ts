import type { KubeObject } from '../../lab/cluster.ts'
import type { Json } from '../../lab/lab.ts'
import { type Kind, text } from '../kind.ts'
import {
  identityOf,
  lookAtObjects,
  namespaceOf,
  nothingOf,
  type ObjectsSeen,
  select,
  selectors,
} from './k8s-objects.ts'
import { podOf } from './k8s-pods.ts'

/** Pods whose logs are read, of a selector. */
const most = 3

interface Seen extends ObjectsSeen {
  readonly logs: readonly { readonly pod: string; readonly lines: readonly string[] }[]
}

export const k8sLogs: Kind = {
  name: 'k8s.logs',
  about: `The last 200 lines that a container of a pod has written; of a selector, those of the ${most} newest pods, one of which must fit.`,
  fields: {
    ...selectors,
    container: { type: 'text', about: 'Where the pod has several.' },
    previous: { type: 'boolean', about: 'Of the run before the last restart.' },
  },
  oneOfFields: [['name', 'selector']],
  within: 30_000,
  wake: 'poll',
  cluster: true,
  async look(fields, place) {
    const seen = await lookAtObjects(fields, place, 'Pod')
    const pods = select(fields, seen.objects ?? []).slice(0, most)
    const container = text(fields, 'container')
    const query = `tailLines=200${container === '' ? '' : `&container=${container}`}${fields['previous'] ? '&previous=true' : ''}`
    const logs = pods.map(async ({ metadata: { name } }: KubeObject) => {
      const path = `/api/v1/namespaces/${namespaceOf(fields)}/pods/${name}/log?${query}`
      const { status, text: body } = await place.reader.cluster.get(place.context, path)
      // 400: there is nothing to read yet, or the container has another name.
      return { pod: name, lines: status === 200 ? body.split('\n').filter(line => line !== '') : [] }
    })
    return { ...seen, logs: await Promise.all(logs) } as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as Seen
    return view.logs.length > 0 ? { found: view.logs as unknown as Json[] } : nothingOf(fields, 'Pod', view)
  },
  identity: fields => `logs of ${identityOf(fields, 'Pod')}`,
  example: {
    check: { selector: 'app=web', expect: { lines: [{ $contains: 'GET / ' }] } },
    passes: { objects: [podOf('web-1', true)], logs: [{ pod: 'web-1', lines: ['10.0.0.1 "GET / HTTP/1.1" 200'] }] },
    fails: { objects: [podOf('web-1', true)], logs: [{ pod: 'web-1', lines: ['start worker process 1'] }] },
  },
}
