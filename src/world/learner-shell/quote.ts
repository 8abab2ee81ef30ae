/** A word for bash or zsh that means exactly this text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** What a start file needs to know. */
export interface Start {
  readonly nonce: string
  readonly cwd: string
  /** Variables that hold after the learner's own start files; `null`: unset. */
  readonly env: Readonly<Record<string, string | null>>
  /** Of the terminal, as `stty` takes them. */
  readonly settings: string
  /** Absolute path of `env`. */
  readonly envProgram: string
  /** Where the environment is left: `first` before the first prompt, `last` at the end. */
  readonly folder: string
}

/**
 * Function that leaves the environment and the folder in the file that is its argument; nothing when the runner is gone, who
 * would remove it. A file, since on the terminal what is typed ahead would stand in between. `env -0` is missing in old macOS.
 */
export function leaveEnvironment({ envProgram, folder }: Start): string {
  const dump = "for (const [k, v] of Object.entries(process.env)) process.stdout.write(k + '=' + v + '\\0')"
  const environment = `{ ${quoted(envProgram)} -0 || ${quoted(process.execPath)} -e ${quoted(dump)}; }`
  return `handrail_leave() { kill -0 "$PPID" && { ${environment} && builtin pwd; } >|${quoted(folder)}/"$1"; } 2>/dev/null`
}

/** Lines that set the variables and go to the folder. */
export function exports({ env, cwd }: Start): string {
  const lines = Object.entries(env)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => (value === null ? `unset ${name}` : `export ${name}=${quoted(value)}`))
  return [...lines, `builtin cd -- ${quoted(cwd)}`].join('\n')
}
