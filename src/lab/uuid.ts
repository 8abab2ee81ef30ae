import { createHash } from 'node:crypto'

/** Names of ours, and of nobody else. */
const namespace = Buffer.from('5d0f6c7e0d4b4c5f9a3e7b1c2d6a8f90', 'hex')

/** The same UUID (version 5) for the same name, everywhere and always. */
export function uuidOf(...name: readonly string[]): string {
  const hash = createHash('sha1').update(namespace).update(name.join('\0')).digest().subarray(0, 16)
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
