import { stripEscapes } from '../../src/terminal/safe.ts'

/** Escapes made visible, for golden files that show colours and links. */
export function visible(text: string): string {
  return text.replaceAll('\x1b', '␛').replaceAll('\x07', '␇').replaceAll('\r', '␍')
}

/** Text without escapes and without what differs from run to run: temp paths, durations, container and image ids. */
export function plain(text: string): string {
  return stripEscapes(text)
    .replaceAll('\r\n', '\n')
    .replace(/(?:\/private)?\/(?:tmp|var\/folders)\/[^\s'":,)]+/g, '<tmp>')
    .replace(/\b(?:sha256:)?(?:[0-9a-f]{64}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12})\b/g, '<id>')
    .replace(/\b(?:\d+m \d{2}s|\d+(?:\.\d+)?(?:ms|s))\b/g, '<t>')
}
