import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { built, learner, notes } from '../helpers/lab.ts'

beforeAll(built, 60_000)

const roster = `id,name,section,status,extra_time
s1,"김미라",A,active,
s2,"남궁 민수",A,active,24h
s3,Lee,B,excused,
`
const classYaml = `schema: lab/class/v1
course: { id: devops, timezone: Asia/Seoul }
roster: roster.csv
targets: { default: { kind: record, path: "in/{id}*.labz" } }
assignments: [{ id: lab01, lab: labs/notes }]
`

/** An instructor with a class of which s1 did everything, and s2 nothing. */
async function classroom(lang = 'ko') {
  const self = learner()
  const at = (...names: string[]) => join(self.home, ...names)
  cpSync(join(notes, 'labs'), at('labs'), { recursive: true })
  mkdirSync(at('in'))
  writeFileSync(at('roster.csv'), roster)
  writeFileSync(at('class.yaml'), classYaml)
  mkdirSync(at('w'))
  writeFileSync(at('w/note.txt'), 'hello world\n')
  writeFileSync(at('w/list.txt'), 'milk\n')
  await self.lab(
    'submit',
    'notes',
    '--course',
    'labs',
    '--workspace',
    at('w'),
    '--student',
    's1',
    '-o',
    'in/s1-notes.labz',
  )
  const grade = (...words: string[]) => self.lab('grade', ...words, '--lang', lang)
  return { ...self, at, grade, runs: () => readdirSync(at('grades/lab01/runs')) }
}

const bugLike = /\n\s+at |undefined|NaN|\[object|lab-bugs/

test('a class from submissions to reports', async () => {
  const { grade, at, runs } = await classroom()
  expect(await grade('run', 'lab01', '--resume')).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/아직 채점한 기록이 없어요/),
  })
  expect(await grade('run', 'lab01')).toMatchObject({ exit: 0, stdout: '채점됨 1명, 제출 없음 1명, 면제 1명\n' })
  expect(await grade('run', 'lab01', '--fail-under', '60%')).toMatchObject({ exit: 0 })
  expect(await grade('override', 'lab01', 's1', 'greet/greeted', '0.5', '--reason', '같이 봄')).toMatchObject({
    exit: 0,
  })
  const { stdout } = await grade('explain', 'lab01', 's1')
  expect(stdout).toMatch(/s1 +채점됨 +1\.5\/2 +1\.5/)
  expect(await grade('run', 'lab01', '--fail-under', '80')).toMatchObject({ exit: 1 })
  expect(await grade('report', 'lab01', '-f', 'csv,html', '-o', at('out'))).toMatchObject({ exit: 0 })
  expect(readFileSync(at('out/students/s1.html'), 'utf8')).not.toMatch(/undefined|NaN/)
  expect(runs()).toHaveLength(3)
}, 60_000)

