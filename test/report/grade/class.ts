import { type Grade, gradebook } from '../../../src/grade/gradebook.ts'
import { type Override, overridesOf } from '../../../src/grade/overrides.ts'
import type { CheckGrade, Result, StepGrade } from '../../../src/grade/result.ts'
import type { GradeAbout } from '../../../src/report/grade/about.ts'
import { check, day, due, policy, result, step, student, submitted } from '../../helpers/grades.ts'

/** A small class: one student of each fate. */

const file = 'labs/shop/lab.yaml'
const digest = `sha256:${'a'.repeat(64)}`

export const about: GradeAbout = {
  course: 'devops-101',
  tool: { name: 'handrail', version: '1.2.3' },
  runId: '0b7c3d1e-5b7e-4d0c-9d6a-0c8b8a5a2f10',
  assignment: {
    ...{ id: 'lab03', title: 'Lab 3: a shop', due },
    policy: policy({
      hints: { cost: 0.5, free: 1 },
      late: { grace: 0, perDay: 0.1, max: 0.5 },
      evidence: { min: 'live', recordedCap: 0.5 },
      solved: 0.5,
    }),
  },
  lab: { id: 'shop', digest, file },
  possible: 12,
  at: Date.parse('2026-03-02T03:00:00Z'),
  timezone: 'Asia/Seoul',
  appeal: { ko: '3월 9일까지 조교 이메일로 보내 주세요.', en: 'Write to the assistant by 9 March.' },
}

const titles: Readonly<Record<string, { ko: string; en: string }>> = {
  build: { ko: '이미지 만들기', en: 'Build the image' },
  'build/image': { ko: '이미지 `shop`이 있어요', en: 'There is an image `shop`' },
  'build/small': { ko: '이미지가 200MB보다 작아요', en: 'The image is smaller than 200 MB' },
  run: { ko: '실행하기', en: 'Run it' },
  'run/up': { ko: '컨테이너가 실행 중이에요', en: 'The container is running' },
  'run/web': { ko: '웹 페이지가 열려요', en: 'The page opens' },
  talk: { ko: '설명하기', en: 'Explain it' },
  'talk/why': { ko: '컨테이너를 지워도 데이터가 남는 까닭', en: 'Why the data outlives the container' },
}

function checkOf(name: string, change: Partial<CheckGrade> = {}): CheckGrade {
  const points = { 'run/web': 4, 'talk/why': 3, 'build/small': 1 }[name] ?? 2
  const kind = name === 'talk/why' ? 'manual' : name === 'run/web' ? 'http' : 'docker.container'
  return check(name, {
    title: titles[name]!,
    points,
    kind,
    subject: kind === 'manual' ? '' : `container ${name.split('/')[1]}`,
    ...change,
  })
}

function steps(change: Partial<Record<string, Partial<StepGrade>>> = {}): StepGrade[] {
  return ['build', 'run', 'talk'].map(id => step(id, { title: titles[id]!, ...change[id] }))
}

const cause = {
  code: 'port.wrong-way-round',
  message: { ko: '포트를 거꾸로 열었어요: `80:8080`.', en: 'The port is published the wrong way round: `80:8080`.' },
  advice: { ko: '`-p` 뒤에는 이 컴퓨터의 포트를 먼저 써요.', en: 'After `-p`, the port of this machine comes first.' },
}

function all(change: Changes = {}): CheckGrade[] {
  return ['build/image', 'build/small', 'run/up', 'run/web', 'talk/why'].map(name => checkOf(name, change[name]))
}

function resultOf(id: string, checks: readonly CheckGrade[], change: Partial<Result> = {}): Result {
  const own = { student: { id, group: null }, resultId: `00371b20-59d6-5d89-bdee-f2c9fced30${id.slice(-2)}` }
  return result(checks, { steps: steps(), ...own, ...change })
}

const manual: Partial<CheckGrade> = { status: 'error', error: { class: 'manual', retryable: false, detail: '' } }
type Changes = Readonly<Record<string, Partial<CheckGrade>>>
const partial: Changes = {
  'build/small': {
    ...{ status: 'partial', earned: 0.5, evidence: 'recorded' },
    differences: [{ path: 'size', expected: '< 200Mi', seen: '431Mi' }],
  },
  'run/web': { evidence: 'recorded' },
  'talk/why': manual,
}
const failed: Changes = {
  'run/up': { status: 'failed', cause, differences: [{ path: 'ports.80/tcp', expected: '8080', near: '8080/tcp' }] },
  'run/web': { status: 'blocked', earned: 0, blockedBy: 'run/up', tookMs: 0 },
  'talk/why': { status: 'failed' },
}
const incomplete: Changes = {
  'run/up': {
    status: 'error',
    error: { class: 'timeout', retryable: true, detail: 'ssh vm-23.labs.example: no answer in 60 s' },
  },
  'run/web': { status: 'error', error: { class: 'check-bug', retryable: false, detail: 'no such field: stat' } },
  'talk/why': manual,
}

const results = new Map<string, Result[]>([
  ['s01', [resultOf('s01', all())]],
  [
    's02',
    [
      resultOf('s02', all(partial), {
        steps: steps({ build: { status: 'solved' }, run: { hints: 2, tries: 3 } }),
        ...{ attempt: 2, times: submitted(due + 1.2 * day) },
      }),
    ],
  ],
  ['s03', [resultOf('s03', all(failed), { flags: [{ code: 'record-mismatch', severity: 'warn', detail: 'run/up' }] })]],
  ['s04', [resultOf('s04', all(incomplete))]],
  [
    's05',
    [
      resultOf('s05', [], {
        ...{ state: 'unreachable', attempt: 0, times: { ...submitted(0), submittedAt: null } },
        reason: { ko: '`vm-24.labs.example`에 연결하지 못했어요.', en: '`vm-24.labs.example` could not be reached.' },
      }),
    ],
  ],
  [
    's06',
    [
      resultOf('s06', [], {
        ...{ state: 'absent', attempt: 0, times: { ...submitted(0), submittedAt: null } },
        reason: { ko: '제출한 것이 없어요.', en: 'Nothing was handed in.' },
      }),
    ],
  ],
  [
    's08',
    [resultOf('s08', all(), { state: 'held', flags: [{ code: 'same-machine', severity: 'hold', detail: 's01' }] })],
  ],
])

const rows: readonly Override[] = [
  ['s02', 'talk/why', '2', 'good, but short'],
  ['s07', 'state', 'excused', 'ill'],
].map(([id, field, value, reason]) => ({
  ...{ id: id!, assignment: 'lab03', field: field!, value: value!, reason: reason! },
  ...{ by: 'Kim', at: '2026-03-02T00:00:00Z' },
}))

const names = ['Ivanova, Mira', '김미라', 'O’Brien, Sean', '이서준', 'Müller, Jörg', 'Lee, Ann', '박지민', 'Doe, Jo']

export const roster = names.map((name, index) => {
  const id = `s0${index + 1}`
  const columns = {
    id,
    canvas_id: `${90210 + index}`,
    sis_user_id: `U${index}`,
    sis_login_id: id,
    moodle_idnumber: `M${index}`,
  }
  return student(id, { name, section: index % 2 === 0 ? 'A' : 'B', columns })
})

export const grades: readonly Grade[] = gradebook(about.assignment, roster, results, overridesOf(rows, 'lab03'))
