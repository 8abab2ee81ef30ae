import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notes } from '../helpers/lab.ts'
import { buildProgram, type Home, lab, newHome, processesOf, program } from './program.ts'
import { type Sshd, startSshd } from './sshd.ts'

/** A class, by an instructor at a terminal: handed in and over ssh, corrected, overridden, interrupted. */

const limit = 300_000
const course = ['--course', join(notes, 'labs')]
let home: Home
let dir: string

beforeAll(async () => {
  await buildProgram()
  // Two students with one engine would be two with one machine.
  home = newHome('en', { DOCKER_HOST: 'unix:///nobody/docker.sock' })
  dir = join(home.dir, 'class')
  mkdirSync(join(dir, 'in'), { recursive: true })
  expect(await lab(home, 'run', 'notes', '--yes', ...course)).toMatchObject({ exit: 0 })
  return () => home.remove()
}, limit)

const at = (name: string) => join(dir, name)
const grade = (...words: string[]) =>
  lab(home, 'grade', words[0]!, ...words.slice(1), '--class', at('class.yaml'), '--grades', at('grades'))
const json = async (...words: string[]) => JSON.parse((await grade(...words, '--json')).stdout)

async function submit(student: string): Promise<void> {
  const out = at(`in/${student}-notes.labz`)
  expect(await lab(home, 'submit', 'notes', '--student', student, '--out', out, ...course)).toMatchObject({ exit: 0 })
}

const evidence = (student: string) => JSON.parse(gunzipSync(readFileSync(at(`in/${student}-notes.labz`))).toString())
const handIn = (student: string, value: unknown) =>
  writeFileSync(at(`in/${student}-notes.labz`), gzipSync(JSON.stringify(value)))

function writeClass(roster: readonly string[], targets: string): void {
  writeFileSync(at('roster.csv'), `id,name,email,port\n${roster.join('\n')}\n`)
  writeFileSync(
    at('class.yaml'),
    `schema: lab/class/v1
course: { id: devops-101, timezone: Asia/Seoul }
roster: roster.csv
targets: ${targets}
limits: { settle: 0s, connect: 3s, perHost: 8 }
assignments:
  - { id: a1, lab: ${notes}/labs/notes, policy: { solved: 1 } }
  - { id: a2, lab: ${notes}/labs/notes, hidden: private/more }
`,
  )
}

