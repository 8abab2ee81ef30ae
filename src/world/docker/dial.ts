import { spawn } from 'node:child_process'
import { connect as connectSocket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
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

/**
 * The CLI knows the user's ssh set-up: it connects by ssh and hands us the engine's stream. `node:http` treats the stream
 * as a socket, so it gets the few methods of one that an agent calls.
 */
function dialThroughCli(url: string, env: Environment): Duplex {
  const child = spawn('docker', ['system', 'dial-stdio'], {
    env: { ...env, DOCKER_HOST: url, DOCKER_CONTEXT: undefined, DOCKER_TLS_VERIFY: undefined },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const pipes = [child, child.stdin, child.stdout, child.stderr] as unknown as { ref?(): void; unref?(): void }[]
  let said = ''
  let answered = false
  const stream = new Duplex({
    read: () => child.stdout.resume(),
    write: (chunk, _encoding, done) => void child.stdin.write(chunk, done),
    final: done => void child.stdin.end(done),
    destroy(error, done) {
      child.kill()
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy()
      done(error)
    },
  })
  const lost = (message: string) =>
    stream.destroy(Object.assign(new Error(message), { code: answered ? 'ECONNRESET' : 'ECONNREFUSED' }))
  child.stdout.on('data', chunk => {
    answered = true
    if (!stream.push(chunk)) child.stdout.pause()
  })
  child.stderr.on('data', chunk => (said = `${said}${chunk}`.slice(-2000)))
  child.stdin.on('error', () => {})
  child.on('error', error => lost(error.message))
  child.on('close', () => lost(said.trim() || 'docker system dial-stdio ended'))
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
  })
}
