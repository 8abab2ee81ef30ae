import { spawn } from 'node:child_process'
import { connect as connectSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { processStream } from '../process-stream.ts'
import type { Address, Environment } from './endpoint.ts'

/** Opens one connection to the engine. Errors come as the stream's `error`. */
export function dial(address: Address, env: Environment): Duplex {
  if (address.kind === 'unix') return connectSocket({ path: address.path })
  if (address.kind === 'ssh') return dialThroughCli(address.url, env)
  const { host, port, tls } = address
  if (!tls) return connectSocket({ host, port })
  const { verify, ...pem } = tls
  return connectTls({ host, port, ...pem, rejectUnauthorized: verify })
}

/** The CLI knows the user's ssh set-up: it connects by ssh and hands us the engine's stream. */
function dialThroughCli(url: string, env: Environment): Duplex {
  const child = spawn('docker', ['system', 'dial-stdio'], {
    env: { ...env, DOCKER_HOST: url, DOCKER_CONTEXT: undefined, DOCKER_TLS_VERIFY: undefined },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return processStream(child, (said, answered) =>
    Object.assign(new Error(said || 'docker system dial-stdio ended'), {
      code: answered ? 'ECONNRESET' : 'ECONNREFUSED',
    }),
  )
}
