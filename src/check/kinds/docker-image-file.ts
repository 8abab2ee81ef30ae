import type { Json } from '../../lab/lab.ts'
import type { FileView } from '../../lab/machine.ts'
import { type Kind, text } from '../kind.ts'

interface Seen {
  /** `null`: no such image. */
  readonly imageId: string | null
  readonly file: Omit<FileView, 'modifiedAt'> | null
}

export const dockerImageFile: Kind = {
  name: 'docker.image.file',
  about:
    'A file within an image: what was built in, whatever the times say. A container is created, never started, and removed.',
  fields: {
    image: { type: 'text', required: true, about: 'Name of the image.' },
    path: { type: 'text', required: true, about: 'Absolute path within the image.' },
  },
  within: 0,
  wake: 'docker',
  probe: true,
  async look(fields, { reader, probe }) {
    const image = await reader.docker.image(text(fields, 'image'))
    const file = image ? await probe.imageFile(image.id, text(fields, 'path')) : null
    return { imageId: image?.id ?? null, file } as unknown as Json
  },
  subjects(fields, seen) {
    const { imageId, file } = seen as unknown as Seen
    if (file) return { found: [file as unknown as Json] }
    return { found: [], missing: { what: imageId ? text(fields, 'path') : text(fields, 'image') } }
  },
  identity: fields => `${text(fields, 'path')} in ${text(fields, 'image')}`,
  example: {
    check: { image: 'todo', path: '/app/app.js', expect: { text: { $contains: 'new' } } },
    passes: { imageId: 'sha256:1', file: { path: '/app/app.js', type: 'file', mode: '0644', size: 3, text: 'new' } },
    fails: { imageId: 'sha256:1', file: { path: '/app/app.js', type: 'file', mode: '0644', size: 3, text: 'old' } },
  },
}
