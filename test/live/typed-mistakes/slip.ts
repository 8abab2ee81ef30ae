/** What beginners mistype, and how they put it right. `{course}`, `{repository}` and `{step.capture}` are filled in. */
export interface Slip {
  readonly what: string
  /** Lines typed one after the other; the last one is answered. */
  readonly typed: readonly string[]
  readonly cause: string
  /** Of the answer, in the language of the learner; blanks do not count. */
  readonly says: string
  /** The command goes on: when it has printed this, Ctrl-C. */
  readonly ctrlCAt?: string
  /** Lines that put right what it left behind. */
  readonly then: readonly string[]
}

/** Mistakes at one step, and what is right there. */
export interface Slips {
  readonly mistakes: readonly Slip[]
  readonly right: readonly string[]
}

export interface Learner {
  readonly lab: string
  /** The lab that has to be done before. */
  readonly after: string | null
  readonly language: 'ko' | 'en'
  readonly shell: 'bash' | 'zsh'
  /** In the order of the lab. */
  readonly steps: Readonly<Record<string, Slips>>
}

export function slip(
  what: string,
  typed: string | readonly string[],
  cause: string,
  says: string,
  ...then: readonly string[]
): Slip {
  return { what, typed: typeof typed === 'string' ? [typed] : typed, cause, says, then }
}

const dockerfile = [
  'FROM node:24-alpine',
  'WORKDIR /app',
  'COPY . .',
  'RUN npm install --omit=dev',
  'CMD ["node", "src/index.js"]',
  'EXPOSE 3000',
]

/** The Dockerfile of the lab, pasted as a learner does who has no editor; one line of it may be another. */
export function written(file: string, line = '', instead = ''): string {
  const lines = dockerfile.map(each => `'${each === line ? instead : each}'`)
  return `printf '%s\\n' ${lines.join(' ')} > ${file}`
}

export const build = 'docker build -t getting-started .'
export const run = 'docker run -d -p 127.0.0.1:3000:3000 getting-started'
/** The newest of the learner's own: others may use the engine. */
export const removeLatest = 'docker rm -f $(docker ps -aq -n 1 --filter ancestor=getting-started)'
