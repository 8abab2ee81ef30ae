import { createHash } from 'node:crypto'
import type { Json } from '../lab/lab.ts'

/** Names of values that are nobody's business. */
const secret = /pass(word|wd|phrase)?$|secret|token|credential|api_?key|private_?key|access_?key/i
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g
// What moves the cursor or turns the direction of text has no place in evidence; tabs and line ends do.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Equal secrets stay equal, and say nothing else. */
function digest(value: string): string {
  return `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 16)}`
}

/**
 * What may be kept of a look: data of Secrets and values with a telling name become digests, private keys and control
 * characters go.
 */
export function redacted(key: string, value: Json): Json {
  const ofSecrets = /^objects .*"kind":"Secret"/.test(key)
  // Which programs somebody runs is of no matter, only that a port is taken.
  if (key === 'listeners' && Array.isArray(value))
    return value.map(each => ({ address: field(each, 'address'), port: field(each, 'port') }))
  return walk(value, ofSecrets)
}

function field(value: Json, name: string): Json {
  return (value as { readonly [name: string]: Json } | null)?.[name] ?? null
}

function walk(value: Json, ofSecret: boolean): Json {
  if (typeof value === 'string') return value.replace(privateKey, '[private key]').replace(control, '')
  if (Array.isArray(value)) return value.map(each => pair(each) ?? walk(each, ofSecret))
  if (typeof value !== 'object' || value === null) return value
  const map = value as { readonly [name: string]: Json }
  const isSecret = ofSecret || map['kind'] === 'Secret'
  const named = typeof map['name'] === 'string' && secret.test(map['name'])
  const entries = Object.entries(map).map(([name, each]): [string, Json] => {
    if (isSecret && (name === 'data' || name === 'stringData')) return [name, digests(each)]
    const hide = typeof each === 'string' && (secret.test(name) || (named && name === 'value'))
    return [name, hide ? digest(each) : walk(each, false)]
  })
  return Object.fromEntries(entries)
}

/** `NAME=value`, as engines list variables. */
function pair(value: Json): string | null {
  const [, name, rest] = typeof value === 'string' ? (/^([A-Za-z_]\w*)=([\s\S]*)$/.exec(value) ?? []) : []
  return name !== undefined && secret.test(name) ? `${name}=${digest(rest!)}` : null
}

function digests(data: Json): Json {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null
  return Object.fromEntries(Object.entries(data).map(([name, each]) => [name, digest(String(each))]))
}
