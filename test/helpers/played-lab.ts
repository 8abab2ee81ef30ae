import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Given, type Opened, open } from './session.ts'
import { type FakeWorld, fakeWorld, writes } from './world.ts'

const from = join(import.meta.dirname, '../fixtures/course/web')

/** Opens the lab of `test/fixtures/course` on a machine where its commands do what they should. */
export async function openFixture({ world = goodWorld(), ...given }: Given = {}): Promise<Opened> {
  const found = (await readdir(from, { recursive: true, withFileTypes: true })).filter(each => each.isFile())
  const read = found.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [relative(from, path), await readFile(path, 'utf8')] as const
  })
  const { 'lab.yaml': yaml, ...files } = Object.fromEntries(await Promise.all(read))
  return open(yaml!, { world, files: { ...files, ...given.files }, ...given })
}

/** A machine on which every command of the lab does what it should. */
export function goodWorld(): FakeWorld {
  const world = fakeWorld()
  const { engine, web } = world
  const url = 'http://127.0.0.1:8080/'
  world.on(/^git clone/, call => {
    writes(world, 'app/package.json', '{"name":"app"}')(call)
    return { stderr: "Cloning into 'app'...\n", took: 1500 }
  })
  world.on(/^docker build/, () => {
    engine.build('app')
    return { stdout: 'naming to docker.io/library/app done\n', took: 12_000 }
  })
  world.on(/^docker run -d/, () => {
    const asked = { '80/tcp': [{ host: '', port: 8080 }] }
    const { id } = engine.run('web', 'app', { ports: { '80/tcp': 8080 }, asked })
    web.set(url, { status: 200, text: 'Welcome' })
    return { stdout: `${id}\n` }
  })
  world.on(/^docker run --name/, call => {
    writes(world, 'error.txt', 'Conflict. The container name "/web" is already in use')(call)
    return { exit: 125 }
  })
  world.on(/^docker rm/, () => {
    engine.remove('web')
    web.delete(url)
    return { stdout: 'web\n' }
  })
  return world
}
