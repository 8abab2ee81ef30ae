import type { ChildProcess } from 'node:child_process'
import { Duplex } from 'node:stream'

/** A stream to what a process leads to, by its standard input and output. */
export interface ProcessStream extends Duplex {
  readonly bytesRead: number
}

/**
 * `node:http` treats the stream as a socket, so it gets the few methods of one that an agent calls. `lost` says why there
 * is no more, from what the process wrote to stderr and whether anything came at all; it may take its time.
 */
export function processStream(
  child: ChildProcess,
  lost: (said: string, answered: boolean) => Error | null | Promise<Error | null>,
): ProcessStream {
  const { stdin, stdout, stderr } = child
  if (!stdin || !stdout || !stderr) throw new TypeError('a process without pipes')
  const pipes = [child, stdin, stdout, stderr] as unknown as { ref?(): void; unref?(): void }[]
  let said = ''
  let bytesRead = 0
  const stream = new Duplex({
    read: () => stdout.resume(),
    write: (chunk, _encoding, done) => void stdin.write(chunk, done),
    final: done => void stdin.end(done),
    destroy(error, done) {
      child.kill()
      for (const pipe of [stdin, stdout, stderr]) pipe.destroy()
      done(error)
    },
  })
  stdout.on('data', (chunk: Buffer) => {
    bytesRead += chunk.length
    if (!stream.push(chunk)) stdout.pause()
  })
  stderr.on('data', chunk => (said = `${said}${chunk}`.slice(-2000)))
  stdin.on('error', () => {})
  child.on('error', error => stream.destroy(Object.assign(new Error(error.message), { code: 'ECONNREFUSED' })))
  child.on('close', async () => {
    const reason = await lost(said.trim(), bytesRead > 0)
    if (reason) stream.destroy(reason)
    else if (!stream.destroyed) stream.push(null)
  })
  Object.defineProperty(stream, 'bytesRead', { get: () => bytesRead })
  return Object.assign(stream, {
    setKeepAlive: () => stream,
    setNoDelay: () => stream,
    setTimeout: () => stream,
    ref: () => {
      for (const pipe of pipes) pipe.ref?.()
    },
    unref: () => {
      for (const pipe of pipes) pipe.unref?.()
    },
  }) as unknown as ProcessStream
}
