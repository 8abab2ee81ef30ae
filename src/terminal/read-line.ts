import type { Readable } from 'node:stream'

/**
 * The next line, without its end; `null` when the input ends, breaks or `signal` aborts first. What follows the line stays
 * in the stream for whoever reads next, so that answers can be piped in.
 */
export function readLine(input: Readable, signal?: AbortSignal): Promise<string | null> {
  return new Promise(resolve => {
    if (signal?.aborted || input.readableEnded || input.destroyed) return resolve(null)
    let read = Buffer.alloc(0)

    const finish = (line: string | null): void => {
      input.off('data', onData)
      for (const event of ['end', 'close', 'error']) input.off(event, onEnd)
      signal?.removeEventListener('abort', onAbort)
      input.pause()
      resolve(line)
    }
    const onData = (chunk: Buffer | string): void => {
      read = Buffer.concat([read, Buffer.from(chunk)])
      const end = read.indexOf(10)
      if (end === -1) return
      const rest = read.subarray(end + 1)
      finish(read.toString('utf8', 0, end).replace(/\r$/, ''))
      if (rest.length > 0) input.unshift(rest)
    }
    const onEnd = (): void => finish(read.length > 0 ? read.toString('utf8') : null)
    const onAbort = (): void => finish(null)

    input.on('data', onData)
    for (const event of ['end', 'close', 'error']) input.once(event, onEnd)
    signal?.addEventListener('abort', onAbort, { once: true })
    input.resume()
  })
}
