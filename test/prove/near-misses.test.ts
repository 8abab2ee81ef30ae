import { expect, test } from 'vitest'
import type { Command } from '../../src/lab/lab.ts'
import { nearMisses, slipsOfFile, slipsOfLine } from '../../src/prove/near-misses.ts'
import { spread } from '../../src/prove/play-near-misses.ts'

test.each([
  ['docker build -t app .', ['docker build -t app:v2 .']],
  ['docker build -t app:v3 .', ['docker build -t app:v4 .']],
  [
    'docker run -d --name web -p 127.0.0.1:3000:80 app',
    [
      'docker run -d --name web-2 -p 127.0.0.1:3000:80 app',
      'docker run -d --name web -p 127.0.0.1:3000:81 app',
      'docker run -d --name web -p 127.0.0.1:3001:80 app',
    ],
  ],
  ['docker run -p 80:80 app', ['docker run -p 80:81 app', 'docker run -p 81:80 app']],
  ['kubectl scale deployment web --replicas=3', ['kubectl scale deployment web --replicas=4']],
  ['kubectl label pod web tier=front', ['kubectl label pod web tier=front-2']],
  ['kubectl create deployment web --image=nginx:1.28', ['kubectl create deployment web-2 --image=nginx:1.28']],
  ['node app.js 2> error.txt', ['node app.js 2> other-error.txt']],
  ['cat error.txt | grep -c x', []],
  ['docker ps -a --filter name=web', []],
])('%s', (line, expected) => {
  expect(slipsOfLine(line).map(each => each.text)).toEqual(expected)
})

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - image: nginx:1.28-alpine
      ports: [{ containerPort: 80 }]
`

test('a manifest', () => {
  const slips = slipsOfFile(manifest, true)
  expect(slips.map(({ from, to }) => `${from} ${to}`)).toEqual(['web web-2', 'nginx:1.28-alpine nginx:1.29-alpine'])
  expect(slipsOfFile(manifest, false).map(each => each.from)).toEqual(['web'])
  expect(slips[1]!.text).toBe(manifest.replace('1.28', '1.29'))
})

const command = (id: string, run: string): Command => ({ id, run, timeout: 1, expect: { exit: 0 }, background: false })

test('of a step: its files first, then its lines; one that only looks is not left out', () => {
  const made = nearMisses({
    edits: [{ file: 'Dockerfile', content: '# for the app\nFROM node:24\nEXPOSE 80\n' }],
    commands: [command('build', 'docker build -t app .'), command('look', 'docker image ls')],
    list: 'commands',
    changes: ({ id }) => id === 'build',
  })
  expect(made.map(({ what, from }) => `${from.join(' ')}: ${what.en}`)).toEqual([
    'edits 0: Dockerfile: `81` instead of `80`',
    'edits 0: Dockerfile: without the line `FROM node:24`',
    'edits 0: Dockerfile: without the line `EXPOSE 80`',
    'commands 0: `app:v2` instead of `app`',
    'commands 0: without `docker build -t app .`',
  ])
  expect(made.at(-1)!.commands.map(each => each.id)).toEqual(['look'])
  expect(made[2]!.edits[0]!.content).toBe('# for the app\nFROM node:24\n')
})

test('a value that the learner may choose is not put wrong', () => {
  const commands = [command('run', 'docker run -p 127.0.0.1:41000:80 app')]
  const made = nearMisses({ edits: [], commands, list: 'commands', changes: () => false, free: ['41000'] })
  expect(made.map(({ what }) => what.en)).toEqual(['`81` instead of `80`'])
})

test('of a long file not every line is left out', () => {
  const content = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n')
  const made = nearMisses({ edits: [{ file: 'a', content }], commands: [], list: 'commands', changes: () => false })
  expect(made).toHaveLength(8)
})

test.each([
  [[1, 2, 3], 5, [1, 2, 3]],
  [[1, 2, 3, 4, 5, 6], 3, [1, 3, 5]],
  [[1, 2, 3], 0, []],
])('%j, %i of them', (all, count, expected) => expect(spread(all, count)).toEqual(expected))
