import { join } from 'node:path'
import { type FakeWorld, fakeWorld } from '../helpers/world.ts'

/** A small right lab, and a machine on which its commands do what they should. Tests break either. */

export const yaml = `format: 1
title: { ko: 가게, en: A shop }
level: beginner
minutes: 5
requires: { tools: { docker: "*" } }
images: ["nginx:1.28-alpine"]
steps:
  - id: sign
    edits:
      - { file: sign.txt, solution: solution/sign.txt }
    checks:
      - id: hung
        check: file
        path: sign.txt
        expect: { text: { $contains: open } }
    mistakes:
      - { id: empty, run: touch sign.txt, cause: state.mismatch }

  - id: price
    commands:
      - { id: cheaper, run: sed -i s/9/8/ price.txt }
    reset:
      - { run: 'cp "{{ lab.dir }}/files/price.txt" price.txt' }
    checks:
      - id: lower
        check: file
        path: price.txt
        expect: { text: { $contains: "8" } }
    hints:
      - { on: state.mismatch, text: { ko: 가격을 다시 보세요., en: Look at the price again. } }
    mistakes:
      - { id: dearer, run: sed -i s/9/10/ price.txt, cause: state.mismatch }

  - id: open
    commands:
      - { id: door, run: docker run -d --name door nginx:1.28-alpine }
      - { id: receipt, run: echo open > ~/receipt }
    checks:
      - id: running
        check: docker.container
        name: door
        expect: { state: running }
    mistakes:
      - { id: other-door, run: docker run -d --name doro nginx:1.28-alpine, cause: container.missing }

  - id: close
    commands:
      - { id: stop, run: docker stop door }
    reset:
      - { run: docker start door }
    checks:
      - id: closed
        check: docker.container
        name: door
        expect: { state: exited }
cleanup:
  - { run: rm -f ~/receipt }
`.replace('  - id: open\n', '  - id: open\n    until: close\n')

const commands: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['sign', []],
  ['price', [['cheaper', 'sed -i s/9/8/ price.txt']]],
  [
    'open',
    [
      ['door', 'docker run -d --name door nginx:1.28-alpine'],
      ['receipt', 'echo open > ~/receipt'],
    ],
  ],
  ['close', [['stop', 'docker stop door']]],
]

export function prose(headings: Readonly<Record<string, string>>): string {
  const sections = commands.map(([id, lines]) => {
    const fences = lines.map(([name, run]) => `\`\`\`bash run=${name}\n${run}\n\`\`\`\n`)
    return `## ${headings[id]} {#${id}}\n\n${fences.join('\n')}`
  })
  return `\n${sections.join('\n')}`
}

export const shop: Readonly<Record<string, string>> = {
  'shop/lab.yaml': yaml,
  'shop/ko.md': prose({ sign: '간판', price: '가격', open: '열기', close: '닫기' }),
  'shop/en.md': prose({ sign: 'Sign', price: 'Price', open: 'Open', close: 'Close' }),
  'shop/files/price.txt': '9\n',
  'shop/solution/sign.txt': 'open\n',
}

/** The shop with these replacements in lab.yaml. */
export function changed(...replacements: readonly (readonly [string, string])[]): Record<string, string> {
  let text = yaml
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`not in the lab: ${from}`)
    text = text.replace(from, to)
  }
  return { ...shop, 'shop/lab.yaml': text }
}

function noSuch(name: string) {
  return { exit: 1, stderr: `Error response from daemon: No such container: ${name}\n` }
}

export function machine(): FakeWorld {
  const world = fakeWorld()
  const { disk, engine } = world
  const home = (path: string) => path.replace(/^~/, '/proof/home')
  world.on(/^touch (\S+)/, ({ line, cwd }) => disk.put(join(cwd, line.split(' ')[1]!), ''))
  world.on(/^sed -i s/, ({ line, cwd }) => {
    const [, from, to, file] = /s\/(\d+)\/(\d+)\/ (\S+)/.exec(line)!
    disk.put(join(cwd, file!), disk.get(join(cwd, file!))!.replace(from!, to!))
  })
  world.on(/^cp "/, ({ line, cwd }) => {
    const [, from, to] = /^cp "(.*)" (\S+)/.exec(line)!
    disk.put(join(cwd, to!), disk.get(from!)!)
  })
  world.on(/^echo \S+ > /, ({ line, cwd }) => {
    const [, text, file] = /^echo (\S+) > (\S+)/.exec(line)!
    disk.put(file!.startsWith('~') ? home(file!) : join(cwd, file!), `${text}\n`)
  })
  world.on(/^rm -f /, ({ line, cwd }) => {
    const file = line.split(' ')[2]!
    disk.take(file.startsWith('~') ? home(file) : join(cwd, file))
  })
  world.on(/^docker run /, ({ line }) => {
    const [, name, image] = /--name (\S+) (\S+)/.exec(line)!
    if (engine.containers.some(each => each.name === name))
      return {
        exit: 125,
        stderr: `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use by container "abc". You have to remove (or rename) that container to be able to reuse that name.\n`,
      }
    const { id } = engine.run(name!, image!)
    return { stdout: `${id}\n` }
  })
  world.on(/^docker stop /, ({ line }) => {
    const name = line.split(' ')[2]!
    if (!engine.containers.some(each => each.name === name)) return noSuch(name)
    engine.change(name, { state: 'exited', finishedAt: world.now() })
    return { stdout: `${name}\n` }
  })
  world.on(/^docker start /, ({ line }) => {
    const name = line.split(' ')[2]!
    if (!engine.containers.some(each => each.name === name)) return noSuch(name)
    engine.change(name, { state: 'running', startedAt: world.now() })
    return { stdout: `${name}\n` }
  })
  world.on(/^docker rm -f /, ({ line }) => {
    engine.remove(line.split(' ')[3]!)
    return {}
  })
  return world
}
