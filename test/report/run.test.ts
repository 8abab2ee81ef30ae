import { describe, expect, test } from 'vitest'
import { fill } from '../../src/lab/template.ts'
import { createPlainView } from '../../src/report/plain.ts'
import { createTtyView } from '../../src/report/tty.ts'
import type { Happening } from '../../src/run/events.ts'
import { beginLab } from '../../src/run/open.ts'
import { lookup } from '../../src/run/session.ts'
import { cleanLab } from '../../src/run/undo.ts'
import { walk } from '../../src/run/walk.ts'
import { renderMarkdown } from '../../src/terminal/markdown.ts'
import { columns } from '../../src/terminal/width.ts'
import { plain, visible } from '../helpers/normal.ts'
import { goodWorld, openFixture } from '../helpers/played-lab.ts'
import { paper, scene } from './screen.ts'

/** A run of the whole lab, in which the repository cannot be reached, a retry is needed, and something stays. */
async function playedEvents() {
  const world = goodWorld()
  world.on(/^git clone/, {
    exit: 128,
    stderr:
      "Cloning into 'app'...\nfatal: unable to access 'https://example.com/app.git/': Could not resolve host: example.com\n",
  })
  world.on(/^cp -R/, ({ cwd }) => world.disk.put(`${cwd}/app/package.json`, '{}'))
  const opened = await openFixture({ world })
  world.disk.put('/w/app/Dockerfile', 'FROM mine')
  await beginLab(opened.session)
  await walk(opened.session, null)
  world.engine.stuck.set('app:latest', 'conflict: unable to remove repository reference "app" (must force)')
  await cleanLab(opened.session)
  return opened
}

async function printed(language: 'ko' | 'en', colour: boolean): Promise<string> {
  const { session, lab, events } = await playedEvents()
  const teller = paper(language, { colour })
  const render = (markdown: string) => renderMarkdown(fill(markdown, lookup(session)), teller.look)
  const view = createPlainView(teller, scene(lab, { render, nextLab: 'next' }))
  for (const event of events) view(event)
  return teller.text()
}

test.each(['ko', 'en'] as const)('a whole run in 80 columns (%s)', async language => {
  const text = plain(await printed(language, false))
  await expect(text).toMatchFileSnapshot(`__golden__/run-${language}.txt`)
  expect(text.split('\n').filter(line => columns(line) > 80)).toEqual([])
})

test('a whole run in colours', async () => {
  const text = await printed('ko', true)
  await expect(visible(text.replace(/[0-9a-f]{64}/g, '<id>'))).toMatchFileSnapshot('__golden__/run-ko-colour.txt')
})

