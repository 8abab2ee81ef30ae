import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { RunOptions } from '../check/reader.ts'
import type { Listener, RunView } from '../lab/machine.ts'

type Run = (argv: readonly string[], options: RunOptions) => Promise<RunView>

/** Who listens on which TCP port; without `pid` where that belongs to another user. `null`: the system does not tell. */
export async function lookAtListeners(run: Run): Promise<readonly Listener[] | null> {
  return process.platform === 'linux' ? fromProc() : fromLsof(run)
}

async function fromProc(): Promise<Listener[] | null> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(read)
  if (tables.every(table => table === null)) return null
  const sockets = tables.flatMap(table => listening(table ?? ''))
  const owners = await ownersOf(new Set(sockets.map(each => each.inode)))
  return sockets.map(({ address, port, inode }) => {
    const pid = owners.get(inode)
    const name = pid === undefined ? null : read(`/proc/${pid}/comm`)
    return { address, port, ...(pid === undefined ? {} : { pid }), ...(name === null ? {} : { process: name.trim() }) }
  })
}

/** Sockets in state LISTEN of `/proc/net/tcp` or `tcp6`. */
export function listening(table: string): { address: string; port: number; inode: string }[] {
  return table
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(fields => fields[3] === '0A')
    .map(fields => {
      const [address = '', port = ''] = fields[1]!.split(':')
      return { address: addressOf(address), port: Number.parseInt(port, 16), inode: fields[9]! }
    })
}

/** Words of 32 bits, each in the byte order of the machine: little-endian wherever Node runs on Linux but s390x. */
function addressOf(hex: string): string {
  const bytes = hex
    .toLowerCase()
    .match(/.{8}/g)!
    .flatMap(word => word.match(/../g)!.toReversed())
  const v4 = bytes
    .slice(-4)
    .map(byte => Number.parseInt(byte, 16))
    .join('.')
  if (bytes.length === 4) return v4
  const head = bytes.slice(0, 12).join('')
  if (head === '00000000000000000000ffff') return v4
  const groups = bytes
    .join('')
    .match(/.{4}/g)!
    .map(group => Number.parseInt(group, 16).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** The first process that holds each socket. Processes of others cannot be read and are passed over. */
async function ownersOf(inodes: Set<string>): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  for (const name of readdirSync('/proc')) {
    if (owners.size === inodes.size) break
    if (!/^\d+$/.test(name)) continue
    for (const inode of socketsOf(name)) if (inodes.has(inode) && !owners.has(inode)) owners.set(inode, Number(name))
    await setImmediate()
  }
  return owners
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(
      fd => /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
    )
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

async function fromLsof(run: Run): Promise<Listener[] | null> {
  try {
    const argv = ['lsof', '-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pcn']
    const { stdout, timedOut } = await run(argv, { cwd: '/', timeoutMs: 5000 })
    return timedOut ? null : parseLsof(stdout)
  } catch {
    return null
  }
}

/** Output of `lsof -F pcn`: `p` and `c` begin a process, each `n` is one of its sockets. */
export function parseLsof(text: string): Listener[] {
  const found = new Map<string, Listener>()
  let pid = 0
  let name = ''
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = Number(value)
    if (line.startsWith('c')) name = value
    const socket = /^n\[?(.*?)\]?:(\d+)$/.exec(line)
    if (!socket) continue
    const address = socket[1] === '*' ? '0.0.0.0' : socket[1]!
    const port = Number(socket[2])
    const key = `${address} ${port}`
    if (!found.has(key)) found.set(key, { address, port, pid, process: name })
  }
  return [...found.values()]
}
