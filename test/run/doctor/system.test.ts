import { expect, test } from 'vitest'
import type { Reader } from '../../../src/check/reader.ts'
import type { FileView } from '../../../src/lab/machine.ts'
import { CouldNotLook } from '../../../src/lab/verdict.ts'
import { readSystem, systemOf } from '../../../src/run/doctor/system.ts'
import { learner, osReleases, systems } from './systems.ts'

test.each([
  ['Debian 12', osReleases.debian, 'debian', ['debian']],
  ['Ubuntu 24.04', osReleases.ubuntu, 'debian', ['ubuntu', 'debian']],
  ['Amazon Linux 2023', osReleases.amazon, 'amazon', ['amzn', 'fedora']],
  ['Amazon Linux 2', osReleases.amazon2, 'other', ['amzn', 'centos', 'rhel', 'fedora']],
  ['Fedora 42', osReleases.fedora, 'fedora', ['fedora']],
  ['Rocky 9', osReleases.rocky, 'fedora', ['rocky', 'rhel', 'centos', 'fedora']],
  ['RHEL 9', osReleases.rhel, 'fedora', ['rhel', 'fedora']],
  ['Alpine', osReleases.alpine, 'other', ['alpine']],
  [
    'quotes of the other kind',
    "ID='linuxmint'\nID_LIKE='ubuntu debian'\n",
    'debian',
    ['linuxmint', 'ubuntu', 'debian'],
  ],
  ['nothing', null, 'other', []],
  ['an empty file', '', 'other', []],
] as const)('%s', (_, text, family, like) => {
  expect(systemOf(learner, text, true)).toEqual({
    platform: 'linux',
    family,
    like,
    arch: 'amd64',
    root: false,
    user: 'learner',
    systemd: true,
  })
})

test('macOS, Windows, root and processors', () => {
  expect(systems.macos).toMatchObject({ family: 'macos', arch: 'arm64' })
  expect(systemOf({ ...learner, platform: 'win32', uid: -1 }, null, false)).toMatchObject({
    family: 'other',
    root: false,
  })
  expect(systemOf({ ...learner, uid: 0 }, null, false).root).toBe(true)
  expect(systemOf({ ...learner, arch: 'riscv64' }, null, false).arch).toBe('other')
})

function files(known: Record<string, Partial<FileView> | Error>): Pick<Reader, 'file'> {
  return {
    async file(path) {
      const file = known[path]
      if (file instanceof Error) throw file
      return file ? { path, type: 'file', mode: '0644', size: 0, modifiedAt: 0, ...file } : null
    },
  }
}

test.each([
  [
    'both files',
    { '/etc/os-release': { text: osReleases.amazon }, '/run/systemd/system': { type: 'directory' } },
    'amazon',
    true,
  ],
  ['only the second place', { '/usr/lib/os-release': { text: osReleases.fedora } }, 'fedora', false],
  ['nothing that can be read', { '/etc/os-release': new CouldNotLook('file.unreadable') }, 'other', false],
] as const)('reads the system: %s', async (_, known, family, systemd) => {
  expect(await readSystem(files(known), learner)).toMatchObject({ family, systemd })
})

test('reads no file on macOS, and lets a bug through', async () => {
  const broken = files({ '/etc/os-release': new TypeError('ours') })
  expect(await readSystem(broken, { ...learner, platform: 'darwin' })).toMatchObject({ family: 'macos' })
  await expect(readSystem(broken, learner)).rejects.toThrow('ours')
})
