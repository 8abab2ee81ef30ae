import { describe, expect, test } from 'vitest'
import { fromThere } from '../../../src/world/ssh/docker.ts'
import { connectionProblem, dialError, hostKeyIn, lost, statError } from '../../../src/world/ssh/problem.ts'

const picture = `Host key fingerprint is SHA256:FdiHprL7TaA7OxhJ6H533si5a25wLbHt19N4xGvKIIA
+--[ED25519 256]--+
|         o..     |
|   . .o@Xoo. ooo |
+----[SHA256]-----+
`

const changed = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r
Host key verification failed.\r
`

describe('why there is no connection', () => {
  test.each([
    ['ssh.unreachable', 'ssh: connect to host vm port 22: Connection refused\r\n', /Connection refused$/],
    ['ssh.unreachable', 'ssh: connect to host vm port 22: No route to host', /No route to host$/],
    ['ssh.unreachable', 'ssh: connect to host vm port 22: Connection timed out', /timed out$/],
    ['ssh.unreachable', 'ssh: Could not resolve hostname vm: Name or service not known', /not known$/],
    [
      'ssh.unreachable',
      'Connection timed out during banner exchange\nConnection to vm port 22 timed out\n',
      /vm port 22 timed out$/,
    ],
    ['ssh.unreachable', 'kex_exchange_identification: Connection closed by remote host', /closed by remote host$/],
    [
      'ssh.unreachable',
      'Unable to negotiate with vm port 22: no matching host key type found. Their offer: ssh-rsa',
      /ssh-rsa$/,
    ],
    ['ssh.unreachable', '', /^no answer$/],
    [
      'ssh.host-key',
      'No ED25519 host key is known for [vm]:22 and you have requested strict checking.\r\nHost key verification failed.\r\n',
      /^No ED25519 host key is known/,
    ],
    ['ssh.host-key', changed, /^WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!$/],
    ['ssh.host-key', 'Host key verification failed.', /^Host key verification failed\.$/],
    ['ssh.auth', `${picture}coder@vm: Permission denied (publickey,keyboard-interactive).`, /^coder@vm: Permission/],
    [
      'ssh.auth',
      'Warning: Identity file k not accessible: No such file or directory.\ncoder@vm: Permission denied (publickey).',
      /^Warning: Identity file k/,
    ],
    ['ssh.auth', 'Load key "k": bad permissions\ncoder@vm: Permission denied (publickey).', /^Load key/],
    ['ssh.auth', 'Received disconnect from vm port 22:2: Too many authentication failures', /Too many/],
  ])('%s: %j', (code, said, reason) => {
    const problem = connectionProblem('vm', said)
    expect(problem).toEqual({ code, evidence: { host: 'vm', reason: expect.stringMatching(reason) } })
  })

  test('a long reason is cut', () => {
    expect(String(connectionProblem('vm', 'x'.repeat(10_000)).evidence['reason']).length).toBe(300)
  })
})

test('the key of the host is the first that is shown: a banner comes later', () => {
  const banner = 'Host key fingerprint is SHA256:fake\n'
  expect(hostKeyIn(picture + banner)).toBe('SHA256:FdiHprL7TaA7OxhJ6H533si5a25wLbHt19N4xGvKIIA')
  expect(hostKeyIn('no key')).toBe('')
})

test.each([
  [`${picture}Connection to vm closed by remote host.\r\n`, 'Connection to vm closed by remote host.'],
  ['Timeout, server vm not responding.\r\n', 'Timeout, server vm not responding.'],
  [picture, 'no answer'],
])('a connection that was lost: %j', (said, reason) => {
  expect(lost('vm', said).problem).toEqual({ code: 'ssh.lost', evidence: { host: 'vm', reason } })
})

describe('why a connection onwards did not open', () => {
  test.each([
    ['channel 2: open failed: connect failed: Connection refused\r\n', 'ECONNREFUSED'],
    ['channel 2: open failed: connect failed: Connection timed out', 'ETIMEDOUT'],
    ['channel 2: open failed: connect failed: No route to host', 'EHOSTUNREACH'],
    ['channel 2: open failed: connect failed: Network is unreachable', 'ENETUNREACH'],
    ['channel 2: open failed: connect failed: Name or service not known', 'ENOTFOUND'],
    ['channel 2: open failed: connect failed: Temporary failure in name resolution', 'ENOTFOUND'],
    [
      'channel 2: open failed: connect failed: Connection refused\nchannel 3: open failed: connect failed: No route to host\n',
      'EHOSTUNREACH',
    ],
    ['channel 2: open failed: administratively prohibited: open failed', null],
    ['channel 2: open failed: resource shortage: too many', null],
    ['', null],
  ])('%j', (said, code) => expect(dialError(said)).toBe(code))
})

test.each([
  ["stat: cannot statx '/x': No such file or directory\n", 'ENOENT'],
  ["stat: can't stat '/x': No such file or directory\n", 'ENOENT'],
  ["stat: cannot statx '/a: Permission denied': Not a directory\n", 'ENOTDIR'],
  ["stat: cannot statx '/x': Permission denied\n", 'EACCES'],
  ["head: cannot open '/x' for reading: Permission denied\n", 'EACCES'],
  ["stat: cannot statx '/x': Too many levels of symbolic links\n", 'ELOOP'],
  ["stat: cannot statx '/x': Stale file handle\n", 'Stale file handle'],
])('%j', (said, error) => expect(statError(said)).toBe(error))

describe('a problem of the engine, as seen there', () => {
  const hangUp = {
    code: 'engine.error',
    evidence: { status: 0, message: 'socket hang up', socket: '/tmp/x/docker.sock' },
  }
  const place = '/var/run/docker.sock'
  test.each([
    ['gone', 'engine.down'],
    ['unknown', 'engine.down'],
    ['closed', 'engine.permission'],
    ['listening', 'ssh.forwarding'],
  ] as const)('a socket that is %s', (standing, code) =>
    expect(fromThere(hangUp, 'vm', place, standing).code).toBe(code),
  )

  test('any other stays, with the socket there', () => {
    const late = { code: 'engine.timeout', evidence: { socket: '/tmp/x/docker.sock', seconds: 10 } }
    expect(fromThere(late, 'vm', place, 'listening')).toEqual({
      code: 'engine.timeout',
      evidence: { socket: place, seconds: 10 },
    })
    const refused = { code: 'engine.error', evidence: { status: 500, message: 'no' } }
    expect(fromThere(refused, 'vm', place, 'gone')).toEqual(refused)
  })
})
