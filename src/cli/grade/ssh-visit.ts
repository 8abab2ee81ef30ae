import { join, resolve } from 'node:path'
import type { WrittenTarget } from '../../format/class-file.ts'
import { filledFrom, type Limits } from '../../grade/class.ts'
import type { Visit } from '../../grade/live-driver.ts'
import type { Student } from '../../grade/roster.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { connectSsh } from '../../world/ssh/index.ts'

export interface SshVisit {
  readonly target: Extract<WrittenTarget, { kind: 'ssh' }>
  readonly student: Student
  readonly course: string
  /** Folder of the class file: relative paths start here. */
  readonly dir: string
  readonly home: string
  readonly limits: Limits
  readonly signal: AbortSignal
}

export function fromHome(written: string, home: string): string {
  return written.replace(/^~(?=\/)/, home)
}

/** Goes to a student's machine with what the class file says; only columns of the roster are filled in. */
export async function visitBySsh({ target, student, course, dir, home, limits, signal }: SshVisit): Promise<Visit> {
  const fill = (written: string) => filledFrom(student, written)
  const local = (written: string) => resolve(dir, fromHome(fill(written), home))
  const host = fill(target.host)
  const port = target.port === undefined ? '' : fill(target.port)
  if (port !== '' && !/^\d+$/.test(port))
    throw new CouldNotLook('ssh.bad-target', { reason: `port: ${port.slice(0, 60)}` })
  const machine = await connectSsh(
    {
      host,
      ...(port === '' ? {} : { port: Number(port) }),
      ...(target.user === undefined || fill(target.user) === '' ? {} : { user: fill(target.user) }),
      ...(target.identityFile === undefined ? {} : { identityFile: local(target.identityFile) }),
      ...(target.knownHosts === undefined ? {} : { knownHosts: local(target.knownHosts) }),
      ...(target.kubeconfig === undefined || fill(target.kubeconfig) === ''
        ? {}
        : { kubeconfig: fill(target.kubeconfig) }),
      connectTimeoutMs: limits.connect,
      limitBytes: limits.look,
    },
    { signal, env: process.env },
  )
  return {
    reader: machine.reader,
    probe: machine.probe,
    recordDir: join(
      target.state === undefined ? join(machine.home, '.local/state/handrail') : fill(target.state),
      course,
    ),
    workspace: target.workspace === undefined ? join(machine.home, 'labs', course) : fill(target.workspace),
    target: { kind: 'ssh', label: host, hostKey: machine.hostKey },
    alive: () => machine.alive(),
    close: () => machine.close(),
  }
}
