import { markNumber } from './marks.ts'
import { exports, leaveEnvironment, quoted, type Start } from './quote.ts'

/** Start files for zsh, by name, for a folder that becomes ZDOTDIR. `zdotdir`: the learner's own; `null`: not set. */
export function zshStartFiles(start: Start, zdotdir: string | null): Record<string, string> {
  return { '.zshenv': environmentFile(zdotdir), '.zshrc': startFile(start) }
}

function environmentFile(zdotdir: string | null): string {
  return `handrail_folder=$ZDOTDIR
${zdotdir === null ? 'unset ZDOTDIR' : `export ZDOTDIR=${quoted(zdotdir)}`}
if [[ -r \${ZDOTDIR:-$HOME}/.zshenv ]]; then . "\${ZDOTDIR:-$HOME}/.zshenv"; fi
handrail_own=\${ZDOTDIR-} handrail_had=\${+ZDOTDIR}
ZDOTDIR=$handrail_folder
`
}

function startFile(start: Start): string {
  const { nonce, settings } = start
  const mark = (content: string) => `\\033]${markNumber};${nonce};${content}\\007`
  return `if (( handrail_had )); then ZDOTDIR=$handrail_own; else unset ZDOTDIR; fi
if [[ \${HISTFILE-} == $handrail_folder/* ]]; then HISTFILE=\${ZDOTDIR:-$HOME}/.zsh_history; fi

handrail_mark() { builtin printf '${mark('%s')}' "$1" } >/dev/tty
# In one write: what is typed ahead may be echoed between two.
handrail_line() { builtin printf '${mark('%s;%s;0;line')}%s${mark('E')}' "$1" "$handrail_n" "$2" } >/dev/tty
${leaveEnvironment(start)}
handrail_last() { handrail_leave last }

handrail_preexec() {
  setopt localoptions noxtrace
  emulate -L zsh
  handrail_n=$((handrail_n + 1))
  handrail_line C "\${1:-$3}"
} 2>/dev/null

# After a command, before the learner's own precmd.
handrail_done() {
  local code=$?
  setopt localoptions noxtrace
  emulate -L zsh
  [[ -n $handrail_prompting ]] || return
  handrail_prompting=
  # A line that never began: a syntax error.
  if (( handrail_n == handrail_seen )) && [[ \${(%):-%!} != $handrail_at ]]; then
    handrail_n=$((handrail_n + 1))
    handrail_line L "$(builtin fc -ln -1)"
  fi
  if (( handrail_n != handrail_seen )); then
    handrail_seen=$handrail_n
    handrail_mark "D;$handrail_n;$code;$PWD"
  fi
} 2>/dev/null

# After the learner's own precmd.
handrail_prompt() {
  setopt localoptions noxtrace
  emulate -L zsh
  # Without asking back about jobs that are stopped.
  [[ -z $handrail_closing ]] || { setopt nocheckjobs; exit 0 }
  handrail_install
  [[ $PS1 == *"$handrail_input" ]] || PS1="\${PS1//$handrail_input/}$handrail_input"
  if [[ -z $handrail_told ]]; then
    handrail_told=1
    handrail_leave first
  fi
  handrail_at=\${(%):-%!}
  handrail_mark "A;$PWD"
  handrail_prompting=1
} 2>/dev/null

handrail_install() {
  precmd_functions=(handrail_done \${precmd_functions:#handrail_*} handrail_prompt)
  preexec_functions=(\${preexec_functions:#handrail_*} handrail_preexec)
  zshexit_functions=(\${zshexit_functions:#handrail_*} handrail_last)
}

handrail_input=$'%{\\e]133;B\\a%}'
typeset -gi handrail_n=0 handrail_seen=0
typeset -g handrail_prompting= handrail_told= handrail_at= handrail_closing=

if [[ -r \${ZDOTDIR:-$HOME}/.zshrc ]]; then . "\${ZDOTDIR:-$HOME}/.zshrc"; fi
${exports(start)}
command stty ${quoted(settings)} </dev/tty 2>/dev/null
trap handrail_closing=1 USR1
handrail_install
`
}
