import { spawn } from 'node:child_process'

/** Puts the terminal right after we were killed outright, when nothing of ours runs any more. */
export interface Guardian {
  /** What brings back the modes that programs have changed, from now on. */
  undo(sequences: string): void
  /** It is not needed any more. Does nothing a second time. */
  dismiss(): void
  readonly gone: Promise<void>
}

/**
 * It belongs to our process group, and leaves TTOU alone: a shell that has taken the terminal back by then has set it as it
 * wants it, and the kernel refuses `stty` to a group in the background. But there may be no such shell, or one that takes the
 * settings as they are because what it started (npx, a script) has ended by itself; `exec`, to be there before it has.
 */
const script = `trap '' HUP INT QUIT TERM
undo=
while IFS= read -r line <&3; do undo=$line; done
printf '%b' "$undo"
exec stty "$1"`

/** `settings`: of the terminal as it was, as `stty` takes them. Input and output of the process are the terminal. */
export function startGuardian(settings: string): Guardian {
  const child = spawn('/bin/sh', ['-c', script, 'handrail', settings], {
    stdio: ['inherit', 'inherit', 'ignore', 'pipe'],
  })
  const pipe = child.stdio[3] as NodeJS.WritableStream
  const gone = new Promise<void>(done => child.once('exit', () => done()).once('error', () => done()))
  // Somebody has ended it: then there is none.
  pipe.on('error', () => {})
  return {
    undo: sequences => void pipe.write(`${sequences.replaceAll('\x1b', '\\033')}\n`),
    dismiss: () => void child.kill('SIGKILL'),
    gone,
  }
}
