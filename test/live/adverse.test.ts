import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { processStart } from '../../src/world/processes.ts'
import { notes } from '../helpers/lab.ts'
import { until } from '../helpers/until.ts'
import { buildProgram, type Home, newHome, program, type Result, run } from './program.ts'

/** Disks that are full or may not be written, made for real: a sentence that says what to do, and nothing is lost. */

beforeAll(buildProgram)

const whyNot = process.getuid?.() === 0 ? mountFails() : 'only root can mount'

function mountFails(): string | null {
  const home = newHome()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home.dir], { stdio: 'pipe' })
    execFileSync('umount', [home.dir])
    return null
  } catch (error) {
    return `nothing can be mounted here: ${(error as Error).message.trim()}`
  } finally {
    home.remove()
  }
}

/** Skipped, with the reason, where nothing can be mounted; with LAB_LIVE it fails there. */
function mounting(title: string, body: () => void): void {
  if (whyNot === null) return void describe(title, body)
  if (process.env['LAB_LIVE'])
    return void test(title, () => {
      throw new Error(whyNot)
    })
  process.stderr.write(`skipped: ${title}: ${whyNot}\n`)
  describe.skip(`${title} (${whyNot})`, body)
}

interface Place extends Home {
  /** Of the course `notes`. */
  readonly kept: string
  readonly files: string
  lab(...words: string[]): Promise<Result>
}

function place(): Place {
  const home = newHome()
  onTestFinished(() => home.remove())
  const lab = (...words: string[]) =>
    run(process.execPath, [program, ...words, '--course', notes], { ...home.env }, home.dir)
  return { ...home, kept: join(home.dir, '.state/handrail/notes'), files: join(home.dir, 'labs/notes'), lab }
}

