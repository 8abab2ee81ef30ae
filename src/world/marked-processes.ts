import { readdirSync, readFileSync } from 'node:fs'

export interface MarkedProcess {
  readonly pid: number
  /** Its words, with blanks between. */
  readonly line: string
}

/**
 * Living processes with this variable in the environment they began with: what a command has started keeps it, in whatever
 * group or session it is. None where the system does not tell, and none of other users.
 */
export function processesWith(name: string, value: string): MarkedProcess[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap(id => {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) return []
    try {
      if (!readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(`${name}=${value}`)) return []
      if (/\) [ZX] /.test(readFileSync(`/proc/${id}/stat`, 'utf8'))) return []
      const line = readFileSync(`/proc/${id}/cmdline`, 'utf8').replace(/\0+$/, '').replaceAll('\0', ' ')
      return [{ pid: Number(id), line }]
    } catch {
      return []
    }
  })
}
