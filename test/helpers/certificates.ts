import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** PEM. */
export interface Certificates {
  readonly ca: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

/** An authority, and what it has signed: a server (127.0.0.1, ::1, localhost, `api.lab`) and a client `learner`. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-certificates-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 20_000 })
  const make = (name: string, subject: string, ...more: string[]) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
    openssl('req', '-x509', ...key, '-subj', subject, '-days', '2', '-out', `${name}.pem`, ...more)
    const read = (ending: string) => readFileSync(join(folder, `${name}.${ending}`), 'utf8')
    return { cert: read('pem'), key: read('key') }
  }
  try {
    const ca = make('ca', '/CN=lab authority').cert
    const names = 'subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost,DNS:api.lab'
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE']
    const server = make('server', '/CN=api server', ...signed, '-addext', names)
    const client = make('client', '/CN=learner', ...signed)
    return { ca, server, client }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
