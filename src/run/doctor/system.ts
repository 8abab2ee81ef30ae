import type { Reader } from '../../check/reader.ts'
import { perhaps } from './attempt.ts'

/** What a repair depends on. */
export interface System {
  readonly platform: NodeJS.Platform
  /** `fedora`: also RHEL and what is made from it; `amazon`: Amazon Linux 2023 and later. */
  readonly family: 'debian' | 'amazon' | 'fedora' | 'macos' | 'other'
  /** The distribution's own id first, then those it says it is like: `rocky`, `rhel`, `centos`, `fedora`. */
  readonly like: readonly string[]
  /** As kind and kubectl name it. */
  readonly arch: 'amd64' | 'arm64' | 'other'
  readonly root: boolean
  readonly user: string
  /** systemd runs the services. */
  readonly systemd: boolean
}

/** What the process knows of the machine and of who runs it. */
export interface Machine {
  readonly platform: NodeJS.Platform
  /** As `process.arch` names it. */
  readonly arch: string
  readonly uid: number
  readonly user: string
}

/** Looks at what only files tell: the distribution, and whether systemd runs. */
export async function readSystem(reader: Pick<Reader, 'file'>, machine: Machine): Promise<System> {
  if (machine.platform !== 'linux') return systemOf(machine, null, false)
  const [etc, usr, systemd] = await Promise.all(
    ['/etc/os-release', '/usr/lib/os-release', '/run/systemd/system'].map(path => perhaps(() => reader.file(path))),
  )
  return systemOf(machine, etc?.text ?? usr?.text ?? null, systemd?.type === 'directory')
}

/** `osRelease`: the text of `/etc/os-release`. */
export function systemOf(machine: Machine, osRelease: string | null, systemd: boolean): System {
  const { platform, uid, user } = machine
  const values = parse(osRelease ?? '')
  const like = [values['ID'] ?? '', ...(values['ID_LIKE'] ?? '').split(/\s+/)].filter(each => each !== '')
  const arch = machine.arch === 'x64' ? 'amd64' : machine.arch === 'arm64' ? 'arm64' : 'other'
  const family = familyOf(platform, like, Number(values['VERSION_ID']))
  return { platform, family, like, arch, root: uid === 0, user, systemd }
}

function familyOf(platform: NodeJS.Platform, like: readonly string[], version: number): System['family'] {
  if (platform === 'darwin') return 'macos'
  if (platform !== 'linux') return 'other'
  // Amazon Linux 2 has yum and other package names: nothing we would say fits it.
  if (like[0] === 'amzn') return version >= 2023 ? 'amazon' : 'other'
  if (like.includes('debian') || like.includes('ubuntu')) return 'debian'
  if (like.includes('fedora') || like.includes('rhel')) return 'fedora'
  return 'other'
}

function parse(osRelease: string): Readonly<Record<string, string>> {
  const lines = osRelease.matchAll(/^[ \t]*([A-Z_]+)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\n]*))/gm)
  return Object.fromEntries([...lines].map(([, key, a, b, c]) => [key!, (a ?? b ?? c ?? '').trim()]))
}
