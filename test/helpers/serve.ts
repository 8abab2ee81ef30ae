import { createServer as createHttp, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server on a free port that ends with the test; gives the port. */
export function serveTcp(accept: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  return listen(createServer(accept), host)
}

export function serveHttp(answer: RequestListener, host = '127.0.0.1'): Promise<number> {
  return listen(createHttp(answer), host)
}

async function listen(server: Server, host: string): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket.on('error', () => {}))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
