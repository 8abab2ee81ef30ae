import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { built, learner, notes } from '../helpers/lab.ts'
import { until } from '../helpers/until.ts'

beforeAll(built, 60_000)

const course = ['--course', notes]

/** Somebody who has agreed to the course and works in a terminal of their own. */
function worker() {
  const home = learner()
  mkdirSync(home.kept('notes'), { recursive: true })
  writeFileSync(join(home.kept('notes'), 'trusted.json'), JSON.stringify([join(notes, 'labs')]))
  const workspace = join(home.home, 'labs/notes')
  const write = (name: string, text: string) => writeFileSync(join(workspace, name), text)
  return { ...home, write, remove: (name: string) => rmSync(join(workspace, name), { force: true }) }
}

function watching(home: ReturnType<typeof worker>, ...words: string[]) {
  const running = home.start('run', '--watch', ...words, ...course)
  const says = (text: string) => until(() => (running.out.stderr + running.out.stdout).includes(text), 15_000)
  return { ...running, says }
}

describe('lab run --watch', () => {
  test('tells each step once, then what changes, and goes on to the end', async () => {
    const home = worker()
    const { says, done, out } = watching(home)
    await says('Watching.')
    // What it finds when it begins is no news: it is wrong, and not there, by turns.
    await until(() => {
      if (Math.floor(performance.now() / 2500) % 2 === 0) home.write('note.txt', 'goodbye\n')
      else home.remove('note.txt')
      return out.stderr.includes('seen       goodbye')
    }, 15_000)
    home.write('note.txt', 'hello world\n')
    await says('2/2 Write a list')
    home.write('list.txt', 'milk\n')
    const { exit, stdout, stderr } = await done
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' })
    for (const once of ['1/2 Greet', '    echo hello world > note.txt', 'Watching.'])
      expect({ once, times: stderr.split(once).length - 1 }).toEqual({ once, times: 1 })
    expect(stderr).toContain('… The greeting is there\n')
    expect(stderr).toContain('✔ The greeting is there\n✔ done\n')
    expect(stderr).toMatch(/Take notes: finished\. It took \d+ s\./)
    expect(stderr).not.toContain('done by the tool')
  })

  test('answers what is asked in the other terminal, there and here', async () => {
    const home = worker()
    const { says, done } = watching(home)
    await says('Watching.')
    const hint = await home.lab('hint', ...course)
    expect(hint).toMatchObject({ exit: 0, stderr: '' })
    expect(hint.stdout).toContain('Read it with `cat note.txt`.')
    const solve = await home.lab('solve', 'notes', ...course)
    expect(solve).toMatchObject({ exit: 0 })
    expect(solve.stdout).toContain('done by the tool')
    await says('2/2 Write a list')
    // The step that follows has its own desk.
    await until(async () => (await home.lab('skip', ...course)).exit === 0, 15_000)
    const { exit, stderr } = await done
    expect(exit).toBe(0)
    expect(stderr).toContain('Read it with `cat note.txt`.')
    expect(stderr).toMatch(/done by the tool +Greet\n +skipped +Write a list/)
  })

  test('looking is possible beside it', async () => {
    const home = worker()
    const { says, done, child } = watching(home)
    await says('Watching.')
    expect(await home.lab('check', ...course)).toMatchObject({ exit: 1 })
    expect((await home.lab('run', ...course)).stderr).toContain('has this course open')
    child.kill('SIGINT')
    expect((await done).exit).toBe(130)
  })

  test('Ctrl-C keeps what is done', async () => {
    const home = worker()
    const first = watching(home)
    await first.says('Watching.')
    home.write('note.txt', 'hello world\n')
    await first.says('2/2 Write a list')
    first.child.kill('SIGINT')
    const { exit, stderr } = await first.done
    expect(exit).toBe(130)
    expect(stderr).toContain('Interrupted.')

    home.remove('note.txt')
    const second = watching(home)
    await second.says('1/2 Greet')
    second.child.kill('SIGINT')
    const again = await second.done
    expect(again.stderr).toContain('! Passed before, not so any more: Greet (just now).')
    expect(again.stderr).toContain('To bring it all back at once: lab goto list')
  })

  test('with --json: the same events, and nothing else', async () => {
    const home = worker()
    const { says, done } = watching(home, '--json')
    await says('"checks.started"')
    home.write('note.txt', 'hello world\n')
    await says('"step":"list"')
    home.write('list.txt', 'milk\n')
    const { exit, stdout, stderr } = await done
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const events = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(events.find(({ event }) => event === 'checks.started')).toMatchObject({ watching: true })
    expect(events.filter(({ event }) => event === 'step.finished')).toMatchObject([
      { step: 'greet', status: 'passed' },
      { step: 'list', status: 'passed' },
    ])
    expect(events.at(-1)).toMatchObject({ event: 'lab.finished', solved: [], skipped: [] })
    const kept = readFileSync(join(home.kept('notes'), 'events.ndjson'), 'utf8')
      .trim()
      .split('\n')
    expect(kept).toHaveLength(events.filter(({ event }) => event !== 'check.waiting').length)
  })

  test('does not go with --yes', async () => {
    const { exit, stderr } = await learner().lab('run', '--watch', '--yes')
    expect(exit).toBe(2)
    expect(stderr).toContain('--watch')
  })
})

describe('lab', () => {
  test('says where the learner was, what still holds, and what is next', async () => {
    const home = worker()
    expect((await home.lab('home', ...course)).stdout).toContain('Nothing begun yet.')
    await home.lab('goto', 'list', ...course)
    const { stdout } = await home.lab('home', ...course)
    expect(stdout).toContain('You are in Take notes, at step 2 of 2: Write a list\n✔ Looked again')
    expect(stdout).toContain('Go on with: lab run notes')

    home.remove('note.txt')
    const kept = readFileSync(join(home.kept('notes'), 'progress.json'), 'utf8')
    const gone = await home.lab('home', ...course)
    expect(gone.stdout).toContain('Looked again: 0 of 1 still hold.')
    expect(gone.stdout).toContain(
      '! Passed before, not so any more: Greet (just now).\n  To bring it back: lab goto list',
    )
    const json = JSON.parse((await home.lab('home', '--json', ...course)).stdout)
    expect(json).toMatchObject({ lab: 'notes', step: 'list', holds: [], gone: ['greet'], looked: true })
    // It only looked.
    expect(readFileSync(join(home.kept('notes'), 'progress.json'), 'utf8')).toBe(kept)

    expect((await home.lab('goto', 'list', ...course)).exit).toBe(0)
    expect((await home.lab('solve', ...course)).stderr).toContain('That was the last lab of the course.')
    const end = await home.lab('home', ...course)
    expect(end.stdout).toContain('You have finished Take notes (just now).')
    expect(end.stdout).toContain('Every lab of the course is done.')
    expect((await home.lab('run', '--yes', ...course)).stderr).toContain('The tool did every step.')
  })

  test('after cleaning up nothing is said of what was', async () => {
    const home = worker()
    await home.lab('run', '--yes', ...course)
    await home.lab('clean', '--yes', ...course)
    const { stdout } = await home.lab('home', ...course)
    expect(stdout).not.toMatch(/still hold|finished/)
    expect(stdout).toContain('run notes')
  })
})