describe('mistakes end with a sentence and its exit code, and begin no run', () => {
  test.each<[string, string[], RegExp]>([
    ['nobody at a time', ['run', 'lab01', '-j', '0'], /--jobs에는 1부터 256까지의 숫자/],
    ['a word for a number', ['run', 'lab01', '-j', 'abc'], /--jobs에는 .*: abc/],
    ['more than all', ['run', 'lab01', '--fail-under', '120%'], /--fail-under에는 0부터 100까지/],
    ['a run that is not there', ['run', 'lab01', '--run', '../../x'], /없는 채점 기록이에요: \.\.\/\.\.\/x/],
    ['an assignment that is not there', ['run', 'lab02'], /없는 과제예요: lab02\. 혹시 lab01/],
    ['a student who is not there', ['run', 'lab01', '--student', 'qq'], /없는 학생 id예요: qq\. 명단/],
    ['a section that is not there', ['run', 'lab01', '--section', 'Z'], /채점할 학생이 없어요/],
    ['a format that is not there', ['report', 'lab01', '-f', 'xlsx'], /./],
    [
      'a check that is not there',
      ['override', 'lab01', 's1', 'gret/greeted', '1', '--reason', 'x'],
      /혹시 greet\/greeted/,
    ],
    ['more points than there are', ['override', 'lab01', 's1', 'greet/greeted', '9', '--reason', 'x'], /1점까지/],
    ['a time without its zone', ['override', 'lab01', 's1', 'due', '2026-03-01T23:00', '--reason', 'x'], /시간대까지/],
    ['no class', ['run', 'lab01', '--class', 'nix.yaml'], /nix\.yaml 파일이 없어요/],
  ])('%s', async (_, words, says) => {
    const { grade, at } = await classroom()
    const { exit, stderr } = await grade(...words)
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(says) })
    expect(stderr).not.toMatch(bugLike)
    expect(readdirSync(at('.'))).not.toContain('grades')
  })

  test.each<[string, (at: (...names: string[]) => string) => void, number, RegExp]>([
    [
      'a roster with semicolons',
      at => writeFileSync(at('roster.csv'), roster.replaceAll(',', ';')),
      2,
      /^roster\.csv:1:1: 칸을 쉼표.*Excel.*\n$/,
    ],
    [
      'a roster in EUC-KR',
      at =>
        writeFileSync(at('roster.csv'), Buffer.concat([Buffer.from('id,name\ns1,'), Buffer.from([0xb1, 0xe8, 10])])),
      2,
      /UTF-8/,
    ],
    [
      'a roster with ID',
      at => writeFileSync(at('roster.csv'), roster.replace('id,', 'ID,')),
      2,
      /^roster\.csv:1:1: `id` 열이 없어요\. `ID` 열의 이름을 `id`로 바꾸세요\.\n$/,
    ],
    [
      'no folder of submissions',
      at => writeFileSync(at('class.yaml'), classYaml.replace('in/', 'inn/')),
      2,
      /제출물을 볼 수 없어요\. inn: 그런 파일이나 폴더가 없어요/,
    ],
    [
      'no zip file',
      at => writeFileSync(at('class.yaml'), classYaml.replace('in/{id}*.labz', 'roster.zip')),
      2,
      /roster\.zip: 그런/,
    ],
    ['a file for a folder', at => writeFileSync(at('grades'), ''), 3, /grades.*에 쓸 수 없어요/],
  ])('%s', async (_, change, exit, says) => {
    const { grade, at } = await classroom()
    change(at)
    const ended = await grade('run', 'lab01')
    expect(ended).toMatchObject({ exit, stderr: expect.stringMatching(says) })
    expect(ended.stderr).not.toMatch(bugLike)
  })
})

test('what fits no student is said', async () => {
  const { grade, at } = await classroom('en')
  copyFileSync(at('in/s1-notes.labz'), at('in/s99-notes.labz'))
  expect((await grade('run', 'lab01')).stderr).toMatch(/Not taken .*\n {2}s99-notes\.labz: nobody of the roster/)
  writeFileSync(at('class.yaml'), classYaml.replace('in/', 'labs/'))
  expect((await grade('run', 'lab01')).stderr).toMatch(/Nothing fits labs\/\{id\}\*\.labz/)
})

test('a lab that was changed after a run began is not mixed into it', async () => {
  const { grade, at } = await classroom()
  await grade('run', 'lab01')
  writeFileSync(at('labs/notes/files.txt'), 'new')
  expect(await grade('run', 'lab01', '--resume')).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/lab grade evaluate lab01 --run 2/),
  })
  expect(await grade('evaluate', 'lab01')).toMatchObject({ exit: 0 })
})

test('one hostile bundle holds its student, and nobody else; nothing of it steers the terminal', async () => {
  const { grade, at } = await classroom()
  const sound = gunzipSync(readFileSync(at('in/s1-notes.labz'))).toString()
  const deep = sound.replace('"looks":{', `"looks":{"x":{"at":1,"seen":${'['.repeat(1e5)}${']'.repeat(1e5)}},`)
  writeFileSync(at('in/s2-notes.labz'), gzipSync(deep))
  expect(await grade('run', 'lab01')).toMatchObject({ exit: 3, stdout: '채점됨 1명, 보류 1명, 면제 1명\n' })
  const steering = '\\u001b]0;x\\u0007\\u001b[31mRED'
  writeFileSync(
    at('in/s2-notes.labz'),
    gzipSync(sound.replace('"student":"s1"', `"student":"s1${steering}"`).replace('hello world', steering)),
  )
  await grade('run', 'lab01')
  for (const words of [
    ['status', 'lab01'],
    ['explain', 'lab01', 's2'],
    ['explain', 'lab01', 's2', 'greeted'],
  ])
    expect((await grade(...words)).stdout).not.toMatch(/[\u001b\u0007]/)
}, 60_000)

test('submit says where nothing can be written', async () => {
  const { lab, at } = await classroom()
  const ended = await lab(
    'submit',
    'notes',
    '--course',
    'labs',
    '-o',
    at('none/x.labz'),
    '--student',
    's1',
    '--lang',
    'en',
  )
  expect(ended).toMatchObject({ exit: 3, stderr: expect.stringMatching(/there is no such folder/) })
})
