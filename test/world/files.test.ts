import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createFixture } from 'fs-fixture'
import { expect, onTestFinished, test } from 'vitest'
import { createFiles } from '../../src/world/files.ts'

const files = createFiles()

async function folder(content: Record<string, string> = {}): Promise<string> {
  const fixture = await createFixture(content)
  onTestFinished(() => fixture.rm())
  return fixture.path
}

const mode = (path: string) => statSync(path).mode & 0o777

test('writes, reads, makes folders on the way, leaves no temp file', async () => {
  const at = join(await folder(), 'a', '한글')
  await files.write(join(at, 'f'), '하나')
  await files.write(join(at, 'f'), '둘')
  expect(await files.read(join(at, 'f'))).toBe('둘')
  expect(readdirSync(at)).toEqual(['f'])
  expect(await files.read(join(at, 'none'))).toBeNull()
  expect(await files.read(join(at, 'f', 'none'))).toBeNull()
})

test('a mode that is given, or that the file had', async () => {
  const at = await folder({ 'run.sh': '' })
  chmodSync(join(at, 'run.sh'), 0o775)
  await files.write(join(at, 'run.sh'), 'x')
  expect(mode(join(at, 'run.sh'))).toBe(0o775)
  await files.write(join(at, 'state'), 'x', 0o600)
  expect(mode(join(at, 'state'))).toBe(0o600)
  await files.append(join(at, 'logs', 'log'), 'x')
  expect(mode(join(at, 'logs', 'log'))).toBe(0o600)
})

test('a reader sees the old or the new, never a part', async () => {
  const path = join(await folder(), 'f')
  const contents = ['a', 'b'].map(letter => letter.repeat(300_000))
  await files.write(path, contents[0]!)
  const seen = new Set<string>()
  let writing = true
  const reading = (async () => {
    while (writing) seen.add((await files.read(path)) ?? 'missing')
  })()
  for (let i = 0; i < 20; i++) await files.write(path, contents[i % 2]!)
  writing = false
  await reading
  expect([...seen].every(each => contents.includes(each))).toBe(true)
})

test('a link stays a link', async () => {
  const at = await folder({ real: 'old' })
  symlinkSync('real', join(at, 'link'))
  await files.write(join(at, 'link'), 'new')
  expect(lstatSync(join(at, 'link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(at, 'real'), 'utf8')).toBe('new')
})

test('what fails keeps its code and what was there', async () => {
  const at = await folder({ file: 'kept' })
  mkdirSync(join(at, 'dir', 'full'), { recursive: true })
  await expect(files.write(join(at, 'dir'), 'x')).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(files.write(join(at, 'file', 'below'), 'x')).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(files.read(at)).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(files.copy(join(at, 'none'), join(at, 'b'))).rejects.toMatchObject({ code: 'ENOENT' })
  expect(readdirSync(at).sort()).toEqual(['dir', 'file'])
})

test.runIf(existsSync('/dev/full'))('a full disk is ENOSPC', async () => {
  await expect(files.append('/dev/full', 'x')).rejects.toMatchObject({ code: 'ENOSPC' })
})

test('append, create, copy, rename', async () => {
  const at = await folder({ 'from/a': '1' })
  await files.append(join(at, 'log'), '가\n')
  await files.append(join(at, 'log'), '나\n')
  expect(await files.read(join(at, 'log'))).toBe('가\n나\n')
  expect(await files.create(join(at, 'new', 'lock'), 'me')).toBe(true)
  expect(await files.create(join(at, 'new', 'lock'), 'you')).toBe(false)
  expect(await files.read(join(at, 'new', 'lock'))).toBe('me')
  writeFileSync(join(at, 'from', 'run'), '', { mode: 0o755 })
  symlinkSync('a', join(at, 'from', 'link'))
  await files.copy(join(at, 'from'), join(at, 'copies', 'to'))
  expect(await files.read(join(at, 'copies', 'to', 'a'))).toBe('1')
  expect(mode(join(at, 'copies', 'to', 'run'))).toBe(0o755)
  expect(lstatSync(join(at, 'copies', 'to', 'link')).isSymbolicLink()).toBe(true)
  await files.rename(join(at, 'log'), join(at, 'old', 'log'))
  expect(await files.read(join(at, 'old', 'log'))).toBe('가\n나\n')
})

test('removes files, folders, and what is not there; folders only when empty', async () => {
  const at = await folder({ 'full/a': '', file: '' })
  await files.makeFolder(join(at, 'empty', 'er'))
  expect(await files.removeFolder(join(at, 'empty', 'er'))).toBe(true)
  expect(await files.removeFolder(join(at, 'full'))).toBe(false)
  expect(await files.removeFolder(join(at, 'none'))).toBe(false)
  expect(await files.removeFolder(join(at, 'file'))).toBe(false)
  await files.remove(join(at, 'full'))
  await files.remove(join(at, 'none'))
  expect(readdirSync(at).sort()).toEqual(['empty', 'file'])
})
