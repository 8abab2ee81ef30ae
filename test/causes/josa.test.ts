import { expect, test } from 'vitest'
import { code, particle } from '../../src/text/josa.ts'

type Choice = Parameters<typeof particle>[1]

test.each<[name: string | number, choice: Choice, read: string]>([
  ['파일', '을/를', '파일을'],
  ['서버', '을/를', '서버를'],
  ['서울', '으로/로', '서울로'],
  [3000, '을/를', '3000을'],
  [3000, '으로/로', '3000으로'],
  [8081, '으로/로', '8081로'],
  [127, '은/는', '127은'],
  [2, '이/가', '2가'],
  ['1.41', '이에요/예요', '1.41이에요'],
  ['nginx', '이/가', 'nginx가'],
  ['node', '을/를', 'node를'],
  ['docker run', '을/를', 'docker run을'],
  ['Dockerfile', '이/가', 'Dockerfile이'],
  ['todo-app', '은/는', 'todo-app은'],
  ['web', '이라/라', 'web이라'],
  ['getting-started', '와/과', 'getting-started와'],
  ['server.js', '이/가', 'server.js가'],
  ['test', '은/는', 'test는'],
  ['Service', '은/는', 'Service는'],
])('%s, %s: %s', (name, choice, read) => {
  expect(particle(name, choice)).toBe(read)
})

test('a name in backticks keeps them', () => {
  expect(code('todo-app', '을/를')).toBe('`todo-app`을')
  expect(code("ss -ltnp 'sport = :3000'", '으로/로')).toBe("`ss -ltnp 'sport = :3000'`으로")
})
