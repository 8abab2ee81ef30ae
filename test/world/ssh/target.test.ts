import { describe, expect, test } from 'vitest'
import {
  channelArguments,
  checkTarget,
  hostAndPort,
  masterArguments,
  type SshTarget,
} from '../../../src/world/ssh/target.ts'

const target: SshTarget = { host: 'vm-23.labs.example', connectTimeoutMs: 1500, limitBytes: 1 }

describe('a target of the roster', () => {
  test.each<Partial<SshTarget>>([
    {},
    { host: '10.0.0.7', user: 'coder', port: 22 },
    { host: 'fe80::1', user: 's1023' },
    { host: '::1' },
    { host: '::ffff:10.0.0.7' },
    { host: 'a_b', user: '_x.y-z', port: 65_535 },
    { kubeconfig: '/home/coder/my config' },
  ])('is taken: %j', change => expect(() => checkTarget({ ...target, ...change })).not.toThrow())

  test.each<Partial<SshTarget>>([
    { host: '' },
    { host: '-oProxyCommand=id' },
    { host: '-vm' },
    { host: '.vm' },
    { host: 'user@vm' },
    { host: 'vm:22' },
    { host: 'vm; id' },
    { host: 'vm\nid' },
    { host: 'vm%h' },
    { host: '$(id)' },
    { host: 'ssh://vm' },
    { host: '학생' },
    { host: 'a'.repeat(300) },
    { user: '' },
    { user: '-l' },
    { user: 'a b' },
    { user: 'a@b' },
    { user: 'root;id' },
    { user: '%u' },
    { port: 0 },
    { port: 65_536 },
    { port: 22.5 },
    { port: Number.NaN },
    { port: -1 },
    { kubeconfig: '~/.kube/config' },
    { kubeconfig: '/a\0b' },
  ])('is refused: %j', change =>
    expect(() => checkTarget({ ...target, ...change })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'ssh.bad-target' }) }),
    ),
  )
})

describe('the command line', () => {
  const options = (args: readonly string[]) => args.filter((_, i) => args[i - 1] === '-o')

  test('of the connection: strict, from no configuration, nothing forwarded to the other side', () => {
    const args = masterArguments({ ...target, knownHosts: '/a b/known' })
    expect(args.slice(0, 2)).toEqual(['-F', 'none'])
    expect(args).toEqual(expect.arrayContaining(['-N', '-M', '-a', '-x']))
    expect(options(args)).toEqual(
      expect.arrayContaining([
        'BatchMode=yes',
        'StrictHostKeyChecking=yes',
        'UserKnownHostsFile=known_hosts',
        'GlobalKnownHostsFile=/dev/null',
        'ForwardAgent=no',
        'PermitLocalCommand=no',
        'ConnectTimeout=2',
        'ServerAliveInterval=5',
        'ServerAliveCountMax=3',
      ]),
    )
    expect(args.slice(-2)).toEqual(['--', 'vm-23.labs.example'])
    expect(args.join(' ')).not.toMatch(/SendEnv|SetEnv|ForwardX11=yes|a b/)
  })

  test('a key of the roster is the only one; port and user stand before the host', () => {
    const args = masterArguments({ ...target, identityFile: '/k/100%', port: 2222, user: 'coder' })
    expect(args.slice(-10)).toEqual([
      '-i',
      '/k/100%%',
      '-o',
      'IdentitiesOnly=yes',
      '-p',
      '2222',
      '-l',
      'coder',
      '--',
      'vm-23.labs.example',
    ])
    expect(options(masterArguments(target))).not.toContain('IdentitiesOnly=yes')
  })

  test('of a channel: it makes no connection of its own', () => {
    const args = channelArguments(target, ['-W', 'localhost:80'])
    expect(options(args)).toContain('ProxyCommand=false')
    expect(args.slice(-4)).toEqual(['-W', 'localhost:80', '--', 'vm-23.labs.example'])
    expect(args.join(' ')).toContain('-S ctl')
  })

  test.each([
    ['127.0.0.1', '127.0.0.1:80'],
    ['::1', '[::1]:80'],
    ['localhost', 'localhost:80'],
  ])('%s', (host, word) => expect(hostAndPort(host, 80)).toBe(word))
})
