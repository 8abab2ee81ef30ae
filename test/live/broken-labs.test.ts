import { beforeAll, expect, test } from 'vitest'
import { type Broken, provenBroken } from '../helpers/broken-lab.ts'
import { built } from '../helpers/lab.ts'
import { live } from '../helpers/live.ts'
import { run } from './program.ts'

/** A right lab with Docker, broken on purpose in one way at a time: `lab test` finds it and names the file and the line. */

const open = 'docker run -d --name hrlive-door -p 127.0.0.1::80 nginx:1.28-alpine'
const close = 'docker stop hrlive-door'
const slow = { timeout: 180_000 }

/** The command in lab.yaml and in both texts. */
const everywhere = (from: string, to: string) => ['lab.yaml', 'ko.md', 'en.md'].map(file => [from, to, file] as const)

const broken: Readonly<Record<string, Broken>> = {
  'an image whose tag is gone': {
    change: [
      ...everywhere(open, open.replace('1.28', '1.0.gone')),
      ['"nginx:1.28-alpine"]', '"nginx:1.0.gone-alpine"]'],
    ],
    at: '- { id: open, run',
    code: 'command-failed',
  },
  'a check that is true of the image alone': {
    change: [
      [
        'check: docker.container\n        name: hrlive-door\n        expect: { state: running, ports: { 80/tcp: { $exists: true } } }',
        'check: docker.image\n        ref: nginx:1.28-alpine',
      ],
    ],
    at: '- id: running',
    code: 'passes-before',
  },
  'a check that cannot pass': {
    change: [['{ 80/tcp: { $exists', '{ 8080/tcp: { $exists']],
    at: '- id: running',
    code: 'not-passed',
  },
  'an option that Docker does not have': {
    change: everywhere(close, `${close} --gently`),
    at: '- { id: close, run',
    code: 'command-failed',
  },
  'a reset that leaves the container stopped': {
    change: [['docker start hrlive-door', 'docker ps']],
    at: 'reset:\n      - { run: docker ps',
    code: 'passes-after-reset',
  },
  'a reset that takes the container along': {
    change: [['docker start hrlive-door', 'docker rm -f hrlive-door']],
    at: 'reset:\n      - { run: docker rm',
    code: 'reset-breaks',
  },
  'a wrong way that passes': {
    change: [['state: running, ports: { 80/tcp: { $exists: true } }', 'state: running']],
    at: '- { id: not-published',
    code: 'mistake-passes',
  },
  'a wrong way with another cause': {
    change: [['cause: container.missing', 'cause: container.exited']],
    at: 'cause: container.exited',
    code: 'mistake-other-cause',
  },
  'a hint that gives the answer away': {
    change: [['Is there a way in from outside?', `Type \`${open}\`.`]],
    at: '- { id: not-published',
    code: 'mistake-tells',
  },
}

/** These have no twin among those that are broken without an engine. LAB_LIVE_LONG=1: all of them. */
const here = ['an image whose tag is gone', 'a reset that leaves the container stopped', 'a check that cannot pass']
const played = Object.entries(broken).filter(([name]) => process.env['LAB_LIVE_LONG'] === '1' || here.includes(name))

live('docker')('a lab with Docker that is broken', () => {
  const env = { DOCKER_HOST: process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock' }
  beforeAll(async () => {
    built()
    await run('docker', ['pull', '-q', 'nginx:1.28-alpine'], process.env)
  }, 120_000)

  test.each(played)('%s', slow, async (_, lab) => {
    const { exit } = await provenBroken('door', lab, env)
    // Where no registry answers, a tag that is gone cannot be told from one that could not be asked for.
    expect(lab.code === 'command-failed' ? [1, 3] : [1]).toContain(exit)
    expect(await containers()).toEqual([])
  })

  async function containers(): Promise<string[]> {
    const { stdout } = await run(
      'docker',
      ['ps', '-a', '--filter', 'name=hrlive-do', '--format', '{{.Names}}'],
      process.env,
    )
    return stdout.split('\n').filter(Boolean)
  }
})
