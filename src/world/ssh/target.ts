import { CouldNotLook } from '../../lab/verdict.ts'

/** A student's machine, as the roster names it: never from what a student has handed in. */
export interface SshTarget {
  readonly host: string
  readonly port?: number
  readonly user?: string
  readonly identityFile?: string
  /** Only keys in this file are believed; without it, those of the user's own `known_hosts`. */
  readonly knownHosts?: string
  /** On the student's machine; default: `.kube/config` in the home folder there. */
  readonly kubeconfig?: string
  readonly connectTimeoutMs: number
  /** Of one look: what is longer is not taken. */
  readonly limitBytes: number
}

/** Host, user and port become words of a command line: anything but what such names are made of is refused. */
export function checkTarget({ host, user, port, kubeconfig }: SshTarget): void {
  const bad = (what: string, value: string | number) =>
    new CouldNotLook('ssh.bad-target', { host: host.slice(0, 100), reason: `${what}: ${String(value).slice(0, 100)}` })
  if (!/^(?:[A-Za-z0-9_](?:[\w.-]{0,252})|[0-9A-Fa-f:]{2,45}(?:[0-9.]{7,15})?)$/.test(host)) throw bad('host', host)
  if (user !== undefined && !/^[A-Za-z0-9_][\w.-]{0,63}$/.test(user)) throw bad('user', user)
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) throw bad('port', port)
  if (kubeconfig !== undefined && !/^\/[^\0]*$/.test(kubeconfig)) throw bad('kubeconfig', kubeconfig)
}

/** Names in the private folder, where every `ssh` of a connection runs: sockets must have short paths. */
export const names = { control: 'ctl', knownHosts: 'known_hosts' } as const

/** Of the one connection that all others go through. */
export function masterArguments(target: SshTarget): string[] {
  const seconds = Math.max(1, Math.ceil(target.connectTimeoutMs / 1000))
  return [
    ...['-F', 'none', '-N', '-M', '-S', names.control, '-a', '-x'],
    ...options({
      BatchMode: 'yes',
      StrictHostKeyChecking: 'yes',
      ...(target.knownHosts === undefined
        ? {}
        : { UserKnownHostsFile: names.knownHosts, GlobalKnownHostsFile: '/dev/null' }),
      UpdateHostKeys: 'no',
      // So that the client says which key it was.
      VisualHostKey: 'yes',
      FingerprintHash: 'sha256',
      PreferredAuthentications: 'publickey',
      ConnectTimeout: String(seconds),
      ConnectionAttempts: '1',
      ServerAliveInterval: '5',
      ServerAliveCountMax: '3',
      ForwardAgent: 'no',
      PermitLocalCommand: 'no',
      Tunnel: 'no',
      EscapeChar: 'none',
    }),
    ...(target.identityFile === undefined
      ? []
      : ['-i', target.identityFile.replaceAll('%', '%%'), '-o', 'IdentitiesOnly=yes']),
    ...destination(target),
  ]
}

/** Of whatever goes through the connection. It must not make one of its own when that is gone. */
export function channelArguments(target: SshTarget, what: readonly string[]): string[] {
  const only = options({ BatchMode: 'yes', ProxyCommand: 'false', EscapeChar: 'none' })
  return ['-F', 'none', '-S', names.control, '-a', '-x', ...only, ...what, ...destination(target)]
}

function options(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

function destination({ host, port, user }: SshTarget): string[] {
  return [...(port ? ['-p', String(port)] : []), ...(user ? ['-l', user] : []), '--', host]
}

/** `host:port` as ssh wants it. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