describe('what was handed in', () => {
  const roster = ['kim,김미라,kim@x,', 'lee,Lee,lee@x,', 'park,Park,,', 'choi,Choi,,', 'none,Nobody,,']
  beforeAll(async () => {
    writeClass(roster, `{ default: { kind: record, path: "in/{id}*.labz" } }`)
    await submit('kim')
    // One who has lost a file since, one who sends another's work, one who sends something else.
    const kept = evidence('kim')
    const lost = join(kept.workspace, 'note.txt')
    renameSync(lost, `${lost}.away`)
    await submit('lee')
    renameSync(`${lost}.away`, lost)
    handIn('park', kept)
    writeFileSync(at('in/choi-notes.labz'), 'PK hello')
  }, limit)

  test('is graded, each for what it is', { timeout: limit }, async () => {
    expect(await grade('run', 'a1')).toMatchObject({ exit: 3, stdout: '2 graded, 2 held, 1 absent\n' })
    const { students } = await json('status', 'a1')
    const of = (id: string) => students.find((each: { id: string }) => each.id === id)
    expect(of('kim')).toMatchObject({ state: 'graded', final: of('kim').possible })
    expect(of('lee')).toMatchObject({ state: 'graded', final: of('kim').possible - 1 })
    expect(of('park')).toMatchObject({ state: 'held', final: null, flags: [{ code: 'other-student' }] })
    expect(of('choi')).toMatchObject({ state: 'held', final: null, flags: [{ code: 'bundle-refused' }] })
    expect(of('none')).toMatchObject({ state: 'absent', final: null })
  })

  test('is explained, with what was seen', { timeout: limit }, async () => {
    const all = await grade('explain', 'a1', 'lee')
    expect(all.stdout).toMatch(/✖ .* \(\w+\/\w+, 0\/1, from the record\)\n/)
    const { checks } = await json('explain', 'a1', 'lee')
    const failed = checks.find((each: { status: string }) => each.status === 'failed')
    expect((await grade('explain', 'a1', 'lee', `${failed.step}/${failed.id}`)).stdout).toContain('note.txt')
    expect(await grade('explain', 'a1', 'lee', 'greetd')).toMatchObject({ exit: 2 })
    expect(await grade('explain', 'a1', 'leee')).toMatchObject({ exit: 2, stderr: expect.stringContaining('lee') })
  })

  test('is judged again by a corrected lab, without anybody, and the difference is shown', {
    timeout: limit,
  }, async () => {
    const corrected = at('corrected')
    cpSync(join(notes, 'labs'), corrected, { recursive: true })
    const file = join(corrected, 'notes/lab.yaml')
    const text = readFileSync(file, 'utf8')
    const { checks } = await json('explain', 'a1', 'lee')
    const failed = checks.find((each: { status: string }) => each.status === 'failed')
    writeFileSync(file, text.replace(new RegExp(`^( *)- id: ${failed.id}$`, 'm'), '$&\n$1  points: 3'))
    expect(readFileSync(file, 'utf8')).not.toBe(text)
    const [first] = readdirSync(at('grades/a1/runs')).toSorted()
    expect(await grade('evaluate', 'a1', '--lab', join(corrected, 'notes'))).toMatchObject({ exit: 3 })
    const last = readdirSync(at('grades/a1/runs')).toSorted().at(-1)!
    const { changed } = await json('diff', 'a1', first!, last)
    expect(changed).toMatchObject([{ id: 'kim', after: { state: 'graded' } }])
    expect(changed[0].after.final).toBe(changed[0].before.final + 2)
    rmSync(at(`grades/a1/runs/${last}`), { recursive: true })
  })

  test('is decided by a person, who says why', { timeout: limit }, async () => {
    expect(await grade('override', 'a1', 'park', 'state', 'released')).toMatchObject({ exit: 2 })
    const why = ['--reason', 'sent by mistake, =seen in person']
    expect(await grade('override', 'a1', 'park', 'state', 'released', ...why)).toMatchObject({ exit: 0 })
    expect(await grade('override', 'a1', 'lee', 'score', '7.5', ...why)).toMatchObject({ exit: 0 })
    const { students } = await json('status', 'a1')
    const final = (id: string) => students.find((each: { id: string }) => each.id === id).final
    expect([final('park'), final('lee')]).toEqual([final('kim'), 7.5])
    expect(readFileSync(at('overrides.csv'), 'utf8').split('\r\n')).toHaveLength(4)
    rmSync(at('overrides.csv'))
  })

  test('is reported in every format', { timeout: limit }, async () => {
    const out = at('out')
    const every = 'csv,csv:canvas,csv:moodle,junit,ctrf,gradescope,md,html'
    const report = await grade('report', 'a1', '-f', every, '--out', out)
    expect(report.stderr).toContain('canvas_id')
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).toSorted()
    expect(files).toEqual(
      expect.arrayContaining([
        ...['canvas.csv', 'class.html', 'ctrf/kim.json', 'grades.csv', 'gradescope/kim/results.json', 'junit.xml'],
        ...['moodle.csv', 'students/kim.html', 'students/none.html', 'summary.md'],
      ]),
    )
    expect(files).not.toContain('gradescope/park/results.json')
    expect(readFileSync(join(out, 'ctrf/kim.json'), 'utf8')).not.toMatch(/김미라|kim@x/)
    expect(await grade('report', 'a1', '-f', 'pdf')).toMatchObject({ exit: 2, stderr: expect.stringContaining('html') })
  })

  test('below a limit is exit 1', { timeout: limit }, async () => {
    const why = ['--reason', 'ill']
    for (const held of ['park', 'choi'])
      expect(await grade('override', 'a1', held, 'state', 'excused', ...why)).toMatchObject({ exit: 0 })
    expect(await grade('evaluate', 'a1', '--fail-under', '50')).toMatchObject({ exit: 0 })
    expect(await grade('evaluate', 'a1', '--fail-under', '60')).toMatchObject({ exit: 1 })
    rmSync(at('overrides.csv'))
  })

  test('ended at 100 moments and gone on with: the same gradebook, byte for byte', { timeout: limit }, async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `s${i}`)
    writeClass([...roster, ...ids.map(id => `${id},${id},,`)], `{ default: { kind: record, path: "in/{id}*.labz" } }`)
    for (const [i, id] of ids.entries())
      handIn(id, { ...evidence(i % 3 === 0 ? 'lee' : 'kim'), student: i % 7 === 0 ? 'kim' : id })
    rmSync(at('grades'), { recursive: true })
    const begun = Date.now()
    expect(await grade('run', 'a1')).toMatchObject({ exit: 3 })
    const took = Date.now() - begun
    const [run] = readdirSync(at('grades/a1/runs'))
    const book = async (grades: string, out: string) => {
      const words = ['a1', '-f', 'csv', '--wide', '--out', at(out), '--class', at('class.yaml'), '--grades', grades]
      expect(await lab(home, 'grade', 'report', ...words)).toMatchObject({ exit: 0 })
      return readFileSync(at(`${out}/grades.csv`), 'utf8')
    }
    const whole = await book(at('grades'), 'whole')
    expect(whole.split('\r\n')).toHaveLength(47)
    let kills = 0
    let seed = 5
    while (kills < 100) {
      const grades = at(`again-${kills}`)
      mkdirSync(join(grades, 'a1/runs', run!), { recursive: true })
      cpSync(at(`grades/a1/runs/${run}/run.json`), join(grades, 'a1/runs', run!, 'run.json'))
      const words = ['grade', 'run', 'a1', '--run', run!, '-j', '2', '--class', at('class.yaml'), '--grades', grades]
      for (let over = false; !over; ) {
        seed = (seed * 48_271) % 2_147_483_647
        const child = spawn(process.execPath, [program, ...words], { env: home.env, stdio: 'ignore' })
        const ended = new Promise<number | null>(resolve => child.once('close', resolve))
        // From when it has read its files until shortly before the end.
        const until = sleep(took * (0.3 + (seed % 600) / 1000)).then(() => child.kill('SIGKILL'))
        const killed = await Promise.race([ended.then(() => false), until])
        over = (await ended) === 3
        if (killed && !over) kills++
      }
      expect(await book(grades, 'again')).toBe(whole)
    }
  })
})

