import { chmod, rm } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import type { Answer, Desk } from '../run/desk.ts'

/** One request and one answer, each a line of JSON, over a Unix socket. */
export function createDesk(): Desk {
  return {
    async open(path, answer) {
      await rm(path, { force: true })
      const server = createServer(socket => void serve(socket, answer))
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(path, resolve)
      })
      await chmod(path, 0o600)
      server.unref()
      return { close: () => void server.close() }
    },
    async ask(path, words) {
      const socket = createConnection(path)
      try {
        socket.write(`${JSON.stringify(words)}\n`)
        const line = await firstLine(socket)
        return line === null ? null : (JSON.parse(line) as Answer)
      } catch {
        return null
      } finally {
        socket.destroy()
      }
    },
  }
}

async function serve(socket: Socket, answer: (words: readonly string[]) => Promise<Answer>): Promise<void> {
  // The learner may press Ctrl-C while the answer is made.
  socket.on('error', () => {})
  const line = await firstLine(socket).catch(() => null)
  if (line === null) return
  const words: unknown = JSON.parse(line)
  const list = Array.isArray(words) ? words.map(String) : []
  socket.end(`${JSON.stringify(await answer(list))}\n`)
}

/** Without ending the socket, as iterating over it would. */
function firstLine(socket: Socket): Promise<string | null> {
  socket.setEncoding('utf8')
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', chunk => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > 1_000_000) resolve(null)
    })
    socket.once('end', () => resolve(null))
    socket.once('error', reject)
  })
}
