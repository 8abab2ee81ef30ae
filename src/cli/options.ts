/** Flags that every command has. */
export interface Common {
  readonly json?: boolean
  readonly lang?: 'ko' | 'en'
  readonly course?: string
  readonly workspace?: string
  readonly context?: string
  readonly set?: readonly string[]
  readonly verbose?: boolean
  readonly yes?: boolean
  /** `lab run`: beside a learner who works in another terminal. */
  readonly watch?: boolean
}
