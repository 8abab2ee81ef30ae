import { expect, test } from 'vitest'
import type { CheckResult } from '../../src/lab/verdict.ts'
import { checkLines } from '../../src/report/checks.ts'
import { stripEscapes } from '../../src/terminal/safe.ts'
import { columns } from '../../src/terminal/width.ts'
import { visible } from '../helpers/normal.ts'
import { paper } from './screen.ts'

// Times are those of the place.
process.env['TZ'] = 'UTC'

const cause = {
  code: 'port.wrong-way-round',
  final: true,
  evidence: {},
  message: { ko: '포트를 거꾸로 열었어요: `80:8080`.', en: 'The port is published the wrong way round: `80:8080`.' },
  advice: {
    ko: '`-p` 뒤에는 먼저 이 컴퓨터의 포트, 그다음에 컨테이너의 포트를 써요. 지우고 다시 실행하세요.',
    en: 'After `-p`, the port of this machine comes first and that of the container second. Remove it and run it again.',
  },
}

function result(change: Partial<CheckResult>): CheckResult {
  return {
    id: 'up',
    step: 'run',
    kind: 'docker.container',
    title: { ko: '컨테이너가 실행 중이에요', en: 'The container is running' },
    verdict: 'failed',
    cause: null,
    differences: [],
    subject: 'container web',
    tookMs: 20,
    captures: {},
    ...change,
  }
}

const long = {
  ko: '앱 폴더에 있는 Dockerfile에 이 단계에서 설명한 지시문이 빠짐없이, 그리고 설명한 차례대로 적혀 있어요',
  en: 'The Dockerfile in the folder of the app has every instruction that this step has explained, in the same order',
}
const since = '2026-03-02T09:00:00.000Z'
const before = '2026-03-01T09:00:00.000Z'

const shapes: Record<string, CheckResult> = {
  passed: result({ verdict: 'passed' }),
  skipped: result({ verdict: 'skipped' }),
  blocked: result({ verdict: 'blocked' }),
  'a difference': result({ differences: [{ path: 'state', expected: 'running', seen: 'exited' }] }),
  'a difference with its cause': result({
    differences: [{ path: 'ports.80/tcp', expected: '8080' }],
    cause,
  }),
  'more differences than one can use': result({
    differences: ['a', 'b', 'c', 'd'].map(path => ({ path, expected: '1', seen: '2' })),
  }),
  'missing, with something near': result({ differences: [{ path: '', expected: 'container web', near: 'Web' }] }),
  'missing, with what was there instead': result({
    subject: 'http http://127.0.0.1:8080/',
    differences: [{ path: '', expected: 'http://127.0.0.1:8080/', seen: 'ECONNREFUSED' }],
  }),
  'should not be there': result({ differences: [{ path: '', seen: 'container web' }] }),
  'too old': result({ differences: [{ path: '', rule: 'too-old', expected: since, seen: before }] }),
  'never there': result({ differences: [{ path: '', rule: 'never-existed' }] }),
  'could not look': result({
    verdict: 'error',
    cause: {
      ...cause,
      code: 'engine.down',
      message: {
        ko: '`unix:///var/run/docker.sock`의 Docker 엔진이 대답하지 않아요.',
        en: 'No Docker engine answers at `unix:///var/run/docker.sock`.',
      },
      advice: { ko: '`lab doctor`로 살펴보세요.', en: 'Have a look with `lab doctor`.' },
    },
  }),
  'a long title and a long value': result({
    title: long,
    subject: 'file app/Dockerfile',
    differences: [
      {
        path: 'instructions',
        expected: '{"CMD":["node","src/index.js"]}',
        seen: `[${'{"RUN":"npm install"},'.repeat(4)}]`,
      },
    ],
  }),
}

function all(language: 'ko' | 'en', colour = false): string {
  return Object.entries(shapes)
    .map(([title, shape]) => `== ${title}\n${checkLines(paper(language, { colour }), shape).join('\n')}\n`)
    .join('\n')
}

test.each(['ko', 'en'] as const)('a check of every shape (%s)', async language => {
  const text = all(language)
  await expect(text).toMatchFileSnapshot(`__golden__/checks-${language}.txt`)
  expect(text.split('\n').filter(line => columns(line) > 80)).toEqual([])
})

test('in colours', async () => {
  await expect(visible(all('ko', true))).toMatchFileSnapshot('__golden__/checks-ko-colour.txt')
})

test.each([false, true])('what was seen keeps its backticks (in colours: %s)', colour => {
  const line = 'await fetch(`/items/${id}`)'
  const shape = result({ subject: 'file `a`', differences: [{ path: 'text', expected: '!~ `/', seen: line }] })
  const message = { ko: `\`\` ${line} \`\`가 있어요.`, en: `There is \`\` ${line} \`\` and \`code\`.` }
  const text = stripEscapes(
    checkLines(paper('en', { colour, columns: 120 }), { ...shape, cause: { ...cause, message } }).join('\n'),
  )
  expect(text).toContain('file `a`')
  expect(text).toContain('!~ `/')
  expect(text).toContain(`  ${line}\n`)
  expect(text).toContain(colour ? `There is ${line} and code.` : `There is \`\` ${line} \`\` and \`code\`.`)
})

test('nothing that was seen steers the terminal', () => {
  const nasty = 'a\x1b[2Jb\u202e'
  const shape = result({ subject: nasty, differences: [{ path: 'text', expected: nasty, seen: nasty, near: nasty }] })
  const both = { ko: nasty, en: nasty }
  const text = checkLines(paper('en'), { ...shape, title: both, cause: { ...cause, message: both, advice: both } })
  expect(text.join('\n')).not.toMatch(/\x1b|\u202e/)
  expect(text.join('\n').match(/ab/g)).toHaveLength(7)
})
