// A program in a pseudo-terminal of its own, and nothing but bytes handed on: what the guided shell is measured against.
import { execFileSync } from 'node:child_process'
import * as pty from '@lydell/node-pty'

const [file, ...args] = process.argv.slice(2)
const { columns: cols, rows } = process.stdout
const child = pty.spawn(file, args, { cols, rows, env: process.env, encoding: null })
process.stdin.setRawMode(true).on('data', keys => child.write(keys))
execFileSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'inherit'] })
child.onData(bytes => {
  if (!process.stdout.write(bytes)) child.pause()
})
process.stdout.on('drain', () => child.resume())
child.onExit(({ exitCode }) => process.exit(exitCode))
