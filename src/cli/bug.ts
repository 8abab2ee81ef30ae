import { appendFile, mkdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { messages } from '../text/index.ts'
import { type Exit, exits, Stop } from './exit.ts'

/** Says what ended the program: a sentence that is meant for people, or a bug of ours with its log. */
export async function reportBug(error: unknown): Promise<Exit> {
  if (error instanceof Stop) {
    process.stderr.write(`${error.message}\n`)
    return error.exit
  }
  const log = await writeLog(error)
  const korean = /^ko/i.test(process.env['LC_ALL'] || process.env['LANG'] || '')
  process.stderr.write(`${messages(korean ? 'ko' : 'en').bug(log)}\n`)
  if (process.argv.includes('-v') || process.argv.includes('--verbose')) process.stderr.write(`${stackOf(error)}\n`)
  return exits.bug
}

async function writeLog(error: unknown): Promise<string> {
  const entry = `${new Date().toISOString()} lab ${process.argv.slice(2).join(' ')} (Node.js ${process.version}, ${process.platform})\n${stackOf(error)}\n\n`
  for (const dir of [join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'handrail'), tmpdir()]) {
    const log = join(dir, 'lab-bugs.log')
    try {
      await mkdir(dir, { recursive: true })
      await appendFile(log, entry)
      return log
    } catch {
      // The next place, then.
    }
  }
  return '-'
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
