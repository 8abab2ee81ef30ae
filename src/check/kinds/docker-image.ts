import type { Json } from '../../lab/lab.ts'
import type { ImageSummary, ImageView } from '../../lab/machine.ts'
import { nearest } from '../../lab/near.ts'
import { type Kind, text } from '../kind.ts'

interface Seen {
  readonly image: ImageView | null
  readonly images: readonly ImageSummary[]
}

export const dockerImage: Kind = {
  name: 'docker.image',
  about: 'An image of the engine, by name.',
  fields: { ref: { type: 'text', required: true, about: 'Name with or without a tag; without one it is `latest`.' } },
  within: 5000,
  wake: 'docker',
  async look(fields, { reader }) {
    const image = await reader.docker.image(text(fields, 'ref'))
    return { image, images: await reader.docker.images() } as unknown as Json
  },
  subjects(fields, seen) {
    const { image, images } = seen as unknown as Seen
    if (image) return { found: [image as unknown as Json] }
    const ref = text(fields, 'ref')
    const near =
      nearest(
        withTag(ref),
        images.flatMap(each => each.tags),
      ) ?? otherTag(ref, images)
    return { found: [], missing: { what: ref, ...(near ? { near } : {}) } }
  },
  bornAt(subject) {
    const { createdAt, taggedAt } = subject as unknown as ImageView
    return Math.max(createdAt, taggedAt)
  },
  identity: fields => `image ${text(fields, 'ref')}`,
  example: {
    check: { ref: 'todo', expect: { config: { Cmd: ['node', 'src/index.js'] } } },
    passes: { image: imageOf(['node', 'src/index.js']), images: [] },
    fails: { image: imageOf(['/bin/sh', '-c', 'node src/index.js']), images: [] },
  },
}

export function withTag(ref: string): string {
  return /[:@][^/]*$/.test(ref) ? ref : `${ref}:latest`
}

/** The same image under another tag. */
function otherTag(ref: string, images: readonly ImageSummary[]): string | undefined {
  const name = withTag(ref).replace(/:[^/:]*$/, '')
  return images.flatMap(each => each.tags).find(tag => tag.startsWith(`${name}:`))
}

function imageOf(command: readonly string[]): Json {
  return {
    id: 'sha256:1',
    tags: ['todo:latest'],
    createdAt: 1,
    taggedAt: 1,
    size: 1,
    architecture: 'amd64',
    config: { Cmd: command, Entrypoint: [], Env: [], ExposedPorts: [], Labels: {}, User: '', WorkingDir: '/app' },
  }
}
