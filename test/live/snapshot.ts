import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { listening } from '../../src/world/listeners.ts'
import { type Home, processesOf, run } from './program.ts'

/** What a lab could leave behind. */
export interface Snapshot {
  readonly containers: readonly string[]
  readonly images: readonly string[]
  readonly volumes: readonly string[]
  readonly networks: readonly string[]
  readonly port3000: boolean
  /** In the home and the folder for temporary files, without what the program and tools keep for themselves. */
  readonly files: readonly string[]
  readonly processes: readonly number[]
}

/**
 * LAB_LIVE_SHARED=1: others use the engine, too. Then only what carries a name of the labs counts, so that their
 * containers do not look like something left behind.
 */
const shared = process.env['LAB_LIVE_SHARED'] === '1'
const ours = /(^|[\s/])(getting-started|peek)\b/

export async function snapshot(home: Home, { engine }: { engine: boolean }): Promise<Snapshot> {
  const docker = async (...args: string[]) => {
    if (!engine) return []
    const { exit, stdout, stderr } = await run('docker', args, home.env)
    if (exit !== 0) throw new Error(stderr)
    const lines = stdout.trim().split('\n').filter(Boolean).sort()
    return shared ? lines.filter(line => ours.test(line)) : lines
  }
  const [containers, images, volumes, networks] = await Promise.all([
    docker('ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.Image}}'),
    docker('image', 'ls', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'),
    docker('volume', 'ls', '-q'),
    docker('network', 'ls', '--no-trunc', '--format', '{{.ID}} {{.Name}}'),
  ])
  return {
    containers,
    images,
    volumes,
    networks,
    port3000: portTaken(3000),
    files: [...filesIn(home.dir), ...filesIn(home.temp)],
    processes: processesOf(home.dir),
  }
}

/** Throws where the names of the labs are in use already: then steps are done before they begin, and nothing is proven. */
export async function expectFreshEngine(): Promise<void> {
  const look = async (...args: string[]) => (await run('docker', args, process.env)).stdout.trim().split('\n')
  const [images, containers] = await Promise.all([
    look('image', 'ls', '--format', 'image {{.Repository}}:{{.Tag}}'),
    look('ps', '-a', '--format', 'container {{.Names}} of {{.Image}}'),
  ])
  const found = [...images, ...containers].filter(line => ours.test(line))
  if (found.length > 0) throw new Error(`remove these first, the labs make them: ${found.join(', ')}`)
}

const kept = /^(\.state|\.docker|\.npm)(\/|$)/

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(name => !kept.test(name))
    .sort()
    .map(name => relative(join(dir, '..'), join(dir, name)))
}

export function portTaken(port: number): boolean {
  const tables = ['tcp', 'tcp6'].map(name => readFileSync(`/proc/net/${name}`, 'utf8'))
  return tables.some(table => listening(table).some(each => each.port === port))
}
