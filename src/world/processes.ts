import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** From asking a group to end to ending it, ms. */
const patience = 1000
/** For the system to clear up after KILL, ms. */
const clearing = 500

interface Process {
  readonly pid: number
  readonly group: number
  readonly start: string
}

/** Stays the same for the life of a process and differs for the next of that id; `null`: no such process. */
export async function processStart(pid: number): Promise<string | null> {
  const [found] = process.platform === 'linux' ? [readStat(pid)] : await ps(['-p', String(pid)])
  return found?.start ?? null
}

/** The living processes of a group. One that has ended and only waits for its parent is not living. */
export async function members(group: number): Promise<readonly { readonly pid: number; readonly start: string }[]> {
  if (!exists(group)) return []
  const all = process.platform === 'linux' ? readAll() : await ps(['-A'])
  return all.filter(each => each.group === group).map(({ pid, start }) => ({ pid, start }))
}

/**
 * Ends a process group: TERM, KILL after a second. False: nothing of it lives, or it is not the group that began with
 * `startedAt`. Throws when it could not be ended (processes of another user).
 */
export async function endGroup(group: number, startedAt?: string): Promise<boolean> {
  const living = await members(group)
  if (living.length === 0 || living.some(each => each.pid === process.pid)) return false
  if (startedAt !== undefined && !beganWith(group, living, startedAt)) return false
  signal(group, 'SIGTERM')
  if (await gone(group, patience)) return true
  signal(group, 'SIGKILL')
  if (await gone(group, clearing)) return true
  throw Object.assign(new Error(`process group ${group} could not be ended`), { code: 'EPERM' })
}

/** Ends it at once, without waiting: for the end of our own process. */
export function killGroup(group: number): void {
  signal(group, 'SIGKILL')
}

/**
 * An id is not given to a new process while a group of that number lives, so members without their leader are of the old
 * group unless the machine was started anew.
 */
function beganWith(group: number, living: readonly { pid: number; start: string }[], startedAt: string): boolean {
  const leader = living.find(each => each.pid === group)
  if (leader) return leader.start === startedAt
  return process.platform === 'linux' && startedAt.startsWith(`${bootId()}/`)
}

async function gone(group: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  for (let pause = 2; ; pause = Math.min(50, pause * 2)) {
    if ((await members(group)).length === 0) return true
    if (performance.now() >= deadline) return false
    await sleep(pause)
  }
}

/** Anything of the group, ended but not cleared up included. */
function exists(group: number): boolean {
  try {
    signal(group, 0)
    return true
  } catch (error) {
    if (error instanceof RangeError) throw error
    return false
  }
}

function signal(group: number, name: NodeJS.Signals | 0): void {
  // kill(-1) would mean everything, kill(0) ourselves.
  if (!Number.isInteger(group) || group <= 1) throw new RangeError(`${group} is no process group`)
  try {
    process.kill(-group, name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // EPERM: some are of another user. ESRCH while ending: gone in the meantime.
    if (code !== 'EPERM' && !(code === 'ESRCH' && name !== 0)) throw error
  }
}

function readAll(): Process[] {
  return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []))
}

function readStat(pid: number): Process | null {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId())
  } catch {
    return null
  }
}

/** proc(5): after the name, which may hold anything, come state (field 3), parent, group (5) … start time (22). */
export function parseStat(pid: number, stat: string, boot: string): Process | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  return { pid, group: Number(fields[2]), start: `${boot}/${fields[19]}` }
}

let boot: string | undefined
function bootId(): string {
  return (boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
}

async function ps(which: readonly string[]): Promise<Process[]> {
  const { execFile } = await import('node:child_process')
  const args = ['-o', 'pid=,pgid=,stat=,lstart=', ...which]
  const text = await new Promise<string>(resolve => {
    execFile('ps', args, { env: { ...process.env, LC_ALL: 'C' }, timeout: 5000 }, (_, stdout) => resolve(stdout))
  })
  return parsePs(text)
}

export function parsePs(text: string): Process[] {
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/gm)]
    .filter(([, , , state]) => !state!.startsWith('Z'))
    .map(([, pid, group, , start]) => ({ pid: Number(pid), group: Number(group), start: start! }))
}
