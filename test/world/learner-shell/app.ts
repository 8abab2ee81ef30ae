/** Opens the learner's shell and writes what it tells to a file, a JSON object a line. Lines that begin with `:` steer it. */
import { appendFileSync } from 'node:fs'
import type { ShellControl } from '../../../src/run/learner-shell.ts'
import { createLearnerShell } from '../../../src/world/learner-shell/index.ts'

const tell = (what: object) => appendFileSync(process.env['TOLD']!, `${JSON.stringify(what)}\n`)
const shell = createLearnerShell(process.env)
const obstacle = shell.obstacle()
const stopping = new AbortController()
let control: ShellControl | undefined
let count = 0

async function onCommand(command: { line: string }, say: (text: string) => void): Promise<void> {
  tell({ command })
  count++
  if (command.line === ': slow') {
    // Longer than a prompt waits.
    await new Promise<void>(resolve => setTimeout(resolve, 400))
    say('said late')
    tell({ late: true })
  } else if (command.line === ': silent') return
  else if (command.line === ': close') {
    say('closing')
    tell({ closed: control!.close() })
  } else if (command.line === ': title') control!.title('two\x07 of three')
  else if (command.line === ': fail') throw new Error('a bug')
  else if (command.line === ': crash')
    setImmediate(() => {
      throw new Error('a crash')
    })
  else if (command.line === ': exit') process.exit(5)
  else say(`said after ${count}`)
}

process.on('SIGUSR2', () => tell({ closed: control!.close() }))
process.on('SIGTERM', () => stopping.abort())

if (obstacle) tell({ obstacle })
else {
  try {
    const result = await shell.open({
      state: JSON.parse(process.env['STATE']!),
      greeting: 'greeting, 안녕하세요',
      signal: stopping.signal,
      onReady: given => {
        control = given
      },
      onStart: line => tell({ started: line, pid: process.pid }),
      onCommand,
    })
    tell({ result })
  } catch (error) {
    tell({ error: (error as Error).message })
  }
}
