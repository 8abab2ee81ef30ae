import { stripVTControlCharacters } from 'node:util'

/** Text for a file: without what would steer a terminal, and only what XML 1.0 allows. */
export function withoutEscapes(text: string): string {
  const bare = stripVTControlCharacters(text).replace(/\r\n?/g, '\n')
  return bare.replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\x7f-\x9f]/gu, '')
}