test('colours add nothing but colours', async () => {
  const bare = (text: string) => plain(text).replace(/[`#*]/g, '').replace(/\s+/g, ' ')
  expect(bare(await printed('ko', true))).toBe(bare(await printed('ko', false)))
})

test('what is quick reads the same where lists are alive', async () => {
  const { lab, events } = await playedEvents()
  const [line, live] = [paper('en'), paper('en')]
  const view = createTtyView(live, scene(lab))
  const simple = createPlainView(line, scene(lab))
  for (const event of events) {
    simple(event)
    view.listen(event)
    // The output of one command is not told while the next one runs.
    await view.settled()
  }
  expect(live.text()).toBe(line.text())
})

describe('one event at a time', () => {
  const at = Date.parse('2026-03-02T09:00:00Z')
  const cause = {
    code: 'port.taken-by-container',
    final: true,
    evidence: {},
    message: {
      ko: '8080번 포트를 컨테이너 `old`가 이미 쓰고 있어서, 새 컨테이너 `web`이 그 포트를 받지 못했고 시작하지 못했어요.',
      en: 'Port 8080 is taken by the container `old`, so the new container `web` did not get it and could not start.',
    },
    advice: {
      ko: '`docker stop old`로 멈추거나, 다른 포트를 쓰세요.',
      en: 'Stop it with `docker stop old`, or use another port.',
    },
  }
  const finished = { event: 'command.finished', command: 'up', line: 'docker run app', tookMs: 20 } as const
  const happenings = {
    'the lab is opened again': { event: 'lab.opened', workspace: '/w', resumed: true },
    'something is gone': {
      event: 'lab.gone',
      steps: [
        { id: 'get', at: at - 26 * 3_600_000 },
        { id: 'write', at: at - 300_000 },
      ],
      stood: 'run',
    },
    'something is gone at the end': { event: 'lab.gone', steps: [{ id: 'get', at: at - 60_000 }], stood: null },
    'something of an earlier lab is gone': {
      event: 'needed.gone',
      needed: 'base',
      title: { ko: '바탕', en: 'The base' },
      stood: 'run',
      steps: [{ id: 'up', title: { ko: '서버 띄우기', en: 'Start the server' }, at: at - 60_000 }],
    },
    'something of an earlier lab is gone before this one began': {
      event: 'needed.gone',
      needed: 'base',
      title: { ko: '바탕', en: 'The base' },
      stood: null,
      steps: [{ id: 'up', title: { ko: '서버 띄우기', en: 'Start the server' }, at: at - 60_000 }],
    },
    'the lab was finished before': { event: 'lab.finished', tookMs: 1, again: true, solved: [], skipped: [] },
    'the lab is finished': {
      event: 'lab.finished',
      tookMs: 725_000,
      again: false,
      solved: ['write', 'run'],
      skipped: ['again'],
    },
    'the lab was finished by the tool': {
      event: 'lab.finished',
      tookMs: 12_000,
      again: false,
      solved: ['get', 'write', 'run', 'again', 'stop'],
      skipped: [],
    },
    'a step with an edit begins': { event: 'step.started', number: 2, of: 5 },
    'a try is taken back': { event: 'step.reset' },
    'a step passed': { event: 'step.finished', status: 'passed', already: false },
    'a step was so already': { event: 'step.finished', status: 'passed', already: true },
    'a step is skipped': { event: 'step.finished', status: 'skipped', already: false },
    'a file is written over another': {
      event: 'edit.written',
      file: 'app/Dockerfile',
      copy: '/state/copies/app/Dockerfile.1',
    },
    'a copy is kept': { event: 'copy.kept', name: 'app', copy: '/state/copies/app.reset-1' },
    'no further hint': { event: 'hint.none' },
    'a command of two lines': { event: 'command.started', command: 'up', line: 'docker run \\\n  app' },
    'a command passed': { ...finished, exit: 0, ok: true, expected: 0, cause: null },
    'a command took its time': { ...finished, exit: 0, ok: true, expected: 0, cause: null, tookMs: 83_000 },
    'a command failed as it should': { ...finished, exit: 125, ok: true, expected: 125, cause: null },
    'a command failed': { ...finished, exit: 125, ok: false, expected: 0, cause },
    'a command should have failed': { ...finished, exit: 0, ok: false, expected: 125, cause: null },
    'a command said something else': { ...finished, exit: 125, ok: false, expected: 125, cause: null },
    'a hint': {
      event: 'hint.shown',
      text: {
        ko: '`docker ps`로 지금 실행 중인 컨테이너를 모두 보고, 8080번 포트를 쓰는 것이 있으면 그 컨테이너의 이름을 적어 두세요.',
        en: 'See every running container with `docker ps`; if one of them uses port 8080, write down the name of that one.',
      },
    },
    'an earlier command goes on': { event: 'leftover.ended', line: 'docker build -t app .' },
    'something is removed': { event: 'removed', kind: 'container', name: 'web' },
    'something cannot be removed': {
      event: 'not.removed',
      kind: 'volume',
      name: 'data',
      why: 'volume is in use - [0f3a]',
    },
    'a warning': { event: 'warning', code: 'x', text: { ko: '조심하세요.', en: 'Take care.' } },
  } satisfies Record<string, Happening>

  test.each(['ko', 'en'] as const)('%s', async language => {
    const { lab } = await openFixture()
    const parts = Object.entries(happenings).map(([title, happening]) => {
      const teller = paper(language)
      const render = (markdown: string) => renderMarkdown(markdown, teller.look)
      createPlainView(teller, scene(lab, { render, playing: false }))({ at, lab: 'web', step: 'write', ...happening })
      return `== ${title}\n${teller.text()}`
    })
    const text = parts.join('\n')
    await expect(text).toMatchFileSnapshot(`__golden__/events-${language}.txt`)
    expect(text.split('\n').filter(line => columns(line) > 80)).toEqual([])
  })

  test('long output keeps its end, repainted lines their last state', async () => {
    const { lab } = await openFixture()
    const teller = paper('en')
    const view = createPlainView(teller, scene(lab))
    const output = `${Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join('\n')}\n 10%\r 50%\r100%\r\n`
    view({ at, lab: 'web', event: 'command.output', command: 'up', stream: 'stdout', text: output })
    view({ at, lab: 'web', ...finished, exit: 0, ok: true, expected: 0, cause: null })
    const lines = teller.text().trim().split('\n')
    expect(lines.slice(0, 2)).toEqual(['│ … 11 more lines above', '│ line 12'])
    expect(lines.slice(-2)).toEqual(['│ 100%', '✔'])
  })

  test('nothing that a program prints steers the terminal', async () => {
    const { lab } = await openFixture()
    const teller = paper('en', { colour: true })
    const view = createPlainView(teller, scene(lab))
    const text = 'a\x1b[2Jb\x1b]0;title\x07c\x1b[31mred'
    view({ at, lab: 'web', event: 'command.output', command: 'up', stream: 'stdout', text })
    view({ at, lab: 'web', ...finished, exit: 0, ok: true, expected: 0, cause: null })
    view({ at, lab: 'web', event: 'not.removed', kind: 'volume', name: 'data', why: 'in\x1b[2Juse' })
    expect(teller.text()).toContain('abcred\n')
    expect(visible(teller.text())).not.toMatch(/␛\[2J|␛\]0|␛\[31mred/)
  })
})
