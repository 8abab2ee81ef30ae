import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { built, learner, notes } from '../helpers/lab.ts'

beforeAll(built, 60_000)

/** Checks that students never get, from `class.yaml` to what they are shown. */

const course = ['--course', notes]
const secret = 'zebra'
const head =
  'format: 1\ntitle: { ko: 숨은 확인, en: Hidden checks }\nlevel: beginner\nminutes: 1\nvars: { name: world }\n'
const steps = `steps:
  - id: more
    title: ${secret} step
    checks:
      - { id: name, title: ${secret} name, check: file, path: note.txt, expect: { text: { $contains: "{{ vars.name }}" } }, points: 3 }
      - { id: extra, title: ${secret} extra, check: file, path: ${secret}.txt, points: 4 }
`

/** A student who has done the lab, and their class. */
async function classOf(hidden: Readonly<Record<string, string>>, assignment = '') {
  const home = learner()
  const at = (name: string) => join(home.home, 'class', name)
  const put = (name: string, text: string) => {
    mkdirSync(dirname(at(name)), { recursive: true })
    writeFileSync(at(name), text)
  }
  put('roster.csv', 'id,name\nkim,Kim\n')
  put(
    'class.yaml',
    `schema: lab/class/v1
course: { id: c }
roster: roster.csv
targets: { default: { kind: local }, in: { kind: record, path: "in/{id}*.labz" } }
limits: { settle: 0s }
assignments:
  - { id: a1, lab: ${join(notes, 'labs/notes')}, hidden: private/more${assignment} }
  - { id: a2, lab: ${join(notes, 'labs/notes')}, hidden: private/more, target: in }
`,
  )
  for (const [name, text] of Object.entries(hidden)) put(`private/more/${name}`, text)
  const grade = (...words: string[]) => home.lab('grade', ...words, ...course, '--class', at('class.yaml'))
  const explain = async (id: string) => JSON.parse((await grade('explain', id, 'kim', '--json')).stdout)
  return { home, at, grade, explain }
}

const sound = { 'lab.yaml': head + steps, 'en.md': '# Hidden checks\n' }

test('on the machine itself they are looked at in full, and students see only the sum', async () => {
  const { home, at, grade, explain } = await classOf(sound)
  expect(await home.lab('run', '--yes', ...course)).toMatchObject({ exit: 0 })
  expect(await grade('run', 'a1')).toMatchObject({ exit: 0 })
  expect((await explain('a1')).checks).toMatchObject([
    { id: 'greeted', visibility: 'visible', status: 'passed' },
    { id: 'listed', visibility: 'visible', status: 'passed' },
    { id: 'name', step: 'more', visibility: 'hidden', status: 'passed', earned: 3 },
    { id: 'extra', step: 'more', visibility: 'hidden', status: 'failed', earned: 0 },
  ])
  const { stdout } = await grade('explain', 'a1', 'kim')
  expect(stdout).toContain(`${secret} extra`)
  expect(stdout.match(/\(.*, hidden\)/g)).toHaveLength(2)
  const every = 'csv:canvas,csv:moodle,junit,ctrf,gradescope,md,html'
  await grade('report', 'a1', '-f', every, '--out', at('out'))
  const files = readdirSync(at('out'), { recursive: true, encoding: 'utf8' }).filter(name => /\.\w+$/.test(name))
  const leaking = files.filter(name => readFileSync(at(join('out', name)), 'utf8').includes(secret))
  expect([files.length, leaking]).toEqual([8, ['class.html']])
  expect(readFileSync(at('out/students/kim.html'), 'utf8')).toContain('3 of 7 points')
  expect(readFileSync(at('out/canvas.csv'), 'utf8')).toMatch(/Points Possible"?,,,,,9/)
})

test('of what was handed in, what only they are about is unknown; the version is the right one', async () => {
  const { home, at, grade, explain } = await classOf(sound)
  expect(await home.lab('run', '--yes', ...course)).toMatchObject({ exit: 0 })
  mkdirSync(at('in'))
  const out = at('in/kim-notes.labz')
  expect(await home.lab('submit', 'notes', '--student', 'kim', '--out', out, ...course)).toMatchObject({ exit: 0 })
  expect(await grade('run', 'a2')).toMatchObject({ exit: 3 })
  const { state, flags, checks } = await explain('a2')
  expect([state, flags]).toEqual(['incomplete', []])
  expect(checks.slice(2)).toMatchObject([
    { id: 'name', status: 'passed', earned: 3 },
    { id: 'extra', status: 'error', earned: null, error: { class: 'not-collected' } },
  ])
})

describe('what cannot be used is a mistake of the class', () => {
  const twice = { ...sound, 'lab.yaml': head + steps.replace('id: more', 'id: greet') }
  const broken = { ...sound, 'lab.yaml': head + steps.replace('path: note.txt, ', '') }
  test.each([
    ['no folder', {}, '', ['There is no lab with hidden checks', 'class/private/more']],
    ['a broken lab', broken, '', ['cannot be used', 'class/private/more/lab.yaml:10:']],
    ['a step of both', twice, '', ['The lab notes and its hidden checks', 'class/private/more both have a step greet']],
    ['another version', sound, `, digest: "sha256:${'a'.repeat(64)}"`, ['sha256:aaaa']],
  ])('%s', async (_, hidden, assignment, said) => {
    const { grade } = await classOf(hidden, assignment)
    const { exit, stderr } = await grade('run', 'a1')
    expect({ exit, stderr }).toMatchObject({ exit: 2 })
    for (const words of said) expect(stderr).toContain(words)
  })

  test('in Korean', async () => {
    const { grade } = await classOf(twice)
    const { exit, stderr } = await grade('run', 'a1', '--lang', 'ko')
    expect(exit).toBe(2)
    expect(stderr).toMatch(/실습 notes에도, 숨은 확인 \S*class\/private\/more에도 있는 단계예요: greet\./)
  })
})
