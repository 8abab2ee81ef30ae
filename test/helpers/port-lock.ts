import { mkdirSync, rmdirSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { until } from './until.ts'

const folder = join(tmpdir(), 'handrail-port-3000')
/** A lock that nobody has renewed for this long (ms) is of a run that was killed. */
const stale = 5 * 60_000
const longest = 30 * 60_000

/** Takes port 3000 of this machine for tests, waiting for those who have it; gives the way to let it go. */
export async function lockPort(): Promise<() => void> {
  await until(take, longest)
  const renewal = setInterval(() => utimesSync(folder, new Date(), new Date()), 30_000)
  renewal.unref()
  return () => {
    clearInterval(renewal)
    rmdirSync(folder)
  }
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

function dropStale(): void {
  try {
    if (Date.now() - statSync(folder).mtimeMs > stale) rmdirSync(folder)
  } catch {
    // Somebody was quicker.
  }
}
