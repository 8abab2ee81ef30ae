import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from './program.ts'

interface Written {
  readonly cluster?: string
  readonly steps: readonly { readonly id: string }[]
}

const read = (path: string) => parse(readFileSync(join(root, 'labs', path), 'utf8'))

/** Every lab of the course, in its order. */
export const labs = (read('course.yaml') as { labs: string[] }).labs.map(id => {
  const { cluster, steps } = read(`${id}/lab.yaml`) as Written
  return { id, steps: steps.map(step => step.id), usesCluster: cluster !== undefined }
})