describe('over ssh', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
    const [key, hosts] = [sshd.target.identityFile, sshd.target.knownHosts]
    writeClass(
      [`kim,김미라,,${sshd.target.port}`, 'away,Away,,22739'],
      `{ default: { kind: ssh, host: 127.0.0.1, port: "{port}", identityFile: "${key}", knownHosts: "${hosts}", workspace: "${join(home.dir, 'labs/notes')}" } }`,
    )
    rmSync(at('grades'), { recursive: true, force: true })
    return () => sshd.stop()
  }, limit)

  test('the machines themselves are looked at; one that is away is no zero', { timeout: limit }, async () => {
    const run = await grade('run', 'a1')
    expect(run, run.stderr).toMatchObject({ exit: 3, stdout: expect.stringContaining('1 unreachable') })
    const { students } = await json('status', 'a1')
    expect(students).toMatchObject([
      { id: 'kim', reason: null },
      { id: 'away', state: 'unreachable', final: null, reason: { en: expect.stringContaining('127.0.0.1') } },
    ])
    const { checks } = await json('explain', 'a1', 'kim')
    const status = Object.fromEntries(checks.map((each: { id: string; status: string }) => [each.id, each.status]))
    expect(Object.values(status)).toContain('passed')
    expect(sshd.sessions()).toEqual([])
  })

  test('hidden checks see what no visible one looks at, and leave nothing there', { timeout: limit }, async () => {
    mkdirSync(at('private/more'), { recursive: true })
    writeFileSync(at('private/more/en.md'), '# Hidden checks\n')
    writeFileSync(
      at('private/more/lab.yaml'),
      `format: 1
title: Hidden checks
level: beginner
minutes: 1
steps:
  - id: more
    checks:
      - { id: there, check: file, path: only-hidden.txt, points: 2 }
      - { id: away, check: file, path: only-hidden-too.txt }
`,
    )
    const workspace = join(home.dir, 'labs/notes')
    writeFileSync(join(workspace, 'only-hidden.txt'), '')
    const before = readdirSync(workspace, { recursive: true })
    await grade('run', 'a2', '--student', 'kim')
    const { checks } = await json('explain', 'a2', 'kim')
    expect(checks.slice(-2)).toMatchObject([
      { id: 'there', visibility: 'hidden', status: 'passed', evidence: 'live', earned: 2 },
      { id: 'away', visibility: 'hidden', status: 'failed', evidence: 'live', earned: 0 },
    ])
    expect(readdirSync(workspace, { recursive: true })).toEqual(before)
  })
})

afterAll(() => expect(processesOf(home.dir)).toEqual([]))
