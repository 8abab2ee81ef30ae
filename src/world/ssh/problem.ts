import { CouldNotLook, type Problem } from '../../lab/verdict.ts'

/** What the OpenSSH client says (`LC_ALL=C`), in codes. */

/** Why no connection came to be. */
export function connectionProblem(host: string, said: string): Problem {
  const lines = linesOf(said)
  for (const [code, pattern] of kinds) {
    const line = lines.find(each => pattern.test(each))
    if (line !== undefined) return { code, evidence: { host, reason: line } }
  }
  return { code: 'ssh.unreachable', evidence: { host, reason: lines.at(-1) ?? 'no answer' } }
}

/** Without the picture of the key. */
function linesOf(said: string): string[] {
  return said
    .split('\n')
    .map(line => line.trim().replace(/^@\s*|\s*@$/g, ''))
    .filter(line => line !== '' && !/^(?:Host key fingerprint is|\+[-[]|\||@+$)/.test(line))
    .map(line => line.slice(0, 300))
}

const kinds: readonly (readonly [string, RegExp])[] = [
  [
    'ssh.host-key',
    /host key is known for|IDENTIFICATION HAS CHANGED|Host key verification failed|host key for .* has/i,
  ],
  [
    'ssh.auth',
    /Permission denied|Too many authentication failures|Identity file .* not accessible|Load key|no mutual signature/i,
  ],
]

/** The key as the client shows it while it connects; empty: it did not. */
export function hostKeyIn(said: string): string {
  return /^Host key fingerprint is (SHA256:[\w+/=]+)\s*$/m.exec(said)?.[1] ?? ''
}

/** The client says so once the other end of a forwarded connection is open. */
export const openedLine = 'master session id: '

/**
 * Why a connection onwards from the student's machine did not open, by what the client of the whole connection wrote last:
 * an error code as of a socket; `null`: the machine there does not allow it, so that nothing is known of the other end.
 */
export function dialError(said: string): string | null {
  const reason = [...said.matchAll(/open failed: (.+)/g)].at(-1)?.[1] ?? ''
  return dialErrors.find(([pattern]) => pattern.test(reason))?.[1] ?? null
}

const dialErrors: readonly (readonly [RegExp, string])[] = [
  [/connect failed: .*refused/i, 'ECONNREFUSED'],
  [/connect failed: .*timed out/i, 'ETIMEDOUT'],
  [/connect failed: No route to host/i, 'EHOSTUNREACH'],
  [/connect failed: Network is unreachable/i, 'ENETUNREACH'],
  [/connect failed: .*(?:not known|name resolution|No address|nodename)/i, 'ENOTFOUND'],
  [/connect failed: Cannot assign requested address/i, 'EADDRNOTAVAIL'],
  [/connect failed: .*reset/i, 'ECONNRESET'],
]

/** stat's complaint about a path as the error code of the system call. */
export function statError(said: string): string {
  const reason = said.trimEnd().split(': ').at(-1) ?? ''
  return statErrors.find(([text]) => text === reason)?.[1] ?? reason.slice(0, 100)
}

const statErrors = [
  ['No such file or directory', 'ENOENT'],
  ['Not a directory', 'ENOTDIR'],
  ['Permission denied', 'EACCES'],
  ['Too many levels of symbolic links', 'ELOOP'],
  ['Symbolic link loop', 'ELOOP'],
  ['File name too long', 'ENAMETOOLONG'],
  ['Input/output error', 'EIO'],
  ['Is a directory', 'EISDIR'],
] as const

/** The connection was there and is no more. */
export function lost(host: string, said: string): CouldNotLook {
  return new CouldNotLook('ssh.lost', { host, reason: linesOf(said).at(-1) ?? 'no answer' })
}

/** Why the client could not be started here. */
export async function notStarted(child: NodeJS.EventEmitter, host: string): Promise<CouldNotLook> {
  const cause = await new Promise<NodeJS.ErrnoException>(resolve => child.once('error', resolve))
  const reason = cause.code ?? cause.message
  return new CouldNotLook('ssh.missing', { host, reason }, { cause })
}
