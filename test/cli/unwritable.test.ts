import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unwritable } from '../../src/cli/unwritable.ts'
import { messages } from '../../src/text/index.ts'

const say = messages('en')
const places = { state: '/home/me/.local/state/handrail/course', workspace: '/home/me/labs/course' }
const inTemp = join(tmpdir(), 'handrail-1-x')

test.each<[code: string, syscall: string, path: string | undefined, says: RegExp | null]>([
  [
    'ENOSPC',
    'write',
    `${places.state}/events.ndjson`,
    /^The disk with \/home\/me\/\.local\/\S+ is full\..*nothing is lost/,
  ],
  ['ENOSPC', 'write', undefined, /disk with \S+handrail\/course is full/],
  ['EDQUOT', 'write', `${places.workspace}/app/Dockerfile`, /disk with \/home\/me\/labs\/course is full/],
  [
    'EACCES',
    'open',
    `${places.workspace}/a`,
    /^\/home\/me\/labs\/course cannot be written: you have no permission.*--workspace/,
  ],
  ['EACCES', 'mkdir', '/home/me/labs', /labs\/course cannot be written/],
  [
    'EROFS',
    'mkdir',
    '/home/me/.local',
    /^Nothing can be kept in .*: it is on a read-only file system\. Set XDG_STATE_HOME/,
  ],
  ['EACCES', 'mkdir', '/home/me', /XDG_STATE_HOME/],
  ['ENOTDIR', 'mkdir', '/home/me/.local/state/handrail', /is a file, not a folder/],
  ['EACCES', 'mkdtemp', inTemp, /Set TMPDIR/],
  ['ENOENT', 'open', `${places.state}/a`, null],
  ['EPERM', 'kill', undefined, null],
  ['EACCES', 'spawn bash', 'bash', null],
])('%s of %s %s', (code, syscall, path, says) => {
  const error = Object.assign(new Error(code), { code, syscall, ...(path ? { path } : {}) })
  const stop = unwritable(error, places, say)
  if (says === null) expect(stop).toBeNull()
  else {
    expect(stop).toMatchObject({ exit: 3 })
    expect(stop?.message).toMatch(says)
  }
})

test('what is no error of the system is a bug', () => {
  expect(unwritable(new TypeError('x is not a function'), places, say)).toBeNull()
})