/** A disk of 64 KiB in the place of a folder, gone with the test. */
function smallDisk(folder: string): { fill(): void; free(): void } {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  const filler = join(folder, 'filler')
  return {
    fill() {
      const file = openSync(filler, 'w')
      try {
        for (;;) writeSync(file, Buffer.alloc(512))
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' })
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(filler),
  }
}

/** As if the learner had agreed to the course. */
function trust({ kept }: Place): void {
  mkdirSync(kept, { recursive: true })
  writeFileSync(join(kept, 'trusted.json'), JSON.stringify([join(notes, 'labs')]))
}

function expectSentence({ exit, stdout, stderr }: Result, ...says: string[]): void {
  expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' })
  expect(stderr).not.toMatch(/\n\s+at |Error:|node:internal|A bug in lab/)
  for (const each of says) expect(stderr).toContain(each)
}

/** Every line of it can be read. */
function eventsOf({ kept }: Place): string[] {
  const lines = readFileSync(join(kept, 'events.ndjson'), 'utf8').trimEnd().split('\n')
  return lines.map(line => (JSON.parse(line) as { event: string }).event)
}

mounting('the disk of the state folder is full', () => {
  test('from the start', async () => {
    const home = place()
    const disk = smallDisk(home.kept)
    trust(home)
    disk.fill()
    for (const words of [
      ['run', '--yes'],
      ['goto', 'list'],
      ['clean', '--yes'],
    ])
      expectSentence(await home.lab(...words), `The disk with ${home.kept} is full.`, 'nothing is lost')
    for (const word of ['home', 'list', 'status']) expect(await home.lab(word)).toMatchObject({ exit: 0 })
    disk.free()
    expect((await home.lab('run', '--yes')).exit).toBe(0)
  })

  test('between two steps', async () => {
    const home = place()
    const disk = smallDisk(home.kept)
    trust(home)
    expect((await home.lab('goto', 'list')).exit).toBe(0)
    const progress = readFileSync(join(home.kept, 'progress.json'), 'utf8')
    disk.fill()
    for (const words of [['run', '--yes'], ['solve'], ['skip'], ['reset', '--yes']])
      expectSentence(await home.lab(...words), `The disk with ${home.kept} is full.`)
    expect(readFileSync(join(home.kept, 'progress.json'), 'utf8')).toBe(progress)
    disk.free()
    const { exit, stderr } = await home.lab('run', '--yes')
    expect({ exit, stderr: stderr.includes('1/2') }).toEqual({ exit: 0, stderr: false })
    expect(eventsOf(home)).toContain('lab.finished')
  })

  test('while a command runs: it is ended or done, and the next start goes on', async () => {
    const home = place()
    const disk = smallDisk(home.kept)
    const running = home.lab('run', '--yes', '--set', 'pause=4')
    const ledger = join(home.kept, 'ledger.json')
    const group = await until(() => {
      try {
        return (JSON.parse(readFileSync(ledger, 'utf8')) as { running?: { group: number } }).running?.group
      } catch {
        return undefined
      }
    }, 20_000)
    disk.fill()
    expectSentence(await running, `The disk with ${home.kept} is full.`)
    expect(await processStart(group!)).toBeNull()
    disk.free()
    const { exit, stderr } = await home.lab('run', '--yes', '--set', 'pause=0')
    expect({ exit, unreadable: stderr.includes('could not be read') }).toEqual({ exit: 0, unreadable: false })
    eventsOf(home)
  })
})

mounting('the disk of the workspace is full', () => {
  test('for a command of the lab', async () => {
    const home = place()
    const disk = smallDisk(home.files)
    disk.fill()
    const { exit, stderr } = await home.lab('run', '--yes')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/why +.*(disk|space)/)
    expect(stderr).toContain('Fix it, then: lab run notes')
    disk.free()
    expect((await home.lab('run', '--yes')).exit).toBe(0)
  })

  test('for a file that the tool writes', async () => {
    const home = place()
    const disk = smallDisk(home.files)
    trust(home)
    expect((await home.lab('goto', 'list')).exit).toBe(0)
    disk.fill()
    expectSentence(await home.lab('run', '--yes'), `The disk with ${home.files} is full.`)
    disk.free()
    expect((await home.lab('run', '--yes')).exit).toBe(0)
  })
})

mounting('a home that cannot be written', () => {
  test('on a read-only disk', async () => {
    const home = place()
    smallDisk(home.dir)
    execFileSync('mount', ['-o', 'remount,ro', home.dir])
    for (const words of [['run', '--yes'], ['check']])
      expectSentence(await home.lab(...words), 'it is on a read-only file system', 'Set XDG_STATE_HOME')
    for (const word of ['home', 'list', 'status']) expect(await home.lab(word)).toMatchObject({ exit: 0, stderr: '' })
  })

  /** As nobody, who may read everything. */
  function nobody(home: Place, ...words: string[]): Promise<Result> {
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups']
    const argv = [...user, process.execPath, program, ...words, '--course', notes]
    return run('setpriv', argv, { ...home.env }, '/')
  }

  function open(home: Place): void {
    for (const folder of [dirname(home.dir), home.dir]) chmodSync(folder, 0o755)
    chmodSync(home.temp, 0o777)
  }

  test('of somebody else', async () => {
    const home = place()
    open(home)
    expectSentence(await nobody(home, 'run', '--yes'), 'you have no permission to write there', 'Set XDG_STATE_HOME')
    expect(await nobody(home, 'list')).toMatchObject({ exit: 0, stderr: '' })
  })

  test('but the state may be kept elsewhere: it is the workspace that is in the way', async () => {
    const home = place()
    open(home)
    mkdirSync(join(home.dir, '.state'))
    chownSync(join(home.dir, '.state'), 65534, 65534)
    expectSentence(
      await nobody(home, 'run', '--yes'),
      `${home.files} cannot be written: you have no permission to write there.`,
      'Name another folder with --workspace.',
    )
    const elsewhere = join(home.temp, 'work')
    expect((await nobody(home, 'run', '--yes', '--workspace', elsewhere)).exit).toBe(0)
  })
})
