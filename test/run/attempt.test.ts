import { expect, test } from 'vitest'
import type { Step } from '../../src/lab/lab.ts'
import { completes, isWanted } from '../../src/run/attempt.ts'

function step(...lines: (string | { run: string; exit: number; stderr?: string })[]): Step {
  const commands = lines.map(line => {
    const { run, exit, stderr } = typeof line === 'string' ? { run: line, exit: 0, stderr: undefined } : line
    return { run, expect: { exit, ...(stderr ? { stderr } : {}) } }
  })
  return { commands } as unknown as Step
}

const build = step('docker build -t getting-started .', 'docker image ls getting-started')
const remove = step('docker stop old', 'docker rm old')
const start = step('cd todo', 'export A=1', 'node src/index.js > app.log 2>&1 & echo $! > app.pid')

test.each<[line: string, step: Step, completes: boolean]>([
  ['docker build -t getting-started:v2 .', build, true],
  ['docker image build --tag x .', build, true],
  ['docker image ls', build, false],
  ['docker stop old', remove, false],
  ['docker container rm other', remove, true],
  ['cd todo', start, false],
  ['node index.js', start, true],
  ['ls', step('ls', 'cat a.txt'), false],
  ['docker build -t v2 .', step('docker build -t x .', 'curl -s http://127.0.0.1:3000/ | grep p'), true],
  ['curl -s http://x/items', step("curl -s http://x/items -d '{}'", 'curl -s http://x/items'), false],
  ["curl http://x/item -d '{}'", step("curl -s http://x/items -d '{}'", 'curl -s http://x/items'), true],
  ['echo hello > note.txt', step('echo hi > note.txt'), true],
  ['echo hello', step('echo hi > note.txt'), false],
  ['echo "$A"', start, false],
  ['cat a b >> c', step('cat a > c', 'cat c'), true],
  ['cat c 2> err', step('cat a > c', 'cat c'), false],
])('%s completes its step: %o, %s', (line, of, expected) => {
  expect(completes(of, line)).toBe(expected)
})

const conflict = step({ run: 'docker run -d -p 3000:3000 x', exit: 125, stderr: 'port is already allocated' })
const without = step({ run: "env PATH=/nowhere sh -c 'node x' 2> missing.txt", exit: 127 })

test.each<[line: string, exit: number, output: string, step: Step, wanted: boolean]>([
  ['docker run -d -p 3000:3000 x', 125, 'port is already allocated', conflict, true],
  ['docker run -d -p 3000:3000 X', 125, 'invalid reference format', conflict, false],
  ['env PATH=/nowhere sh -c "node x"', 127, '', without, true],
  ['dokcer ps', 127, 'command not found', without, false],
  ['env PATH=/nowhere sh -c "node x"', 0, '', without, false],
])('%s with exit %i is as the lab wants it', (line, exit, output, of, wanted) => {
  expect(isWanted(of, { line, exit, output })).toBe(wanted)
})
