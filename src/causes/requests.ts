import type { ConnectionView, HttpView } from '../lab/machine.ts'
import { output, type Situation } from './cause.ts'
import { simpleCommands } from './line.ts'
import { failing, field, looked, seenAs } from './look.ts'

/** A request that did not go well, whether a check, `curl` or the learner's own program sent it. */
export interface Request {
  readonly address: string
  readonly port: number
  /** To this machine: containers may explain it. */
  readonly local: boolean
  /** `refused`: nothing listens; `broken`: accepted, then broken off; `silent`: no answer in time; absent: answered. */
  readonly failure?: 'refused' | 'broken' | 'silent'
  readonly status?: number
}

export function requestOf(situation: Situation): Request | null {
  return byHttp(situation) ?? byTcp(situation) ?? byCommand(situation)
}

function byHttp(situation: Situation): Request | null {
  const check = looked(situation, 'http')
  if (!check) return null
  const view = seenAs<HttpView>(check)
  const request = target(field(check, 'url') || view.url)
  if (!request) return null
  if (view.status !== undefined) return { ...request, status: view.status }
  const failure = failureOf(view.error ?? '')
  return failure ? { ...request, failure } : null
}

function byTcp(situation: Situation): Request | null {
  const check = looked(situation, 'tcp')
  if (!check) return null
  const view = seenAs<ConnectionView>(check)
  const failure = view.open ? undefined : failureOf(view.error ?? 'ECONNREFUSED')
  const request = target(`${view.host}:${view.port}`)
  return request && failure ? { ...request, failure } : null
}

const curlFailures: Readonly<Record<number, Request['failure']>> = {
  7: 'refused',
  28: 'silent',
  52: 'broken',
  56: 'broken',
}

function byCommand(situation: Situation): Request | null {
  const command = failing(situation)
  const words = command && simpleCommands(command.line).at(-1)
  if (!command || !words || words[0] === 'docker' || words[0] === 'git') return null
  const text = output(command)
  if (words[0] === 'curl') {
    const url = words.slice(1).find(word => /^(https?:\/\/|localhost\b|[\w.-]+:\d+|\d+\.\d+\.\d+\.\d+)/.test(word))
    const request = target(url ?? '')
    const status = /returned error: (\d{3})/.exec(text)?.[1]
    if (request && command.exit === 22 && status) return { ...request, status: Number(status) }
    const failure = curlFailures[command.exit]
    return request && failure ? { ...request, failure } : null
  }
  const refused = /ECONNREFUSED (\[?[\w.:]+\]?:\d+)/.exec(text)?.[1]
  const request = target(refused?.replace(/^::1:/, '[::1]:') ?? '')
  return request ? { ...request, failure: 'refused' } : null
}

function failureOf(error: string): Request['failure'] {
  if (/ECONNREFUSED/.test(error)) return 'refused'
  if (/ECONNRESET|EMPTY|EPIPE|socket hang up/i.test(error)) return 'broken'
  return /TIMEDOUT|TIMEOUT/i.test(error) ? 'silent' : undefined
}

function target(address: string): Pick<Request, 'address' | 'port' | 'local'> | null {
  if (address === '') return null
  try {
    const url = new URL(/^\w+:\/\//.test(address) ? address : `http://${address}`)
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
    const local = /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(url.hostname)
    return { address, port, local }
  } catch {
    return null
  }
}
