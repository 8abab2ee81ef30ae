import { harmless } from '../terminal/safe.ts'

/** Text for a file: without what would steer a terminal, and only what XML 1.0 allows. */
export function withoutEscapes(text: string): string {
  return harmless(text.replace(/\r\n?/g, '\n')).replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
}
