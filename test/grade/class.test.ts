import { describe, expect, test } from 'vitest'
import { dateIn } from '../../src/format/class-file.ts'
import { filledFrom, openClass } from '../../src/grade/class.ts'
import { readOverrides, readRoster } from '../../src/grade/roster.ts'
import { fakeFiles } from '../helpers/fake-files.ts'

const whole = `schema: lab/class/v1
course: { id: devops-101, term: 2026-spring, timezone: Asia/Seoul }
roster: roster.csv
targets:
  default: { kind: ssh, host: "{host}", port: "{port}", user: coder, identityFile: ~/.ssh/grader, knownHosts: ./known_hosts }
  archive: { kind: record, path: "submissions/{id}*.labz" }
limits: { student: 10m, connect: 15s, observationBytes: 1MiB, perHost: 4 }
assignments:
  - { id: lab03, lab: ./labs/nginx, due: 2026-03-01T23:00, policy: policies/standard.yaml }
  - { id: lab04, title: Fourth, lab: todo-app, target: archive, hidden: private/lab04, policy: { late: { grace: 10m, perDay: 0.1, max: 0.5, cutoff: 168h }, hints: { cost: 0.5 }, evidence: { min: live } } }
`
const roster = `id,name,email,section,status,extra_time,host,port\ns1,"김, 미라",m@x,A,active,30m,vm1,22\ns2,Lee,,B,excused,,vm2,\n`
const policy = 'late: { perDay: 0.2 }\nattempts: { count: best, free: 2, penalty: 1 }\nround: 1\n'

async function opened(change: Record<string, string | null> = {}) {
  const disk = fakeFiles(
    () => 0,
    () => {},
  )
  const files = { 'class.yaml': whole, 'roster.csv': roster, 'policies/standard.yaml': policy, ...change }
  for (const [name, content] of Object.entries(files)) if (content !== null) disk.put(`/c/${name}`, content)
  const { book, problems } = await openClass('/c/class.yaml', disk.reader)
  return {
    book,
    told: problems.map(
      ({ file, line, column, message }) => `${file.replace('/c/', '')}:${line}:${column} ${message.en}`,
    ),
  }
}

test('a class, with everything that it names', async () => {
  const { book, told } = await opened({
    'overrides.csv': 'id,assignment,field,value,reason,by,at\ns1,lab03,score,5,fair,me,2026-03-05\n',
  })
  expect(told).toEqual([])
  expect(book).toMatchObject({
    course: 'devops-101',
    limits: { student: 600_000, connect: 15_000, look: 1_048_576, perHost: 4, settle: 5000 },
    students: [
      { id: 's1', name: '김, 미라', status: 'active', extraTime: 1_800_000, columns: { host: 'vm1' } },
      { id: 's2', status: 'excused', extraTime: 0 },
    ],
    overrides: [{ id: 's1', field: 'score', value: '5', reason: 'fair', by: 'me' }],
    assignments: [
      {
        ...{ id: 'lab03', title: 'lab03', lab: './labs/nginx', target: { kind: 'ssh' } },
        due: Date.parse('2026-03-01T14:00:00Z'),
        policy: { late: { grace: 0, perDay: 0.2, max: 1 }, attempts: { count: 'best', free: 2, penalty: 1 }, round: 1 },
      },
      {
        ...{ id: 'lab04', title: 'Fourth', hidden: 'private/lab04', target: { kind: 'record' } },
        policy: {
          late: { grace: 600_000, perDay: 0.1, max: 0.5, cutoff: 604_800_000 },
          hints: { cost: 0.5, free: 0 },
          evidence: { min: 'live', recordedCap: 0 },
        },
      },
    ],
  })
  expect(filledFrom(book!.students[0]!, '{host}-{id}-{nothing}')).toBe('vm1-s1-{nothing}')
})

