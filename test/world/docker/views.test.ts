import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { containerView, imageSummary, imageView } from '../../../src/world/docker/views.ts'

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`samples/${name}.json`, import.meta.url), 'utf8'))
const hash = 'ab'.repeat(32)
const nothing = { id: '', tags: [], createdAt: 0, size: 0 }
const noConfig = { Cmd: [], Entrypoint: [], Env: [], ExposedPorts: [], Labels: {}, User: '', WorkingDir: '' }

describe('a container', () => {
  test('engine 20.10, complete', () => {
    expect(containerView(sample('20.10-container-running'), false)).toEqual({
      id: '6bff3cffc8cfc40f49c9facb99092513622200def1d571bbae2fa5e60e41d8a8',
      name: 'hrdk-web',
      image: 'node:24-alpine',
      imageId: 'sha256:c16075e6d55fa36ef7dd5de5fcc3c901abf4bda1b711a310ec93a849f1351377',
      state: 'running',
      exitCode: 0,
      error: '',
      oomKilled: false,
      health: 'none',
      restarts: 0,
      restartPolicy: 'unless-stopped',
      createdAt: Date.parse('2026-11-21T10:46:26.342Z'),
      startedAt: Date.parse('2026-11-21T10:46:26.728Z'),
      finishedAt: 0,
      ports: { '80/tcp': 18473 },
      asked: { '80/tcp': [{ host: '127.0.0.1', port: 18473 }] },
      command: ['sh', '-c', 'echo 시작; echo oops >&2; sleep 300'],
      env: { GREETING: '안녕', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      networks: ['hrdk-net'],
      labels: { lab: '1' },
    })
  })

  test.each<[string, string, boolean, object]>([
    [
      'ended: nothing is published any more, but it was asked for',
      '20.10-container-exited',
      false,
      {
        state: 'exited',
        exitCode: 3,
        finishedAt: Date.parse('2026-11-21T10:46:26.989Z'),
        ports: {},
        asked: { '80/tcp': [{ host: '0.0.0.0', port: 18474 }] },
        restartPolicy: 'no',
        networks: ['bridge'],
      },
    ],
    [
      'never started',
      '20.10-container-not-started',
      false,
      { state: 'created', exitCode: 127, error: expect.stringContaining('"/nope": stat /nope'), startedAt: 0 },
    ],
    ['with a health check', '20.10-container-healthy', false, { state: 'running', health: 'healthy' }],
    [
      'engine 29: empty fields left out, any free port asked for',
      '29-container',
      false,
      {
        name: 'todo',
        image: 'todo:1.0',
        imageId: `sha256:${hash}`,
        ports: { '3000/tcp': 32768 },
        asked: { '3000/tcp': [{ host: '0.0.0.0', port: 0 }] },
        command: ['docker-entrypoint.sh', 'node', 'src/index.js'],
        env: { NODE_VERSION: '24.1.0' },
        labels: {},
      },
    ],
    [
      'Podman: its own words, full names, ids without the algorithm',
      'podman-container',
      true,
      {
        name: 'todo',
        image: 'todo:latest',
        imageId: `sha256:${hash}`,
        state: 'exited',
        health: 'none',
        restartPolicy: 'no',
        createdAt: Date.parse('2026-11-21T10:46:26.342Z'),
        ports: {},
        asked: { '80/tcp': [{ host: '0.0.0.0', port: 8080 }] },
        env: { container: 'podman', FLAG: '' },
        networks: ['pasta'],
        labels: {},
      },
    ],
  ])('%s', (_, name, podman, expected) => {
    expect(containerView(sample(name), podman)).toMatchObject(expected)
  })

  test.each([true, false])('run without -d: %s', attached => {
    expect(containerView({ Config: { AttachStdout: attached } }, false).attached).toBe(attached || undefined)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['empty', {}],
    ['null inside', { State: null, Config: null, HostConfig: null, NetworkSettings: null, Args: null }],
    ['lists where maps were', { Config: { Env: {}, Labels: [] }, HostConfig: { PortBindings: [] }, State: [] }],
  ])('absent things are alike: %s', (_, raw) => {
    expect(containerView(raw, false)).toEqual(containerView({}, false))
  })

  test.each([
    ['running', {}, 'running'],
    ['configured', {}, 'created'],
    ['stopping', {}, 'running'],
    ['new-word', { Running: true }, 'running'],
    ['new-word', {}, 'exited'],
  ])('the state %s %j is %s', (Status, more, expected) => {
    expect(containerView({ State: { Status, ...more } }, true).state).toBe(expected)
  })
})

describe('an image', () => {
  test('20.10: an image that was pulled was never tagged here', () => {
    const createdAt = Date.parse('2026-11-21T10:25:31.284Z')
    expect(imageView(sample('20.10-image'), false)).toEqual({
      id: 'sha256:c16075e6d55fa36ef7dd5de5fcc3c901abf4bda1b711a310ec93a849f1351377',
      tags: ['node:24-alpine'],
      createdAt,
      size: 782659035,
      taggedAt: createdAt,
      architecture: 'amd64',
      config: {
        ...noConfig,
        Cmd: ['node'],
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      },
    })
  })

  test('29: containerd store, empty fields left out', () => {
    expect(imageView(sample('29-image'), false)).toEqual({
      id: `sha256:${hash}`,
      tags: ['todo:1.0'],
      createdAt: Date.parse('2026-11-21T09:00:00Z'),
      size: 61000000,
      taggedAt: Date.parse('2026-11-21T10:00:00.500Z'),
      architecture: 'arm64',
      config: { ...noConfig, Cmd: ['node', 'src/index.js'] },
    })
  })

  test.each<[string, unknown]>([
    ['29: of another platform only', sample('29-image-other-platform')],
    ['null', null],
  ])('%s', (_, raw) => {
    const id = raw ? `sha256:${hash}` : ''
    expect(imageView(raw, false)).toEqual({ ...nothing, id, taggedAt: 0, architecture: '', config: noConfig })
  })

  test('a list of 20.10', () => {
    expect((sample('20.10-images') as unknown[]).map(raw => imageSummary(raw, false))[0]).toEqual({
      id: 'sha256:536c232f7f4a39ee3fbed23f3ec15b3da5622ff6196d31bb696c7e552548fe2d',
      tags: ['alpine:3.22'],
      createdAt: 1795256761000,
      size: 332312009,
    })
  })

  test('a list of Podman', () => {
    expect((sample('podman-images') as unknown[]).map(raw => imageSummary(raw, true))).toEqual([
      { id: `sha256:${hash}`, tags: ['todo:latest', 'todo:2'], createdAt: 1795257275000, size: 1 },
      { id: `sha256:${'cd'.repeat(32)}`, tags: [], createdAt: 1795257276000, size: 2 },
    ])
  })

  test.each([
    [['<none>:<none>'], []],
    [null, []],
    [['localhost/a:1'], ['localhost/a:1']],
  ])('tags %j of Docker', (RepoTags, tags) => {
    expect(imageSummary({ RepoTags }, false).tags).toEqual(tags)
  })
})
