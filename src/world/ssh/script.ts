/** What is sent to the student's machine: scripts of our own for `/bin/sh`, in which every word from elsewhere is quoted. */

/**
 * What the login shell there, whichever it is, gets to read: a constant. The script comes by standard input, so that no
 * word of ours is ever read by a shell whose quoting we do not know.
 */
export const command =
  'exec /usr/bin/env -i HOME="$HOME" PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C /bin/sh -c \'eval "$(/bin/cat)"\''

/** One word for a POSIX shell. Throws for what no word can hold. */
export function quoted(word: string): string {
  if (word.includes('\0')) throw new TypeError('a word with a NUL byte')
  return `'${word.replaceAll("'", "'\\''")}'`
}

export function words(list: readonly string[]): string {
  return list.map(quoted).join(' ')
}

/**
 * Says first, in a line that nobody there can know before, where our output begins (whatever a start file has printed)
 * and which group of processes it is; last, that this was all.
 */
export function framed(mark: string, body: string): string {
  return `printf '%s %s\\n' ${mark} $$; printf '%s\\n' ${mark} >&2
(
${body}
)
s=$?; printf '\\n%s' ${mark}; exit $s`
}

/** What stands between the marks; `null`: there is none. */
export function betweenMarks(
  output: Buffer,
  mark: string,
): { readonly group: number; readonly rest: Buffer; readonly whole: boolean } | null {
  const at = output.indexOf(`${mark} `)
  const start = at < 0 ? -1 : output.indexOf(10, at)
  if (start < 0) return null
  const group = Number(output.toString('latin1', at + mark.length + 1, start))
  const end = output.lastIndexOf(`\n${mark}`)
  const whole = end > start
  const rest = output.subarray(start + 1, whole ? end : output.length)
  return { group: Number.isInteger(group) && group > 1 ? group : 0, rest, whole }
}

/** The line of stderr with the mark and all before it are not the script's. */
export function afterMarkLine(output: Buffer, mark: string): Buffer {
  const at = output.indexOf(`${mark}\n`)
  return at < 0 ? output : output.subarray(at + mark.length + 1)
}

/** Kind, size and times of what a path leads to, as `statOf` reads them, or stat's complaint. */
export function statScript(path: string): string {
  return `stat -L -c '%f %s %Y %y' -- ${quoted(path)} 2>&1`
}

/** That and, of a file that is small enough, its bytes after the line. */
export function fileScript(path: string, capBytes: number): string {
  return `p=${quoted(path)}
${statScript(path)} || exit 0
[ -f "$p" ] || exit 0
[ "$(stat -L -c %s -- "$p")" -le ${capBytes} ] || exit 0
head -c ${capBytes + 1} -- "$p"`
}

/** Names, each ended by a NUL byte, folders with a slash before it; first the line of `statOf`. */
export function listScript(path: string): string {
  return `${statScript(path)} || exit 0
p=${quoted(path)}
[ -d "$p" ] || exit 0
{ [ -r "$p" ] && cd -- "$p"; } || { printf 'Permission denied' >&2; exit 1; }
for f in * .[!.]* ..?*; do
  [ -e "./$f" ] || [ -L "./$f" ] || continue
  if [ -d "./$f" ]; then printf '%s/\\0' "$f"; else printf '%s\\0' "$f"; fi
done
:`
}

/** Free blocks and their size, of the first of these folders that is there. */
export function freeScript(folders: readonly string[]): string {
  return `for d in ${words(folders)}; do [ -d "$d" ] && exec stat -f -c '%a %S' -- "$d"; done; exit 1`
}

/** The absolute path of a program; nothing: it is in none of the folders. */
export function findScript(program: string, folders: readonly string[]): string {
  return `for d in ${words(folders)}; do
  p=$d/${quoted(program)}
  if [ -f "$p" ] && [ -x "$p" ]; then printf '%s' "$p"; exit 0; fi
done
exit 0`
}

export interface Program {
  /** The first is an absolute path. */
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string | undefined
}

/** A line says whether it could be started (`ok`, `folder`, `program`); then its output; its exit code is the script's. */
export function programScript({ argv, cwd, env, stdin }: Program): string {
  const [program = '', ...args] = argv
  const assigned = Object.entries(env).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new TypeError(`no name of a variable: ${name}`)
    return `${name}=${quoted(value)}`
  })
  const environment = ['HOME="$HOME"', ...assigned].join(' ')
  const call = `/usr/bin/env -i ${environment} ${words([program, ...args])}`
  const fed = stdin === undefined ? `${call} </dev/null` : `printf '%s' ${quoted(stdin)} | ${call}`
  return `cd -- ${quoted(cwd)} 2>/dev/null || { echo folder; exit 0; }
[ -f ${quoted(program)} ] && [ -x ${quoted(program)} ] || { echo program; exit 0; }
echo ok
${fed}
exit $?`
}
