/** What is sent to the student's machine: scripts of our own for `/bin/sh`, in which every word from elsewhere is quoted. */

/**
 * What the login shell there, whichever it is, gets to read: a constant. Scripts come by standard input, so that no word of
 * ours is ever read by a shell whose quoting we do not know.
 */
export const command = 'exec /usr/bin/env -i HOME="$HOME" PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C /bin/sh -s'

/** One word for a POSIX shell. Throws for what no word can hold. */
export function quoted(word: string): string {
  if (word.includes('\0')) throw new TypeError('a word with a NUL byte')
  return `'${word.replaceAll("'", "'\\''")}'`
}

export function words(list: readonly string[]): string {
  return list.map(quoted).join(' ')
}

/**
 * A script for a shell that reads one after the other. Lines that nobody there can know before say, in both streams, where
 * its output begins (whatever a start file has printed) and that this was all; also the group of processes and the exit code.
 * What came only in part, the shell does not run: the bracket is open.
 */
export function framed(mark: string, body: string): string {
  return `printf '%s begins %s\\n' ${mark} $$; printf '%s begins\\n' ${mark} >&2
(
${body}
) </dev/null
printf '\\n%s ends %s\\n' ${mark} $?; printf '\\n%s ends\\n' ${mark} >&2
`
}

/** What a framed script wrote to one of the streams. */
export interface Written {
  readonly rest: Buffer
  /** That of its processes, from stdout; 0: what stands there is none. */
  readonly group: number
  /** From stdout; `null`: it has not come to its end. */
  readonly exitCode: number | null
}

/** `null`: our script has not begun. */
export function betweenMarks(output: Buffer, mark: string): Written | null {
  const at = output.indexOf(`${mark} begins`)
  const start = at < 0 ? -1 : output.indexOf(10, at)
  if (start < 0) return null
  const group = Number(output.toString('latin1', at + `${mark} begins`.length, start))
  const end = output.lastIndexOf(`\n${mark} ends`)
  const ending = end < start ? null : endOf(output.toString('latin1', end), mark)
  const rest = output.subarray(start + 1, ending ? end : output.length)
  return { rest, group: Number.isInteger(group) && group > 1 ? group : 0, exitCode: ending?.exitCode ?? null }
}

/** The last line of a framed script, as soon as all of it is there. */
export function endOf(output: string, mark: string): { readonly exitCode: number } | null {
  const found = new RegExp(`\n${mark} ends ?(\\d*)\n`).exec(output)
  return found && { exitCode: Number(found[1]) }
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
