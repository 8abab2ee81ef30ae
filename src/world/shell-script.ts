import type { ShellState } from '../run/world.ts'

/** Variable in which the line reaches the wrapper: on its command line, `pkill -f` in the line would find the shell itself. */
export const lineVariable = 'handrail_line'

/**
 * POSIX script around a line: waits for a word on descriptor 3 (without it: ends without having done anything), runs the
 * line, and leaves environment and folder in `stateFile`, also after `exit`, `set -e` or a trap of the line's own. On one
 * line, so that the shell's messages count the learner's lines.
 */
export function wrapper(stateFile: string, envProgram: string): string {
  // `env -0` is missing in old macOS.
  const dump = "for (const [k, v] of Object.entries(process.env)) process.stdout.write(k + '=' + v + '\\0')"
  const environment = `${quoted(envProgram)} -0 || ${quoted(process.execPath)} -e ${quoted(dump)}`
  return [
    'handrail_save() { handrail_exit=$?',
    // Also with `set -x`, `set -e`, `set -u` and `set -C` of the line.
    'set +x',
    `[ "\${handrail_saved-}" ] || { handrail_saved=1; { { ${environment}; } && command pwd; } >|${quoted(stateFile)} || :; }`,
    'return "$handrail_exit"; }',
    'read -r handrail_go <&3 || exit 130',
    'exec 3<&-',
    `handrail_go=$${lineVariable}`,
    `unset ${lineVariable}`,
    "trap '{ handrail_save; } 2>/dev/null' EXIT",
    'eval "$handrail_go"',
    '{ handrail_save; } 2>/dev/null',
  ].join('; ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** The runner's environment without what would surprise: pagers, prompts, start files. */
export function withoutSurprises(env: NodeJS.ProcessEnv): Record<string, string> {
  const { LESS: _less, BASH_ENV: _bash, ENV: _sh, LC_ALL: all, ...rest } = env
  // Causes are told by the English messages of tools; everything else stays as the learner has it.
  const english = { ...(all ? { LANG: all } : {}), LC_MESSAGES: 'C' }
  const calm = { ...rest, ...english, PAGER: 'cat', GIT_PAGER: 'cat', GIT_TERMINAL_PROMPT: '0' }
  return Object.fromEntries(Object.entries(calm).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** Environment of a line: `base` with the changes that earlier lines made. */
export function environmentFor(base: Readonly<Record<string, string>>, state: ShellState): Record<string, string> {
  const env: Record<string, string> = { ...base }
  for (const [name, value] of Object.entries(state.env)) {
    if (value === null) delete env[name]
    else env[name] = value
  }
  return env
}

const ignored = /^(_|SHLVL|PWD|OLDPWD|BASH_.*|handrail_.*)$/
/** Some shells drop others from their environment; that is not the learner's doing. */
const settable = /^[A-Za-z_][A-Za-z0-9_]*$/

/** What the wrapper left, as changes of `base`; `null` when it is not whole. */
export function stateAfter(dump: string, base: Readonly<Record<string, string>>): ShellState | null {
  const parts = dump.split('\0')
  const folder = parts.pop()!
  if (!folder.startsWith('/') || !folder.endsWith('\n')) return null
  const after = new Map(parts.map(part => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]))
  const env: Record<string, string | null> = {}
  for (const [name, value] of after) if (!ignored.test(name) && base[name] !== value) env[name] = value
  for (const name of Object.keys(base))
    if (!after.has(name) && !ignored.test(name) && settable.test(name)) env[name] = null
  return { cwd: folder.slice(0, -1), env }
}
