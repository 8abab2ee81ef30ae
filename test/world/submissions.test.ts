import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Student } from '../../src/grade/roster.ts'
import { openSubmissions } from '../../src/world/submissions.ts'
import { type Entry, zip } from '../helpers/zip.ts'

const row = (id: string, columns: Record<string, string> = {}): Student => ({
  ...{ id, name: columns['name'] ?? id, email: '', section: '', group: '', status: 'active', extraTime: 0 },
  columns: { id, ...columns },
})
const roster = [
  row('s1', { name: '김미라', canvas_id: '90211' }),
  row('s10', { name: 'Lee' }),
  row('kim'),
  row('kim-2'),
]

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'handrail-test-'))
  return () => rmSync(dir, { recursive: true, force: true })
})

const put = (path: string, content: string | Buffer) => {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), content)
}

async function found(path: string) {
  const submissions = await openSubmissions(join(dir, path), roster)
  const all: Record<string, (string | null)[]> = {}
  for (const student of roster)
    for (const submission of await submissions.of(student)) {
      const bytes = await submission.read().catch(() => null)
      all[student.id] = [...(all[student.id] ?? []), bytes && Buffer.from(bytes).toString().slice(0, 20)]
    }
  return { all, refused: submissions.refused.map(({ name, why }) => `${name}: ${why}`) }
}

test('files of a folder, each the student of the longest id that fits', async () => {
  for (const name of ['s1-a.labz', 's1-b.labz', 's10-a.labz', 'kim-2-a.labz', 'kim-a.labz', 'zzz.labz', 's1.txt'])
    put(`in/${name}`, name)
  expect(await found('in/{id}*.labz')).toEqual({
    all: { s1: ['s1-a.labz', 's1-b.labz'], s10: ['s10-a.labz'], kim: ['kim-a.labz'], 'kim-2': ['kim-2-a.labz'] },
    refused: ['zzz.labz: nobody'],
  })
})

test('nobody is known by an empty cell, and more of a name counts for more', async () => {
  const students = [
    row('averylongid', { login: '' }),
    row('a-long-id', { login: 'kim' }),
    row('b', { login: 'kimmira' }),
  ]
  for (const name of ['kimmira-web.labz', 'kim-web.labz']) put(`in/${name}`, name)
  const { of, refused } = await openSubmissions(join(dir, 'in/{login}*.labz'), students)
  const names = await Promise.all(students.map(async student => (await of(student)).map(each => each.name)))
  expect({ names, refused }).toEqual({ names: [[], ['kim-web.labz'], ['kimmira-web.labz']], refused: [] })
})

test('a folder in the place of a file is none; a large file is not read', async () => {
  mkdirSync(join(dir, 'in/s1-a.labz'), { recursive: true })
  put('in/s10-a.labz', Buffer.alloc(9 * 1024 * 1024))
  put('outside', 'x')
  symlinkSync('../outside', join(dir, 'in/kim-a.labz'))
  expect((await found('in/{id}*.labz')).all).toEqual({ s10: [null], kim: ['x'] })
})

test('no folder, no archive, not an archive: cannot be looked at', async () => {
  put('broken.zip', 'hello')
  for (const path of ['none/{id}.labz', 'none.zip', 'broken.zip'])
    await expect(found(path)).rejects.toMatchObject({ problem: { code: 'file.unreadable' } })
})

const archive = async (entries: readonly Entry[]) => {
  put('bulk.zip', zip(entries))
  return found('bulk.zip')
}

test('a bulk download of Canvas, of Moodle, and of our own names', async () => {
  expect(
    await archive([
      { name: 'kimmira_90211_4711_first-steps.labz', content: 'canvas' },
      { name: 'Lee_123_assignsubmission_file_/work.labz', content: 'moodle' },
      { name: '김미라_124_assignsubmission_file_/일.labz'.normalize('NFD'), content: 'moodle, decomposed' },
      { name: 'all/kim-2-todo.labz', content: 'ours' },
      { name: 'all/kim-2-todo-1.labz', content: 'ours again' },
      { name: 'someone_999_1_x.labz', content: '' },
      { name: 'readme.txt', content: '' },
    ]),
  ).toEqual({
    all: { s1: ['canvas', 'moodle, decomposed'], s10: ['moodle'], 'kim-2': ['ours', 'ours again'] },
    refused: ['someone_999_1_x.labz: nobody'],
  })
})

test('what the platform wrote goes before what the student called the file', async () => {
  const { all } = await archive([
    { name: '김미라_124_assignsubmission_file_/s10-x.labz', content: 'of s1' },
    { name: 'kimmira_LATE_90211_4711_s10-x.labz', content: 'of s1' },
    { name: 'leelee_55555_4711_x_90211_9_s10-x.labz', content: 'of s10' },
  ])
  expect(all).toEqual({ s1: ['of s1', 'of s1'], s10: ['of s10'] })
})

test('whose folder it is goes before what the student called the file; two alike are nobody', async () => {
  expect(
    await archive([
      { name: 'kim/s10-web.labz', content: 'of kim' },
      { name: 'x/s1_kim-a.labz', content: 'of whom' },
    ]),
  ).toEqual({ all: { kim: ['of kim'] }, refused: ['x/s1_kim-a.labz: nobody'] })
})

test('names in the code page of a Korean system', async () => {
  const name = Buffer.concat([
    Buffer.from([0xb1, 0xe8, 0xb9, 0xcc, 0xb6, 0xf3]),
    Buffer.from('_1_assignsubmission_file_/a.labz'),
  ])
  expect((await archive([{ name, content: 'x' }])).all).toEqual({ s1: ['x'] })
})

test('what is no plain file within is refused and said, and whose it is stays known', async () => {
  expect(
    await archive([
      { name: '../s1-a.labz', content: 'out' },
      { name: '/s10-a.labz', content: 'out' },
      { name: 'kim-a.labz', content: '/etc/passwd', mode: 0o120777 },
      { name: 'kim-2-a.labz', content: 'x', flags: 1 },
    ]),
  ).toEqual({
    all: { s1: [null], s10: [null], kim: [null], 'kim-2': [null] },
    refused: ['../s1-a.labz: outside', '/s10-a.labz: outside', 'kim-a.labz: link', 'kim-2-a.labz: encrypted'],
  })
})

test('a bomb goes off nowhere, whatever it says of its size', async () => {
  const bomb = Buffer.alloc(60 * 1024 * 1024)
  const { all, refused } = await archive([
    { name: 's1-a.labz', content: bomb },
    { name: 's10-a.labz', content: bomb, claims: 100 },
    { name: 'kim-a.labz', content: 'fine' },
  ])
  expect(all).toEqual({ s1: [null], s10: [null], kim: ['fine'] })
  expect(refused).toEqual(['s1-a.labz: too-large'])
})
