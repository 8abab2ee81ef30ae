import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** Absolute path of a program as the shell would find it; `null`: not on PATH. */
export async function findProgram(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (name.includes('/')) return isAbsolute(name) && (await executable(name)) ? name : null
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder === '' ? '.' : folder, name)
    if (isAbsolute(path) && (await executable(path))) return path
  }
  return null
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