describe('what is wrong has a place', () => {
  test.each<[string, Record<string, string | null>, string[]]>([
    ['no class', { 'class.yaml': null }, ['class.yaml:1:1 there is no such file']],
    ['no roster', { 'roster.csv': null }, ['roster.csv:1:1 there is no such file']],
    ['no policy', { 'policies/standard.yaml': null }, ['policies/standard.yaml:1:1 there is no such file']],
    [
      'a field',
      { 'class.yaml': whole.replace('perHost', 'perhost') },
      ['class.yaml:7:63 unknown field perhost (did you mean perHost?)'],
    ],
    [
      'a target',
      { 'class.yaml': whole.replace('target: archive', 'target: archiv') },
      ['class.yaml:10:56 there is no target archiv (did you mean archive?)'],
    ],
    [
      'a column',
      { 'class.yaml': whole.replace('"{host}"', '"{hots}"') },
      ['class.yaml:5:31 the roster has no column hots (did you mean host?)'],
    ],
    [
      'hidden checks',
      { 'class.yaml': whole.replace('hidden: private', 'hiden: private') },
      ['class.yaml:10:65 unknown field hiden (did you mean hidden?)'],
    ],
    [
      'a time zone',
      { 'class.yaml': whole.replace('Asia/Seoul', 'Asia/Soul') },
      ['class.yaml:2:56 there is no time zone Asia/Soul; one looks like Asia/Seoul'],
    ],
    [
      'a kind of target',
      { 'class.yaml': whole.replace('kind: record', 'kind: records') },
      ['class.yaml:6:20 this must be one of: local, record, ssh (did you mean record?)'],
    ],
    [
      'a date',
      { 'class.yaml': whole.replace('2026-03-01T23:00', 'tomorrow') },
      ['class.yaml:9:42 a date looks like 2026-03-01T23:00'],
    ],
    [
      'a day',
      { 'class.yaml': whole.replace('2026-03-01T23:00', '2026-11-31T23:00') },
      ['class.yaml:9:42 there is no such day or time'],
    ],
    [
      'a share',
      { 'policies/standard.yaml': 'late: { perDay: 20 }' },
      ['policies/standard.yaml:1:17 a share is a number from 0 to 1'],
    ],
    ['a row of the roster', { 'roster.csv': `${roster}s3,x\n` }, ['roster.csv:4:1 2 cells where the first line has 8']],
    [
      'an override',
      { 'overrides.csv': 'id,assignment,field,value\ns1,lab03,score,many\n' },
      ['overrides.csv:2:1 this cannot be set: score = many'],
    ],
  ])('%s', async (_, change, expected) => {
    const { book, told } = await opened(change)
    expect(told).toEqual(expected)
    expect(book).toBeNull()
  })
})

test.each([
  ['id\n../x\n', 'bad-student-id'],
  ['id\n한글\n', 'bad-student-id'],
  ['id,name\ns1,a\ns1,b\n', 'duplicate-student'],
  ['id,status\ns1,activ\n', 'bad-status'],
  ['id,extra_time\ns1,long\n', 'bad-duration'],
  ['ID,name\ns1,a\n', 'no-column'],
])('a roster such as %j', (text, code) => {
  const { problems, students } = readRoster(text, 'roster.csv')
  expect(problems.map(each => each.code)).toContain(code)
  expect(students.length).toBeLessThan(2)
})

test.each([
  ['2026-03-01T23:00', 'Asia/Seoul', '2026-03-01T14:00:00Z'],
  ['2026-03-01T23:00', undefined, '2026-03-01T23:00:00Z'],
  ['2026-03-01T23:00:00Z', 'Asia/Seoul', '2026-03-01T23:00:00Z'],
  ['2026-03-01T23:00+02:00', 'Asia/Seoul', '2026-03-01T21:00:00Z'],
  // The clocks go forward at 03:00 in Sofia on that day, and back at 04:00 on the other.
  ['2026-03-29T02:30', 'Europe/Sofia', '2026-03-29T00:30:00Z'],
  ['2026-03-29T05:00', 'Europe/Sofia', '2026-03-29T02:00:00Z'],
  ['2026-10-25T05:00', 'Europe/Sofia', '2026-10-25T03:00:00Z'],
])('%s in %s', (written, zone, utc) => {
  expect(dateIn(written, zone)).toBe(Date.parse(utc))
})

test.each([
  ['attempts: { penalty: 5 }', { count: 'last', free: 1, penalty: 5 }],
  ['attempts: { free: 3, penalty: 5 }', { count: 'last', free: 3, penalty: 5 }],
])('a policy with %s', async (text, attempts) => {
  const { book } = await opened({ 'policies/standard.yaml': text })
  expect(book?.assignments[0]?.policy.attempts).toEqual(attempts)
})

test('overrides that say nothing that could be done', () => {
  const rows = [
    'state,gone',
    'due,soon',
    'nonsense,1',
    'a/b,-1',
    'a/b,2',
    'score,',
    'state,released',
    'due,2026-03-01T23:00:00Z',
  ]
  const text = `id,assignment,field,value\n${rows.map(row => `s1,a,${row}\n`).join('')}`
  const { rows: sound, problems } = readOverrides(text, 'o.csv')
  expect(sound.map(each => `${each.field},${each.value}`)).toEqual([
    'a/b,2',
    'state,released',
    'due,2026-03-01T23:00:00Z',
  ])
  expect(problems.map(each => each.line)).toEqual([2, 3, 4, 5, 7])
})
