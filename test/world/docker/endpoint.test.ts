import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { chooseEndpoint, type Disk } from '../../../src/world/docker/endpoint.ts'

const home = '/home/ann'
const idOf = (name: string) => createHash('sha256').update(name).digest('hex')
const config = (context: unknown) => ({ [`${home}/.docker/config.json`]: JSON.stringify({ currentContext: context }) })
const context = (name: string, host: string, extra = {}, folder = `${home}/.docker`) => ({
  [`${folder}/contexts/meta/${idOf(name)}/meta.json`]: JSON.stringify({
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: host, SkipTLSVerify: false, ...extra } },
  }),
})
const disk = (files: Record<string, string>): Disk => ({
  text: path => files[path] ?? null,
  exists: path => path in files,
})
const unix = (path: string, source: string) => ({ address: { kind: 'unix', path }, shown: path, source })
const tcp = (host: string, port: number, source: string) => ({
  address: { kind: 'tcp', host, port, tls: null },
  shown: `tcp://${host}:${port}`,
  source,
})
const sock = { '/var/run/docker.sock': '' }

describe('which engine is talked to', () => {
  test.each<[string, Record<string, string>, Record<string, string>, object]>([
    ['nothing said, nothing there', {}, {}, unix('/var/run/docker.sock', 'default')],
    ['the usual socket', {}, sock, unix('/var/run/docker.sock', 'default')],
    [
      'DOCKER_HOST before DOCKER_CONTEXT and the current context',
      { DOCKER_HOST: 'unix:///tmp/a.sock', DOCKER_CONTEXT: 'x' },
      { ...config('y'), ...context('x', 'unix:///x'), ...context('y', 'unix:///y') },
      unix('/tmp/a.sock', 'DOCKER_HOST'),
    ],
    [
      'DOCKER_CONTEXT before the current context',
      { DOCKER_CONTEXT: 'x' },
      { ...config('y'), ...context('x', 'unix:///x'), ...context('y', 'unix:///y') },
      { ...unix('/x', 'DOCKER_CONTEXT'), context: 'x' },
    ],
    [
      'the current context before the usual socket',
      {},
      { ...sock, ...config('한글'), ...context('한글', 'unix:///y') },
      { ...unix('/y', 'docker context'), context: '한글' },
    ],
    [
      'empty variables say nothing',
      { DOCKER_HOST: '', DOCKER_CONTEXT: '' },
      sock,
      unix('/var/run/docker.sock', 'default'),
    ],
    [
      'the context "default" is no context, whatever the current one',
      { DOCKER_CONTEXT: 'default' },
      { ...sock, ...config('y'), ...context('y', 'unix:///y') },
      unix('/var/run/docker.sock', 'default'),
    ],
    [
      'DOCKER_CONFIG is where contexts are',
      { DOCKER_CONFIG: '/c' },
      { ...config('y'), '/c/config.json': '{"currentContext":"x"}', ...context('x', 'unix:///x', {}, '/c') },
      { ...unix('/x', 'docker context'), context: 'x' },
    ],
    [
      'a context without an address',
      { DOCKER_CONTEXT: 'x' },
      context('x', ''),
      unix('/var/run/docker.sock', 'default'),
    ],
    [
      'a current context that does not exist',
      {},
      { ...sock, ...config('gone') },
      { code: 'engine.wrong-context', evidence: { context: 'gone', socket: '', source: 'docker context' } },
    ],
    [
      'a named context that does not exist',
      { DOCKER_CONTEXT: 'gone' },
      sock,
      { code: 'engine.wrong-context', evidence: { context: 'gone', socket: '', source: 'DOCKER_CONTEXT' } },
    ],
    [
      'a context whose file is broken',
      { DOCKER_CONTEXT: 'x' },
      { [`${home}/.docker/contexts/meta/${idOf('x')}/meta.json`]: '{"Name": "x", ' },
      { code: 'engine.wrong-context', evidence: { context: 'x', socket: '', source: 'DOCKER_CONTEXT' } },
    ],
    [
      'config.json is broken',
      {},
      { ...sock, [`${home}/.docker/config.json`]: '{,' },
      unix('/var/run/docker.sock', 'default'),
    ],
    [
      'config.json is no object',
      {},
      { ...sock, [`${home}/.docker/config.json`]: '[1]' },
      unix('/var/run/docker.sock', 'default'),
    ],
    ['tcp', { DOCKER_HOST: 'tcp://10.0.0.5:4243' }, {}, tcp('10.0.0.5', 4243, 'DOCKER_HOST')],
    ['tcp without a port', { DOCKER_HOST: 'tcp://docker' }, {}, tcp('docker', 2375, 'DOCKER_HOST')],
    ['no scheme is tcp', { DOCKER_HOST: 'docker:2375' }, {}, tcp('docker', 2375, 'DOCKER_HOST')],
    [
      'IPv6',
      { DOCKER_HOST: 'tcp://[::1]:2375' },
      {},
      {
        address: { kind: 'tcp', host: '::1', port: 2375, tls: null },
        shown: 'tcp://[::1]:2375',
        source: 'DOCKER_HOST',
      },
    ],
    [
      'tcp with TLS, of DOCKER_CERT_PATH',
      { DOCKER_HOST: 'tcp://docker', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' },
      { '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT', '/certs/key.pem': 'KEY' },
      {
        address: { kind: 'tcp', host: 'docker', port: 2376, tls: { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true } },
        shown: 'tcp://docker:2376',
        source: 'DOCKER_HOST',
      },
    ],
    [
      'TLS of a context',
      { DOCKER_CONTEXT: 'x' },
      {
        ...context('x', 'tcp://docker:2376', { SkipTLSVerify: true }),
        [`${home}/.docker/contexts/tls/${idOf('x')}/docker/ca.pem`]: 'CA',
      },
      {
        address: { kind: 'tcp', host: 'docker', port: 2376, tls: { ca: 'CA', verify: false } },
        shown: 'tcp://docker:2376',
        source: 'DOCKER_CONTEXT',
        context: 'x',
      },
    ],
    [
      'ssh',
      { DOCKER_HOST: 'ssh://ann@host' },
      {},
      { address: { kind: 'ssh', url: 'ssh://ann@host' }, shown: 'ssh://ann@host', source: 'DOCKER_HOST' },
    ],
    [
      'npipe',
      { DOCKER_HOST: 'npipe:////./pipe/docker_engine' },
      sock,
      {
        code: 'engine.error',
        evidence: {
          status: 0,
          message: 'named pipes are not supported: npipe:////./pipe/docker_engine',
          source: 'DOCKER_HOST',
        },
      },
    ],
    ...['docker', '/var/run/docker.sock', 'unix://', 'tcp://:99999999', 'fd://'].map(
      (host): [string, Record<string, string>, Record<string, string>, object] => [
        `nonsense: ${host}`,
        { DOCKER_HOST: host },
        sock,
        {
          code: 'engine.error',
          evidence: { status: 0, message: `not the address of an engine: ${host}`, source: 'DOCKER_HOST' },
        },
      ],
    ),
    ...[
      `${home}/.docker/run/docker.sock`,
      `${home}/.colima/default/docker.sock`,
      `${home}/.config/colima/default/docker.sock`,
      `${home}/.rd/docker.sock`,
      '/run/user/7/docker.sock',
      '/run/user/7/podman/podman.sock',
      '/run/podman/podman.sock',
    ].map((path): [string, Record<string, string>, Record<string, string>, object] => [
      path,
      { XDG_RUNTIME_DIR: '/run/user/7' },
      { '/run/podman/podman.sock': '', [path]: '' },
      unix(path, 'default'),
    ]),
  ])('%s', (_, env, files, expected) => {
    expect(chooseEndpoint(env, home, disk(files))).toEqual(expected)
  })
})
