import type { Json } from '../../lab/lab.ts'
import type { ContainerView } from '../../lab/machine.ts'
import { nearest } from '../../lab/near.ts'
import { type Field, type Fields, type Kind, type Place, text } from '../kind.ts'
import { withTag } from './docker-image.ts'

export interface ContainersSeen {
  readonly containers: readonly ContainerView[]
  /** Id of the image that the check names; `null`: not here. */
  readonly imageId: string | null
}

export const selectors: Readonly<Record<string, Field>> = {
  name: { type: 'text', about: 'Name or id of the container.' },
  image: { type: 'text', about: 'The image it was made from: learners choose any name.' },
}

export async function lookAtContainers(fields: Fields, { reader }: Place): Promise<ContainersSeen> {
  const image = text(fields, 'image')
  const [containers, view] = await Promise.all([
    reader.docker.containers(),
    image === '' ? null : reader.docker.image(image),
  ])
  return { containers, imageId: view?.id ?? null }
}

/** The containers that a check means, newest first. One that is being removed never counts. */
export function select(fields: Fields, { containers, imageId }: ContainersSeen): ContainerView[] {
  const name = text(fields, 'name')
  const image = text(fields, 'image')
  return containers
    .filter(each => each.state !== 'removing')
    .filter(each => name === '' || each.name === name || (name.length >= 12 && each.id.startsWith(name)))
    .filter(each => image === '' || sameImage(each.image, image) || each.imageId === imageId)
    .toSorted((a, b) => b.createdAt - a.createdAt)
}

function sameImage(a: string, b: string): boolean {
  const whole = (ref: string) => withTag(ref.replace(/^docker\.io\/(library\/)?/, ''))
  return whole(a) === whole(b)
}

export function identityOf(fields: Fields): string {
  const name = text(fields, 'name')
  return name === '' ? `container of ${text(fields, 'image')}` : `container ${name}`
}

export const dockerContainer: Kind = {
  name: 'docker.container',
  about: 'A container, running or not, by name or by image.',
  fields: selectors,
  oneOfFields: [['name', 'image']],
  within: 15_000,
  wake: 'docker',
  async look(fields, place) {
    return (await lookAtContainers(fields, place)) as unknown as Json
  },
  subjects(fields, seen) {
    const view = seen as unknown as ContainersSeen
    const found = select(fields, view)
    if (found.length > 0) return { found: found as unknown as Json[] }
    const near = nearest(
      text(fields, 'name'),
      view.containers.map(each => each.name),
    )
    return { found: [], missing: { what: identityOf(fields), ...(near ? { near } : {}) } }
  },
  since(subject) {
    const { state, startedAt, finishedAt } = subject as unknown as ContainerView
    return state === 'running' ? startedAt : state === 'exited' ? finishedAt : undefined
  },
  bornAt: subject => (subject as unknown as ContainerView).createdAt,
  identity: identityOf,
  example: {
    check: { image: 'todo', expect: { state: 'running', ports: { '3000/tcp': 3000 } } },
    passes: { containers: [containerOf('running', { '3000/tcp': 3000 })], imageId: 'sha256:1' },
    fails: { containers: [containerOf('exited', {})], imageId: 'sha256:1' },
  },
}

export function containerOf(state: ContainerView['state'], ports: Record<string, number>): Json {
  return {
    id: 'c0ffee',
    name: 'kind_bell',
    image: 'todo',
    imageId: 'sha256:1',
    state,
    exitCode: 0,
    error: '',
    oomKilled: false,
    health: 'none',
    restarts: 0,
    restartPolicy: 'no',
    createdAt: 1,
    startedAt: 1,
    finishedAt: 0,
    ports,
    asked: {},
    command: [],
    env: {},
    networks: ['bridge'],
    labels: {},
  }
}
