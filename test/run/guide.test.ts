import { expect, test } from 'vitest'
import { stepProgress } from '../../src/lab/progress.ts'
import type { Answer, Desk } from '../../src/run/desk.ts'
import { guide, withoutSecrets } from '../../src/run/guide.ts'
import type { LearnerShell, TypedCommand } from '../../src/run/learner-shell.ts'
import { beginLab } from '../../src/run/open.ts'
import { beginStep } from '../../src/run/walk.ts'
import { labYaml, type Opened, open, workspace } from '../helpers/session.ts'

const lab = labYaml(`  - id: make
    commands: [{ id: make, run: touch a.txt }]
    checks: [{ id: there, check: file, path: a.txt }]
    hints: [{ text: { ko: 파일을 만드세요, en: Make the file } }]
  - id: fail
    commands: [{ id: fail, run: "false > b.txt", expect: { exit: 1 } }]
    checks: [{ id: tried, check: file, path: b.txt }]
  - id: last
    commands: [{ id: last, run: touch c.txt }]
    checks: [{ id: done, check: file, path: c.txt }]
`)

/** What is typed: the line, what it changes, how it ends. */
interface Typed {
  readonly line: string
  readonly makes?: string
  readonly exit?: number
  readonly output?: string
}

/** A learner who types these, or asks at the desk with `lab …`. `said` is what stood above the prompts. */
function learner(opened: Opened, ...lines: Typed[]) {
  const said: string[] = []
  let closed = false
  let desk: ((words: readonly string[]) => Promise<Answer>) | undefined
  const shell: LearnerShell = {
    obstacle: () => null,
    async open({ state, onReady, onCommand }) {
      onReady?.({
        close: () => {
          closed = true
          return true
        },
        title: () => {},
        say: text => void said.push(text),
      })
      for (const { line, makes, exit = 0, output = '' } of lines) {
        if (closed) throw new Error(`the shell was closed before: ${line}`)
        if (line.startsWith('lab ')) said.push((await desk!(line.split(' ').slice(1))).text)
        if (makes) opened.world.disk.put(`${workspace}/${makes}`, 'x')
        const at = { cwd: workspace, cwdBefore: workspace, startedAt: opened.world.now(), tookMs: 1 }
        const command: TypedCommand = { line, exit, output, ...at }
        await onCommand(command, text => void said.push(text))
      }
      return { exit: 0, state: { ...state, cwd: `${workspace}/sub` } }
    },
  }
  const fake: Desk = {
    async open(_, answer) {
      desk = answer
      return { close: () => {} }
    },
    ask: async () => null,
  }
  return { shell, desk: fake, said, isClosed: () => closed }
}

async function type(...lines: Typed[]) {
  const opened = await open(lab)
  await beginLab(opened.session)
  await beginStep(opened.session, opened.step('make'))
  opened.events.length = 0
  const person = learner(opened, ...lines)
  await guide(opened.session, person.shell, person.desk, async () => {
    const names = opened.events
      .splice(0)
      .map(event => (event.event === 'typed' ? `typed ${event.cause?.code ?? 'ok'}` : event.event))
    return names.join(' ')
  })
  const status = (id: string) => stepProgress(opened.session.progress, 'web', id).status
  return { ...person, opened, statuses: ['make', 'fail', 'last'].map(status) }
}

test('a step is done when its checks pass, whatever was typed', async () => {
  const { statuses, said } = await type({ line: 'echo > a.txt', makes: 'a.txt' })
  expect(statuses).toEqual(['passed', 'active', 'todo'])
  expect(said[0]).toContain('typed ok check.finished step.finished step.started')
})

test('what makes no difference is not answered twice', async () => {
  const { said } = await type({ line: 'ls' }, { line: 'ls' })
  expect(said.filter(text => text.includes('check.finished'))).toEqual([])
})

test('a failed command is explained', async () => {
  const output = 'bash: cd: nowhere: No such file or directory'
  const { said } = await type({ line: 'cd nowhere', exit: 1, output })
  expect(said[0]).toContain('typed shell.folder-missing')
})

test('Ctrl-C is no failure, and a command that must fail is none either', async () => {
  const { said } = await type({ line: 'sleep 9', exit: 130 }, { line: 'x', makes: 'a.txt' }, { line: 'false', exit: 1 })
  expect(said.join(' ')).not.toMatch(/typed (?!ok)/)
})

test('the last step closes the shell', async () => {
  const { statuses, isClosed } = await type(
    { line: 'a', makes: 'a.txt' },
    { line: 'b', makes: 'b.txt' },
    { line: 'c', makes: 'c.txt' },
  )
  expect(statuses).toEqual(['passed', 'passed', 'passed'])
  expect(isClosed()).toBe(true)
})

test('hint, skip and solve, typed in the shell', async () => {
  const { said, statuses } = await type({ line: 'lab hint' }, { line: 'lab skip' }, { line: 'lab solve' })
  expect(said[0]).toContain('hint.shown')
  expect(statuses.slice(0, 1)).toEqual(['skipped'])
  expect(said.join(' ')).toContain('command.started')
})

test('where the learner left the shell is where the next step begins', async () => {
  const { opened } = await type({ line: 'mkdir sub' })
  expect(opened.session.shells['web/make']).toMatchObject({ cwd: `${workspace}/sub` })
})

test.each([
  ['mysql --password=hunter2 -u root', 'mysql --password=*** -u root'],
  ['export API_TOKEN=abc', 'export API_TOKEN=***'],
  ['git clone https://me:abc@host/x.git', 'git clone https://me:***@host/x.git'],
  ['docker login -u me', 'docker login -u me'],
])('what is kept of %s', (line, kept) => {
  expect(withoutSecrets(line)).toBe(kept)
})
