import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { until } from './until.ts'

const folder = join(tmpdir(), 'handrail-port-3000')
/** A lock that nobody has renewed for this long (ms) is of a run that was killed. */
const stale = 5 * 60_000
const longest = 30 * 60_000
/** For somebody who uses the port without the lock, ms. */
const patience = 2 * 60_000

/** Takes port 3000 of this machine for tests, waiting for those who have or use it; gives the way to let it go. */
export async function lockPort(): Promise<() => void> {
  await until(take, longest)
  const renewal = setInterval(() => utimesSync(folder, new Date(), new Date()), 30_000)
  renewal.unref()
  const release = () => {
    clearInterval(renewal)
    drop()
  }
  try {
    await until(unused, patience)
    return release
  } catch (error) {
    release()
    throw error
  }
}

function unused(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(3000, '127.0.0.1')
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
    socket.once('connect', () => socket.destroy())
  })
}

/** The labs all use port 3000: a file that runs them has it from its first test to its last. */
export function portForFile(): void {
  let release = () => {}
  beforeAll(async () => {
    release = await lockPort()
  }, longest)
  afterAll(() => release())
}

function take(): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    dropStale()
    return false
  }
}

/** Others may note in it whose it is. */
function drop(): void {
  rmSync(folder, { recursive: true, force: true })
}

function dropStale(): void {
  try {
    if (Date.now() - statSync(folder).mtimeMs > stale) drop()
  } catch {
    // Somebody was quicker.
  }
}
