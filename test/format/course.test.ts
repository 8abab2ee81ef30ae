import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintCourse } from '../../src/format/lint.ts'
import { loadCourse, loadLab } from '../../src/format/load.ts'
import { messages } from '../../src/format/messages.ts'
import { course, dir, fixture, golden, kinds, lab, memoryFiles, problemsOf, prose, vocabulary } from './memory.ts'

test('a right course has no problems, and every default is filled in', async () => {
  const { course, labs, problems } = await lintCourse(dir, vocabulary, memoryFiles(await fixture('good')))
  expect(golden(problems)).toBe('')
  expect(course).toEqual({
    id: 'docker',
    title: { ko: '도커 첫걸음', en: 'First steps with Docker' },
    dir,
    language: 'ko',
    labs: ['first-steps', 'todo-app'],
  })
  expect([...labs.keys()]).toEqual(['first-steps', 'todo-app'])
  await expect(JSON.stringify(labs.get('todo-app'), null, 1)).toMatchFileSnapshot(
    '../fixtures/format/good/todo-app.json',
  )
})

test('a lab with at least 30 different mistakes: all at once, each in its place', async () => {
  const files = await fixture('bad')
  const problems = await problemsOf(files)
  const shown = problems.map(({ file, line, column, code }) => {
    const text = files[join(dir, '..', file)]!.split('\n')[line - 1]!
    return `${file}:${line}:${column} ${code}`.padEnd(55) + `| ${text.slice(column - 1, column + 19)}`.trimEnd()
  })
  expect(new Set(problems.map(each => each.code)).size).toBeGreaterThanOrEqual(30)
  await expect(`${shown.join('\n')}\n`).toMatchFileSnapshot('../fixtures/format/bad/golden.txt')
})

test('a lab with errors is not among the labs; one with warnings is', async () => {
  const bad = await loadCourse(dir, vocabulary, memoryFiles(await fixture('bad')))
  expect(bad.labs.size).toBe(0)
  const warned = course({ lab: lab({ head: 'images: ["alpine:3.22"]' }) })
  const { labs, problems } = await lintCourse(dir, vocabulary, memoryFiles(warned))
  expect(problems.map(each => [each.code, each.severity])).toEqual([['image-not-used', 'warning']])
  expect(labs.has('web')).toBe(true)
})

test('one lab is loaded without reading the others', async () => {
  const asked: string[] = []
  const files = memoryFiles(await fixture('good'))
  const watched = {
    ...files,
    file(path: string) {
      asked.push(path)
      return files.file(path)
    },
  }
  const { course, lab, problems } = await loadLab(dir, 'todo-app', vocabulary, watched)
  expect([course?.id, lab?.id, problems]).toEqual(['docker', 'todo-app', []])
  expect(asked.toSorted()).toEqual(
    ['course.yaml', 'todo-app/en.md', 'todo-app/ko.md', 'todo-app/lab.yaml'].map(name => join(dir, name)),
  )
})

test.each([
  ['todo-ap', 'todo-app'],
  ['nothing', undefined],
  ['../etc', undefined],
])('a lab that is not there: %s', async (id, fix) => {
  const { lab, problems } = await loadLab(dir, id, vocabulary, memoryFiles(await fixture('good')))
  expect(lab).toBeNull()
  expect(problems).toMatchObject([{ file: 'labs/course.yaml', code: 'unknown-lab', ...(fix ? { fix } : {}) }])
})

test('no course at all', async () => {
  const { course, problems } = await loadCourse(dir, vocabulary, memoryFiles({}))
  expect(course).toBeNull()
  expect(golden(problems)).toBe('labs/course.yaml:1:1 no-file\n')
})

test('step titles come from the headings, the YAML wins; a language that lacks a text borrows it', async () => {
  const files = course({ en: '# Web\n\nIntro\n', ko: prose('소개', '실행') })
  const { lab } = await loadLab(dir, 'web', vocabulary, memoryFiles(files))
  expect(lab?.steps[0]?.title).toEqual({ ko: '실행', en: '실행' })
  expect(lab?.steps[0]?.text.en).toContain('run=go')
  expect(lab?.intro).toEqual({ ko: '소개', en: 'Intro' })
})

test('a course in one language needs no other', async () => {
  const files = course({ course: 'id: docker\ntitle: 도커\nlanguages: [ko]\nlabs: [web]\n' })
  delete files[`${dir}/web/en.md`]
  expect(await problemsOf(files)).toEqual([])
})

test('what cannot be looked at is thrown, not reported as a mistake of the course', async () => {
  const files = { ...memoryFiles({}), file: () => Promise.reject(new Error('EACCES')) }
  await expect(loadCourse(dir, vocabulary, files)).rejects.toThrow('EACCES')
})

test('problems of the matcher are placed within the tree', async () => {
  const words = {
    ...vocabulary,
    checkTree: () => [
      { path: ['text', '$mtach'], code: 'unknown-operator', message: { ko: '', en: 'no' }, fix: '$match' },
    ],
  }
  const check = '{ id: c, check: file, path: a, expect: { text: { $mtach: x } } }'
  const problems = await problemsOf(course({ lab: lab({ check }) }), words)
  expect(golden(problems)).toBe('labs/web/lab.yaml:10:66 unknown-operator\n')
  expect(problems[0]).toMatchObject({ fix: '$match', message: { en: 'no (did you mean $match?)' } })
})

test.each(Object.entries(messages))('%s says the same in both languages', (_, { ko, en }) => {
  const slots = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()
  expect(slots(ko)).toEqual(slots(en))
  expect(ko).not.toBe('')
})

test('names of the vocabulary cannot be confused with what every object has', async () => {
  const check = '{ id: c, check: toString, path: a }'
  expect(golden(await problemsOf(course({ lab: lab({ check }) })))).toBe('labs/web/lab.yaml:10:25 unknown-kind\n')
  expect(Object.hasOwn(kinds, 'toString')).toBe(false)
})
