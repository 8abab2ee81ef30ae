/** How a command that is typed in the learner's own shell talks to the runner that holds the course. */
export interface Desk {
  /** Answers at a socket that only this user can reach, until `close`. */
  open(path: string, answer: (words: readonly string[]) => Promise<Answer>): Promise<{ close(): void }>
  /** `null`: nobody answers there. */
  ask(path: string, words: readonly string[]): Promise<Answer | null>
}

export interface Answer {
  /** For the learner; may be empty. */
  readonly text: string
  readonly exit: number
}

/** The file of the socket within the folder of a course's state. */
export const deskName = 'runner.sock'
