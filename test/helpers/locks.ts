import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { until } from './until.ts'

/** What tests on one machine share and only one may have: a port, the name of a cluster. */

/** A lock that nobody has renewed for this long (ms) is of a run that was killed. */
const stale = 5 * 60_000
const longest = 30 * 60_000
/** For somebody who uses the port without the lock, ms. */
const patience = 2 * 60_000

/** Takes port 3000 of this machine for tests, waiting for those who have or use it; gives the way to let it go. */
export async function lockPort(): Promise<() => void> {
  const release = await lock('port-3000')
  try {
    await until(unused, patience)
    return release
  } catch (error) {
    release()
    throw error
  }
}

/** The labs all use port 3000: a file that runs them has it from its first test to its last. */
export function portForFile(): void {
  forFile(lockPort)
}

/** The labs all use the kind cluster `kind`, and port 30080 for it. */
export function clusterForFile(): void {
  forFile(() => lock('kind'))
}

function forFile(take: () => Promise<() => void>): void {
  let release = () => {}
  beforeAll(async () => {
    release = await take()
  }, longest)
  afterAll(() => release())
}

async function lock(name: string): Promise<() => void> {
  const folder = join(tmpdir(), `handrail-${name}`)
  await until(() => take(folder), longest)
  const renewal = setInterval(() => utimesSync(folder, new Date(), new Date()), 30_000)
  renewal.unref()
  return () => {
    clearInterval(renewal)
    drop(folder)
  }
}

function unused(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(3000, '127.0.0.1')
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
    socket.once('connect', () => socket.destroy())
  })
}

function take(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    dropStale(folder)
    return false
  }
}

/** Others may note in it whose it is. */
function drop(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function dropStale(folder: string): void {
  try {
    if (Date.now() - statSync(folder).mtimeMs > stale) drop(folder)
  } catch {
    // Somebody was quicker.
  }
}
