export const exits = {
  done: 0,
  /** A check did not pass. */
  failed: 1,
  /** Usage, or the lab's content. */
  usage: 2,
  /** The environment is not ready, or could not be looked at. */
  environment: 3,
  bug: 70,
  interrupted: 130,
} as const

export type Exit = (typeof exits)[keyof typeof exits]

/** Ends a command with a sentence for the person at the terminal and a code. Nobody's bug. */
export class Stop extends Error {
  override readonly name = 'Stop'
  readonly exit: Exit
  constructor(exit: Exit, message: string) {
    super(message)
    this.exit = exit
  }
}
