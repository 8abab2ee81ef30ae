import { readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judge } from '../../src/check/judge.ts'
import type { Place } from '../../src/check/kind.ts'
import { kinds } from '../../src/check/kinds/index.ts'
import { vocabulary } from '../../src/cli/vocabulary.ts'
import { loadLab } from '../../src/format/load.ts'
import type { Files } from '../../src/format/sources.ts'
import { fakeWorld } from '../helpers/world.ts'

/** Checks of our labs that read what a learner wrote, against the ways in which it is right and wrong. */

const labs = join(import.meta.dirname, '../../labs')
const disk: Files = {
  async file(path) {
    const found = await stat(path).catch(() => null)
    if (!found) return null
    const common = { path, mode: '0644', size: found.size, modifiedAt: 0 }
    if (found.isDirectory()) return { ...common, type: 'directory' }
    return { ...common, type: 'file', text: await readFile(path, 'utf8') }
  },
  list: path => readdir(path).catch(() => null),
}

async function passes(id: string, step: string, text: string): Promise<boolean> {
  const { lab } = await loadLab(labs, id, vocabulary, disk)
  const { checks } = lab!.steps.find(each => each.id === step)!
  const world = fakeWorld()
  const context = { now: 1, seenBefore: false, vars: lab!.vars, steps: {} }
  const place = { reader: world.reader, probe: world.probe, workspace: '/w', context: '' }
  const held = await Promise.all(
    checks.map(async check => {
      world.disk.put(`/w/${check.fields['path']}`, text)
      const kind = kinds[check.check]!
      const seen = await kind.look(check.fields, place as unknown as Place)
      return judge(kind, check, check.fields, { at: 1, seen }, context).holds
    }),
  )
  return held.every(Boolean)
}

const solution = (path: string) => readFileSync(join(labs, path), 'utf8')

describe('kind.yaml', () => {
  const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n'
  const node = `${head}  - role: control-plane\n`
  const keys = ['containerPort: 30080', 'hostPort: 30080', 'listenAddress: 127.0.0.1']
  const item = (indent: number, [first, ...rest] = keys) =>
    [`${' '.repeat(indent)}- ${first}`, ...rest.map(key => `${' '.repeat(indent + 2)}${key}`)].join('\n')
  const right = solution('kind-cluster/solution/kind.yaml')

  test.each<[string, string]>([
    ['as it should be', right],
    ['without a last line end', right.trimEnd()],
    ['from Windows', right.replaceAll('\n', '\r\n')],
    ['lists not indented', `${head}- role: control-plane\n  extraPortMappings:\n${item(2)}`],
    ['wider', `${head}    -   role: control-plane\n        extraPortMappings:\n${item(8)}\n`],
    ['the other order', `${head}  - extraPortMappings:\n${item(6, keys.toReversed())}\n    role: control-plane\n`],
    ['comments and blanks', `${node}# a\n\n    # b\n    extraPortMappings: # c\n\n      # d\n${item(6)} # e\n`],
    ['in braces', `${node}    extraPortMappings:\n      - { ${keys.join(', ')} }\n`],
    ['in brackets', `${node}    extraPortMappings: [{ ${keys.join(', ')} }]\n`],
    ['a second port', `${node}    extraPortMappings:\n${item(6, ['containerPort: 80', 'hostPort: 80'])}\n${item(6)}\n`],
    ['a worker besides', `${head}  - role: worker\n  - role: control-plane\n    extraPortMappings:\n${item(6)}\n`],
  ])('%s is right', async (_, text) => {
    expect(await passes('kind-cluster', 'config', text)).toBe(true)
  })

  test.each<[string, string]>([
    ['nothing added', solution('kind-cluster/files/kind.yaml')],
    ['a tab', right.replace(/^ +extra/m, '\textra')],
    ['beside nodes', `${node}extraPortMappings:\n${item(2)}\n`],
    ['beside the node', `${node}  extraPortMappings:\n${item(6)}\n`],
    ['below role', `${node}      extraPortMappings:\n${item(8)}\n`],
    ['a node of its own', `${node}  - extraPortMappings:\n${item(6)}\n`],
    ['of the worker', `${node}  - role: worker\n    extraPortMappings:\n${item(6)}\n`],
    ['no list', `${node}    extraPortMappings:\n${item(6).replace('- ', '  ')}\n`],
    ['three items', `${node}    extraPortMappings:\n${keys.map(key => `      - ${key}`).join('\n')}\n`],
    ['the item too far left', `${node}    extraPortMappings:\n${item(2)}\n`],
    ['crooked', right.replace('        hostPort', '       hostPort')],
    ['another port', right.replace('containerPort: 30080', 'containerPort: 300800')],
    ['a comment', right.replace('    extraPort', '    # extraPort')],
    ['another version', right.replace('v1alpha4', 'v1')],
  ])('%s is wrong', async (_, text) => {
    expect(await passes('kind-cluster', 'config', text)).toBe(false)
  })
})

describe('components.txt', () => {
  const right = solution('kind-cluster/solution/components.txt')

  test.each<[string, string]>([
    ['as it should be', right],
    ['in capitals', right.replace('static', 'Static').replace('daemonset', 'DaemonSet')],
    ['with other blanks', right.replaceAll(': ', ':').replace('none', '  none \r')],
    ['in two words', right.replace('static', 'static Pod')],
  ])('%s is right', async (_, text) => {
    expect(await passes('kind-cluster', 'components', text)).toBe(true)
  })

  test.each<[string, string]>([
    ['nothing filled in', solution('kind-cluster/files/components.txt')],
    ...['etcd', 'kube-scheduler', 'kubelet', 'containerd', 'kube-proxy', 'cloud-controller-manager'].flatMap(
      (name): [string, string][] =>
        ['s', 'scheduler', 'p', 'n', 'static daemonset', ''].map(word => [
          `${name}: ${word}`,
          right.replace(new RegExp(`^${name}:.*`, 'm'), `${name}: ${word}`),
        ]),
    ),
    ['a line too few', right.replace(/^kube-apiserver.*\n/m, '')],
    ['two answers', `${right}etcd: process\n`],
  ])('%s is wrong', async (_, text) => {
    expect(await passes('kind-cluster', 'components', text)).toBe(false)
  })
})

describe('Dockerfile', () => {
  const right = solution('todo-app/solution/Dockerfile')

  test.each<[string, string]>([
    ['as it should be', right],
    ['COPY with slashes', right.replace('COPY . .', 'COPY ./ ./')],
    ['COPY into the folder', right.replace('COPY . .', 'COPY --chown=node:node . /app')],
    ['npm ci', right.replace(/^RUN.*/m, 'RUN npm ci --omit=dev')],
  ])('%s is right', async (_, text) => {
    expect(await passes('todo-app', 'dockerfile', text)).toBe(true)
  })

  test.each<[string, string]>([
    ['COPY of one file', right.replace('COPY . .', 'COPY package.json .')],
    ['COPY from another image', right.replace('COPY . .', 'COPY --from=node:24-alpine . .')],
    ['COPY with one dot', right.replace('COPY . .', 'COPY .')],
    ['yarn', right.replace(/^RUN.*/m, 'RUN yarn install')],
  ])('%s is wrong', async (_, text) => {
    expect(await passes('todo-app', 'dockerfile', text)).toBe(false)
  })
})
