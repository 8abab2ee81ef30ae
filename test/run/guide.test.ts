import { describe, expect, test } from 'vitest'
import { stepProgress } from '../../src/lab/progress.ts'
import type { Answer, Desk } from '../../src/run/desk.ts'
import { guide, withoutSecrets } from '../../src/run/guide.ts'
import type { LearnerShell, TypedCommand } from '../../src/run/learner-shell.ts'
import { beginLab } from '../../src/run/open.ts'
import { beginStep, skipStep } from '../../src/run/walk.ts'
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
  /** Of the virtual clock, ms, after it. */
  readonly thenWaits?: number
  /** A port, meanwhile. */
  readonly opens?: number
  readonly before?: () => void
  /** The next line comes without a pause. */
  readonly pasted?: boolean
  /** While it runs. */
  readonly during?: (opened: Opened) => void | Promise<void>
}

/** A learner who types these, or asks at the desk with `lab …`. `said` is what stood above the prompts. */
function learner(opened: Opened, ...lines: Typed[]) {
  const said: string[] = []
  let closed = false
  let deskClosed = false
  let desk: ((words: readonly string[]) => Promise<Answer>) | undefined
  const shell: LearnerShell = {
    obstacle: () => null,
    async open({ state, onReady, onStart, onCommand }) {
      onReady?.({
        close: () => {
          closed = true
          return true
        },
        title: () => {},
        say: text => void said.push(text),
      })
      for (const { line, makes, exit = 0, output = '', thenWaits, opens, before, during, pasted } of lines) {
        before?.()
        if (closed) throw new Error(`the shell was closed before: ${line}`)
        onStart?.(line)
        await during?.(opened)
        if (line.startsWith('lab ')) said.push((await desk!(line.split(' ').slice(1))).text)
        if (makes) opened.world.disk.put(`${workspace}/${makes}`, 'x')
        const at = { cwd: workspace, cwdBefore: workspace, startedAt: opened.world.now(), tookMs: 1 }
        const command: TypedCommand = { line, exit, output, ...at }
        await onCommand(command, text => void said.push(text))
        if (opens) opened.world.later(1000, () => void opened.world.open.add(opens))
        if (thenWaits) await opened.world.sleep(thenWaits)
        for (let turns = 0; turns < 200 && !pasted; turns++) await Promise.resolve()
      }
      return { exit: 0, state: { ...state, cwd: `${workspace}/sub` } }
    },
  }
  const fake: Desk = {
    async open(_, answer) {
      desk = answer
      return { close: () => void (deskClosed = true) }
    },
    ask: async () => null,
  }
  return { shell, desk: fake, said, isClosed: () => closed, closedDesk: () => deskClosed }
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

describe('while a command runs', () => {
  const serving = labYaml(`  - id: serve
    commands: [{ id: serve, run: node server.js & BACKGROUND }]
    checks: [{ id: up, check: tcp, port: 80 }]
  - id: next
    checks: [{ id: other, check: file, path: a.txt }]
`)

  /** A server in the foreground, which Ctrl-C ends. */
  async function serve(background: string, ...then: Typed[]) {
    const opened = await open(serving.replace(' BACKGROUND', background))
    await beginLab(opened.session)
    await beginStep(opened.session, opened.step('serve'))
    const status = () => stepProgress(opened.session.progress, 'web', 'serve').status
    let meanwhile = ''
    const during = async () => {
      opened.world.open.add(80)
      for (let turns = 0; turns < 200; turns++) await opened.world.sleep(100)
      meanwhile = status()
      opened.world.open.delete(80)
    }
    const person = learner(opened, { line: 'node server.js', exit: 130, during }, ...then)
    await guide(opened.session, person.shell, person.desk, async () => '')
    return { meanwhile, afterwards: status() }
  }

  test('nothing is done that ends with it', async () => {
    expect(await serve('')).toEqual({ meanwhile: 'active', afterwards: 'active' })
  })

  test('what holds afterwards is done then', async () => {
    const opens = { line: 'node server.js &', opens: 80, thenWaits: 3000 }
    expect((await serve('', opens)).afterwards).toBe('passed')
  })

  test('what was there and is gone afterwards is gone', async () => {
    const opened = await open(
      labYaml('  - { id: serve, checks: [{ id: gone, check: docker.container, name: web, gone: true }] }\n'),
    )
    await beginLab(opened.session)
    const during = async () => {
      opened.world.engine.run('web', 'app')
      for (let turns = 0; turns < 200; turns++) await opened.world.sleep(100)
      opened.world.engine.remove('web')
      for (let turns = 0; turns < 200; turns++) await opened.world.sleep(100)
    }
    const person = learner(opened, { line: 'docker run --rm --name web app', during })
    await guide(opened.session, person.shell, person.desk, async () => '')
    expect(stepProgress(opened.session.progress, 'web', 'serve').status).toBe('passed')
  })

  test('one that the lab leaves running may do it', async () => {
    expect((await serve(', background: true')).meanwhile).toBe('passed')
  })
})

test('a step without checks is done at once', async () => {
  const opened = await open(labYaml('  - { id: read, commands: [{ id: read, run: ls }] }\n'))
  await beginLab(opened.session)
  const person = learner(opened, { line: 'ls' })
  await guide(opened.session, person.shell, person.desk, async () => '')
  expect(stepProgress(opened.session.progress, 'web', 'read').status).toBe('passed')
})

test('what makes no difference is not answered twice', async () => {
  const { said } = await type({ line: 'ls' }, { line: 'ls' })
  expect(said.filter(text => text.includes('check.finished'))).toEqual([])
})

test('a try that leaves everything as it was is answered', async () => {
  const { said } = await type({ line: 'touch b.txt' })
  expect(said[0]).toContain('check.finished')
})

test('what an earlier session has left undone is no news, what this one makes of it is', async () => {
  const { said } = await type({ line: 'mv x y' }, { line: 'mv y a.tx', makes: 'a.tx' }, { line: 'ls' })
  expect(said.map(text => text.includes('check.finished'))).toEqual([false, true, false])
})

test('what `lab check` has shown is not shown again', async () => {
  const { said, statuses } = await type(
    { line: 'lab check', exit: 1, makes: 'a.tx' },
    { line: 'ls' },
    { line: 'npx lab check', makes: 'a.txt' },
  )
  expect(said.join(' ')).not.toContain('check.finished')
  expect(statuses[0]).toBe('passed')
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

describe('tries', () => {
  const hinting = labYaml(`  - id: make
    commands: [{ id: enter, run: cd sub }, { id: make, run: touch a.txt }]
    checks: [{ id: there, check: file, path: a.txt }]
    hints:
      - { on: shell.folder-missing, after: 9, text: { ko: 폴더, en: The folder } }
      - { after: 2, text: { ko: 둘, en: After two } }
      - { after: 3, on: file.missing, text: { ko: 셋, en: After three } }
  - id: write
    edits: [{ file: list.txt, solution: solution/list.txt }]
    checks: [{ id: listed, check: file, path: list.txt, expect: { text: { $contains: milk } } }]
    hints: [{ after: 1, text: { ko: 우유, en: Milk } }]
  - id: serve
    commands: [{ id: serve, run: node server.js & }]
    checks: [{ id: up, check: tcp, port: 80, within: 10s }]
    hints: [{ text: { ko: 로그, en: The log } }]
`)
  const tries = (opened: Opened, id: string) => stepProgress(opened.session.progress, 'web', id).tries
  const hints = (told: string[]) => told.filter(text => text.startsWith('hint'))

  async function typeTo(step: string, ...lines: Typed[]) {
    const opened = await open(hinting, { files: { 'solution/list.txt': 'milk' } })
    await beginLab(opened.session)
    for (const { id } of opened.lab.steps.slice(0, opened.lab.steps.indexOf(opened.step(step))))
      await skipStep(opened.session, opened.step(id))
    await beginStep(opened.session, opened.step(step))
    opened.events.length = 0
    const told: string[] = []
    const person = learner(opened, ...lines)
    await guide(opened.session, person.shell, person.desk, async () => {
      for (const event of opened.events.splice(0))
        told.push(event.event === 'hint.shown' ? `hint ${event.text.en}` : event.event)
      return 'said'
    })
    return { opened, told, tries: tries(opened, step) }
  }

  test.each<[string, Typed[], number]>([
    ['looking and moving', [{ line: 'ls' }, { line: 'cd sub' }, { line: 'cat a.txt', exit: 1 }], 0],
    ['what ends well and leaves the step undone', [{ line: 'touch b.txt' }, { line: 'touch -d now c' }], 2],
    ['a failed command of the step', [{ line: 'touch /root/a.txt', exit: 1 }], 1],
    ['Ctrl-C', [{ line: 'touch a.txt', exit: 130 }], 0],
    ['another program', [{ line: 'npm install', exit: 1 }], 0],
  ])('%s', async (_, lines, count) => {
    expect((await typeTo('make', ...lines)).tries).toBe(count)
  })

  test('bring hints when they are due, each once, and all of it is kept', async () => {
    const wrong = { line: 'touch b.txt' }
    const { told, opened } = await typeTo('make', wrong, wrong, wrong, wrong, { line: 'ls' })
    expect(hints(told)).toEqual(['hint After two', 'hint After three'])
    expect(told.filter(event => event === 'step.stuck')).toHaveLength(4)
    const kept = opened.world.disk.get('/state/events.ndjson')!
    expect(kept).toContain('After two')
    expect(kept).toContain('"tries":4')
    expect(tries(opened, 'make')).toBe(4)
  })

  test('that fit any failure do not come with a cause that was just explained, nor twice', async () => {
    const wrong = { line: 'touch b.txt' }
    const output = "touch: cannot touch 'sub/a.txt': No such file or directory"
    const failing = { line: 'touch sub/a.txt', exit: 1, output }
    expect(hints((await typeTo('make', wrong, failing)).told)).toEqual([])
    expect(hints((await typeTo('make', wrong, wrong, failing, wrong)).told)).toEqual([
      'hint After two',
      'hint After three',
    ])
  })

  test('wait for the end of a command that may make it good', async () => {
    const wrong = { line: 'node server.js &', pasted: true }
    const makesItGood = (opens: boolean) => async (opened: Opened) => {
      for (let turns = 0; turns < 200; turns++) await opened.world.sleep(100)
      if (opens) opened.world.open.add(80)
    }
    const good = await typeTo('serve', wrong, { line: 'node install.js', during: makesItGood(true) })
    expect(good.told).not.toContain('step.stuck')
    const bad = await typeTo('serve', wrong, { line: 'vi server.js', during: makesItGood(false) })
    expect(hints(bad.told)).toEqual(['hint The log'])
  })

  test('an edit counts when it changed what is wrong', async () => {
    const writes = { line: 'vi list.txt', makes: 'list.txt' }
    const { told, tries: count } = await typeTo('write', writes, { line: 'vi list.txt' })
    expect({ count, hints: hints(told) }).toEqual({ count: 1, hints: ['hint Milk'] })
  })

  test('what may still become true counts when its time is over', async () => {
    const { told, opened } = await typeTo('serve', { line: 'node server.js &', thenWaits: 10_500 })
    expect({ count: tries(opened, 'serve'), hints: hints(told) }).toEqual({ count: 1, hints: ['hint The log'] })
    const soon = await typeTo('serve', { line: 'node server.js &', thenWaits: 3000, opens: 80 })
    expect(soon.told).not.toContain('step.stuck')
    expect(stepProgress(soon.opened.session.progress, 'web', 'serve').status).toBe('passed')
  })

  test('what changes nothing is answered before its time is over', async () => {
    const { told } = await typeTo('serve', { line: 'node server.js &', thenWaits: 3000 })
    expect(told).toEqual(['typed', 'check.finished', 'step.stuck', 'hint The log'])
    const soon = await typeTo('serve', { line: 'node server.js &', thenWaits: 3000, opens: 80 })
    expect(soon.told).not.toContain('step.stuck')
  })

  test('the cause of a command decides which hint comes when asked', async () => {
    const output = 'bash: cd: sub: No such file or directory'
    const { told } = await typeTo('make', { line: 'cd sub', exit: 1, output }, { line: 'lab hint' })
    expect(hints(told)).toEqual(['hint The folder'])
  })
})

test('what cannot be kept ends the shell at its next prompt, with the reason', async () => {
  const opened = await open(lab)
  await beginLab(opened.session)
  await beginStep(opened.session, opened.step('make'))
  const fills = () => void opened.world.disk.broken.set('/state', 'ENOSPC')
  const person = learner(opened, { line: 'ls' }, { line: 'a', makes: 'a.txt', before: fills })
  const ended = guide(opened.session, person.shell, person.desk, async () => '')
  await expect(ended).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(person.closedDesk()).toBe(true)
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

test('a shell that ends while a step is being passed leaves nobody watching the next one', async () => {
  const opened = await open(lab)
  await beginLab(opened.session)
  await beginStep(opened.session, opened.step('make'))
  const { shell, desk } = learner(opened)
  const hasty: LearnerShell = {
    ...shell,
    async open(options) {
      opened.world.disk.put(`${workspace}/a.txt`, 'x')
      const at = { cwd: workspace, cwdBefore: workspace, startedAt: opened.world.now(), tookMs: 1 }
      void options.onCommand({ line: 'touch a.txt', exit: 0, output: '', ...at }, () => {})
      return { exit: 0, state: options.state }
    },
  }
  await guide(opened.session, hasty, desk, async () => '')
  opened.world.disk.put(`${workspace}/b.txt`, 'x')
  for (let turns = 0; turns < 500; turns++) await opened.world.sleep(100)
  const status = (id: string) => stepProgress(opened.session.progress, 'web', id).status
  expect([status('make'), status('fail')]).toEqual(['passed', 'active'])
})
