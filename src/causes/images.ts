import type { ContainerView, ImageSummary } from '../lab/machine.ts'
import { nearest } from '../lab/near.ts'
import type { Facts } from './cause.ts'

/** Names of images: what a learner may have meant. */

/** Images that everyone pulls: such a name is no typo and no image of the learner's own. */
const published = [
  'alpine',
  'busybox',
  'debian',
  'docker',
  'golang',
  'hello-world',
  'httpd',
  'mariadb',
  'mongo',
  'mysql',
  'nginx',
  'node',
  'postgres',
  'python',
  'redis',
  'registry',
  'ubuntu',
]

/** `docker.io/library/node` is `node:latest`. */
export function wholeName(ref: string): string {
  const short = ref.replace(/^(docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '')
  return /[:@][^/]*$/.test(short) ? short : `${short}:latest`
}

export function sameImage(a: string, b: string): boolean {
  return wholeName(a) === wholeName(b)
}

export function tagsOf(images: readonly ImageSummary[] | undefined): string[] {
  return (images ?? []).flatMap(image => image.tags).map(wholeName)
}

/** Without `:latest`, as people write it. */
export function shortName(tag: string): string {
  return tag.replace(/:latest$/, '')
}

/** The image that was probably meant: of those here, or of the well-known ones. */
export function nearImage(ref: string, images: readonly ImageSummary[] | undefined): string | undefined {
  const wanted = wholeName(ref)
  const [repository = '', tag = ''] = split(wanted)
  const here = tagsOf(images).filter(each => each !== wanted)
  const slip = nearest(wanted, here) ?? here.find(each => split(each)[0] === repository)
  if (slip) return shortName(slip)
  const loose = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const alike = here.find(each => loose(split(each)[0]) === loose(repository))
  if (alike) return shortName(alike)
  const known = isPublished(repository) ? undefined : nearest(repository, published)
  return known && shortName(`${known}:${tag}`)
}

export function isPublished(ref: string): boolean {
  const repository = split(wholeName(ref))[0]
  return repository.includes('/') || published.includes(repository)
}

function split(ref: string): [repository: string, tag: string] {
  const at = ref.lastIndexOf(':')
  return at < 0 ? [ref, ''] : [ref.slice(0, at), ref.slice(at + 1)]
}

/** The container runs an image that its tag has left: it was built again since. */
export function runsOldImage(container: ContainerView, facts: Facts): boolean {
  const current = facts.images?.find(image => image.tags.some(tag => sameImage(tag, container.image)))
  return current !== undefined && current.id !== container.imageId
}

/** Why a name cannot be that of an image. */
export const flaws: Record<'capital' | 'hangul' | 'dash' | 'tag' | 'blank' | 'other', { ko: string; en: string }> = {
  capital: { ko: '대문자가 들어 있어요', en: 'it has capital letters' },
  hangul: {
    ko: '한글이나 전각 문자처럼 쓸 수 없는 글자가 들어 있어요',
    en: 'it has letters outside the Latin alphabet',
  },
  dash: { ko: '붙임표(-)가 아니라 긴 줄표로 시작해요', en: 'it begins with a long dash instead of a hyphen' },
  tag: { ko: '쌍점(:) 뒤의 태그가 비어 있어요', en: 'nothing follows the colon' },
  blank: { ko: '빈칸이 들어 있어요', en: 'it has a blank' },
  other: { ko: '쓸 수 없는 글자가 들어 있어요', en: 'it has characters that are not allowed' },
}

export function flaw(name: string): Exclude<keyof typeof flaws, 'blank'> {
  if (/^[‐-―−]/.test(name)) return 'dash'
  if (/[^\x20-\x7e]/.test(name)) return 'hangul'
  if (/:$/.test(name)) return 'tag'
  return /[A-Z]/.test(name.replace(/:[^/]*$/, '')) ? 'capital' : 'other'
}
